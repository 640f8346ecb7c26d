"""What each role finds on the home page, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate, localtime

from assessments.models import Assessment, QualificationAssessment
from centres.models import Membership
from desks.selectors.progress import LearnersProgress, UnitProgress
from desks.selectors.results import Result, later_attempts, results_of, standing_with
from lib.words import counted, listed
from marking.models import Judgement, ResultSheet
from marking.selectors.sheets import SheetFilter, found_sheets
from portfolios.models import PracticeSession, Submission
from portfolios.rules import State
from portfolios.selectors import files_without_check, own_registrations, own_submissions
from portfolios.selectors.state import Standing
from qualifications.models import Achievement, QualificationUnit, Registration
from qualifications.rules import has_lapsed
from qualifications.selectors.register import Register, register_rows
from quality_assurance.models import Review

SHOWN = 5
RECENT = timedelta(days=30)
TITLES = frozenset(("dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "rev", "revd", "sir", "dame"))
NOT_STARTED = Standing("draft", "Not started", "")
ACHIEVED = Standing("achieved", "Achieved already", "")


@dataclass(frozen=True, slots=True)
class Work:
    """One assessment of a registration, with its latest attempt and how that stands."""

    registration: Registration
    assessment: Assessment
    units: str
    latest: Submission | None
    standing: Standing
    came_back: Submission | None
    progress: list[UnitProgress]
    missing: int
    to_write: PracticeSession | None
    is_achieved: bool

    @property
    def is_begun(self) -> bool:
        """Whether the learner has begun an attempt and is the one to go on with it."""
        return self.latest is not None and bool(
            self.latest.state == State.DRAFT.value and not self.is_achieved
        )

    @property
    def is_to_do(self) -> bool:
        """Whether the learner is the one to do something."""
        return self.is_begun or (self.latest is None and not self.is_achieved)

    @property
    def is_with_centre(self) -> bool:
        """Whether an attempt waits for its result."""
        return self.latest is not None and self.latest.state not in (State.DRAFT.value, State.RELEASED.value)


@dataclass(frozen=True, slots=True)
class Course:
    """One registration of a learner: its end, its assessments and the units achieved."""

    registration: Registration
    left: str
    has_lapsed: bool
    works: list[Work]
    units: list[tuple[Any, bool]]

    @property
    def achieved(self) -> int:
        """How many units are achieved."""
        return sum(1 for _, is_achieved in self.units if is_achieved)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: its words, and where it is done."""

    text: str
    verb: str
    work: Work | None
    session: PracticeSession | None = None


@dataclass(frozen=True, slots=True)
class LearnerHome:
    """A learner's panel."""

    courses: list[Course]
    came_back: list[Work]
    next: NextStep


@dataclass(frozen=True, slots=True)
class CentreHome:
    """An administrator's panel."""

    registered: int
    files_waiting: int
    lapsing: list[dict[str, Any]]
    lapsing_count: int
    sheets: list[ResultSheet]
    sheet_count: int
    since: date

    @property
    def waiting_words(self) -> str:
        """What keeps learners' files from their assessors, and who can mend it."""
        count = "1 file waits" if self.files_waiting == 1 else f"{self.files_waiting} files wait"
        return f"{count} to be searched for viruses. Ask whoever runs this site to start its scanner (clamd)."


def first_name(name: str) -> str:
    """Return how a person is greeted: without their title, unless there is nothing but a surname after it.

    >>> first_name("Dr Anne Ode"), first_name("Amira Khan"), first_name("Mr Jones")
    ('Anne', 'Amira', 'Mr Jones')
    """
    words = name.split()
    rest = list(dropwhile(lambda word: word.rstrip(".").casefold() in TITLES, words))
    return rest[0] if len(rest) > 1 or rest == words else name


def learner_home(by: Membership, *, at: datetime) -> LearnerHome:
    """Return what a learner has to do, what came back and what is achieved, in fourteen queries."""
    today = localdate(at)
    registrations = list(own_registrations(by).order_by("registered_on", "id"))
    attempts = list(own_submissions(by).select_related("previous").order_by("attempt"))
    results = results_of(attempts)
    set_for = _assessments_of(registrations)
    units = _units_of(registrations)
    known = {unit.ref: unit for rows in units.values() for unit, _ in rows}
    progress = LearnersProgress(registrations, list(known.values()), attempts, today=today)
    courses = []
    for registration in registrations:
        own = [row for row in attempts if row.registration_id == registration.pk]
        works = [
            _work(registration, link.assessment, own, results, progress, units[registration.pk])
            for link in set_for[registration.qualification_id]
        ]
        courses.append(
            Course(
                registration=registration,
                left=time_left(registration.expires_on, today),
                has_lapsed=has_lapsed(today=today, expires_on=registration.expires_on),
                works=works,
                units=units[registration.pk],
            )
        )
    came_back = [work for course in courses for work in course.works if work.came_back]
    return LearnerHome(courses=courses, came_back=came_back, next=next_step(courses))


def next_step(courses: list[Course]) -> NextStep:
    """Choose one thing: what came back, then what was begun, then what is next in order."""
    running = [course for course in courses if not course.has_lapsed]
    works = [work for course in running for work in course.works]
    with_centre = {work.assessment.key for course in courses for work in course.works if work.is_with_centre}
    begun = [work for work in works if work.is_begun and work.assessment.key not in with_centre]
    came_back = [work for work in begun if work.came_back]
    taken = with_centre | {work.assessment.key for work in begun}
    fresh = [
        work
        for work in works
        if work.latest is None and not work.is_achieved and work.assessment.key not in taken
    ]
    if came_back:
        work = came_back[0]
        return NextStep(f"Redo {again(work)} of {work.assessment.title}", "Go on", work)
    to_write = next((work.to_write for work in (*begun, *fresh) if work.to_write), None)
    if to_write:
        day = f"{localtime(to_write.starts_at):%-d %B}"
        text = f"Write up your session of {day} with Client {to_write.client.number}"
        return NextStep(text, "Write it up", None, session=to_write)
    if begun:
        return NextStep(f"Finish {begun[0].assessment.title}", "Go on", begun[0])
    if fresh:
        return NextStep(f"Begin {fresh[0].assessment.title}", "Read what is asked", fresh[0])
    return NextStep(_nothing_to_do(courses), "", None)


def _nothing_to_do(courses: list[Course]) -> str:
    if courses and all(course.has_lapsed for course in courses):
        return "Your registration has ended. Ask your centre for an extension."
    if any(work.is_with_centre for course in courses for work in course.works):
        return "Nothing to do now. Results come to this page."
    return "Everything here is done."


def again(work: Work) -> str:
    """Return the parts that a referral reopened, in words."""
    refs = work.latest.open_parts if work.latest else []
    if work.assessment.is_by_section:
        return f"section{'s' if len(refs) > 1 else ''} {listed(refs)}"
    return f"AC {listed(refs)}"


def time_left(expires_on: date | None, today: date) -> str:
    """Say how long a registration lasts.

    >>> time_left(date(2028, 3, 14), date(2026, 11, 22))
    '15 months left'
    """
    if expires_on is None:
        return ""
    days = (expires_on - today).days
    if days < 0:
        return "ended"
    if days < 62:
        return "last day today" if days == 0 else f"{counted(days, 'day')} left"
    months = (expires_on.year - today.year) * 12 + expires_on.month - today.month
    return f"{months - (expires_on.day < today.day)} months left"


def centre_home(*, at: datetime) -> CentreHome:
    """Return what an administrator watches, in six queries."""
    today = localdate(at)
    lapsing = register_rows(Register(today=today, expires="90", sort="expires"))
    since = today - RECENT
    sheets = found_sheets(ResultSheet.objects.all(), SheetFilter(released_from=since))
    named = sheets.select_related("submission__registration__learner", "submission__assessment")
    return CentreHome(
        registered=register_rows(Register(today=today)).count(),
        files_waiting=files_without_check(at=at),
        lapsing=list(lapsing[:SHOWN]),
        lapsing_count=lapsing.count(),
        sheets=list(named[:SHOWN]),
        sheet_count=sheets.count(),
        since=since,
    )


def open_sheets(by: Membership) -> list[Judgement]:
    """Return the sheets that an assessor has in hand, the longest held first."""
    rows = Judgement.objects.filter(
        judge=by, stage=Judgement.Stage.ASSESSOR, state=Judgement.State.DRAFT
    ).select_related("submission__registration__learner", "assessment")
    return list(rows.order_by("started_at", "id")[:SHOWN])


def open_reviews(by: Membership) -> list[Review]:
    """Return the reviews that an IQA has open, the longest open first."""
    rows = Review.objects.filter(iqa=by, closed_at__isnull=True).select_related(
        "submission__registration__learner", "submission__assessment"
    )
    return list(rows.order_by("opened_at", "id")[:SHOWN])


def _work(
    registration: Registration,
    assessment: Assessment,
    own: list[Any],
    results: dict[UUID, Result],
    progress: LearnersProgress,
    held: list[tuple[Any, bool]],
) -> Work:
    attempts = [row for row in own if row.assessment.key == assessment.key]
    latest = attempts[-1] if attempts else None
    units = [row.unit for row in assessment.assessment_units.all()]
    is_achieved = {unit.ref for unit in units} <= {unit.ref for unit, has_unit in held if has_unit}
    is_draft = latest is not None and latest.state == State.DRAFT.value
    came_back = latest is not None and is_draft and latest.attempt > 1 and not is_achieved
    practised = progress.of_units(registration, units)
    return Work(
        registration=registration,
        assessment=latest.assessment if latest else assessment,
        units=" / ".join(unit.ref for unit in units),
        latest=latest,
        standing=ACHIEVED if is_achieved and (latest is None or is_draft) else _standing(attempts, results),
        came_back=latest.previous if latest and came_back else None,
        progress=practised,
        missing=progress.missing(latest, practised, is_achieved=is_achieved),
        to_write=progress.to_write(registration, units),
        is_achieved=is_achieved,
    )


def _standing(attempts: list[Any], results: dict[UUID, Result]) -> Standing:
    if not attempts:
        return NOT_STARTED
    latest, following = attempts[-1], later_attempts(attempts)
    return standing_with(latest, results.get(latest.pk), following.get(latest.pk))


def _assessments_of(registrations: list[Any]) -> dict[UUID, list[QualificationAssessment]]:
    links = QualificationAssessment.objects.filter(
        qualification__in={row.qualification_id for row in registrations}
    ).select_related("assessment")
    grouped: dict[UUID, list[QualificationAssessment]] = defaultdict(list)
    for link in links.prefetch_related("assessment__assessment_units__unit").order_by("position"):
        grouped[link.qualification_id].append(link)
    return grouped


def _units_of(registrations: list[Any]) -> dict[UUID, list[tuple[Any, bool]]]:
    """Return the units of each registration's qualification with whether they are achieved."""
    achieved = set(
        Achievement.objects.filter(registration__in=[row.pk for row in registrations]).values_list(
            "registration_id", "unit__ref"
        )
    )
    links = QualificationUnit.objects.filter(
        qualification__in={row.qualification_id for row in registrations}
    ).select_related("unit")
    rows = list(links.order_by("position"))
    return {
        registration.pk: [
            (link.unit, (registration.pk, link.unit.ref) in achieved)
            for link in rows
            if link.qualification_id == registration.qualification_id
        ]
        for registration in registrations
    }
