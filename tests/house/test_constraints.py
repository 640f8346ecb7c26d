"""What the database promises, name by name: every check, key and trigger refuses what it should."""

import re
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.models import Assessment
from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.models import Submission
from portfolios.rules import NEXT_STATES, State
from tests.house.refusals import REFUSALS
from tests.house.refusals.statements import copied
from tests.wall.world import World

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

# Names that no statement here breaks, and why.
LEFT_OUT = {
    r"_check$": "the framework's own: a whole number that is not negative",
    r"_within_centre$": "what references name together with the centre; tests/wall/test_tables.py",
    r"_with_its_": "what a reference names beside the id; tests/wall/test_links.py breaks the reference",
    r"^portfolios_evidence_within_registration$": "what claims and discussions name with the learner",
    r"^(auth|django)_": "the framework's own tables",
    r"^centres_user_one_account_an_address$": "where spellings are one, the plain key refuses first",
    r"^quality_assurance_release_has_an_outcome$": "a trigger compares it with the judgement first",
}


def name_of_refusal(statement: Callable[[], object]) -> str:
    """Return the name that the database gives for refusing a statement; empty where it does not refuse."""
    try:
        with transaction.atomic(), transaction.atomic(using="owner"):
            statement()
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="owner")
    except DatabaseError as error:
        return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or error)
    return ""


@pytest.fixture
def world(northgate: Centre, tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World(northgate, canary="CANARY")


def test_every_statement_is_refused_by_its_name(world: World) -> None:
    with centre_scope(world.centre.pk):
        answers = [(row.name, name_of_refusal(partial(row.breaks, world))) for row in REFUSALS]
    assert [answer for answer in answers if answer[0] != answer[1]] == []


def test_an_attempt_goes_where_the_rule_says_and_nowhere_else(world: World) -> None:
    with centre_scope(world.centre.pk):
        submitted = Submission.objects.get(state="SUBMITTED")
        unused = Assessment.objects.exclude(pk__in=Submission.objects.values("assessment_id")).earliest("key")
        moved = set()
        for before in State:
            for after in State:
                with transaction.atomic():
                    row = copied(
                        Submission.objects.filter(pk=submitted.pk),
                        attempt=1,
                        previous_id=None,
                        assessment_id=unused.pk,
                        state=State.DRAFT.value,
                    )
                    rows = Submission.objects.filter(pk=row.pk)
                    for state in islice(State, 1, list(State).index(before) + 1):
                        rows.update(state=state.value)
                    answer = name_of_refusal(partial(rows.update, state=after.value))
                    assert answer in {"", "portfolios_submission_moves"}
                    moved |= set() if answer else {(before, after)}
                    transaction.set_rollback(True)
    allowed = {(before, after) for before, states in NEXT_STATES.items() for after in states}
    assert moved == allowed | {(state, state) for state in State}


def names_in_the_database() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x')
            UNION SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE i.indisunique AND NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace
            UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
            """
        )
        return {name for (name,) in cursor.fetchall()}


def test_nothing_that_the_database_refuses_is_left_untried() -> None:
    standing, tried = names_in_the_database(), {row.object for row in REFUSALS}
    untried = {name for name in standing - tried if not any(re.search(pattern, name) for pattern in LEFT_OUT)}
    assert untried == set(), "add a Refusal for each in tests/house/refusals.py, or a reason to LEFT_OUT"
    assert tried <= standing, "these are no longer in the database"
    assert all(any(re.search(pattern, name) for name in standing) for pattern in LEFT_OUT)
