"""The operator opens a centre with its first administrator, or is told in one line why not."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from centres.models import Centre, Event, Membership, User
from centres.scoping import centre_scope

TOLD = ["eastside", "Eastside College", "045678", "Ann Other", "Ann@Eastside.example"]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def enter(password: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    return enter


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("walled")
def test_a_centre_is_opened_and_its_administrator_signs_in(typed: Any, client: Client) -> None:
    typed("a long enough phrase")
    call_command("create_centre", *TOLD)
    centre = Centre.objects.get(slug="eastside")
    with centre_scope(centre.pk):
        assert Membership.objects.get().roles == ["administrator"]
        assert Event.objects.get().code == "centres.centre.opened"
    told = {"email": "ann@eastside.example", "password": "a long enough phrase"}
    assert client.post("/sign-in/", told).status_code == 302
    assert client.get("/c/eastside/staff/").status_code == 200


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("place", "value", "password", "words"),
    [
        (0, "east side", "a long enough phrase", "slug"),
        (0, "northgate", "a long enough phrase", "never used again"),
        (3, "Ann\nOther", "a long enough phrase", "one line of letters"),
        (4, "ann", "a long enough phrase", "e-mail address"),
        (4, "new@eastside.example", "short", "too short"),
    ],
)
def test_what_cannot_be_writes_nothing(
    northgate: Centre, typed: Any, place: int, value: str, password: str, words: str
) -> None:
    told = list(TOLD)
    told[place] = value
    before = (Centre.objects.count(), User.objects.count())
    typed(password)
    with pytest.raises(CommandError, match=words):
        call_command("create_centre", *told)
    assert (Centre.objects.count(), User.objects.count()) == before
