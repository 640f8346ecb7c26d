"""Names of people as letters and sheets print them: one plain line that leads nowhere."""

import re

from lib.refusals import Refusal
from lib.visible import has_visible

# A mail program makes a link of these; a dot between two words is taken for one.
WEB_ADDRESS = re.compile(r"://|www\.|[^\s.]{2,}\.[^\W\d_]{2,}", re.IGNORECASE)


class NotAName(Refusal):
    default_message = "A name is one line of letters. Take out line breaks and signs that do not print."


def plain_name(written: str) -> str:
    """Return a name with single spaces. Raises NotAName for what a letter would not print as a name.

    >>> plain_name(" Dylan  Pryce-Ŵyn ")
    'Dylan Pryce-Ŵyn'
    """
    name = re.sub(" +", " ", written.strip(" "))
    if not has_visible(name) or not name.isprintable():
        raise NotAName
    if WEB_ADDRESS.search(name):
        raise NotAName("A name holds no web address. Write a space after a full stop.")
    return name
