"""Reading a result sheet as a person does: its words in their order, and the rows of its table."""

from collections.abc import Iterable
from itertools import pairwise

import pypdfium2

DECISIONS = "Assessor's decision Quality assurance use"
LAST_COLUMN = ("QA mark ", "Pass / Referral ")


def text_of(content: bytes) -> str:
    """The words of all pages, with spaces as they are read and not as they are broken."""
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


def rows_of(text: str, starts: Iterable[str]) -> list[str]:
    """Cut the table of a sheet into its rows by the words that each begins with, in the form's order.

    What stands above the table and below it is left out, because a referral names its parts there too.
    """
    head = next(head for head in LAST_COLUMN if head in text)
    table, decisions, _ = text.partition(head)[2].partition(DECISIONS)
    assert decisions
    cuts = [0]
    for start in starts:
        cuts.append(table.index(start, cuts[-1] + 1 if len(cuts) > 1 else 0))
    return [table[start:end] for start, end in pairwise([*cuts[1:], len(table)])]
