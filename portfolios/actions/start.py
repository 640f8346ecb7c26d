"""Opening attempts: the first by the learner, later ones by the release of a referral."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from assessments.models import Assessment, QualificationAssessment
from assessments.selectors import parts_of
from centres.actions import record_event
from centres.models import Learner, Membership
from lib.ids import new_id
from lib.refusals import Refusal
from portfolios.actions.claim import bring_claims_along
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import State
from portfolios.selectors.elsewhere import is_achieved, under_way_elsewhere
from qualifications.models import Registration
from qualifications.rules import has_lapsed


class AttemptOpen(Refusal):
    default_message = "Another attempt is still open. Finish it before you start another."


class AlreadyAchieved(Refusal):
    default_message = "You have achieved this already. There is nothing to do again."


class NotInQualification(Refusal):
    default_message = "This assessment is not part of your qualification."


class RegistrationOver(Refusal):
    """A registration that lapsed; the message names its last day."""

    def __init__(self, expires_on: date) -> None:
        super().__init__(
            f"Your registration ended on {expires_on:%-d %B %Y}. Ask your centre for an extension."
        )


@transaction.atomic
def start_attempt(
    *, registration: Registration, assessment: Assessment, by: Membership, at: datetime
) -> Submission:
    """Open the first attempt at an assessment, with every part to be done.

    Raises NotInQualification, RegistrationOver, AlreadyAchieved, AttemptOpen.
    """
    Learner.locked(registration.learner_id)
    registration = Registration.locked(registration.pk)
    check_may_start(registration=registration, assessment=assessment, at=at)
    submission: Submission = Submission.objects.create(
        registration=registration,
        assessment=assessment,
        attempt=1,
        open_parts=[part.ref for part in parts_of(assessment)],
        state_at=at,
        started_at=at,
    )
    record_event("portfolios.submission.started", target=submission, by=by, at=at, attempt=1)
    return submission


def check_may_start(*, registration: Registration, assessment: Assessment, at: datetime) -> None:
    """Refuse a first attempt that the rules do not allow, with the words for the learner.

    Raises NotInQualification, RegistrationOver, AlreadyAchieved, AttemptOpen.
    """
    if not QualificationAssessment.objects.filter(
        qualification_id=registration.qualification_id, assessment=assessment
    ).exists():
        raise NotInQualification
    latest = (
        Submission.objects.filter(registration=registration, assessment=assessment)
        .order_by("-attempt")
        .first()
    )
    if latest is not None and latest.state != State.RELEASED.value:
        raise AttemptOpen(f"Attempt {latest.attempt} is still open. Finish it before you start another.")
    if latest is not None or is_achieved(registration, assessment):
        raise AlreadyAchieved
    _check_elsewhere(registration, assessment, today=localdate(at))
    if registration.expires_on and has_lapsed(today=localdate(at), expires_on=registration.expires_on):
        raise RegistrationOver(registration.expires_on)


def _check_elsewhere(registration: Registration, assessment: Assessment, *, today: date) -> None:
    """Refuse the same work twice at once; a draft left in a registration that lapsed keeps nobody."""
    for other in under_way_elsewhere(registration, assessment).order_by("started_at", "id"):
        number, expires_on = other.registration.number, other.registration.expires_on
        if other.state != State.DRAFT.value:
            raise AttemptOpen(
                f"Your attempt in registration {number} is with your centre. Wait for its result."
            )
        if not (expires_on and has_lapsed(today=today, expires_on=expires_on)):
            raise AttemptOpen(f"You have begun this in registration {number}. Finish it there.")


@transaction.atomic
def open_next_attempt(
    *, previous: Submission, reopen: Sequence[str], by: Membership, at: datetime
) -> Submission:
    """Open the attempt after a released referral, in which only the referred parts are done again.

    What was offered for them comes along: files as they are, texts as new copies to be changed.
    """
    submission: Submission = Submission.objects.create(
        registration_id=previous.registration_id,
        assessment_id=previous.assessment_id,
        attempt=previous.attempt + 1,
        previous=previous,
        open_parts=list(reopen),
        state=State.DRAFT.value,
        state_at=at,
        started_at=at,
    )
    offers = Offer.objects.filter(
        submission=previous, part_ref__in=reopen, evidence__removed_at__isnull=True
    ).select_related("evidence")
    for offer in offers.order_by("offered_at", "id"):
        Offer.objects.create(
            submission=submission,
            evidence=_brought_along(offer.evidence, by=by, at=at),
            part_ref=offer.part_ref,
            offered_at=at,
            offered_by_id=offer.offered_by_id,
        )
    record_event(
        "portfolios.submission.reopened",
        target=submission,
        by=by,
        at=at,
        attempt=submission.attempt,
        parts=list(reopen),
    )
    return submission


def _brought_along(evidence: Evidence, *, by: Membership, at: datetime) -> Evidence:
    """Return a file as it is and a text as a copy, dated as the learner last saved it, with its claims."""
    if evidence.kind == Evidence.Kind.FILE:
        return evidence
    copy: Evidence = Evidence.objects.get(pk=evidence.pk)
    copy.pk = new_id()
    copy._state.adding = True
    copy.version = 1
    copy.save(force_insert=True)
    bring_claims_along(before=evidence, after=copy, by=by, at=at)
    return copy
