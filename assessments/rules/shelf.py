"""Everything that a reference in the catalogue may mean: what the files give and what is published."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.rules.faults import Fault, shown
from assessments.rules.nodes import Node, described, unkeepable
from assessments.rules.qualifications import read_programme, read_qualification, read_template
from assessments.rules.shapes import Content
from assessments.rules.sheets import read_assessment
from assessments.rules.units import read_unit

Versions = Mapping[tuple[str, int], Content]

NAMES = {
    "units": "ref",
    "assessments": "key",
    "qualifications": "key",
    "programmes": "key",
    "templates": "key",
}
READERS: dict[str, Callable[[Node], Content]] = {
    "units": read_unit,
    "assessments": read_assessment,
    "qualifications": read_qualification,
    "programmes": read_programme,
    "templates": read_template,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of one thing as a file gives it, with the place where it stands."""

    kind: str
    node: Node
    content: Content

    @property
    def name(self) -> str:
        """Its ref or key."""
        return str(self.content[NAMES[self.kind]])

    @property
    def version(self) -> int:
        """The number that the file gives it."""
        return int(self.content["version"])


@dataclass(slots=True)
class Shelf:
    """The drafts of the files over the published versions; drafts come first."""

    published: Mapping[str, Versions]
    drafts: dict[str, dict[tuple[str, int], Draft]] = field(
        default_factory=lambda: {kind: {} for kind in NAMES}
    )

    def find(self, kind: str, name: str, version: int) -> Content | None:
        """Return that version of that thing, or None where nobody has it."""
        draft = self.drafts[kind].get((name, version))
        return draft.content if draft else self.published[kind].get((name, version))

    def newest(self, kind: str, name: str) -> int | None:
        """Return the version that a bare reference means: the files' highest, else the highest published."""
        for versions in (self.drafts[kind], self.published[kind]):
            numbers = [number for known, number in versions if known == name]
            if numbers:
                return max(numbers)
        return None

    def all_drafts(self) -> Iterator[Draft]:
        """Yield every draft: units first, since the others refer to them."""
        for drafts in self.drafts.values():
            yield from drafts.values()


def fill_shelf(shelf: Shelf, file: str, document: Any) -> tuple[list[Fault], list[str]]:
    """Put what ``document`` holds on the shelf; return its faults and the keys that nobody reads."""
    if not isinstance(document, dict):
        reason = f"should be an object with the lists {', '.join(NAMES)}, not {described(document)}"
        return [Fault(file, "", reason)], []
    root = Node(file, "", document)
    if not any(kind in document for kind in NAMES):
        root.fault("", f"holds none of the lists {', '.join(NAMES)}")
    for kind, reader in READERS.items():
        for node in root.rows(kind, NAMES[kind], required=False):
            content = reader(node)
            root.faults += unkeepable(file, node.place, node.value)
            if content[NAMES[kind]] and content["version"]:
                _place(shelf, Draft(kind, node, content))
    return root.faults, [shown(key) for key in document if key not in NAMES]


def _place(shelf: Shelf, draft: Draft) -> None:
    drafts = shelf.drafts[draft.kind]
    earlier = drafts.setdefault((draft.name, draft.version), draft)
    if earlier is not draft:
        where = "" if earlier.node.file == draft.node.file else f", first in {shown(earlier.node.file, 200)}"
        draft.node.fault(NAMES[draft.kind], f"{draft.name} version {draft.version} is given twice{where}")
