"""What a release sets going, said before it happens and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from assessments.selectors import feedback_labels, unit_refs
from marking.models import JudgementLine, ResultSheet, Signature
from marking.rules import Line, referred_refs
from marking.selectors import judgement_lines
from marking.selectors.origins import Origin, origins_of, words_beside
from marking.selectors.record import outcome_comments
from portfolios.models import Submission
from portfolios.selectors.elsewhere import is_achieved
from quality_assurance.models import Release
from quality_assurance.rules import named, not_sampled_statement
from quality_assurance.selectors.put_back import put_back_views
from quality_assurance.selectors.standpoint import assessors_judgement, said


@dataclass(frozen=True, slots=True)
class Follows:
    """What a released outcome leads to: units achieved, or the next attempt with its parts."""

    outcome: str
    total: int | None
    units: list[str]
    attempt: int
    parts: str
    is_achieved: bool

    @property
    def sentence(self) -> str:
        """What happens, in a sentence."""
        if self.outcome == "PASS":
            return f"Achieves {' and '.join(self.units)}."
        if self.is_achieved:
            return _nothing_follows(self.units)
        return f"Opens attempt {self.attempt}: {self.parts} to do again."

    @property
    def said(self) -> str:
        """The outcome with its total."""
        return said(self.outcome, self.total)


def what_follows(
    submission: Submission, *, outcome: str, total: int | None, lines: Sequence[Line]
) -> Follows:
    """Return what releasing these lines with this outcome would lead to."""
    minimum = submission.assessment.total_min
    return Follows(
        outcome=outcome,
        total=total,
        units=unit_refs(submission.assessment_id),
        attempt=submission.attempt + 1,
        parts=named(referred_refs(lines, overall_minimum=minimum), overall_minimum=minimum),
        is_achieved=is_achieved(submission.registration, submission.assessment),
    )


def _nothing_follows(units: list[str]) -> str:
    return f"Opens no attempt: {' and '.join(units)} {'is' if len(units) == 1 else 'are'} achieved already."


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a released sheet, as both judges left it, and who decided it where it is carried over."""

    assessor: JudgementLine
    iqa: JudgementLine | None
    origin: Origin | None

    @property
    def iqas_words_beside(self) -> str:
        """Whose decision stands on the IQA's side where they did not judge it."""
        return words_beside(self.iqa, self.origin) if self.iqa else ""


@dataclass(frozen=True, slots=True)
class Comments:
    """Both judges' comments on one learning outcome."""

    outcome: int
    assessor: str
    iqa: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A released attempt: both sides, the signatures, and what followed."""

    release: Release
    assessor_id: UUID
    assessor_outcome: str
    rows: list[Row]
    comments: list[Comments]
    signatures: list[Signature]
    sheet: ResultSheet | None
    following: Submission | None
    units: list[str]
    statement: str
    was_overturned: bool
    is_by_section: bool
    reason: str
    labels: list[str]

    @property
    def said(self) -> str:
        """The outcome with its total."""
        return said(self.release.outcome, self.release.total)

    @property
    def followed(self) -> str:
        """What followed, in a sentence."""
        if self.following is None and self.release.outcome == "REFERRAL":
            return _nothing_follows(self.units)
        if self.following is None:
            return f"Achieved: {' and '.join(self.units)}."
        minimum = self.release.submission.assessment.total_min
        parts = named(self.following.open_parts, overall_minimum=minimum)
        return f"Attempt {self.following.attempt} is open: {parts} to do again."


def receipt_of(release: Release) -> Receipt:
    """Return everything that a released attempt's page shows, in a fixed number of queries."""
    submission = release.submission
    assessor = assessors_judgement(submission)
    iqa = release.review.judgement if release.review else None
    own = {row.part_ref: row for row in judgement_lines(iqa)} if iqa else {}
    theirs = judgement_lines(assessor)
    origins = origins_of(theirs)
    comments = {c.outcome_number: c.text for c in outcome_comments(iqa)} if iqa else {}
    judgements = [judgement for judgement in (assessor, iqa) if judgement]
    return Receipt(
        release=release,
        assessor_id=assessor.pk,
        assessor_outcome=said(assessor.outcome, assessor.total),
        is_by_section=assessor.assessment.is_by_section,
        reason=iqa.reason if iqa else "",
        labels=feedback_labels(submission.registration.qualification_id, submission.assessment_id),
        rows=[Row(row, own.get(row.part_ref), origins.get(row.part_ref)) for row in theirs],
        comments=[
            Comments(c.outcome_number, c.text, comments.get(c.outcome_number, ""))
            for c in outcome_comments(assessor)
        ],
        signatures=list(
            Signature.objects.filter(judgement__in=judgements)
            .select_related("judgement")
            .order_by("signed_at")
        ),
        sheet=ResultSheet.objects.filter(submission=submission).order_by("-revision").first(),
        following=Submission.objects.filter(previous=submission).first(),
        units=unit_refs(submission.assessment_id),
        statement=statement_of(release),
        was_overturned=release.judgement_id != assessor.pk,
    )


def statement_of(release: Release) -> str:
    """Return what the quality half of the sheet says of unreviewed work, or nothing where it was reviewed.

    Its days are those of UTC, as everywhere on a sheet.
    """
    if release.basis != Release.Basis.NOT_SAMPLED:
        return ""
    return not_sampled_statement(
        by=release.released_by.name,
        on=release.released_at.astimezone(UTC).date(),
        reason=release.reason,
        put_back=put_back_views(release.submission, by=release.released_by),
    )
