"""Professional discussions as a learner's pages show them, and as an attempt is submitted with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from assessments.models import RecordTemplate
from centres.models import Event, Membership
from centres.permissions import Role
from portfolios.models import Claim, Discussion, Evidence
from portfolios.rules.locators import LocatorKind, counter
from qualifications.models import QualificationUnit, Registration

FORM = "professional-discussion"


@dataclass(frozen=True, slots=True)
class Talk:
    """A discussion as a submitted attempt holds it."""

    held: datetime
    mode: str
    questions: str
    assessor: str
    others: str
    is_confirmed: bool


def own_discussions(by: Membership) -> QuerySet[Any]:
    """Return the discussions of a learner, with what their pages name."""
    rows: QuerySet[Any] = Discussion.objects.filter(registration__learner__membership=by)
    return rows.select_related("registration__qualification", "registration__learner", "assessor", "evidence")


def assessors_to_choose(by: Membership) -> list[tuple[str, str]]:
    """Return the centre's assessors but the learner themselves, as choices by name."""
    rows = Membership.objects.filter(roles__contains=[Role.ASSESSOR.value], ended_at__isnull=True)
    return [(str(row.pk), row.name) for row in rows.exclude(pk=by.pk).order_by("name", "id")]


def units_to_choose(registrations: Sequence[Registration]) -> list[tuple[str, str]]:
    """Return the units of some registrations as choices; each value names the registration and the unit."""
    rows = QualificationUnit.objects.filter(
        qualification__in={row.qualification_id for row in registrations}
    ).select_related("unit")
    links = list(rows.order_by("position"))
    return [
        (f"{registration.pk} {link.unit.ref}", f"{link.unit.ref} {link.unit.title}")
        for registration in registrations
        for link in links
        if link.qualification_id == registration.qualification_id
    ]


def pieces_to_choose(discussion: Discussion) -> list[tuple[str, str]]:
    """Return the pieces that may be a discussion's recording or notes: no other discussion has them."""
    taken = Discussion.objects.exclude(pk=discussion.pk).exclude(evidence=None).values("evidence")
    rows = Evidence.objects.filter(
        Q(kind=Evidence.Kind.FILE) | Q(size__gt=0),
        registration=discussion.registration_id,
        removed_at__isnull=True,
    ).exclude(pk__in=taken)
    return [(str(row.pk), row.label) for row in rows.order_by("-added_at", "id")]


def what_a_discussion_needs() -> list[str]:
    """Return what the form says that a professional discussion needs."""
    body = RecordTemplate.objects.filter(key=FORM).order_by("-version").values_list("body", flat=True).first()
    return list((body or {}).get("requirements", []))


def counters_of(discussion: Discussion) -> list[tuple[UUID, str]]:
    """Return the claims on times of a recording, each as the sheet counts it, in their order."""
    rows = Claim.objects.filter(
        evidence=discussion.evidence_id, kind=LocatorKind.TIME.value, removed_at__isnull=True
    ).order_by("first", "unit_ref", "criterion_ref")
    return [(row.pk, f"{counter(row.first)}: {row.unit_ref} AC {row.criterion_ref}") for row in rows]


def was_confirmed(discussion: Discussion) -> bool:
    """Say whether a discussion was confirmed once and changed since, so that it is to be confirmed anew."""
    events = Event.objects.filter(target_id=discussion.pk, code="portfolios.discussion.confirmed")
    return discussion.confirmed_at is None and events.exists()


def with_discussions(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to the lines of recordings and notes what was agreed for their discussion, in one query."""
    rows = Discussion.objects.filter(evidence_id__in={line["evidence"] for line in lines})
    said = {str(row.evidence_id): _written(row) for row in rows.select_related("assessor")}
    return [
        {**line, "discussion": said[line["evidence"]]} if line["evidence"] in said else line for line in lines
    ]


def discussions_in(manifest: Sequence[dict[str, Any]]) -> dict[UUID, Talk]:
    """Return the discussions that a manifest holds, by the piece that is their recording or notes."""
    return {
        UUID(line["evidence"]): Talk(
            held=datetime.fromisoformat(line["discussion"]["held"]),
            mode=Discussion.Mode(line["discussion"]["mode"]).label,
            questions=line["discussion"]["questions"],
            assessor=line["discussion"]["assessor"],
            others=line["discussion"]["others"],
            is_confirmed=line["discussion"]["confirmed"],
        )
        for line in manifest
        if "discussion" in line
    }


def _written(row: Discussion) -> dict[str, Any]:
    return {
        "held": localtime(row.agreed_for).isoformat(timespec="minutes"),
        "mode": row.mode,
        "questions": row.questions,
        "assessor": row.assessor.name,
        "others": row.others,
        "confirmed": row.confirmed_at is not None,
    }
