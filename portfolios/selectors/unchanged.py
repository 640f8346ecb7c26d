"""What a later attempt holds exactly as the attempt before it did."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assessments.selectors import parts_by_criterion
from lib.canonical import canonical_json, fingerprint
from lib.words import listed
from portfolios.models import Submission
from portfolios.selectors.frozen import RECORDS, Frozen, records_as_submitted

Contents = Sequence[Mapping[str, Any]]


def unchanged_since(
    submission: Submission, manifest: Sequence[dict[str, Any]], frozen: Sequence[Frozen]
) -> str:
    """Say which open parts hold the same work as in the attempt before, or nothing where none does.

    What a part holds is what is offered under it and what the records say on forms for its criteria. The
    other records of practice stand for the whole attempt: that they changed is said beside it.
    """
    before = submission.previous
    if before is None:
        return ""
    parts = parts_by_criterion(submission.assessment)
    held = _held(manifest, parts, [records.content for records in frozen])
    earlier = _held(before.manifest, parts, [row.content for row in records_as_submitted(before)])
    are_same = _records(manifest) == _records(before.manifest)
    records = "" if are_same else f" Your records changed since attempt {before.attempt}."
    refs = [ref for ref in submission.open_parts if held[ref] and held[ref] == earlier[ref]]
    if not refs:
        return ""
    kind = "AC" if not submission.assessment.is_by_section else "Sections" if len(refs) > 1 else "Section"
    verb = "are" if len(refs) > 1 else "is"
    return f"{kind} {listed(refs)} {verb} unchanged since attempt {before.attempt}.{records}"


def _records(manifest: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {line["unit"]: line["sha256"] for line in manifest if line["kind"] == RECORDS}


def _held(
    manifest: Sequence[dict[str, Any]], parts: Mapping[tuple[str, str], str], records: Contents
) -> defaultdict[str, list[str]]:
    held: defaultdict[str, list[str]] = defaultdict(list)
    for line in sorted(manifest, key=lambda line: str(line["sha256"])):
        held[line["part"]].append(line["sha256"])
    for content in records:
        for page in _pages(content):
            sha256 = fingerprint(canonical_json(page))
            for ref in page.get("criteria", ()):
                held[parts.get((content["unit"], ref), "")].append(sha256)
    return held


def _pages(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return every page that some records hold, of the unit and of its sessions."""
    yield from content["records"]
    for row in (*content["sessions"], *content["supervision"]):
        yield from row["pages"]
