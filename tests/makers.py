"""Makers of people and work in a named state, through the same actions that the site calls."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.timezone import localdate

from assessments.models import Assessment
from centres.models import Centre, Learner, Membership, User
from centres.permissions import Role
from centres.scoping import centre_scope
from marking import actions as marking
from marking.models import Judgement, JudgementLine
from marking.rules import Decision
from marking.selectors import judgement_lines
from marking.selectors.record import sheet_version
from portfolios import actions as portfolios
from portfolios.actions.submit import manifest_fingerprint
from portfolios.models import PracticeSession, Submission
from portfolios.rules import LONGEST_MINUTES, Kind, Subject
from portfolios.selectors.forms import Forms
from portfolios.selectors.practice import units_with_practice
from qualifications.models import CentreApproval, Competence, Qualification, Registration, Unit
from qualifications.rules import last_day_of

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PASSWORD = "correct horse battery"
COACHING = "l3-cert-workplace-coaching-mentoring"
MENTORING = "l3-award-effective-mentoring"


def make_member(centre: Centre, name: str, *roles: Role, email: str = "") -> Membership:
    """Add a person to a centre with roles; the e-mail follows from the name."""
    address = email or f"{name.lower().replace(' ', '.')}@{centre.slug}.example"
    with centre_scope(centre.pk):
        user = User.objects.filter(email=address).first() or User.objects.create_user(address, PASSWORD)
        member: Membership = Membership.objects.create(user=user, name=name, roles=[r.value for r in roles])
        return member


def make_learner(
    centre: Centre, name: str, *, by: Membership, qualification: str = COACHING, number: str = "R-1"
) -> Registration:
    """Add a learner who signs in, registered on a qualification that the centre is approved for."""
    member = make_member(centre, name, Role.LEARNER)
    with centre_scope(centre.pk):
        learner = Learner.objects.create(
            membership=member,
            name=name,
            email=member.user.email,
            born_on=date(1990, 5, 4),
            added_at=AT,
            added_by=by,
        )
    return make_registration(centre, learner, by=by, qualification=qualification, number=number)


def make_registration(
    centre: Centre, learner: Learner, *, by: Membership, qualification: str, number: str
) -> Registration:
    """Register a learner on a qualification, approving the centre for it first."""
    row = Qualification.objects.get(key=qualification)
    day = date(2026, 9, 3)
    with centre_scope(centre.pk):
        CentreApproval.objects.get_or_create(qualification=row, defaults={"approved_on": date(2020, 1, 1)})
        registration: Registration = Registration.objects.create(
            learner=learner,
            qualification=row,
            number=number,
            registered_on=day,
            expires_on=last_day_of(max(day, localdate()), row.time_limit_years),
            registered_at=AT,
            registered_by=by,
        )
        return registration


def make_competent(member: Membership, *, by: Membership) -> None:
    """Let a person assess every unit of the catalogue for two years from today."""
    refs = Unit.objects.values_list("ref", flat=True).distinct()
    with centre_scope(member.centre_id):
        Competence.objects.bulk_create(
            Competence(
                membership=member,
                unit_ref=ref,
                valid_from=date(2026, 1, 1),
                valid_until=localdate() + timedelta(days=730),
                reason="Evidence seen",
                decided_at=AT,
                decided_by=by,
            )
            for ref in refs
        )


class Cast:
    """A centre's people: an administrator, two assessors, two IQAs, a lead IQA and a learner.

    ``learner`` is the learner's Membership and ``registration`` their registration. ``mark`` is put behind
    every name and text, so that a test can tell whose they are.
    """

    def __init__(
        self, centre: Centre, *, qualification: str = COACHING, mark: str = "", number: str = "ABC1234"
    ) -> None:
        self.centre = centre
        self.mark = mark
        self.administrator = make_member(centre, f"Joan Mills{mark}", Role.ADMINISTRATOR)
        self.lead = make_member(centre, f"Ruth Ode{mark}", Role.LEAD_IQA)
        self.assessor = make_member(centre, f"Priya Shah{mark}", Role.ASSESSOR)
        self.other_assessor = make_member(centre, f"Tom Reid{mark}", Role.ASSESSOR)
        self.iqa = make_member(centre, f"Lena Grant{mark}", Role.IQA)
        self.other_iqa = make_member(centre, f"Omar Bell{mark}", Role.IQA)
        for member in (self.assessor, self.other_assessor):
            make_competent(member, by=self.lead)
        self.registration = make_learner(
            centre, f"Amira Khan{mark}", by=self.administrator, qualification=qualification, number=number
        )
        with centre_scope(centre.pk):
            self.learner: Membership = self.registration.learner.membership


def start(cast: Cast, key: str, *, at: datetime = AT) -> Submission:
    """Return a draft of the learner's first attempt at an assessment."""
    with centre_scope(cast.centre.pk):
        assessment = Assessment.objects.get(key=key)
        return portfolios.start_attempt(
            registration=cast.registration, assessment=assessment, by=cast.learner, at=at
        )


def practise(cast: Cast, submission: Submission, *, at: datetime = AT) -> None:
    """Record the least practice that the units of a draft require, unless some is recorded already."""
    with centre_scope(cast.centre.pk):
        for unit in units_with_practice(submission.assessment_id):
            keep_practice(cast.registration, unit, by=cast.learner, at=at)


def keep_practice(registration: Registration, unit: Unit, *, by: Membership, at: datetime = AT) -> None:
    """Record the least practice that a unit requires, in the longest sessions that the rules take."""
    sessions = PracticeSession.objects.filter(registration=registration)
    if sessions.filter(unit_ref=unit.ref).exists():
        return
    first = sessions.aggregate(first=Min("starts_at"))["first"]
    until = min(at - timedelta(hours=4), first or at)
    left, day, clients = (unit.minimum_practice_hours or 0) * 60, 1, unit.min_clients or 1
    while left > 0:
        portfolios.add_session(
            registration=registration,
            unit=unit,
            client_number=min(day, clients),
            starts_at=until - timedelta(days=day),
            minutes=min(left, LONGEST_MINUTES if clients == 1 else 540),
            by=by,
            at=at,
        )
        left -= LONGEST_MINUTES if clients == 1 else 540
        day += 1
    for number in range(unit.min_supervision_sessions or bool(unit.min_supervision_hours)):
        portfolios.add_supervision(
            registration=registration,
            unit_ref=unit.ref,
            supervisor="Sam Ito",
            held_on=(at - timedelta(days=number + 1)).date(),
            minutes=60,
            by=by,
            at=at,
        )
    if unit.cpd_plan_months:
        keep_plan(registration, unit, by=by, at=at)


def keep_plan(registration: Registration, unit: Unit, *, by: Membership, at: datetime = AT) -> None:
    """Write a development plan that reaches far enough."""
    form = Forms([unit.ref]).about(unit.ref, Subject.PLAN)[0]
    record = portfolios.begin_record(registration=registration, unit_ref=unit.ref, form=form, by=by, at=at)
    made = next(box.key for box in form.part.asked if box.kind is Kind.DATE)
    goal, shows = "Asking better questions", "Clients say that they think further."
    typed = {made: "01/10/2026", "t1-1": goal, "t1-4": "01/10/2027", "t1-5": shows}
    portfolios.save_record(record=record, part=form.part, typed=typed, version=1, by=by, at=at)


def submit(
    cast: Cast, submission: Submission, *, at: datetime = AT, has_refused_standardisation: bool = False
) -> Submission:
    """Write something under every open part of a draft, record its practice, declare and submit it."""
    practise(cast, submission, at=at)
    with centre_scope(cast.centre.pk):
        held = {line["part"] for line in portfolios.manifest_of(submission)}
        for ref in submission.open_parts:
            if ref not in held:
                portfolios.save_text(
                    submission=submission,
                    part_ref=ref,
                    text=f"What I did for {ref}.{cast.mark}",
                    version=0,
                    by=cast.learner,
                    at=at,
                )
        return portfolios.submit_attempt(
            submission=submission,
            has_declared=True,
            seen_sha256=manifest_fingerprint(portfolios.manifest_of(submission)),
            has_refused_standardisation=has_refused_standardisation,
            by=cast.learner,
            at=at,
        )


def take(cast: Cast, submission: Submission, *, at: datetime = AT) -> Judgement:
    """Let the assessor take a submitted attempt; returns the unsigned judgement."""
    with centre_scope(cast.centre.pk):
        return marking.take_submission(submission=submission, by=cast.assessor, at=at)


def decide(judgement: Judgement, values: dict[str, Any], *, at: datetime = AT, mark: str = "") -> None:
    """Fill lines by ref: a whole number is a mark, a Decision a decision; every line gets feedback."""
    with centre_scope(judgement.centre_id):
        for line in judgement_lines(judgement):
            if line.part_ref in values:
                value = values[line.part_ref]
                marking.save_line(
                    line=line,
                    version=line.version,
                    mark=None if isinstance(value, Decision) else value,
                    decision=value if isinstance(value, Decision) else None,
                    feedback=f"Strong on {line.part_ref}.{mark}",
                    feedback_more=f"Add more to {line.part_ref}.{mark}" if line.maximum is not None else "",
                    by=judgement.judge,
                    at=at,
                )


def passing(judgement: Judgement) -> dict[str, Any]:
    """Return values that pass every open line of a judgement: full marks, or Pass."""
    with centre_scope(judgement.centre_id):
        lines = JudgementLine.objects.filter(judgement=judgement, carried_from__isnull=True)
        return {row.part_ref: Decision.PASS if row.maximum is None else row.maximum for row in lines}


def sign(judgement: Judgement, *, at: datetime = AT) -> None:
    """Sign an assessor's judgement as its judge."""
    with centre_scope(judgement.centre_id):
        marking.sign_assessment(
            judgement=judgement,
            seen=sheet_version(judgement, judgement_lines(judgement)),
            confirmed_at=at - timedelta(seconds=10),
            by=judgement.judge,
            at=at,
        )


def assessed(cast: Cast, key: str, values: dict[str, Any] | None = None, *, at: datetime = AT) -> Judgement:
    """Return a signed assessor's judgement of a first attempt: passed, but for the values given by ref."""
    judgement = take(cast, submit(cast, start(cast, key, at=at), at=at), at=at)
    decide(judgement, {**passing(judgement), **(values or {})}, at=at, mark=cast.mark)
    sign(judgement, at=at)
    with centre_scope(cast.centre.pk):
        rows = Judgement.objects.select_related("submission", "judge", "assessment")
        signed: Judgement = rows.get(pk=judgement.pk)
        return signed
