"""What a later attempt holds exactly as the attempt before it did."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from lib.words import listed
from portfolios.models import Submission
from portfolios.selectors.frozen import RECORDS


def unchanged_since(submission: Submission, manifest: Sequence[dict[str, Any]]) -> str:
    """Say which open parts hold the same work as in the attempt before, or nothing where none does.

    Records of practice stand for the whole attempt: that they changed is said beside it.
    """
    before = submission.previous
    if before is None:
        return ""
    held, earlier = _held(manifest), _held(before.manifest)
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


def _held(manifest: Sequence[dict[str, Any]]) -> defaultdict[str, list[str]]:
    held: defaultdict[str, list[str]] = defaultdict(list)
    for line in sorted(manifest, key=lambda line: str(line["sha256"])):
        held[line["part"]].append(line["sha256"])
    return held
