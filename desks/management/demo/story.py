"""The demonstration's work: attempts in every state, made by the same actions that people use."""

from datetime import date, datetime, timedelta
from typing import Any

from assessments.models import Assessment
from centres.actions import name_cohort
from centres.models import Learner, Membership
from centres.permissions import Role
from desks.management.demo.people import noon, of_role
from desks.management.demo.practice import Diary
from desks.management.demo.programme import Programme, confirm
from marking import actions as marking
from marking.models import Judgement
from marking.rules import Decision
from marking.selectors import judgement_lines
from marking.selectors.record import sheet_version
from portfolios import actions as portfolios
from portfolios.actions.submit import manifest_fingerprint
from portfolios.models import Submission
from portfolios.rules import ProgrammeKind, State
from portfolios.selectors.practice import units_with_practice
from qualifications.actions import register_learner
from qualifications.models import Qualification, Registration
from quality_assurance import actions as quality
from quality_assurance.models import Review
from quality_assurance.selectors.standpoint import review_version

ANSWER = (
    "In my first month I sat in on two sessions led by a colleague and kept notes of the questions asked. "
    "I then planned my own sessions around what each person wanted to be able to do, agreed with them how we "
    "would know, and wrote up every session on the day.\n\nWhat I would do differently: leave more silence "
    "after a question, and agree the next step before the last five minutes."
)
STRENGTH = "Clear account of practice, with examples from real sessions."
IMPROVE = "Say more about how you checked that the goal was reached."


class Story:
    """Plays a centre's people through the main job; every step takes the time at which it happened."""

    def __init__(self, members: dict[str, Membership], *, today: date) -> None:
        self.members = members
        self.today = today
        self.administrator = of_role(members, Role.ADMINISTRATOR)
        self.assessor = of_role(members, Role.ASSESSOR)
        self.iqa = of_role(members, Role.IQA)

    def days_ago(self, days: int) -> datetime:
        """Return noon of the day that many days before today."""
        return noon(self.today - timedelta(days=days))

    def register(self, learner: Learner, qualification: str, number: str) -> Registration:
        """Register a learner eighty days ago, in the spring cohort."""
        at = self.days_ago(80)
        return register_learner(
            learner=learner,
            qualification=Qualification.objects.get(key=qualification),
            number=number,
            registered_on=at.date(),
            by=self.administrator,
            at=at,
            cohort=name_cohort(name="Spring 2026", by=self.administrator, at=at),
        )

    def draft(self, registration: Registration, key: str, *, days: int) -> Submission:
        """Start an attempt."""
        return portfolios.start_attempt(
            registration=registration,
            assessment=Assessment.objects.get(key=key),
            by=self._learner(registration),
            at=self.days_ago(days),
        )

    def submit(self, submission: Submission, *, days: int) -> Submission:
        """Record the practice, write an answer under every open part that has none, and submit."""
        at, by = self.days_ago(days), self._learner(submission.registration)
        for unit in units_with_practice(submission.assessment_id):
            Diary(submission.registration, unit, by=by, until=at - timedelta(days=1)).keep_minimum()
        held = {line["part"] for line in portfolios.manifest_of(submission)}
        for ref in submission.open_parts:
            if ref not in held:
                portfolios.save_text(
                    submission=submission, part_ref=ref, text=ANSWER, version=0, by=by, at=at
                )
        return portfolios.submit_attempt(
            submission=submission,
            has_declared=True,
            seen_sha256=manifest_fingerprint(portfolios.manifest_of(submission)),
            has_refused_standardisation=False,
            by=by,
            at=at,
        )

    def diary(self, registration: Registration, unit_ref: str, *, days: int) -> Diary:
        """Return the diary of a unit, kept until that many days ago."""
        link = registration.qualification.qualification_units.get(unit__ref=unit_ref)
        return Diary(registration, link.unit, by=self._learner(registration), until=self.days_ago(days))

    def programme(self, registration: Registration) -> Programme:
        """Return the programme of a registration, kept by the tutor."""
        return Programme(registration, tutor=of_role(self.members, Role.TUTOR))

    def induct(self, programme: Programme, *, days: int, uncovered: int = 0) -> None:
        """Hold the initial assessment and the induction; who heard all of it confirms it the day after."""
        programme.assess(
            self.days_ago(days + 2), "Writes well; asked for dates early, because of shift work."
        )
        entry = programme.induct(self.days_ago(days), uncovered=uncovered)
        if not uncovered:
            learner = self._learner(programme.registration)
            confirm(entry, by=learner, at=self.days_ago(days - 1))

    def mark(self, submission: Submission, values: dict[str, Any], *, days: int) -> Judgement:
        """Take a submission and fill the sheet: what ``values`` does not name gets full marks or a Pass."""
        at = self.days_ago(days)
        judgement = marking.take_submission(submission=submission, by=self.assessor, at=at)
        for line in judgement_lines(judgement):
            if line.carried_from is None:
                value = values.get(line.part_ref, line.maximum if line.maximum else Decision.PASS)
                marking.save_line(
                    line=line,
                    version=line.version,
                    mark=None if isinstance(value, Decision) else value,
                    decision=value if isinstance(value, Decision) else None,
                    feedback=STRENGTH if value is not Decision.REFERRAL else IMPROVE,
                    feedback_more=IMPROVE if line.maximum else "",
                    by=self.assessor,
                    at=at,
                )
        return judgement

    def sign(self, judgement: Judgement, *, days: int) -> Submission:
        """Sign the assessor's sheet; returns the assessed attempt."""
        at = self.days_ago(days)
        marking.sign_assessment(
            judgement=judgement,
            seen=sheet_version(judgement, judgement_lines(judgement)),
            confirmed_at=at,
            by=self.assessor,
            at=at,
        )
        attempt: Submission = Submission.objects.get(pk=judgement.submission_id)
        return attempt

    def review(self, submission: Submission, *, days: int) -> Review:
        """Open the IQA's review and note what was looked at."""
        at = self.days_ago(days)
        review = quality.open_review(submission=submission, by=self.iqa, at=at)
        return quality.note_looked_at(
            review=review,
            text="The whole submission and the feedback on every part.",
            by=self.iqa,
            at=at,
        )

    def release(self, review: Review, *, days: int) -> Submission | None:
        """Agree and release; returns the next attempt where a referral opened one."""
        at = self.days_ago(days)
        quality.agree_and_release(
            review=review,
            seen=review_version(review),
            confirmed_at=at,
            by=self.iqa,
            at=at,
        )
        opened: Submission | None = Submission.objects.filter(
            previous_id=review.submission_id, state=State.DRAFT.value
        ).first()
        return opened

    def _learner(self, registration: Registration) -> Membership:
        learner = Learner.objects.get(pk=registration.learner_id)
        return next(member for member in self.members.values() if member.pk == learner.membership_id)


def play_northgate(story: Story, learners: dict[str, Learner]) -> None:
    """Leave one attempt in every state that the main job has."""
    amira = story.register(learners["Amira Khan"], "l3-cert-workplace-coaching-mentoring", "NGT-2604-001")
    ben = story.register(learners["Ben Okoro"], "l3-award-effective-mentoring", "NGT-2604-002")
    cara = story.register(learners["Cara Lin"], "l3-cert-workplace-coaching-mentoring", "NGT-2604-003")
    story.register(learners["Dylan Pryce-Ŵyn"], "l3-cert-professional-workplace-coaches", "NGT-2604-004")
    dylan = story.register(learners["Dylan Pryce-Ŵyn"], "l3-cert-effective-mentoring", "NGT-2604-005")

    _play_programmes(story, amira, ben, dylan)
    first = story.submit(story.draft(amira, "wba-d3-01-02", days=40), days=38)
    assessed = story.sign(story.mark(first, {"1": 11, "2": 26, "3": 24, "4": 26}, days=33), days=32)
    story.release(story.review(assessed, days=28), days=27)
    story.submit(story.draft(amira, "diary-d3-03", days=12), days=10)

    essay = story.submit(story.draft(ben, "assignment-8586-300", days=45), days=44)
    passed = story.sign(story.mark(essay, {}, days=40), days=39)
    story.release(story.review(passed, days=36), days=35)
    portfolio = story.submit(story.draft(ben, "portfolio-8586-301", days=9), days=8)
    story.sign(story.mark(portfolio, {"1.3": Decision.REFERRAL}, days=5), days=4)

    story.draft(dylan, "portfolio-8586-302", days=30)
    mentoring = story.diary(dylan, "8586-302", days=2)
    mentoring.hold(6, clients=2, unreflected=2)
    mentoring.supervise(1)
    mentoring.testify()
    mentoring.be_observed(by=of_role(story.members, Role.TUTOR))

    work = story.submit(story.draft(cara, "wba-d3-01-02", days=9), days=7)
    story.mark(work, {"1": 15, "2": 18, "3": 9}, days=2)
    review = story.submit(story.draft(cara, "review-d3-05", days=20), days=19)
    checked = story.sign(story.mark(review, {"1": 30, "2": 25, "3": 21}, days=15), days=14)
    story.review(checked, days=1)


def _play_programmes(story: Story, amira: Registration, ben: Registration, dylan: Registration) -> None:
    """Leave one programme that is complete, one on its way and one that began badly."""
    own = story.programme(amira)
    story.induct(own, days=76)
    own.tutor_for(story.days_ago(60), 60, "Planned the first two assessments, with dates.")
    own.tutor_for(story.days_ago(42), 60, "Went through section 1 and where its marks are lost.")
    own.enter(ProgrammeKind.ACCESS, story.days_ago(50), "Screen reader, and texts in large print.")
    full = story.programme(ben)
    story.induct(full, days=74)
    full.tutor_for(story.days_ago(56), 60, "Chose a mentoring model and read about two others.")
    full.tutor_for(story.days_ago(30), 75, "Talked through what the diary must show.")
    note = "Level 3 Award in Education and Training, 2024; certificate seen by Sam Ito."
    full.enter(ProgrammeKind.PRIOR, story.days_ago(70), note, unit_ref="8586-300", criteria=["1.2"])
    full.deviate("assignment-8586-300", story.days_ago(50))
    begun = story.programme(dylan)
    story.induct(begun, days=20, uncovered=2)
    begun.tutor_for(story.days_ago(15), 45, "Agreed how the sessions are written up.")


def play_harbour(story: Story, learners: dict[str, Learner]) -> None:
    """Leave a little work of another centre."""
    edda = story.register(learners["Edda Voss"], "l5-cert-coaching-mentoring-management", "HBR-26-17")
    story.submit(story.draft(edda, "wba-d5-01", days=6), days=5)
    story.draft(edda, "diary-d5-02-03", days=3)


STORIES = {"northgate": play_northgate, "harbour": play_harbour}
