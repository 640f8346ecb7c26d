"""Who decided what is carried over from an earlier attempt, and what the assessor of then had given."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lib.visible import has_visible
from marking.models import Judgement, JudgementLine, Signature


@dataclass(frozen=True, slots=True)
class Origin:
    """The line of an earlier attempt that decided a part, with its judge's printed name.

    ``theirs`` is the assessor's own line beside it where an IQA decided; None where the assessor did.
    ``assessor`` is the printed name of the attempt's assessor, whoever decided.
    """

    attempt: int
    name: str
    assessor: str
    line: JudgementLine
    theirs: JudgementLine | None

    @property
    def is_iqas(self) -> bool:
        """Whether an IQA's mark or decision stands."""
        return self.theirs is not None

    @property
    def iqas_words(self) -> str:
        """What the IQA who decided it wrote, in both columns; nothing where the assessor decided."""
        if self.theirs is None:
            return ""
        return "\n".join(text for text in (self.line.feedback, self.line.feedback_more) if has_visible(text))

    @property
    def words(self) -> str:
        """Where it comes from, to stand beside the mark or decision: "attempt 1: 24 by Lena Grant (IQA)"."""
        said = f"Carried over from attempt {self.attempt}: {value_of(self.line)} by {self.name}"
        if self.theirs is None:
            return said
        return f"{said} (IQA); the assessor gave {value_of(self.theirs)}"


def words_beside(line: JudgementLine, origin: Origin | None) -> str:
    """Say whose decision stands on a line of an IQA who did not judge it, or nothing where they did.

    ``origin`` is that of the part where it is carried over.
    """
    what = "decision" if line.mark is None else "mark"
    if line.mark is None and not line.decision:
        return ""
    if origin is None:
        return f"the assessor's {what}, adopted" if line.is_adopted else ""
    if origin.is_iqas:
        return f"carried over from attempt {origin.attempt}: {origin.name}'s {what} as IQA"
    return f"adopted: {origin.name}'s {what} in attempt {origin.attempt}"


def value_of(line: JudgementLine) -> str:
    """Return the mark or decision of a line as it is said."""
    return line.decision.capitalize() if line.mark is None else str(line.mark)


def origins_of(rows: Iterable[JudgementLine]) -> dict[str, Origin]:
    """Return the origin of every line that is carried over, by its part, in at most three queries."""
    carried = {row.carried_line_id: row for row in rows if row.carried_line_id is not None}
    if not carried:
        return {}
    lines = JudgementLine.objects.filter(pk__in=carried).select_related("judgement__submission")
    origins = list(lines.order_by("position"))
    beside = _assessors_lines([line for line in origins if _is_iqas(line)])
    names = _names([*origins, *beside.values()])
    found = {}
    for line in origins:
        theirs = beside[line.judgement.submission_id, line.part_ref] if _is_iqas(line) else None
        found[line.part_ref] = Origin(
            attempt=line.judgement.submission.attempt,
            name=names[line.judgement_id],
            assessor=names[(theirs or line).judgement_id],
            line=line,
            theirs=theirs,
        )
    return found


def _is_iqas(line: JudgementLine) -> bool:
    return bool(line.judgement.stage == Judgement.Stage.IQA)


def _names(lines: Iterable[JudgementLine]) -> dict[Any, str]:
    signed = Signature.objects.filter(judgement__in={line.judgement_id for line in lines})
    return dict(signed.values_list("judgement_id", "printed_name"))


def _assessors_lines(lines: Iterable[JudgementLine]) -> dict[tuple[Any, str], JudgementLine]:
    submissions = {line.judgement.submission_id for line in lines}
    if not submissions:
        return {}
    rows = JudgementLine.objects.filter(
        judgement__submission__in=submissions,
        judgement__stage=Judgement.Stage.ASSESSOR,
        judgement__state=Judgement.State.SIGNED,
    ).select_related("judgement")
    return {(row.judgement.submission_id, row.part_ref): row for row in rows.order_by("judgement__revision")}
