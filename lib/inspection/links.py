"""Which addresses a document may name: those a person follows, none that is fetched on opening."""

import re

SCHEME = re.compile(r"^\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
FOLLOWED = {"http", "https", "mailto", "tel"}
LOCAL_DISK = re.compile(r"^file:///(?:[a-z]:[\\/]|[^\\/])", re.IGNORECASE)


def is_plain_link(address: str) -> bool:
    """Say whether an address is one that a person may follow: the web, a letter, or a place in the text.

    >>> is_plain_link("https://example.org"), is_plain_link("javascript:alert(1)"), is_plain_link("#top")
    (True, False, True)
    """
    scheme = SCHEME.match(address)
    if scheme is None:
        return not is_network_path(address)
    return scheme[1].lower() in FOLLOWED


def is_inside(address: str) -> bool:
    """Say whether an address stays inside its own package."""
    return SCHEME.match(address) is None and not is_network_path(address) and ".." not in address.split("/")


def is_network_path(address: str) -> bool:
    """Say whether an address names another computer without a scheme."""
    return address.strip().replace("\\", "/").startswith("//")


def is_own_disk(address: str) -> bool:
    """Say whether an address lies on the writer's own disk, like the template that was used."""
    if is_network_path(address):
        return False
    return SCHEME.match(address) is None or bool(LOCAL_DISK.match(address)) or address[1:3] in (":\\", ":/")
