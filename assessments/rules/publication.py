"""What an import would publish: everything checked first, then what is new, unchanged or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.rules.faults import CatalogueRefused, Fault, shown
from assessments.rules.reading import read_document
from assessments.rules.references import PINNED, check_references
from assessments.rules.shapes import Content
from assessments.rules.shelf import NAMES, Draft, Shelf, Versions, fill_shelf
from lib.canonical import canonical_json, fingerprint


@dataclass(slots=True)
class Publication:
    """What is to be written, how much was known already, and what the operator should know."""

    new: dict[str, list[Content]] = field(default_factory=lambda: {kind: [] for kind in NAMES})
    unchanged: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    notes: list[str] = field(default_factory=list)


def content_sha256(content: Content) -> str:
    """Return the fingerprint of what a version says and is pinned to, whatever its number."""
    return fingerprint(canonical_json({key: value for key, value in content.items() if key != "version"}))


def plan_publication(files: Sequence[tuple[str, bytes]], published: Mapping[str, Versions]) -> Publication:
    """Return what importing ``files`` changes. Raises CatalogueRefused with every fault."""
    plan, shelf, lists = Publication(), Shelf(published), []
    for file, data in files:
        document, faults = read_document(file, data)
        if not faults:
            faults, spare = fill_shelf(shelf, file, document)
            plan.notes += [
                f"{shown(file, 200)}: {key} is no part of the catalogue and was left out" for key in spare
            ]
        lists.append(faults)
    check_references(shelf)
    found = [fault for faults in lists for fault in faults]
    for draft in shelf.all_drafts():
        if not any(_is_within(fault, draft) for fault in found):
            found += _settle(plan, shelf, draft)
    if found:
        raise CatalogueRefused(found)
    return plan


def _is_within(fault: Fault, draft: Draft) -> bool:
    place = draft.node.place
    return fault.file == draft.node.file and (fault.place == place or fault.place.startswith(f"{place}."))


def _settle(plan: Publication, shelf: Shelf, draft: Draft) -> list[Fault]:
    """Count the draft as new or unchanged, or return why a published version may not become it."""
    known = shelf.published[draft.kind].get((draft.name, draft.version))
    if known is None:
        plan.new[draft.kind].append(draft.content)
        return []
    if content_sha256(known) == content_sha256(draft.content):
        plan.unchanged[draft.kind] += 1
        plan.notes += _left_behind(shelf, draft)
        return []
    return [Fault(draft.node.file, draft.node.place, _changed(shelf, draft, known))]


def _changed(shelf: Shelf, draft: Draft, known: Content) -> str:
    both = sorted({*known, *draft.content} - {"version"})
    differing = [shown(key) for key in both if _canonical(known, key) != _canonical(draft.content, key)]
    free = 1 + max(number for name, number in shelf.published[draft.kind] if name == draft.name)
    return (
        f"version {draft.version} is published with other content ({', '.join(differing)}): "
        f"give the changed content version {free}"
    )


def _canonical(content: Content, key: str) -> tuple[bool, Any]:
    return (key in content, canonical_json(content.get(key)))


def _left_behind(shelf: Shelf, draft: Draft) -> list[str]:
    """Return a note for everything newer in the files that a published version does not take up."""
    return [
        f"{draft.name} version {draft.version} stays with {name} version {version}; "
        f"publish a new version of it to take up version {newer}"
        for kind in PINNED.get(draft.kind, ())
        for name, version in draft.content["pins"][kind].items()
        if (newer := shelf.newest(kind, name)) and newer > version
    ]
