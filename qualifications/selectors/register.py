"""The register: every learner of the centre with each of their registrations."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from centres.models import Learner
from qualifications.models import Achievement, QualificationUnit, Registration
from qualifications.rules import EXPIRES_SOON_DAYS, days_left

SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Lower("name"),),
    "number": (F("number").asc(nulls_last=True),),
    "qualification": (F("title").asc(nulls_last=True),),
    "cohort": (Lower("group").asc(nulls_last=True),),
    "expires": (F("expires_on").asc(nulls_last=True),),
}


@dataclass(frozen=True, slots=True)
class Register:
    """What the register is narrowed to, and the day it is read on."""

    today: date
    q: str = ""
    cohort: str = ""
    qualification: str = ""
    expires: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One learner on one qualification, or a learner on none yet."""

    learner_id: UUID
    registration_id: UUID | None
    name: str
    number: str
    qualification: str
    cohort: str
    achieved: int
    units: int
    registered_on: date | None
    expires_on: date | None
    days_left: int | None
    state: str
    kind: str

    @property
    def is_ending(self) -> bool:
        """Whether the registration ends within 90 days."""
        return self.days_left is not None and 0 <= self.days_left <= EXPIRES_SOON_DAYS


def register_rows(asked: Register) -> QuerySet[Learner, dict[str, Any]]:
    """Return the rows of the register, one for each registration and one for a learner without any."""
    rows = Learner.objects.annotate(
        registration_id=F("registrations__id"),
        number=F("registrations__number"),
        qualification_id=F("registrations__qualification_id"),
        key=F("registrations__qualification__key"),
        title=F("registrations__qualification__title"),
        group=F("registrations__cohort__name"),
        group_id=F("registrations__cohort_id"),
        registered_on=F("registrations__registered_on"),
        expires_on=F("registrations__expires_on"),
    ).filter(_narrowed(asked))
    key = asked.sort.lstrip("-")
    order = [*SORTS[key], Lower("name"), F("pk"), F("registration_id")]
    if asked.sort.startswith("-"):
        order[0] = _descending(order[0])
    found: QuerySet[Learner, dict[str, Any]] = rows.order_by(*order).values(
        "pk",
        "name",
        "registration_id",
        "number",
        "qualification_id",
        "title",
        "group",
        "registered_on",
        "expires_on",
    )
    return found


def _descending(order: Any) -> Any:
    expression = getattr(order, "expression", order)
    return expression.desc(nulls_last=True)


def _narrowed(asked: Register) -> Q:
    where = Q()
    if asked.q:
        where &= Q(name__icontains=asked.q) | Q(email__icontains=asked.q) | Q(number__icontains=asked.q)
    if asked.cohort:
        where &= Q(group_id=asked.cohort)
    if asked.qualification:
        where &= Q(key=asked.qualification)
    if asked.expires == "90":
        where &= Q(expires_on__range=(asked.today, asked.today + timedelta(days=EXPIRES_SOON_DAYS)))
    if asked.expires == "lapsed":
        where &= Q(expires_on__lt=asked.today)
    return where


def register_lines(rows: Iterable[dict[str, Any]], *, today: date) -> list[RegisterLine]:
    """Return rows of the register with what each registration has achieved, in three queries more."""
    rows = list(rows)
    ids = [row["registration_id"] for row in rows if row["registration_id"]]
    achieved = Counter(
        Achievement.objects.filter(registration_id__in=ids).values_list("registration_id", flat=True)
    )
    units = Counter(
        QualificationUnit.objects.filter(
            qualification_id__in={row["qualification_id"] for row in rows}
        ).values_list("qualification_id", flat=True)
    )
    replaced = set(Registration.objects.filter(previous_id__in=ids).values_list("previous_id", flat=True))
    return [
        _line(
            row,
            achieved=achieved[row["registration_id"]],
            units=units[row["qualification_id"]],
            is_replaced=row["registration_id"] in replaced,
            today=today,
        )
        for row in rows
    ]


def _line(row: dict[str, Any], *, achieved: int, units: int, is_replaced: bool, today: date) -> RegisterLine:
    left = days_left(today=today, expires_on=row["expires_on"])
    state, kind = state_of(
        is_registered=row["registration_id"] is not None,
        is_complete=0 < units <= achieved,
        is_replaced=is_replaced,
        days_left=left,
    )
    return RegisterLine(
        learner_id=row["pk"],
        registration_id=row["registration_id"],
        name=row["name"],
        number=row["number"] or "",
        qualification=row["title"] or "",
        cohort=row["group"] or "",
        achieved=achieved,
        units=units,
        registered_on=row["registered_on"],
        expires_on=row["expires_on"],
        days_left=left,
        state=state,
        kind=kind,
    )


def state_of(
    *, is_registered: bool, is_complete: bool, is_replaced: bool, days_left: int | None
) -> tuple[str, str]:
    """Return the state of a registration in words, and the kind of its badge."""
    if not is_registered:
        return "Not registered", "draft"
    if is_complete:
        return "All units achieved", "achieved"
    if is_replaced:
        return "Registered again", "void"
    if days_left is not None and days_left < 0:
        return "Lapsed", "warn"
    return "Registered", "info"
