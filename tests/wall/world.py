"""A whole centre with something in every table that an address can name, for the walk over all addresses."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from centres.actions import invite_member, name_cohort
from centres.models import Centre, Export, Invitation, Learner
from centres.permissions import Role
from centres.scoping import centre_scope
from marking.models import JudgementLine, OutcomeComment, ResultSheet
from portfolios import actions as portfolios
from portfolios.models import Evidence, Offer, PracticeSession
from portfolios.rules import Subject
from portfolios.selectors.forms import Forms
from qualifications.actions import declare_conflict
from qualifications.models import CentreApproval, ConflictOfInterest, Unit
from quality_assurance import actions as quality
from quality_assurance.selectors.standpoint import review_version
from tests.makers import AT, MENTORING, Cast, assessed, decide, make_registration, start, submit, take


class World:
    """A centre's rows by the name of the address parameter that stands for them, all marked with a canary."""

    def __init__(self, centre: Centre, *, canary: str) -> None:
        self.centre = centre
        self.cast = Cast(centre)
        self.canary = canary
        self.ids: dict[str, Any] = {
            "key": "wba-d3-01-02",
            "ref": "D3.01",
            "page": 1,
            "number": 1,
            "part_ref": "1",
            "unit_ref": "D3.04",
            "template_key": "coaching-log-session-record",
            "part": "all",
        }
        self._work()
        with centre_scope(centre.pk):
            self._rows()

    def _work(self) -> None:
        """Leave a released attempt, an assessed one, one in review, one being marked and a draft."""
        released = assessed(self.cast, "wba-d3-01-02", {"1": 11})
        self._release(released)
        waiting = assessed(self.cast, "diary-d3-03")
        reviewed = assessed(self.cast, "log-d3-04")
        marked = take(self.cast, submit(self.cast, start(self.cast, "review-d3-05")))
        decide(marked, {"1": 20})
        draft = start(self.cast, "diary-d3-06")
        by_criterion = self._by_criterion()
        with centre_scope(self.centre.pk):
            review = quality.open_review(submission=reviewed.submission, by=self.cast.iqa, at=AT)
            quality.note_looked_at(review=review, text=f"Looked {self.canary}", by=self.cast.iqa, at=AT)
        self.ids |= {
            "submission_id": waiting.submission_id,
            "judgement_id": marked.pk,
            "review_id": review.pk,
            "draft_id": draft.pk,
            "comment_id": by_criterion,
        }

    def _by_criterion(self) -> UUID:
        """Let the assessor take a by-criterion attempt; returns one of its comments on an outcome."""
        first = self.cast.registration
        with centre_scope(self.centre.pk):
            learner = first.learner
        self.cast.registration = make_registration(
            self.centre, learner, by=self.cast.administrator, qualification=MENTORING, number="R-2"
        )
        judgement = take(self.cast, submit(self.cast, start(self.cast, "portfolio-8586-301")))
        self.cast.registration = first
        with centre_scope(self.centre.pk):
            return UUID(str(OutcomeComment.objects.filter(judgement=judgement).earliest("outcome_number").pk))

    def _release(self, judgement: Any) -> None:
        with centre_scope(self.centre.pk):
            review = quality.open_review(submission=judgement.submission, by=self.cast.other_iqa, at=AT)
            quality.note_looked_at(review=review, text="All", by=self.cast.other_iqa, at=AT)
            quality.agree_and_release(
                review=review,
                seen=review_version(review),
                confirmed_at=AT - timedelta(seconds=1),
                by=self.cast.other_iqa,
                at=AT,
            )

    def _rows(self) -> None:
        by = self.cast.administrator
        learner = Learner.objects.get(pk=self.cast.registration.learner_id)
        invite_member(
            email=f"new@{self.centre.slug}.example", name=self.canary, roles=[Role.TUTOR], by=by, at=AT
        )
        declare_conflict(
            membership=self.cast.other_assessor, learner=learner, reason=self.canary, by=by, at=AT
        )
        cohort = name_cohort(name=f"Cohort {self.canary}", by=by, at=AT)
        export = Export.objects.create(
            kind="sheets", title=self.canary, object_ids=[], requested_at=AT, requested_by=by
        )
        line = JudgementLine.objects.filter(judgement_id=self.ids["judgement_id"]).earliest("position")
        self.ids |= {
            "learner_id": learner.pk,
            "member_id": self.cast.assessor.pk,
            "membership_id": self.cast.assessor.pk,
            "registration_id": self.cast.registration.pk,
            "invitation_id": Invitation.objects.earliest("invited_at").pk,
            "conflict_id": ConflictOfInterest.objects.earliest("declared_at").pk,
            "approval_id": CentreApproval.objects.earliest("approved_on").pk,
            "cohort_id": cohort.pk,
            "export_id": export.pk,
            "line_id": line.pk,
            "offer_id": Offer.objects.earliest("offered_at").pk,
            "evidence_id": Evidence.objects.earliest("added_at").pk,
            **self._practice(),
            "sheet_id": ResultSheet.objects.earliest("requested_at").pk,
        }

    def _practice(self) -> dict[str, Any]:
        """Write the canary into a record of a session; returns the ids of what practice is kept in."""
        registration = self.cast.registration
        unit = Unit.objects.get(ref="D3.04")
        by = self.cast.learner
        session = PracticeSession.objects.filter(unit_ref=unit.ref).earliest("number")
        supervision = portfolios.add_supervision(
            registration=registration,
            unit_ref=unit.ref,
            supervisor=self.canary,
            held_on=AT.date(),
            minutes=60,
            by=by,
            at=AT,
        )
        form = Forms([unit.ref]).about(unit.ref, Subject.SESSION)[0]
        record = portfolios.begin_record(
            registration=registration, unit_ref=unit.ref, form=form, session=session, by=by, at=AT
        )
        portfolios.save_record(
            record=record, part=form.part, typed={"f1": self.canary}, version=1, by=by, at=AT
        )
        return {"session_id": session.pk, "supervision_id": supervision.pk, "record_id": record.pk}


def unknown(ids: dict[str, Any]) -> dict[str, Any]:
    """Return the same parameters with ids that no centre has."""
    return {name: UUID(int=7) if isinstance(value, UUID) else value for name, value in ids.items()}
