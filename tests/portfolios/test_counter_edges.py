"""Counters at their edges: the least that a unit asks for is enough, and anything less is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.actions.submit import NotReady
from portfolios.models import PracticeClient, PracticeSession, Record, SupervisionSession
from portfolios.rules import Counted, Practice, Requirement, counters_of, to_look_at, unmet
from portfolios.selectors.forms import Forms
from portfolios.selectors.practice import books_of, practice_in, requirement_of
from qualifications.models import Unit
from tests.makers import AT, Cast, start
from tests.portfolios.test_practice_rules import UNIT_302
from tests.portfolios.test_together import filled

ADVANCED = "l5-cert-effective-coaching-mentoring"
DAY = timedelta(days=1)


def least(requirement: Requirement) -> Practice:
    """Return practice that is just enough for a unit."""
    return Practice(
        minutes=60 * (requirement.hours or 0),
        clients=frozenset(range(1, 1 + (requirement.min_clients or 1))),
        supervision_minutes=60 * (requirement.supervision_hours or 0),
        supervision_sessions=requirement.supervision_sessions or 0,
        plan_months=requirement.plan_months or 0,
        sessions=1,
    )


@pytest.mark.django_db
def test_every_unit_takes_the_least_that_it_asks_for_and_names_what_is_one_less() -> None:
    counted = set()
    for requirement in map(requirement_of, Unit.objects.order_by("ref")):
        enough = least(requirement)
        assert unmet(counters_of(requirement, enough)) == []
        for kind, name in (
            (Counted.HOURS, "minutes"),
            (Counted.SUPERVISION_HOURS, "supervision_minutes"),
            (Counted.SUPERVISION_SESSIONS, "supervision_sessions"),
            (Counted.PLAN, "plan_months"),
        ):
            if have := getattr(enough, name):
                [short] = unmet(counters_of(requirement, replace(enough, **{name: have - 1})))
                assert (short.kind, short.unit, bool(short.text)) == (kind, requirement.unit, True)
                counted.add(kind)
        if requirement.min_clients:
            [short] = unmet(counters_of(requirement, replace(enough, clients=frozenset({1}))))
            counted.add(short.kind)
    assert counted == {
        Counted.HOURS,
        Counted.CLIENTS,
        Counted.SUPERVISION_HOURS,
        Counted.SUPERVISION_SESSIONS,
        Counted.PLAN,
    }


def of_kind(kind: Counted, practice: Practice, requirement: Requirement = UNIT_302) -> list[Any]:
    return [row for row in counters_of(requirement, practice) if row.kind is kind]


def test_clients_within_the_limit_need_no_exception_and_none_counts_beyond_what_is_allowed() -> None:
    assert of_kind(Counted.EXCEPTIONS, Practice(clients=frozenset({1, 2}))) == []
    [one] = of_kind(Counted.EXCEPTIONS, Practice(clients=frozenset({1, 2, 3}), excepted=frozenset({3})))
    assert (one.have, one.need, one.shown, one.text) == (1, 1, "1 of 1", "")
    four = Practice(clients=frozenset({1, 2, 3, 4}), excepted=frozenset({3, 4}))
    [two] = of_kind(Counted.EXCEPTIONS, four)
    assert (two.have, two.need, two.shown) == (1, 2, "1 of 2")
    assert two.text


def test_what_is_written_is_counted_beside_the_sessions_and_only_where_there_are_some() -> None:
    practice = Practice(sessions=8, unwritten=1, unreflected=2, without_feedback=3)
    counters = counters_of(UNIT_302, practice)
    assert [(row.kind, row.have, row.shown) for row in to_look_at(counters)] == [
        (Counted.WRITTEN_UP, 7, "7 of 8"),
        (Counted.REFLECTION, 6, "6 of 8"),
        (Counted.FEEDBACK, 5, "5 of 8"),
    ]
    assert not {row.kind for row in unmet(counters)} & {row.kind for row in to_look_at(counters)}
    none = Practice(unreflected=0, without_feedback=0)
    writing = {Counted.WRITTEN_UP, Counted.REFLECTION, Counted.FEEDBACK}
    assert not {row.kind for row in counters_of(UNIT_302, none)} & writing


def shorter_plan(cast: Cast) -> None:
    record = next(row for row in Record.objects.all() if "t1-4" in row.answers)
    Record.objects.filter(pk=record.pk).update(answers={**record.answers, "t1-4": "30/09/2027"})


def plan_from_before(cast: Cast) -> None:
    record = next(row for row in Record.objects.all() if "t1-4" in row.answers)
    made = next(key for key in record.answers if key.startswith("f"))
    Record.objects.filter(pk=record.pk).update(answers={**record.answers, made: "02/09/2026"})


def one_client_alone(cast: Cast) -> None:
    first = PracticeClient.objects.get(number=1)
    PracticeSession.objects.exclude(client=first).update(client=first)


def five_minutes_less(cast: Cast) -> None:
    session = PracticeSession.objects.order_by("-minutes")[0]
    PracticeSession.objects.filter(pk=session.pk).update(minutes=session.minutes - 5)


def one_supervision_less(cast: Cast) -> None:
    supervision = SupervisionSession.objects.latest("number")
    actions.remove_supervision(supervision=supervision, by=cast.learner, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("qualification", "key", "spoil", "texts"),
    [
        (
            ADVANCED,
            "journal-8588-503",
            shorter_plan,
            ["Your development plan must reach 12 months ahead (11 of 12)."],
        ),
        (
            ADVANCED,
            "journal-8588-503",
            plan_from_before,
            ["Your development plan must reach 12 months ahead (0 of 12)."],
        ),
        (ADVANCED, "portfolio-8588-501", one_client_alone, ["1 more client is needed (1 of 2)."]),
        (
            "l3-cert-effective-mentoring",
            "portfolio-8586-302",
            five_minutes_less,
            ["5 min more of mentoring is needed (11 h 55 min of 12 h)."],
        ),
        (
            "l3-cert-effective-mentoring",
            "portfolio-8586-302",
            one_supervision_less,
            [
                "1 more hour of supervision is needed (1 of 2).",
                "1 more supervision session is needed (1 of 2).",
            ],
        ),
    ],
)
def test_submitting_just_below_a_minimum_is_refused_and_says_which(
    northgate: Centre, qualification: str, key: str, spoil: Callable[[Cast], None], texts: list[str]
) -> None:
    cast = Cast(northgate, qualification=qualification)
    draft = start(cast, key)
    seen = filled(cast, draft)
    facts: dict[str, Any] = {"has_declared": True, "has_refused_standardisation": False}
    with centre_scope(northgate.pk):
        spoil(cast)
        with pytest.raises(NotReady) as refused:
            actions.submit_attempt(submission=draft, seen_sha256=seen, by=cast.learner, at=AT, **facts)
        assert [row.counter.text for row in refused.value.missing if row.counter] == texts
        assert len(refused.value.missing) == len(texts)


@pytest.mark.django_db
def test_what_was_written_about_a_deleted_session_counts_no_longer(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=ADVANCED)
    unit = Unit.objects.filter(ref="8588-501").latest("version")
    pk = cast.registration.pk
    with centre_scope(northgate.pk):
        session = actions.add_session(
            registration=cast.registration,
            unit=unit,
            client_number=1,
            starts_at=AT - DAY,
            minutes=60,
            by=cast.learner,
            at=AT,
        )
        supervision = actions.add_supervision(
            registration=cast.registration,
            unit_ref=unit.ref,
            supervisor="Sam Ito",
            held_on=date(2026, 10, 20),
            minutes=60,
            by=cast.learner,
            at=AT,
        )
        about = {
            row.session_id or row.supervision_id for row in books_of([pk], [unit.ref])[pk, unit.ref].records
        }
        assert about == {session.pk, supervision.pk}
        actions.remove_session(session=session, by=cast.learner, at=AT)
        actions.remove_supervision(supervision=supervision, by=cast.learner, at=AT)
        book = books_of([pk], [unit.ref])[pk, unit.ref]
        assert book.records == []
        counted = practice_in(book, Forms([unit.ref]), requirement_of(unit))
    assert (counted.minutes, counted.sessions, counted.supervision_minutes) == (0, 0, 0)
