"""Results as their learner may see them: provisional once signed, final once released."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessments.selectors import feedback_labels
from lib.visible import has_visible
from marking.models import Judgement, JudgementLine, ResultSheet
from marking.rules import Outcome, verdict_in_words
from marking.selectors import as_lines, judgement_lines
from marking.selectors.origins import Origin, origins_of
from marking.selectors.record import outcome_comments
from portfolios.models import Submission
from portfolios.rules import State
from portfolios.selectors.attempt import part_key
from portfolios.selectors.state import Standing, standing_of
from quality_assurance.models import Release

CRITERION_LABEL = "Feedback"
SHOWS_PROVISIONAL = {State.ASSESSED.value, State.IN_REVIEW.value}


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt came to: on whose signed judgement, and whether it is final."""

    assessor: Judgement
    final: Judgement
    release: Release | None

    @property
    def is_final(self) -> bool:
        """Whether it was released."""
        return self.release is not None

    @property
    def is_overturned(self) -> bool:
        """Whether an IQA's own judgement took the place of the assessor's."""
        return self.final.pk != self.assessor.pk

    @property
    def is_pass(self) -> bool:
        """Whether it passed, provisionally or finally."""
        return bool(self.final.outcome == Outcome.PASS.value)

    @property
    def word(self) -> str:
        """The outcome as one word."""
        return "Pass" if self.is_pass else "Referral"


@dataclass(frozen=True, slots=True)
class FeedbackPart:
    """One part of a judged attempt: what it got, and what was said, by the assessor and after an overturn.

    ``origin`` says who decided it in an earlier attempt, where it is carried over; the names are theirs then.
    """

    ref: str
    key: str
    heading: str
    mark: int | None
    maximum: int | None
    minimum: int | None
    is_below: bool
    origin: Origin | None
    assessor: str
    said: list[tuple[str, str]]
    iqa: str
    said_by_iqa: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything that the page of a result shows."""

    result: Result
    sentence: str
    parts: list[FeedbackPart]
    comments: list[tuple[int, str, str]]
    sheet: ResultSheet | None


def results_of(submissions: Iterable[Submission]) -> dict[UUID, Result]:
    """Return the results of attempts by the attempt's id, in two queries; nothing where there is none yet."""
    ids = [row.pk for row in submissions if row.state in SHOWS_PROVISIONAL | {State.RELEASED.value}]
    releases = {
        release.submission_id: release
        for release in Release.objects.filter(submission__in=ids).select_related(
            "judgement__judge", "judgement__assessment"
        )
    }
    signed = Judgement.objects.filter(
        submission__in=ids, stage=Judgement.Stage.ASSESSOR, state=Judgement.State.SIGNED
    ).select_related("judge", "assessment")
    results = {}
    for judgement in signed.order_by("revision"):
        release = releases.get(judgement.submission_id)
        results[judgement.submission_id] = Result(
            assessor=judgement, final=release.judgement if release else judgement, release=release
        )
    return results


def result_of(submission: Submission) -> Result | None:
    """Return the result of one attempt, if its learner may see one."""
    return results_of([submission]).get(submission.pk)


def standing_with(submission: Submission, result: Result | None, next_attempt: Submission | None) -> Standing:
    """Return the badge of an attempt in the learner's words, the result among them."""
    if result is None:
        return standing_of(submission)
    if not result.is_final:
        return Standing("provisional", f"Provisional {result.word.lower()}", "It may still change.")
    if result.is_pass:
        return Standing("pass", "Pass, subject to external quality assurance", "")
    count = len(next_attempt.open_parts) if next_attempt else 0
    return Standing("referral", _referral(count, submission.assessment.is_by_section), "")


def feedback_on(submission: Submission, result: Result) -> Feedback:
    """Return the feedback on an attempt: the lines that stand, and beside them what was said."""
    rows = judgement_lines(result.final)
    assessor = {row.part_ref: row for row in judgement_lines(result.assessor)}
    origins = origins_of(assessor.values())
    labels = feedback_labels(submission.registration.qualification_id, submission.assessment_id)
    if not submission.assessment.is_by_section:
        labels = labels[:1] or [CRITERION_LABEL]
    verdict = verdict_in_words(
        as_lines(rows),
        overall_minimum=submission.assessment.total_min,
        overall_maximum=submission.assessment.total_max,
    )
    return Feedback(
        result=result,
        sentence=verdict.text,
        parts=[
            _part(row, assessor[row.part_ref], origins.get(row.part_ref), labels=labels, result=result)
            for row in rows
        ],
        comments=_comments(result),
        sheet=_sheet(submission) if result.is_final else None,
    )


def _part(
    row: JudgementLine,
    assessor: JudgementLine,
    origin: Origin | None,
    *,
    labels: list[str],
    result: Result,
) -> FeedbackPart:
    line = as_lines([row])[0]
    iqas = row if result.is_overturned else None
    if origin:
        iqas = origin.line if origin.is_iqas else None
    return FeedbackPart(
        ref=row.part_ref,
        key=part_key(row.part_ref),
        heading=row.heading,
        mark=row.mark,
        maximum=row.maximum,
        minimum=row.minimum,
        is_below=line.is_below,
        origin=origin,
        assessor=origin.assessor if origin else result.assessor.judge.name,
        said=_said(assessor, labels),
        iqa=origin.name if origin else result.final.judge.name,
        said_by_iqa=_said(iqas, labels) if iqas else [],
    )


def _said(row: JudgementLine, labels: list[str]) -> list[tuple[str, str]]:
    """Return a line's feedback under the labels that the sheet prints; what has no label keeps its words."""
    first = labels[0] if labels else CRITERION_LABEL
    second = labels[1] if len(labels) > 1 else "More"
    pairs = [(first, row.feedback), (second, row.feedback_more)]
    return [(label, text) for label, text in pairs if has_visible(text)]


def _comments(result: Result) -> list[tuple[int, str, str]]:
    iqa = (
        {row.outcome_number: row.text for row in outcome_comments(result.final)}
        if result.is_overturned
        else {}
    )
    rows = outcome_comments(result.assessor)
    said = [(row.outcome_number, _seen(row.text), _seen(iqa.get(row.outcome_number, ""))) for row in rows]
    return [row for row in said if row[1] or row[2]]


def _seen(text: str) -> str:
    """Return a text, or nothing where a reader sees nothing of it, so that nobody is named over it."""
    return text if has_visible(text) else ""


def _sheet(submission: Submission) -> ResultSheet | None:
    sheet: ResultSheet | None = (
        ResultSheet.objects.filter(submission=submission).order_by("-revision").first()
    )
    return sheet


def _referral(count: int, is_by_section: bool) -> str:
    noun = (
        ("section" if count == 1 else "sections")
        if is_by_section
        else ("criterion" if count == 1 else "criteria")
    )
    return f"Referral: {count} {noun} to do again" if count else "Referral"


def later_attempts(submissions: Iterable[Any]) -> dict[UUID, Any]:
    """Return, by the id of an attempt, the attempt that follows it among those given."""
    return {row.previous_id: row for row in submissions if row.previous_id}
