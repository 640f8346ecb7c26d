"""Result sheets as lists and files: who may see which, what they are called, how they are found."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone

from centres.forms import DayField
from centres.models import Cohort, Grant, Membership
from centres.permissions import Role
from lib.bundle import safe_name
from lib.canonical import fingerprint
from lib.refusals import Refusal
from marking.models import Judgement, ResultSheet
from qualifications.models import Qualification


class FileChanged(Refusal):
    default_message = (
        "The stored file of this sheet is not the one that was made, so it is not given out. "
        "Tell whoever runs Countersign for your centre. The record of the result is not touched by this."
    )


SEES_ALL = frozenset({Role.ADMINISTRATOR, Role.LEAD_IQA})
OUTCOMES = {"PASS": "Pass", "REFERRAL": "Referral"}
DAYS = ("released_from", "released_to")
DAY = DayField(required=False)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
SORTS = {
    "learner": "submission__registration__learner__name",
    "unit": "submission__assessment__title",
    "attempt": "submission__attempt",
    "outcome": "outcome",
    "released": "requested_at",
}


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """What a person asks the list for; empty values ask for everything, unknown ones for nothing special.

    ``unread`` names the days that cannot be read, each with the reason: such a filter finds nothing.
    """

    learner: str = ""
    cohort: str = ""
    qualification: str = ""
    outcome: str = ""
    released_from: date | None = None
    released_to: date | None = None
    sort: str = "-released"
    unread: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, sent: Any) -> "SheetFilter":
        """Return the filter of an address or a form; what cannot be read is left out."""
        text = {
            name: str(sent.get(name, "")).replace("\0", "").strip()[:100]
            for name in ("learner", "cohort", "qualification")
        }
        outcome, sort = sent.get("outcome", ""), sent.get("sort", "")
        days = {name: _day(str(sent.get(name, ""))) for name in DAYS}
        return cls(
            **text,
            outcome=outcome if outcome in OUTCOMES else "",
            released_from=days["released_from"][0],
            released_to=days["released_to"][0],
            sort=sort if sort.removeprefix("-") in SORTS else "-released",
            unread=tuple((name, why) for name, (_, why) in days.items() if why),
        )

    @property
    def values(self) -> list[tuple[str, str]]:
        """The filters that are set, as names and values of an address."""
        names = [field.name for field in fields(self) if field.name not in ("sort", "unread")]
        named = ((name, getattr(self, name)) for name in names)
        return [
            (name, f"{value:%d/%m/%Y}" if isinstance(value, date) else value)
            for name, value in named
            if value
        ]


def visible_sheets(by: Membership, roles: frozenset[Role], *, at: datetime) -> Any:
    """Return the sheets that a person may see: all, their own, those they judged or have a grant for.

    A grant is for the attempt or, where a person released its result, for the sheet alone.
    """
    rows = ResultSheet.objects.select_related("submission__registration__learner", "submission__assessment")
    if roles & SEES_ALL:
        return rows
    judged = Judgement.objects.filter(judge=by, state=Judgement.State.SIGNED).values("submission_id")
    granted = Grant.objects.current_at(at).filter(membership=by)
    return rows.filter(
        Q(submission__registration__learner__membership=by)
        | Q(submission_id__in=judged)
        | Q(submission_id__in=granted.values("object_id"))
        | Q(pk__in=granted.values("object_id"))
    )


def found_sheets(visible: Any, wanted: SheetFilter) -> Any:
    """Return the latest revisions among the visible sheets that match, in their order."""
    if wanted.unread:
        return visible.none()
    later = ResultSheet.objects.filter(submission=OuterRef("submission"), revision__gt=OuterRef("revision"))
    rows = visible.filter(~Exists(later)).annotate(outcome=_outcome())
    for condition in _conditions(wanted):
        rows = rows.filter(condition)
    key = SORTS[wanted.sort.removeprefix("-")]
    return rows.order_by(f"-{key}" if wanted.sort.startswith("-") else key, "-requested_at", "id")


def _outcome() -> Coalesce:
    signed = Judgement.objects.filter(
        submission=OuterRef("submission"), state=Judgement.State.SIGNED
    ).order_by("-revision")
    overturned = signed.filter(stage=Judgement.Stage.IQA, basis=Judgement.Basis.OVERTURNED)
    assessed = signed.filter(stage=Judgement.Stage.ASSESSOR)
    return Coalesce(
        Subquery(overturned.values("outcome")[:1]),
        Subquery(assessed.values("outcome")[:1]),
        output_field=CharField(),
    )


def _conditions(wanted: SheetFilter) -> Iterable[Q]:
    registration = "submission__registration__"
    if wanted.learner:
        yield Q(**{f"{registration}learner__name__icontains": wanted.learner}) | Q(
            **{f"{registration}number__icontains": wanted.learner}
        )
    if wanted.cohort:
        yield Q(**{f"{registration}cohort__name__iexact": wanted.cohort})
    if wanted.qualification:
        yield Q(**{f"{registration}qualification__key": wanted.qualification})
    if wanted.outcome:
        yield Q(outcome=wanted.outcome)
    if wanted.released_from:
        yield Q(requested_at__gte=_midnight(wanted.released_from))
    if wanted.released_to:
        yield Q(requested_at__lt=_midnight(wanted.released_to + timedelta(days=1)))


def sheet_choices(visible: Any) -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer: the cohorts and qualifications of the sheets that a person may see."""
    used = visible.values("submission__registration__qualification")
    names = Qualification.objects.filter(pk__in=used).order_by("title").values_list("key", "title")
    groups = visible.values("submission__registration__cohort")
    cohorts = Cohort.objects.filter(pk__in=groups).order_by("name").values_list("name", "name")
    return {"cohort": list(cohorts), "qualification": list(dict(names).items())}


def units_in_short(record: dict[str, Any]) -> str:
    """Return the units of a record as file names carry them.

    >>> units_in_short({"assessment": {"units": [{"ref": "D3.01"}, {"ref": "D3.02"}]}})
    'D3.01-02'
    """
    first, *others = [unit["ref"] for unit in record["assessment"]["units"]]
    return "-".join([first, *(ref.rpartition(".")[2] for ref in others)])


def sheet_filename(record: dict[str, Any]) -> str:
    """Return the name that a sheet's file has when somebody keeps it; only the learner's name may be cut."""
    learner = record["learner"]
    revision = f" revision {record['revision']}" if record["revision"] > 1 else ""
    return safe_name(
        f"{units_in_short(record)} attempt {record['attempt']}{revision} "
        f"{learner['registration_number']} {learner['name']}",
        ".pdf",
    )


def record_of(sheet: ResultSheet) -> dict[str, Any]:
    """Return a sheet's record as values."""
    record: dict[str, Any] = json.loads(sheet.record)
    return record


def _day(text: str) -> tuple[date | None, str]:
    """Return a day as people or addresses write it, or why it cannot be read."""
    with suppress(ValueError):
        return _within(date.fromisoformat(text.strip())), ""
    try:
        day = DAY.clean(text)
    except ValidationError as error:
        return None, error.messages[0]
    return (_within(day) if day else None), ""


def _within(day: date) -> date:
    return max(FIRST_DAY, min(LAST_DAY, day))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone())


def sheet_file(sheet: ResultSheet) -> bytes:
    """Return the file of a sheet just as it was made. Raises FileChanged, and OSError where it is gone."""
    with default_storage.open(sheet.storage_key) as stored:
        content = bytes(stored.read())
    if fingerprint(content) != sheet.pdf_sha256:
        raise FileChanged
    return content
