"""What a later attempt holds exactly as the attempt before it did."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from portfolios.models import Submission


def unchanged_since(submission: Submission, manifest: Sequence[dict[str, Any]]) -> str:
    """Say which open parts hold the same work as in the attempt before, or nothing where none does."""
    before = submission.previous
    if before is None:
        return ""
    held, earlier = _held(manifest), _held(before.manifest)
    refs = [ref for ref in submission.open_parts if held[ref] and held[ref] == earlier[ref]]
    if not refs:
        return ""
    kind = "AC" if not submission.assessment.is_by_section else "Sections" if len(refs) > 1 else "Section"
    listed = " and ".join(filter(None, (", ".join(refs[:-1]), refs[-1])))
    return f"{kind} {listed} {'are' if len(refs) > 1 else 'is'} unchanged since attempt {before.attempt}."


def _held(manifest: Sequence[dict[str, Any]]) -> defaultdict[str, list[str]]:
    held: defaultdict[str, list[str]] = defaultdict(list)
    for line in sorted(manifest, key=lambda line: str(line["sha256"])):
        held[line["part"]].append(line["sha256"])
    return held
