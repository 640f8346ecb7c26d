"""What the database refuses about sessions, supervision, records and what was frozen of them."""

from collections.abc import Callable
from datetime import timedelta

from portfolios import models as portfolios
from tests.house.refusals.statements import Refusal, copied, copy
from tests.makers import AT
from tests.wall.world import World


def about_two_things(world: World) -> None:
    records = portfolios.Record.objects.filter(session__isnull=False)
    copied(records, supervision_id=world.ids["supervision_id"])


def of_the_unit_itself(world: World) -> None:
    records = portfolios.Record.objects.filter(pk=world.ids["record_id"])
    copied(records, session_id=None)
    copied(records, session_id=None)


def of_a_unit_elsewhere(world: World) -> None:
    records = portfolios.Record.objects.filter(pk=world.ids["record_id"])
    copied(records, session_id=None, unit_ref="X")


def of_a_supervision(world: World) -> None:
    records = portfolios.Record.objects.filter(pk=world.ids["record_id"])
    for _ in range(2):
        copied(records, session_id=None, supervision_id=world.ids["supervision_id"])


def excepted(*options: str) -> Callable[[World], object]:
    """Return as many reasons for one client as there are options considered."""
    return lambda world: [
        portfolios.ClientException.objects.create(
            client=portfolios.PracticeClient.objects.earliest("pk"),
            reason="Ill",
            options_considered=option,
            recorded_at=AT,
            recorded_by=world.cast.learner,
        )
        for option in options
    ]


LATER = AT + timedelta(days=400)
PRACTICE = [
    Refusal("portfolios_clientexception_says_why", excepted("")),
    Refusal("portfolios_clientexception_says_why", excepted(" \n")),
    Refusal("portfolios_clientexception_once_a_client", excepted("Waiting", "Waiting")),
    Refusal("portfolios_practiceclient_number_once", copy(portfolios.PracticeClient)),
    Refusal(
        "portfolios_practiceclient_counts_from_one", copy(portfolios.PracticeClient, changes={"number": 0})
    ),
    *(
        Refusal(f"portfolios_practicesession_{name}", copy(portfolios.PracticeSession, changes=change))
        for name, change in (
            ("number_once", {"starts_at": LATER}),
            ("length_fits", {"minutes": 4}),
            ("length_fits", {"minutes": 721}),
            ("removal_is_signed", {"removed_at": AT}),
            ("one_at_a_time", {"number": 9999}),
        )
    ),
    *(
        Refusal(f"portfolios_supervisionsession_{name}", copy(portfolios.SupervisionSession, changes=change))
        for name, change in (
            ("number_once", {}),
            ("length_fits", {"minutes": 0}),
            ("names_somebody", {"supervisor": ""}),
            ("removal_is_signed", {"removed_at": AT}),
        )
    ),
    Refusal("portfolios_record_once_a_session", copy(portfolios.Record, session__isnull=False)),
    Refusal("portfolios_record_once_a_supervision", of_a_supervision),
    Refusal("portfolios_record_number_once", of_the_unit_itself),
    Refusal("portfolios_record_is_about_one_thing", about_two_things),
    Refusal("portfolios_record_removal_is_signed", copy(portfolios.Record, changes={"removed_at": AT})),
    Refusal("portfolios_recordrevision_version_once", copy(portfolios.RecordRevision)),
    Refusal("portfolios_snapshot_once_a_state", copy(portfolios.Snapshot)),
    Refusal("portfolios_snapshot_of_a_draft", copy(portfolios.Snapshot, changes={"unit_ref": "X"})),
    *(
        Refusal(f"portfolios_{model._meta.model_name}_own_unit", copy(model, changes={"unit_ref": "X"}))
        for model in (portfolios.PracticeClient, portfolios.SupervisionSession)
    ),
    Refusal("portfolios_record_own_unit", of_a_unit_elsewhere),
]
