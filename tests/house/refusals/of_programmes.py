"""What the database refuses about programmes and approved deviations."""

from typing import Any

from assessments.models import ApprovedDeviation, Assessment
from centres.models import Membership
from portfolios.models import InductionConfirmation, ProgrammeEntry, Submission
from tests.house.refusals.statements import DAY, Refusal, copied, copy, elsewhere
from tests.makers import AT
from tests.wall.world import World

ENTRIES = "portfolios_programmeentry_"
DATED = f"{ENTRIES}is_dated"
DEVIATIONS = "assessments_approveddeviation_"
BEFORE = f"{DEVIATIONS}comes_before"
WITHDRAWN = f"{DEVIATIONS}withdrawn_by_somebody_else"
TUTORIAL: dict[str, Any] = {"kind": "TUTORIAL"}
DAY_OF = AT.date()
TIMELESS = {"minutes": None, "note": "x"}


def entry(**changes: Any) -> Any:
    """Return a statement that adds a changed copy of the tutorial."""
    return copy(ProgrammeEntry, changes=changes, **TUTORIAL)


def corrected_twice(world: World) -> None:
    first = ProgrammeEntry.objects.get(**TUTORIAL)
    for _ in range(2):
        copied(ProgrammeEntry.objects.filter(pk=first.pk), corrects=first, reason="Wrong day")


def of_another_kind(world: World) -> None:
    induction = ProgrammeEntry.objects.get(kind="INDUCTION")
    copied(ProgrammeEntry.objects.filter(**TUTORIAL), corrects=induction, reason="Wrong day")


def arranged_late(world: World) -> None:
    copied(
        ProgrammeEntry.objects.filter(**TUTORIAL),
        kind="ACCESS",
        assessment=Assessment.objects.get(key="diary-d3-03"),
        held_on=DAY_OF + DAY,
        recorded_at=AT + DAY,
        **TIMELESS,
    )


def considered_early(world: World) -> None:
    submitted = Submission.objects.get(pk=world.ids["submission_id"])
    copied(
        ProgrammeEntry.objects.filter(**TUTORIAL),
        kind="SPECIAL",
        submission=submitted,
        held_on=DAY_OF - DAY,
        **TIMELESS,
    )


def considered_in_a_draft(world: World) -> None:
    draft = Submission.objects.get(pk=world.ids["draft_id"])
    copied(ProgrammeEntry.objects.filter(**TUTORIAL), kind="SPECIAL", submission=draft, **TIMELESS)


def confirmed_for_them(world: World) -> None:
    InductionConfirmation.objects.create(
        entry=copied(ProgrammeEntry.objects.filter(kind="INDUCTION")),
        confirmed_at=AT,
        confirmed_by=Membership.objects.get(name__startswith="Tina Roe"),
    )


def approved_late(world: World) -> None:
    copied(
        ApprovedDeviation.objects.all(),
        assessment=Assessment.objects.get(key="diary-d3-03"),
        approved_on=DAY_OF + DAY,
        recorded_at=AT + DAY,
    )


def kept_by_its_learner(world: World) -> None:
    copied(ProgrammeEntry.objects.filter(**TUTORIAL), recorded_by=world.cast.learner)


def approved_for_oneself(world: World) -> None:
    copied(ApprovedDeviation.objects.all(), recorded_by=world.cast.learner)


def withdrawn_for_oneself(world: World) -> None:
    ApprovedDeviation.objects.update(withdrawn_at=AT, withdrawn_by=world.cast.learner, reason="x")


def approval_recorded_late(world: World) -> None:
    copied(
        ApprovedDeviation.objects.all(),
        assessment=Assessment.objects.get(key="diary-d3-03"),
        recorded_at=AT + DAY,
    )


def submitted_before_its_approval(world: World) -> None:
    draft = Submission.objects.get(pk=world.ids["draft_id"])
    copied(ApprovedDeviation.objects.all(), assessment=draft.assessment, recorded_at=AT + DAY)
    Submission.objects.filter(pk=draft.pk).update(
        state="SUBMITTED",
        submitted_at=AT,
        submitted_by=world.cast.learner,
        declaration="x",
        manifest_sha256="x",
    )


PROGRAMMES = [
    *(
        Refusal(f"{ENTRIES}{name}", statement)
        for name, statement in (
            ("corrected_once", corrected_twice),
            ("known_kind", entry(kind="PICNIC", **TIMELESS)),
            ("length_fits", entry(minutes=4)),
            ("length_fits", entry(minutes=721)),
            ("length_fits", entry(minutes=None)),
            ("length_fits", entry(kind="PRIOR")),
            ("says_something", entry(note="")),
            ("covers_what_it_can", entry(covered=["The aim"])),
            ("considers_an_attempt", entry(kind="SPECIAL", **TIMELESS)),
            ("recognises_a_unit", entry(criteria=["1.1"])),
            ("recognises_a_unit", entry(kind="PRIOR", criteria=["1.1"], **TIMELESS)),
            ("correction_says_why", entry(reason="x")),
            ("correction_says_why", entry(is_withdrawn=True)),
        )
    ),
    Refusal(
        f"{ENTRIES}arranges_an_assessment",
        lambda world: copied(
            ProgrammeEntry.objects.filter(**TUTORIAL), assessment=Assessment.objects.earliest("key")
        ),
    ),
    *(
        Refusal(f"{ENTRIES}{name}", statement, DATED)
        for name, statement in (
            ("corrects_its_kind", of_another_kind),
            ("has_happened", entry(held_on=DAY_OF + DAY)),
            ("has_happened", entry(held_on=DAY_OF - 90 * DAY)),
            ("has_happened", entry(kind="INITIAL", held_on=DAY_OF - 426 * DAY, **TIMELESS)),
            ("arranged_before", arranged_late),
            ("considered_after", considered_early),
            ("considered_after", considered_in_a_draft),
        )
    ),
    Refusal("portfolios_inductionconfirmation_once_each", copy(InductionConfirmation)),
    Refusal("portfolios_inductionconfirmation_by_its_learner", confirmed_for_them),
    *(
        Refusal(f"{DEVIATIONS}{name}", copy(ApprovedDeviation, changes=changes))
        for name, changes in (
            ("known_kind", {"kind": "SONG"}),
            ("says_what_differs", {"text": ""}),
            ("has_its_letter", {"size": 0}),
            ("withdrawal_is_signed", {"withdrawn_at": AT, "reason": "x"}),
            ("withdrawal_says_why", {"reason": "x"}),
            ("comes_before", {"approved_on": DAY_OF + DAY}),
            ("comes_before", {"approved_on": DAY_OF - 90 * DAY}),
        )
    ),
    Refusal(BEFORE, approved_late),
    Refusal(f"{ENTRIES}by_somebody_else", kept_by_its_learner),
    Refusal(f"{DEVIATIONS}by_somebody_else", approved_for_oneself),
    Refusal(f"{DEVIATIONS}by_somebody_else", withdrawn_for_oneself, WITHDRAWN),
    Refusal(f"{DEVIATIONS}recorded_before", approval_recorded_late),
    Refusal("portfolios_submission_after_its_deviations", submitted_before_its_approval),
    *(
        Refusal(f"{DEVIATIONS}lies_in_its_centre", statement)
        for statement in elsewhere(ApprovedDeviation, "storage_key")
    ),
]
