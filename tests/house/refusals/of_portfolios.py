"""What the database refuses about attempts and evidence."""

from functools import partial

from django.db import models

from assessments.models import Assessment
from portfolios import models as portfolios
from tests.house.refusals.statements import (
    DAY,
    Refusal,
    copied,
    copy,
    elsewhere,
    update,
)
from tests.makers import AT
from tests.wall.world import World


def of_another_registration(world: World) -> None:
    offers = portfolios.Offer.objects
    foreign = offers.exclude(submission__registration=world.cast.registration).earliest("pk")
    copied(offers.filter(submission=world.ids["draft_id"]), evidence_id=foreign.evidence_id)


def text_of_another_attempt(world: World) -> None:
    offers = portfolios.Offer.objects
    text = offers.filter(submission=world.ids["submission_id"], evidence__kind="TEXT").earliest("pk")
    copied(offers.filter(submission=world.ids["draft_id"]), evidence_id=text.evidence_id)


def with_a_file_that_waits(world: World) -> None:
    drafts = portfolios.Submission.objects.filter(pk=world.ids["draft_id"])
    files = portfolios.Evidence.objects.filter(kind="FILE", offers__submission__in=drafts)
    waiting = copied(files, state="QUARANTINED")
    copied(portfolios.Offer.objects.filter(submission__in=drafts), evidence=waiting)
    drafts.update(state="SUBMITTED", submitted_by=world.cast.learner, **SUBMITTED)


def confirms_nothing(world: World) -> None:
    rows = portfolios.Discussion.objects.all()
    copied(rows, evidence_id=None, confirmed_at=AT, confirmed_by=world.cast.learner)


def begun_as(state: str, world: World) -> None:
    draft = portfolios.Submission.objects.filter(pk=world.ids["draft_id"])
    draft.update(state="SUBMITTED", submitted_by=world.cast.learner, **SUBMITTED)
    unused = Assessment.objects.exclude(pk__in=portfolios.Submission.objects.values("assessment_id"))
    copied(draft, state=state, assessment_id=unused.earliest("key").pk)


def taken_away(world: World) -> None:
    portfolios.Offer.objects.filter(submission__state="SUBMITTED")._raw_delete("default")


def submitted_as_one_document_goes(world: World) -> None:
    portfolios.Compilation.objects.filter(is_draft=False)._raw_delete("default")


CLEAN, REFUSED = {"state": "CLEAN"}, {"state": "REFUSED", "problem": "x"}
FROZEN = ("declaration", "manifest", "manifest_sha256", "submitted_at", "has_refused_standardisation")
CHANGED = dict(zip(FROZEN, ("I did.", [], "0", AT + DAY, True), strict=True))
SUBMITTED = {"submitted_at": AT, "declaration": "Mine.", "manifest_sha256": "0"}
MADE = {"state": "READY", "rendered_at": AT, "pdf_sha256": "0"}
NEW = {"record_sha256": "1"}
PORTFOLIOS = [
    Refusal("portfolios_compilation_once_a_record", copy(portfolios.Compilation)),
    *(
        Refusal(
            "portfolios_compilation_ready_has_a_file",
            copy(portfolios.Compilation, changes={**NEW, **MADE, **missing}),
        )
        for missing in ({"rendered_at": None}, {"pdf_sha256": ""}, {"storage_key": ""})
    ),
    *(
        Refusal(
            "portfolios_compilation_says_what_failed", copy(portfolios.Compilation, changes={**NEW, **broken})
        )
        for broken in ({"state": "FAILED"}, {"problem": "x"}, {"state": "LOST"})
    ),
    Refusal(
        "portfolios_compilation_frozen",
        lambda world: update(
            portfolios.Compilation, {**MADE, "storage_key": f"{world.centre.pk}/x"}, {"storage_key": "y"}
        )(world),
    ),
    Refusal("portfolios_compilation_of_a_submission_stays", submitted_as_one_document_goes),
    *(
        Refusal("portfolios_compilation_lies_in_its_centre", statement)
        for statement in elsewhere(portfolios.Compilation, "storage_key")
    ),
    *(
        Refusal("portfolios_evidence_lies_in_its_centre", statement)
        for statement in elsewhere(portfolios.Evidence, "storage_key", kind="FILE")
    ),
    *(
        Refusal("portfolios_upload_lies_in_its_centre", statement)
        for statement in elsewhere(portfolios.Upload, "pieces")
    ),
    *(
        Refusal("portfolios_evidence_is_a_file_or_a_text", copy(portfolios.Evidence, kind=kind, changes=odd))
        for kind, odd in (
            ("TEXT", {"storage_key": "x"}),
            ("FILE", {"text": "x"}),
            ("FILE", {"size": 0}),
            ("FILE", {"storage_key": ""}),
        )
    ),
    *(
        Refusal("portfolios_evidence_only_files_wait", copy(portfolios.Evidence, kind=kind, changes=odd))
        for kind, odd in (
            ("TEXT", {"state": "QUARANTINED"}),
            ("TEXT", {"state": "REFUSED", "problem": "x"}),
            ("FILE", {"state": "REFUSED", "problem": ""}),
            ("FILE", {"state": "CLEAN", "problem": "x"}),
        )
    ),
    Refusal("portfolios_evidence_checked", update(portfolios.Evidence, CLEAN, REFUSED, kind="FILE")),
    Refusal("portfolios_submission_clean", with_a_file_that_waits),
    *(
        Refusal(name, update(portfolios.Upload, change))
        for name, change in (
            ("portfolios_upload_fits_its_length", {"received": models.F("length") + 1}),
            ("portfolios_upload_ends_when_it_is_whole", {"problem": "x"}),
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
    *(
        Refusal("portfolios_submission_begins_as_a_draft", partial(begun_as, state))
        for state in ("SUBMITTED", "RELEASED")
    ),
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
    *(
        Refusal(name, copy(portfolios.Claim, changes=change))
        for name, change in (
            ("portfolios_claim_once_a_place", {}),
            ("portfolios_claim_locator_fits_its_kind", {"quote": ""}),
            ("portfolios_claim_locator_fits_its_kind", {"kind": "PAGES"}),
            ("portfolios_claim_says_why", {"why": ""}),
            ("portfolios_claim_removal_is_signed", {"removed_at": AT}),
            ("portfolios_claim_own_criterion", {"criterion_ref": "9.9"}),
        )
    ),
    *(
        Refusal(f"portfolios_discussion_{name}", copy(portfolios.Discussion, changes=change))
        for name, change in (
            ("one_a_recording", {}),
            ("known_mode", {"mode": "DREAM"}),
            ("has_questions", {"questions": ""}),
            ("is_signed", {"confirmed_at": AT}),
            ("own_unit", {"unit_ref": "X"}),
        )
    ),
    Refusal("portfolios_discussion_confirms_something", confirms_nothing),
]
