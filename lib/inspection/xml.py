"""XML of office files, read in a stream with entities, document types and the network shut off."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from lib.inspection.decision import active, damaged

Seen = Callable[[str, str, Mapping[str, str]], None]
MOST_DEPTH = 200


class _Reader:
    """Tells each element's name and attributes, and each piece of text, to whoever asked."""

    def __init__(self, on_element: Seen, on_text: Callable[[str, str], None] | None) -> None:
        self._on_element = on_element
        self._on_text = on_text
        self._path: list[str] = []

    def doctype(self, *_: Any) -> None:
        raise active("a document type of its own")

    def pi(self, target: str, *_: Any) -> None:
        if target == "xml-stylesheet":
            raise active("a style sheet from elsewhere")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) >= MOST_DEPTH:
            raise damaged()
        namespace, _, name = tag.rpartition("}")
        self._path.append(name)
        self._on_element(namespace.removeprefix("{"), name, attributes)

    def end(self, _tag: str) -> None:
        self._path.pop()

    def data(self, text: str) -> None:
        if self._on_text and self._path:
            self._on_text(self._path[-1], text)

    def close(self) -> None:
        """Return nothing: what was seen was told on the way."""


def read_xml(
    blocks: Iterable[bytes], on_element: Seen, on_text: Callable[[str, str], None] | None = None
) -> None:
    """Read a document through. Raises Unfit for a document type, and for what is not well formed."""
    parser = etree.XMLParser(
        target=_Reader(on_element, on_text),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for block in blocks:
            parser.feed(block)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise damaged() from error
