"""One centre never sees another, as the serving role, with real transactions."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory

from centres.access import CentreView
from centres.models import Centre, Cohort, Event, Learner, Membership, User
from centres.permissions import Permission, Role
from centres.scoping import NoCentre, centre_scope, user_scope
from tests.makers import make_learner, make_member

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def centres() -> tuple[Centre, Centre]:
    return Centre.objects.get(slug="northgate"), Centre.objects.get(slug="harbour")


def raw(sql: str, *params: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []


def test_without_a_centre_the_manager_refuses_and_the_database_shows_nothing() -> None:
    north, _ = centres()
    make_member(north, "Joan Mills", Role.ADMINISTRATOR)
    with pytest.raises(NoCentre):
        Membership.objects.count()
    assert raw("SELECT count(*) FROM centres_membership") == [(0,)]


def test_a_scope_shows_its_own_centre_only_and_leaves_nothing_behind() -> None:
    north, harbour = centres()
    make_member(north, "Joan Mills", Role.ADMINISTRATOR)
    make_member(harbour, "Noor Aziz", Role.ADMINISTRATOR)
    with centre_scope(north.pk):
        assert [m.name for m in Membership.objects.all()] == ["Joan Mills"]
        assert raw("SELECT name FROM centres_membership") == [("Joan Mills",)]
    assert raw("SELECT coalesce(current_setting('app.centre', true), '')") == [("",)]
    assert raw("SELECT name FROM centres_membership") == []


def test_an_exception_leaves_the_centre_too() -> None:
    north, _ = centres()
    with pytest.raises(ZeroDivisionError), centre_scope(north.pk):
        raise ZeroDivisionError
    with pytest.raises(NoCentre):
        Membership.objects.count()
    assert raw("SELECT coalesce(current_setting('app.centre', true), '')") == [("",)]


def test_a_scope_inside_another_puts_the_first_centre_back() -> None:
    north, harbour = centres()
    with centre_scope(north.pk):
        with centre_scope(harbour.pk):
            Cohort.objects.create(name="Autumn")
        assert Cohort.objects.count() == 0
        assert raw("SELECT current_setting('app.centre')") == [(str(north.pk),)]


def test_a_row_cannot_be_written_for_another_centre() -> None:
    north, harbour = centres()
    with pytest.raises(DatabaseError), centre_scope(north.pk):
        Cohort.objects.create(name="Theirs", centre=harbour)
    with centre_scope(harbour.pk):
        cohort = Cohort.objects.create(name="Ours")
    with centre_scope(north.pk):
        assert raw("UPDATE centres_cohort SET name = 'Taken' WHERE id = %s RETURNING id", cohort.pk) == []
    with pytest.raises(DatabaseError), centre_scope(harbour.pk):
        raw("UPDATE centres_cohort SET centre_id = %s WHERE id = %s", north.pk, cohort.pk)


def test_a_reference_to_another_centres_row_is_refused() -> None:
    north, harbour = centres()
    theirs = make_member(harbour, "Noor Aziz", Role.ADMINISTRATOR)
    with pytest.raises(IntegrityError), centre_scope(north.pk):
        Learner.objects.create(
            name="Amira Khan", email="a@b.example", born_on="1990-01-01", added_at=AT, added_by_id=theirs.pk
        )


def test_people_find_their_own_memberships_before_a_centre_is_chosen() -> None:
    north, harbour = centres()
    here = make_member(north, "Priya Shah", Role.ASSESSOR, email="priya@both.example")
    make_member(harbour, "Priya Shah", Role.TUTOR, email="priya@both.example")
    make_member(harbour, "Noor Aziz", Role.ADMINISTRATOR)
    with user_scope(here.user_id):
        found = set(Membership._base_manager.values_list("centre__slug", flat=True))
    assert found == {"northgate", "harbour"}
    assert User.objects.filter(email="priya@both.example").count() == 1


@pytest.mark.parametrize("change", ["UPDATE centres_event SET code = 'x'", "DELETE FROM centres_event"])
def test_the_audit_trail_is_append_only(change: str) -> None:
    north, _ = centres()
    by = make_member(north, "Joan Mills", Role.ADMINISTRATOR)
    make_learner(north, "Amira Khan", by=by)
    with centre_scope(north.pk):
        Event.objects.create(code="a.b.c", target_kind="x", target_id=UUID(int=1), at=AT)
    with pytest.raises(DatabaseError) as refusal, centre_scope(north.pk):
        raw(change)
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_serving_role_cannot_switch_the_wall_off() -> None:
    for attempt in (
        "ALTER TABLE centres_membership DISABLE ROW LEVEL SECURITY",
        "TRUNCATE centres_event",
        "DROP POLICY centre_wall ON centres_membership",
        "SET ROLE countersign_owner",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(attempt)


class Writes(CentreView):
    """Writes a row and answers as ``answer`` says."""

    permission = Permission.ENTER_CENTRE
    answer: Any = None

    def post(self, request: HttpRequest) -> HttpResponse:
        Cohort.objects.create(name="Autumn")
        answered: HttpResponse = self.answer(request)
        return answered


def fails(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=500)


def draws_later(request: HttpRequest) -> HttpResponse:
    page: Any = engines["django"].from_string("{% for row in rows %}{{ row.name }}{% endfor %}")
    return TemplateResponse(request, page, {"rows": Cohort.objects.all()})


def breaks_while_drawn(request: HttpRequest) -> HttpResponse:
    def broken() -> str:
        raise ZeroDivisionError

    return TemplateResponse(request, engines["django"].from_string("{{ broken }}"), {"broken": broken})


def asked(answer: Any) -> HttpResponse:
    """Let a member post to a view that writes and answers so."""
    request = RequestFactory().post("/")
    request.user = make_member(centres()[0], "Joan Mills", Role.ADMINISTRATOR).user
    answered: HttpResponse = Writes.as_view(answer=staticmethod(answer))(request, slug="northgate")
    return answered


def cohorts() -> list[str]:
    with centre_scope(centres()[0].pk):
        return [row.name for row in Cohort.objects.all()]


def test_an_answer_that_says_the_site_failed_keeps_nothing() -> None:
    assert asked(fails).status_code == 500
    assert cohorts() == []


def test_a_page_that_breaks_while_it_is_drawn_keeps_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        asked(breaks_while_drawn)
    assert cohorts() == []


def test_a_page_is_drawn_before_the_centre_is_left() -> None:
    assert asked(draws_later).content == b"Autumn"
    assert cohorts() == ["Autumn"]
