"""A whole centre with something in every table that an address can name, for the walk over all addresses."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from centres.actions import invite_member, name_cohort
from centres.actions.export import request_export
from centres.models import Centre, Invitation, Learner
from centres.permissions import Role
from centres.scoping import centre_scope
from marking.models import JudgementLine, OutcomeComment, ResultSheet
from portfolios.actions import (
    DiscussionFacts,
    add_supervision,
    begin_record,
    claim_criteria,
    confirm_induction,
    offer_file,
    record_discussion,
    save_record,
    see_observation,
    withdraw_offer,
    write_observation,
)
from portfolios.actions.ask import add_paper, make_link, sign_as_guest
from portfolios.actions.compiled import request_compilation
from portfolios.actions.upload import begin_upload
from portfolios.models import Evidence, Offer, PracticeSession, Record, Submission, SupervisionSession
from portfolios.rules import Subject
from portfolios.rules.guests import asks_of
from portfolios.rules.locators import parse_locator
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import facts_for_guest, fingerprint_of_page, shown_by
from qualifications.actions import declare_conflict
from qualifications.models import CentreApproval, ConflictOfInterest, Unit
from quality_assurance import actions as quality
from quality_assurance.models import Review
from quality_assurance.selectors.standpoint import review_version
from tests.makers import (
    AT,
    COACHING,
    MENTORING,
    Cast,
    assessed,
    decide,
    make_member,
    make_registration,
    passing,
    sign,
    start,
    submit,
    take,
)
from tests.portfolios.programme import deviate, record
from tests.portfolios.samples import pdf


class World:
    """A centre's rows by the name of the address parameter that stands for them, all marked with a canary."""

    def __init__(self, centre: Centre, *, canary: str) -> None:
        self.centre = centre
        self.cast = Cast(centre, mark=f" {canary}")
        self.canary = canary
        self.more: dict[str, list[Any]] = {"key": [COACHING]}
        self.ids: dict[str, Any] = {
            "key": "wba-d3-01-02",
            "ref": "D3.01",
            "page": 1,
            "number": 1,
            "part_ref": "1",
            "unit_ref": "D3.04",
            "template_key": "coaching-log-session-record",
            "part": "all",
            "kind": "tutorial",
        }
        self._work()
        with centre_scope(centre.pk):
            self._rows()

    def _work(self) -> None:
        """Leave a released attempt, an assessed one, one in review, one being marked and a draft."""
        released = assessed(self.cast, "wba-d3-01-02", {"1": 11})
        self._release(released)
        with centre_scope(self.centre.pk):
            again = Submission.objects.get(previous=released.submission_id)
        submit(self.cast, again)
        waiting = assessed(self.cast, "diary-d3-03")
        reviewed = assessed(self.cast, "log-d3-04")
        marked = take(self.cast, submit(self.cast, start(self.cast, "review-d3-05")))
        decide(marked, {"1": 20}, mark=self.cast.mark)
        draft = start(self.cast, "diary-d3-06")
        self._pieces(draft)
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
        self.more |= {
            "submission_id": [released.submission_id, again.pk, draft.pk],
            "judgement_id": [released.pk],
        }

    def _pieces(self, draft: Submission) -> None:
        """Put files into a draft, and one that was taken back again."""
        by = self.cast.learner
        with centre_scope(self.centre.pk):
            for name, content in (("one.pdf", pdf()), ("two.pdf", pdf()), ("three.txt", b"Words")):
                offer_file(
                    submission=draft,
                    part_ref="1",
                    name=f"{self.canary} {name}",
                    file=BytesIO(content),
                    by=by,
                    at=AT,
                )
            offers = Offer.objects.filter(submission=draft).order_by("offered_at", "id")
            withdraw_offer(offer=offers[0], by=by, at=AT)

    def _by_criterion(self) -> UUID:
        """Leave a by-criterion attempt with the assessor and one in review; returns one comment."""
        marked = take(self.cast, self._submitted(MENTORING, "portfolio-8586-301", number="R-2"))
        submission = self._submitted("l3-cert-effective-mentoring", "portfolio-8586-302", number="R-3")
        reviewed = take(self.cast, submission)
        decide(reviewed, passing(reviewed), mark=self.cast.mark)
        sign(reviewed)
        with centre_scope(self.centre.pk):
            review = quality.open_review(submission=submission, by=self.cast.iqa, at=AT)
            comments = OutcomeComment.objects.order_by("outcome_number")
            self.more |= {
                "review_id": [review.pk],
                "comment_id": [comments.filter(judgement=review.judgement_id)[0].pk],
            }
            return UUID(str(comments.filter(judgement=marked)[0].pk))

    def _submitted(self, qualification: str, key: str, *, number: str) -> Submission:
        """Return the learner's submitted attempt at another qualification."""
        first = self.cast.registration
        with centre_scope(self.centre.pk):
            learner = first.learner
        self.cast.registration = make_registration(
            self.centre, learner, by=self.cast.administrator, qualification=qualification, number=number
        )
        submission = submit(self.cast, start(self.cast, key))
        self.cast.registration = first
        return submission

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
        sheet = ResultSheet.objects.earliest("requested_at")
        export = request_export(kind="RESULT_SHEETS", title=self.canary, object_ids=[sheet.pk], by=by, at=AT)
        line = JudgementLine.objects.filter(judgement_id=self.ids["judgement_id"]).earliest("position")
        evidence = self._claimed()
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
            "evidence_id": evidence.pk,
            "upload_id": begin_upload(
                submission=Submission.objects.get(pk=self.ids["draft_id"]),
                part_ref="1",
                name=f"{self.canary}.pdf",
                mark="",
                length=9,
                by=self.cast.learner,
                at=AT,
            ).pk,
            **self._practice(),
            **self._programme(),
            "sheet_id": sheet.pk,
        }
        waiting = Submission.objects.get(pk=self.ids["submission_id"])
        self.compilation = request_compilation(submission=waiting, by=self.cast.learner, at=AT)
        self._alternatives()

    def _claimed(self) -> Evidence:
        """Claim a place in the first piece and record a discussion with it; returns the piece."""
        own = Evidence.objects.filter(registration=self.cast.registration).select_related("registration")
        evidence: Evidence = own.earliest("added_at", "id")
        [claim] = claim_criteria(
            evidence=evidence,
            criteria=[("D3.01", "1.1")],
            locator=parse_locator("“What I did”"),
            why=self.canary,
            by=self.cast.learner,
            at=AT,
        )
        discussion = record_discussion(
            registration=evidence.registration,
            unit_ref="D3.01",
            facts=DiscussionFacts(
                agreed_for=AT,
                mode="REMOTE",
                questions=self.canary,
                assessor_id=self.cast.assessor.pk,
                others="",
                has_live_iqa=False,
                evidence_id=evidence.pk,
            ),
            by=self.cast.learner,
            at=AT,
        )
        self.ids |= {"discussion_id": discussion.pk, "claim_id": claim.pk}
        return evidence

    def _alternatives(self) -> None:
        """Name more rows for the addresses at which the first one of its kind is not wanted."""
        review = Review.objects.get(pk=self.ids["review_id"])
        newcomer = Learner.objects.create(
            name=f"Cara Lin {self.canary}",
            email=f"cara@{self.centre.slug}.example",
            born_on=date(1991, 6, 5),
            added_at=AT,
            added_by=self.cast.administrator,
        )
        self.more |= {
            "learner_id": [newcomer.pk],
            "offer_id": [Offer.objects.filter(submission=self.ids["draft_id"]).earliest("offered_at").pk],
            "evidence_id": list(
                Evidence.objects.filter(kind=Evidence.Kind.FILE).values_list("pk", flat=True)
            ),
            "line_id": [JudgementLine.objects.filter(judgement=review.judgement_id).earliest("position").pk],
        }

    def _practice(self) -> dict[str, Any]:
        """Write the canary into a record of a session; returns the ids of what practice is kept in."""
        registration = self.cast.registration
        unit = Unit.objects.get(ref="D3.04")
        by = self.cast.learner
        session = PracticeSession.objects.filter(unit_ref=unit.ref).earliest("number")
        supervision = add_supervision(
            registration=registration,
            unit_ref=unit.ref,
            supervisor=self.canary,
            held_on=AT.date(),
            minutes=60,
            by=by,
            at=AT,
        )
        form = Forms([unit.ref]).about(unit.ref, Subject.SESSION)[0]
        record = begin_record(
            registration=registration, unit_ref=unit.ref, form=form, session=session, by=by, at=AT
        )
        save_record(record=record, part=form.part, typed={"f1": self.canary}, version=1, by=by, at=AT)
        save_record(
            record=record, part=form.part, typed={"f1": "More"}, version=2, by=by, at=AT + timedelta(days=1)
        )
        offered = Forms([unit.ref]).offered(unit.ref)[0]
        self.more |= {"template_key": [offered.key], "part": [offered.part.key]}
        more = self._signed(form, record, supervision)
        return {"session_id": session.pk, "supervision_id": supervision.pk, "record_id": record.pk, **more}

    def _signed(self, form: Form, confirmed: Record, supervision: SupervisionSession) -> dict[str, Any]:
        """Leave a link that is open, one that was used, and a signed paper; returns their ids."""
        by = self.cast.learner
        link, _ = make_link(
            record=confirmed, form=form, ask=asks_of(form.part)[0], client=None, days=60, by=by, at=AT
        )
        page = Forms([supervision.unit_ref]).about(supervision.unit_ref, Subject.SUPERVISION)[0]
        record = Record.objects.get(supervision=supervision)
        save_record(record=record, part=page.part, typed={"f1": self.canary}, version=1, by=by, at=AT)
        record.refresh_from_db()
        used, _ = make_link(
            record=record, form=page, ask=asks_of(page.part)[0], client=None, days=60, by=by, at=AT
        )
        shown = shown_by(used, page, facts_for_guest(used))
        sign_as_guest(
            link=used,
            form=page,
            typed={},
            name=self.canary,
            seen=fingerprint_of_page(shown),
            at=AT + timedelta(seconds=1),
        )
        file = Evidence.objects.filter(kind=Evidence.Kind.FILE, state=Evidence.State.CLEAN)
        paper = add_paper(
            record=confirmed, evidence=file.filter(removed_at__isnull=True).earliest("added_at"), by=by, at=AT
        )
        self._kept(confirmed.unit_ref)
        return {"link_id": link.pk, "paper_id": paper.pk}

    def _kept(self, unit_ref: str) -> None:
        """Leave an observation with the canary, one that its learner has read, and a page to be signed."""
        registration = self.cast.registration
        forms = {form.key: form for form in Forms([unit_ref]).of_unit(unit_ref)}
        place: dict[str, Any] = {"registration": registration, "unit_ref": unit_ref, "at": AT}
        observations = [
            write_observation(
                form=forms["direct-observation"], typed={"f4": words}, by=self.cast.assessor, **place
            )
            for words in (self.canary, f"Again {self.canary}")
        ]
        see_observation(record=observations[0], by=self.cast.learner, at=AT)
        form = forms["work-product"]
        page = begin_record(form=form, by=self.cast.learner, **place)
        save_record(
            record=page, part=form.part, typed={"f2": self.canary}, version=1, by=self.cast.learner, at=AT
        )
        self.kept = {"seen": observations[0].pk, "unseen": observations[1].pk, "own": page.pk}
        self.more["template_key"].append("direct-observation")
        self.more["record_id"] = [page.pk]

    def _programme(self) -> dict[str, Any]:
        """Record an induction, a tutorial with the canary and an approved deviation; returns their ids."""
        tutor = make_member(self.centre, "Tina Roe", Role.TUTOR)
        registration = self.cast.registration
        induction = record(registration, "INDUCTION", by=tutor, note=self.canary)
        confirm_induction(entry=induction, by=self.cast.learner, at=AT)
        tutorial = record(registration, "TUTORIAL", by=tutor, note=self.canary)
        deviation = deviate(registration, "log-d3-07", by=tutor, text=self.canary)
        self.more |= {"entry_id": [tutorial.pk]}
        return {"entry_id": induction.pk, "deviation_id": deviation.pk}


def unknown(ids: dict[str, Any]) -> dict[str, Any]:
    """Return the same parameters with ids that no centre has."""
    return {name: UUID(int=7) if isinstance(value, UUID) else value for name, value in ids.items()}
