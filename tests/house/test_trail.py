"""The audit trail: every change writes its line, with who did it, and no line is left untried."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from centres import actions as centres
from centres.actions import export as exports
from centres.models import Centre, Event, Export, Invitation, Learner, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.ids import new_id
from marking import actions as marking
from marking.models import Judgement, ResultSheet
from portfolios import actions as portfolios
from portfolios.actions.deviate import withdraw_deviation
from portfolios.models import Offer, Submission
from qualifications import actions as qualifications
from qualifications.models import CentreApproval, Qualification, QualificationUnit
from quality_assurance import actions as quality
from tests.house.test_contract import ROOMS
from tests.house.test_keeping_trail import KEEPING_CODES
from tests.makers import AT, COACHING, Cast, decide, make_member, passing, sign, start, submit, take
from tests.marking.released import release_agreed, release_overturned
from tests.portfolios.programme import deviate, record

pytestmark = pytest.mark.django_db

LEARNER, ASSESSOR, OTHER, IQA, SITE = "Amira Khan", "Priya Shah", "Tom Reid", "Lena Grant", ""
SUBMITTED = [
    *[("portfolios.offer.made", LEARNER)] * 2,
    ("portfolios.submission.submitted", LEARNER),
]
WORK = [
    ("portfolios.submission.started", LEARNER),
    *SUBMITTED,
    ("portfolios.submission.withdrawn", LEARNER),
    ("portfolios.offer.withdrawn", LEARNER),
    *SUBMITTED[1:],
    ("marking.submission.taken", OTHER),
    ("marking.judgement.withdrawn", OTHER),
    ("marking.submission.handed_back", OTHER),
    ("marking.submission.taken", ASSESSOR),
    ("marking.judgement.signed", ASSESSOR),
    ("quality_assurance.review.opened", "Omar Bell"),
    ("marking.judgement.withdrawn", "Omar Bell"),
    ("quality_assurance.review.closed", "Omar Bell"),
    ("quality_assurance.review.opened", IQA),
    ("marking.judgement.signed", IQA),
    ("quality_assurance.review.closed", IQA),
    ("quality_assurance.judgement.overturned", IQA),
    ("quality_assurance.result.released", IQA),
    ("portfolios.submission.reopened", IQA),
    ("marking.sheet.requested", IQA),
    ("marking.sheet.made", SITE),
    ("portfolios.submission.submitted", LEARNER),
    ("marking.submission.taken", ASSESSOR),
    ("marking.judgement.signed", ASSESSOR),
    ("quality_assurance.review.opened", IQA),
    ("marking.judgement.signed", IQA),
    ("quality_assurance.review.closed", IQA),
    ("quality_assurance.result.released", IQA),
    ("qualifications.unit.achieved", IQA),
    ("marking.sheet.requested", IQA),
    ("marking.sheet.asked_again", "Joan Mills"),
    ("qualifications.learner.registered", "Joan Mills"),
    ("qualifications.achievement.carried", "Joan Mills"),
]
OFFICE = [
    ("qualifications.approval.recorded", "Joan Mills"),
    ("qualifications.approval.changed", "Joan Mills"),
    ("centres.learner.added", "Joan Mills"),
    ("centres.invitation.made", "Joan Mills"),
    ("centres.cohort.named", "Joan Mills"),
    ("qualifications.learner.registered", "Joan Mills"),
    ("qualifications.registration.extended", "Joan Mills"),
    ("centres.invitation.accepted", "Cara Lin"),
    ("centres.invitation.made", "Joan Mills"),
    ("centres.invitation.withdrawn", "Joan Mills"),
    ("centres.roles.changed", "Joan Mills"),
    ("centres.membership.ended", "Joan Mills"),
    ("qualifications.competence.decided", "Ruth Ode"),
    ("qualifications.conflict.declared", "Ruth Ode"),
    ("qualifications.conflict.withdrawn", "Ruth Ode"),
    ("centres.export.requested", "Joan Mills"),
    ("centres.export.failed", SITE),
    ("centres.export.asked_again", "Joan Mills"),
    ("centres.export.made", SITE),
    ("centres.export.expired", SITE),
]
PROGRAMME = [
    ("portfolios.programme.recorded", "Sam Ito"),
    ("portfolios.programme.corrected", "Sam Ito"),
    ("portfolios.induction.confirmed", LEARNER),
    ("portfolios.programme.withdrawn", "Sam Ito"),
    ("assessments.deviation.recorded", "Sam Ito"),
    ("assessments.deviation.withdrawn", "Sam Ito"),
]
# Opening a centre is the owner's: tests/centres/test_opening.py. What guests and a portfolio's document
# leave is in tests/portfolios/test_guest_trail.py and tests/portfolios/test_compiled.py, signed pages in
# tests/portfolios/test_kept.py.
ELSEWHERE = {
    "centres.centre.opened",
    "portfolios.compilation.deleted",
    "portfolios.compilation.made",
    "portfolios.compilation.requested",
    "portfolios.link.made",
    "portfolios.link.withdrawn",
    "portfolios.observation.seen",
    "portfolios.page.kept",
    "portfolios.paper.added",
    "portfolios.paper.removed",
    "portfolios.record.signed",
}


def trail(centre: Centre) -> list[tuple[str, str]]:
    with centre_scope(centre.pk):
        rows = Event.objects.order_by("id").values_list("code", "by_name")
        return [row for row in rows if row[0] not in KEEPING_CODES]


def attempt(cast: Cast, number: int) -> Submission:
    with centre_scope(cast.centre.pk):
        found: Submission = Submission.objects.get(attempt=number)
        return found


def marked(cast: Cast, submission: Submission, **marks: int) -> Judgement:
    judgement = take(cast, submission)
    decide(judgement, {**passing(judgement), **{ref.removeprefix("s"): mark for ref, mark in marks.items()}})
    sign(judgement)
    with centre_scope(cast.centre.pk):
        signed: Judgement = Judgement.objects.select_related("submission", "judge").get(pk=judgement.pk)
        return signed


def test_the_main_job_leaves_a_line_for_every_change(northgate: Centre) -> None:
    cast = Cast(northgate)
    first = submit(cast, start(cast, "diary-d3-03"))
    with centre_scope(northgate.pk):
        portfolios.withdraw_submission(submission=first, by=cast.learner, at=AT)
        portfolios.withdraw_offer(offer=Offer.objects.earliest("offered_at"), by=cast.learner, at=AT)
    submit(cast, attempt(cast, 1))
    cast.assessor, taker = cast.other_assessor, cast.assessor
    mistaken = take(cast, attempt(cast, 1))
    with centre_scope(northgate.pk):
        marking.hand_back(judgement=mistaken, reason="Not mine.", by=cast.assessor, at=AT)
    cast.assessor = taker
    judgement = marked(cast, attempt(cast, 1))
    with centre_scope(northgate.pk):
        review = quality.open_review(submission=judgement.submission, by=cast.other_iqa, at=AT)
        quality.put_back(review=review, by=cast.other_iqa, at=AT)
    sheet = release_overturned(cast, judgement, {"1": 34, "2": 30}, why="Section 1 lacks the plan.")
    with centre_scope(northgate.pk):
        marking.render_sheet(sheet=sheet, at=AT)
    later = release_agreed(cast, marked(cast, submit(cast, attempt(cast, 2))))
    with centre_scope(northgate.pk):
        ResultSheet.objects.filter(pk=later.pk).update(state="FAILED", problem="Broken.")
        marking.retry_sheet(sheet=later, by=cast.administrator, at=AT)
        registered_beside(cast)
    assert trail(northgate) == WORK


def registered_beside(cast: Cast) -> None:
    """Register the learner on another qualification that holds the unit, too."""
    links = QualificationUnit.objects.filter(unit__ref="D3.03").exclude(qualification__key=COACHING)
    other = links.select_related("qualification").earliest("qualification__key").qualification
    CentreApproval.objects.create(qualification=other, approved_on=date(2026, 1, 1))
    qualifications.register_learner(
        learner=cast.registration.learner,
        qualification=other,
        number="N-2",
        registered_on=AT.date(),
        by=cast.administrator,
        at=AT,
    )


def test_the_office_leaves_a_line_for_every_change(northgate: Centre) -> None:
    cast = Cast(northgate)
    leaver = make_member(northgate, "Eve Stone", Role.TUTOR)
    with centre_scope(northgate.pk):
        learner = enrolled(cast)
        people(cast, leaver)
        staff(cast, learner)
        exported(cast)
    assert trail(northgate) == OFFICE


def test_the_tutor_leaves_a_line_for_every_change(northgate: Centre) -> None:
    cast = Cast(northgate)
    tutor = make_member(northgate, "Sam Ito", Role.TUTOR)
    with centre_scope(northgate.pk):
        entry = record(cast.registration, "INDUCTION", by=tutor)
        facts = portfolios.EntryFacts(held_on=AT.date(), minutes=90)
        entry = portfolios.correct_entry(entry=entry, facts=facts, reason="Longer.", by=tutor, at=AT)
        portfolios.confirm_induction(entry=entry, by=cast.learner, at=AT)
        portfolios.withdraw_entry(entry=entry, reason="Wrong learner.", by=tutor, at=AT)
        deviation = deviate(cast.registration, "diary-d3-03", by=tutor)
        withdraw_deviation(deviation=deviation, reason="Not used.", by=tutor, at=AT)
    assert trail(northgate) == PROGRAMME


def enrolled(cast: Cast) -> Learner:
    by = cast.administrator
    award = Qualification.objects.exclude(key=COACHING).filter(time_limit_years__isnull=False).earliest("key")
    for ends_on in (None, AT.date() + timedelta(days=900)):
        qualifications.record_approval(
            qualification=award, approved_on=date(2026, 1, 1), ends_on=ends_on, by=by, at=AT
        )
    learner = qualifications.enrol_learner(
        name="Cara Lin",
        email="cara@north.example",
        born_on=date(1991, 6, 5),
        qualification=award,
        number="N-1",
        registered_on=AT.date(),
        cohort="Spring",
        by=by,
        at=AT,
    )
    registration = learner.registrations.get()
    assert registration.expires_on is not None
    qualifications.extend_registration(
        registration=registration,
        expires_on=registration.expires_on + timedelta(days=30),
        reason="Ill for a month.",
        by=by,
        at=AT,
    )
    return learner


def people(cast: Cast, leaver: Membership) -> None:
    by = cast.administrator
    centres.accept_invitation(invitation=Invitation.objects.get(), password="a long new password", at=AT)
    invitation = centres.invite_member(
        email="new@north.example", name="New", roles=[Role.TUTOR], by=by, at=AT
    )
    centres.withdraw_invitation(invitation=invitation, by=by, at=AT)
    centres.change_roles(membership=leaver, roles=[Role.ASSESSOR], by=by, at=AT)
    centres.end_membership(membership=leaver, by=by, at=AT)


def staff(cast: Cast, learner: Learner) -> None:
    qualifications.decide_competence(
        membership=cast.iqa,
        unit_refs=["D3.03"],
        valid_from=AT.date(),
        valid_until=AT.date() + timedelta(days=365),
        reason="Seen.",
        by=cast.lead,
        at=AT,
    )
    conflict = qualifications.declare_conflict(
        membership=cast.assessor, learner=learner, reason="Sister", by=cast.lead, at=AT
    )
    qualifications.withdraw_conflict(conflict=conflict, by=cast.lead, at=AT)


def exported(cast: Cast) -> None:
    by = cast.administrator
    export = exports.request_export(kind="RESULT_SHEETS", title="Spring", object_ids=[new_id()], by=by, at=AT)
    exports.fail_export(export=export, at=AT)
    exports.retry_export(export=export, by=by, at=AT)
    exports.finish_export(export=export, key=f"{export.centre_id}/x", sha256="0", problem="", at=AT)
    exports.expire_export(export=again(export), at=AT + exports.KEPT_FOR)


def again(export: Export) -> Export:
    found: Export = Export.objects.get(pk=export.pk)
    return found


def test_no_line_of_the_trail_is_left_untried() -> None:
    rooms = [*ROOMS, "lib"]
    sources = [path.read_text() for room in rooms for path in Path(settings.BASE_DIR, room).rglob("*.py")]
    written = {code for text in sources for code in re.findall(r'(?:record_event\(\s*|made=)"([^"]+)"', text)}
    expected = {code for code, _ in (*WORK, *OFFICE, *PROGRAMME)} | KEEPING_CODES | ELSEWHERE
    assert written == expected
