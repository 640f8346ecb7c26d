"""For each check, key and trigger of the database a statement that it refuses, by name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import models

from assessments import models as assessments
from centres import models as centres
from lib.ids import new_id
from marking import models as marking
from portfolios import models as portfolios
from qualifications import models as qualifications
from quality_assurance import actions as quality
from quality_assurance import models as reviews
from tests.makers import AT
from tests.wall.world import World


class Refusal(NamedTuple):
    """A statement that must be refused, by the name in the answer; ``holds`` where the object's differs."""

    name: str
    breaks: Callable[[World], object]
    holds: str = ""

    @property
    def object(self) -> str:
        return self.holds or self.name


def copied(rows: Any, **changes: Any) -> Any:
    """Add a copy of the first of the rows, changed."""
    row = rows.order_by("pk").first()
    assert row is not None, "nothing to copy"
    row.pk = new_id()
    for name, value in changes.items():
        setattr(row, name, value)
    row._state.adding = True
    row.save(force_insert=True, using=rows.db)
    return row


def copy(model: type[models.Model], /, *, changes: dict[str, Any] | None = None, **found: Any) -> Any:
    """Return a statement that adds a changed copy of a row."""
    manager: Any = model._default_manager
    return lambda world: copied(manager.filter(**found), **(changes or {}))


def copy_of_catalogue(model: type[models.Model], /, **changes: Any) -> Any:
    """Return a statement by the owner, who alone writes the catalogue."""
    manager: Any = model._default_manager
    return lambda world: copied(manager.using("owner").all(), **changes)


def update(model: type[models.Model], /, *changes: dict[str, Any], **found: Any) -> Any:
    """Return a statement that changes one row, step by step."""
    manager: Any = model._default_manager

    def run(world: World) -> None:
        row = manager.filter(**found).order_by("pk").first()
        assert row is not None, "nothing to change"
        for change in changes:
            manager.filter(pk=row.pk).update(**change)

    return run


def twice(statement: Callable[[World], object]) -> Callable[[World], object]:
    return lambda world: (statement(world), statement(world))


def member(name: str) -> Any:
    return centres.Membership.objects.get(name__startswith=name)


def achieved(world: World) -> None:
    unit = qualifications.QualificationUnit.objects.filter(
        qualification_id=world.cast.registration.qualification_id
    ).first()
    assert unit is not None
    qualifications.Achievement.objects.create(
        registration=world.cast.registration,
        unit_id=unit.unit_id,
        submission_id=world.ids["submission_id"],
        achieved_at=AT,
        achieved_by=world.cast.lead,
    )


def followed(world: World) -> None:
    registrations = qualifications.Registration.objects.filter(number="ABC1234")
    for days in (1, 2):
        copied(
            registrations,
            number=f"X-{days}",
            registered_on=AT.date() + timedelta(days),
            previous_id=world.cast.registration.pk,
        )


def own_result(name: str) -> Callable[[World], object]:
    """Return a release of an assessed attempt by somebody."""
    return lambda world: released(world.ids["submission_id"], by=member(name))


def released(submission_id: Any, *, by: Any) -> None:
    judgement = marking.Judgement.objects.get(submission=submission_id, stage="ASSESSOR", state="SIGNED")
    reviews.Release.objects.create(
        submission_id=submission_id,
        judgement=judgement,
        basis="NOT_SAMPLED",
        reason="None.",
        outcome=judgement.outcome,
        total=judgement.total,
        released_at=AT,
        released_by=by,
    )


def put_back(world: World) -> None:
    review = reviews.Review.objects.get(pk=world.ids["review_id"])
    quality.put_back(review=review, by=world.cast.iqa, at=AT)
    released(review.submission_id, by=world.cast.iqa)


def of_another_registration(world: World) -> None:
    offers = portfolios.Offer.objects
    foreign = offers.exclude(submission__registration=world.cast.registration).earliest("pk")
    copied(offers.filter(submission=world.ids["draft_id"]), evidence_id=foreign.evidence_id)


def text_of_another_attempt(world: World) -> None:
    offers = portfolios.Offer.objects
    text = offers.filter(submission=world.ids["submission_id"], evidence__kind="TEXT").earliest("pk")
    copied(offers.filter(submission=world.ids["draft_id"]), evidence_id=text.evidence_id)


def taken_away(world: World) -> None:
    portfolios.Offer.objects.filter(submission__state="SUBMITTED")._raw_delete("default")


DAY = timedelta(days=1)
FROZEN = ("declaration", "manifest", "manifest_sha256", "submitted_at", "has_refused_standardisation")
CHANGED = dict(zip(FROZEN, ("I did.", [], "0", AT + DAY, True), strict=True))
SUBMITTED = {"submitted_at": AT, "declaration": "Mine.", "manifest_sha256": "0"}
DRAFT_JUDGEMENT: dict[str, Any] = {"state": "DRAFT", "stage": "ASSESSOR"}
SHEET = {"code": "AAAA-BBBB", "revision": 9}

CENTRES = [
    Refusal("centres_centre_slug_key", copy_of_catalogue(centres.Centre)),
    Refusal("centres_user_email_key", copy(centres.User)),
    Refusal("centres_user_address_in_one_spelling", copy(centres.User, changes={"email": "A@b.example"})),
    Refusal("centres_membership_once_in_a_centre", copy(centres.Membership)),
    Refusal("centres_membership_holds_known_roles", copy(centres.Membership, changes={"roles": ["king"]})),
    Refusal("centres_membership_end_is_signed", copy(centres.Membership, changes={"ended_at": AT})),
    Refusal("centres_cohort_name_once_in_a_centre", copy(centres.Cohort)),
    Refusal("centres_learner_once_in_a_centre", copy(centres.Learner, membership__isnull=True)),
    Refusal(
        "centres_learner_signs_in_as_one",
        copy(centres.Learner, changes={"email": "x@y.example"}, membership__isnull=False),
    ),
    Refusal(
        "centres_learner_address_in_one_spelling", copy(centres.Learner, changes={"email": "A@b.example"})
    ),
    Refusal(
        "centres_invitation_one_link_each", twice(copy(centres.Invitation, changes={"token_digest": "0"}))
    ),
    Refusal("centres_invitation_offers_known_roles", copy(centres.Invitation, changes={"roles": []})),
    Refusal("centres_invitation_acceptance_is_signed", copy(centres.Invitation, changes={"accepted_at": AT})),
    Refusal(
        "centres_invitation_withdrawal_is_signed", copy(centres.Invitation, changes={"withdrawn_at": AT})
    ),
    Refusal(
        "centres_invitation_address_in_one_spelling",
        copy(centres.Invitation, changes={"email": "A@b.example"}),
    ),
    Refusal("centres_grant_open_once", copy(centres.Grant, ends_at__isnull=True)),
    Refusal("centres_grant_ends_after_it_starts", copy(centres.Grant, changes={"ends_at": AT - DAY})),
    Refusal("centres_wakeup_once_a_work", copy(centres.Wakeup)),
]
QUALIFICATIONS = [
    Refusal("qualifications_approval_once_in_a_centre", copy(qualifications.CentreApproval)),
    Refusal(
        "qualifications_registration_number_once",
        copy(qualifications.Registration, changes={"registered_on": AT.date()}),
    ),
    Refusal(
        "qualifications_registration_once_a_day", copy(qualifications.Registration, changes={"number": "X"})
    ),
    Refusal("qualifications_registration_followed_by_one", followed),
    Refusal(
        "qualifications_registration_ends_after_it_starts",
        copy(qualifications.Registration, changes={"expires_on": AT.date(), "registered_on": AT.date()}),
    ),
    Refusal("qualifications_achievement_once_each", twice(achieved)),
    Refusal("qualifications_competence_one_decision_a_day", copy(qualifications.Competence)),
    Refusal(
        "qualifications_competence_ends_after_it_starts",
        copy(qualifications.Competence, changes={"valid_from": AT.date(), "valid_until": AT.date() - DAY}),
    ),
    Refusal("qualifications_conflict_declared_once", copy(qualifications.ConflictOfInterest)),
    Refusal(
        "qualifications_conflict_withdrawal_is_signed",
        copy(qualifications.ConflictOfInterest, changes={"withdrawn_at": AT}),
    ),
]
CATALOGUE = [
    Refusal("qualifications_qualification_version_once", copy_of_catalogue(qualifications.Qualification)),
    Refusal("qualifications_unit_version_once", copy_of_catalogue(qualifications.Unit)),
    Refusal("qualifications_outcome_number_once", copy_of_catalogue(qualifications.LearningOutcome)),
    Refusal("qualifications_criterion_ref_once", copy_of_catalogue(qualifications.Criterion)),
    Refusal("qualifications_unit_once_in_each", copy_of_catalogue(qualifications.QualificationUnit)),
    Refusal("assessments_assessment_version_once", copy_of_catalogue(assessments.Assessment)),
    Refusal(
        "assessments_assessment_totals_fit_the_rule",
        copy_of_catalogue(assessments.Assessment, rule="all_criteria", total_max=1, total_min=1, version=9),
    ),
    Refusal("assessments_unit_once_in_each", copy_of_catalogue(assessments.AssessmentUnit)),
    Refusal("assessments_assessment_once_in_each", copy_of_catalogue(assessments.QualificationAssessment)),
    Refusal("assessments_template_version_once", copy_of_catalogue(assessments.RecordTemplate)),
    Refusal("assessments_section_position_once", copy_of_catalogue(assessments.Section)),
    Refusal(
        "assessments_section_minimum_within_maximum",
        copy_of_catalogue(assessments.Section, min_marks=9, max_marks=8, position=90),
    ),
    Refusal("assessments_criterion_once_on_a_sheet", copy_of_catalogue(assessments.SheetCriterion)),
]
PORTFOLIOS = [
    *(
        Refusal("portfolios_evidence_is_a_file_or_a_text", copy(portfolios.Evidence, kind=kind, changes=odd))
        for kind, odd in (
            ("TEXT", {"storage_key": "x"}),
            ("FILE", {"text": "x"}),
            ("FILE", {"size": 0}),
            ("FILE", {"storage_key": ""}),
        )
    ),
    Refusal("portfolios_evidence_removal_is_signed", copy(portfolios.Evidence, changes={"removed_at": AT})),
    Refusal("portfolios_evidence_frozen", update(portfolios.Evidence, {"sha256": "0"}, kind="FILE")),
    Refusal(
        "portfolios_evidence_frozen",
        update(portfolios.Evidence, {"text": "x"}, kind="TEXT", offers__submission__state="SUBMITTED"),
    ),
    Refusal("portfolios_offer_once_a_part", copy(portfolios.Offer, submission__state="DRAFT")),
    Refusal(
        "portfolios_offer_frozen",
        copy(portfolios.Offer, changes={"part_ref": "9"}, submission__state="SUBMITTED"),
    ),
    Refusal("portfolios_offer_frozen", taken_away),
    Refusal("portfolios_offer_own_evidence", of_another_registration),
    Refusal("portfolios_offer_text_once", text_of_another_attempt, holds="portfolios_offer_own_evidence"),
    Refusal("portfolios_submission_attempt_once", copy(portfolios.Submission, state="RELEASED")),
    Refusal(
        "portfolios_submission_one_open_attempt",
        lambda world: copied(
            portfolios.Submission.objects.filter(pk=world.ids["draft_id"]),
            attempt=2,
            previous_id=world.ids["draft_id"],
        ),
    ),
    Refusal(
        "portfolios_submission_is_signed",
        copy(portfolios.Submission, changes={"submitted_at": AT}, state="DRAFT"),
    ),
    Refusal(
        "portfolios_submission_known_state",
        copy(portfolios.Submission, changes={"state": "LOST"}, state="DRAFT"),
    ),
    Refusal(
        "portfolios_submission_later_attempts_follow_one",
        copy(portfolios.Submission, changes={"attempt": 2}, state="DRAFT"),
    ),
    *(
        Refusal(
            "portfolios_submission_needs_a_declaration",
            copy(portfolios.Submission, changes=missing, state="SUBMITTED", attempt=2),
        )
        for missing in (
            {"declaration": ""},
            {"manifest_sha256": ""},
            {"submitted_at": None, "submitted_by_id": None},
        )
    ),
    *(
        Refusal(
            "portfolios_submission_frozen",
            update(portfolios.Submission, {name: value}, state="SUBMITTED"),
            holds="portfolios_submission_moves",
        )
        for name, value in CHANGED.items()
    ),
    Refusal(
        "marking_signed_work_stays",
        update(
            portfolios.Submission,
            {"state": "IN_REVIEW"},
            {"state": "IN_ASSESSMENT"},
            {"state": "SUBMITTED"},
            state="ASSESSED",
        ),
    ),
]
MARKING = [
    Refusal("marking_allocation_one_assessor_at_a_time", copy(marking.Allocation, ended_at__isnull=True)),
    Refusal(
        "marking_allocation_end_is_signed",
        copy(marking.Allocation, changes={"ended_at": AT}, ended_at__isnull=True),
    ),
    Refusal("marking_judgement_one_a_stage", copy(marking.Judgement, **DRAFT_JUDGEMENT)),
    Refusal(
        "marking_judgement_one_judge_one_stage",
        copy(marking.Judgement, changes={"stage": "IQA"}, **DRAFT_JUDGEMENT),
    ),
    Refusal(
        "marking_judgement_signature_is_whole",
        copy(marking.Judgement, changes={"signed_at": AT}, **DRAFT_JUDGEMENT),
    ),
    *(
        Refusal(
            "marking_judgement_signed_has_an_outcome", update(marking.Judgement, change, **DRAFT_JUDGEMENT)
        )
        for change in (
            {"state": "SIGNED", "outcome": "PASS"},
            {"state": "SIGNED", "signed_at": AT, "signed_by": models.F("judge")},
        )
    ),
    Refusal("marking_judgement_signed", update(marking.Judgement, {"outcome": "REFERRAL"}, state="SIGNED")),
    Refusal(
        "marking_judgement_signed",
        update(marking.Judgement, {"state": "WITHDRAWN"}, {"state": "DRAFT"}, **DRAFT_JUDGEMENT),
    ),
    Refusal(
        "marking_not_own_work",
        lambda world: copied(
            marking.Judgement.objects.filter(**DRAFT_JUDGEMENT), judge=world.cast.learner, stage="IQA"
        ),
    ),
    Refusal("marking_line_once_a_part", copy(marking.JudgementLine, judgement__state="DRAFT")),
    *(
        Refusal(
            "marking_line_mark_from_0_to_maximum",
            copy(marking.JudgementLine, changes=mark, judgement__state="DRAFT", maximum__isnull=False),
        )
        for mark in ({"mark": -1}, {"mark": 1000}, {"mark": 1, "maximum": None})
    ),
    *(
        Refusal(
            "marking_line_decision_is_pass_or_referral",
            copy(
                marking.JudgementLine,
                changes={"decision": decision},
                judgement__state="DRAFT",
                maximum__isnull=is_criterion,
            ),
        )
        for decision, is_criterion in (("MAYBE", True), ("PASS", False))
    ),
    Refusal(
        "marking_line_carried_over_names_its_origin",
        copy(marking.JudgementLine, changes={"carried_from": 1}, judgement__state="DRAFT"),
    ),
    Refusal(
        "marking_lines_signed",
        copy(marking.JudgementLine, changes={"part_ref": "9"}, judgement__state="SIGNED"),
    ),
    Refusal("marking_lines_signed", update(marking.JudgementLine, {"mark": 1}, judgement__state="SIGNED")),
    Refusal("marking_comment_once_an_outcome", copy(marking.OutcomeComment, judgement__state="DRAFT")),
    Refusal(
        "marking_lines_signed",
        copy(marking.OutcomeComment, changes={"outcome_number": 9}, judgement__state="SIGNED"),
        holds="marking_comments_signed",
    ),
    Refusal(
        "marking_lines_signed",
        update(marking.OutcomeComment, {"text": "x"}, judgement__state="SIGNED"),
        holds="marking_comments_signed",
    ),
    Refusal("marking_signature_once_a_judgement", copy(marking.Signature)),
    Refusal("marking_sheet_revision_once", copy(marking.ResultSheet, changes={"code": "AAAA-BBBB"})),
    Refusal("marking_sheet_code_once", copy(marking.ResultSheet, changes={"revision": 9})),
    *(
        Refusal("marking_sheet_ready_has_a_file", copy(marking.ResultSheet, changes={**SHEET, **missing}))
        for missing in ({"state": "READY", "pdf_sha256": "0"}, {"state": "READY", "rendered_at": AT})
    ),
    Refusal(
        "marking_sheet_frozen",
        update(
            marking.ResultSheet,
            {"state": "READY", "rendered_at": AT, "pdf_sha256": "0", "storage_key": "x"},
            {"storage_key": "y"},
        ),
    ),
]
QUALITY = [
    Refusal("quality_assurance_review_one_at_a_time", copy(reviews.Review, closed_at__isnull=True)),
    Refusal(
        "quality_assurance_review_end_is_signed",
        update(reviews.Review, {"closed_at": AT, "result": "AGREED"}, closed_at__isnull=True),
    ),
    *(
        Refusal(
            "quality_assurance_review_ends_with_a_result",
            update(reviews.Review, change, closed_at__isnull=True),
        )
        for change in ({"closed_at": AT, "closed_by": models.F("iqa")}, {"result": "AGREED"})
    ),
    Refusal(
        "quality_assurance_closed_review",
        update(reviews.Review, {"looked_at": "x"}, closed_at__isnull=False),
    ),
    Refusal("quality_assurance_release_once_an_attempt", copy(reviews.Release)),
    *(
        Refusal("quality_assurance_release_says_who_looked", copy(reviews.Release, changes=change))
        for change in ({"basis": "NOT_SAMPLED"}, {"review": None})
    ),
    Refusal("quality_assurance_not_own_decision", own_result("Priya")),
    Refusal("quality_assurance_releases_what_was_signed", copy(reviews.Release, changes={"total": 99})),
    Refusal(
        "quality_assurance_not_own_result",
        own_result("Amira"),
        holds="quality_assurance_releases_what_was_signed",
    ),
    Refusal("quality_assurance_looked_and_put_back", put_back),
]
REFUSALS = [*CENTRES, *QUALIFICATIONS, *CATALOGUE, *PORTFOLIOS, *MARKING, *QUALITY]
