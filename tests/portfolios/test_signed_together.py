"""A session corrected or deleted while a guest signs it: whoever comes second reads what was left."""

from collections.abc import Callable
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.utils import timezone

from centres.models import Centre
from centres.scoping import centre_scope
from lib.refusals import Refusal
from portfolios import actions
from portfolios.actions.ask import LinkClosed, PageChanged, make_link, sign_as_guest
from portfolios.models import GuestSignature, PracticeSession, Record, SupervisionSession
from portfolios.rules.guests import asks_of
from portfolios.rules.templates import Kind
from portfolios.selectors.forms import Forms
from portfolios.selectors.guests import facts_for_guest, fingerprint_of_page, shown_by
from tests.marking.test_together import both
from tests.portfolios.practice import Practice

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]


def supervised(practice: Practice) -> SupervisionSession:
    now, by = timezone.now(), practice.cast.learner
    with centre_scope(practice.cast.centre.pk):
        return actions.add_supervision(
            registration=practice.registration,
            unit_ref=practice.unit.ref,
            supervisor="Sam Ito",
            held_on=practice.registered_on,
            minutes=60,
            by=by,
            at=now,
        )


def longer_session(practice: Practice, session: PracticeSession, **signed: Any) -> object:
    return actions.change_session(
        session=session,
        unit=practice.unit,
        version=session.version,
        client_number=session.client.number,
        starts_at=session.starts_at,
        minutes=session.minutes + 15,
        **signed,
    )


def no_session(practice: Practice, session: PracticeSession, **signed: Any) -> object:
    return actions.remove_session(session=session, **signed)


def longer_supervision(practice: Practice, supervision: SupervisionSession, **signed: Any) -> object:
    return actions.change_supervision(
        supervision=supervision,
        version=supervision.version,
        supervisor=supervision.supervisor,
        held_on=supervision.held_on,
        minutes=supervision.minutes + 15,
        **signed,
    )


def no_supervision(practice: Practice, supervision: SupervisionSession, **signed: Any) -> object:
    return actions.remove_supervision(supervision=supervision, **signed)


@pytest.mark.parametrize(
    ("about", "add", "correct", "refusal"),
    [
        ("session", Practice.added, longer_session, PageChanged),
        ("session", Practice.added, no_session, LinkClosed),
        ("supervision", supervised, longer_supervision, PageChanged),
        ("supervision", supervised, no_supervision, LinkClosed),
    ],
)
def test_a_guest_does_not_sign_what_was_before_a_correction(
    about: str, add: Callable[[Practice], Any], correct: Callable[..., object], refusal: type[Refusal]
) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    added, now, by = add(practice), timezone.now(), practice.cast.learner
    with centre_scope(practice.cast.centre.pk):
        record = Record.objects.get(**{about: added})
        row = type(added).objects.select_related(*(["client"] if about == "session" else [])).get(pk=added.pk)
        form = Forms([record.unit_ref]).of_record(record)
        assert form
        typed = {next(box.key for box in form.part.asked if box.kind is Kind.TEXT): "We looked at the goals."}
        record = actions.save_record(record=record, part=form.part, typed=typed, version=1, by=by, at=now)
        ask = asks_of(form.part)[0]
        link, _ = make_link(record=record, form=form, ask=ask, client=None, days=5, by=by, at=now)
        seen = fingerprint_of_page(shown_by(link, form, facts_for_guest(link)))
    is_corrected = Event()

    def change() -> None:
        correct(practice, row, by=by, at=now)
        is_corrected.set()
        sleep(0.5)

    def sign() -> object:
        is_corrected.wait(5)
        return sign_as_guest(link=link, form=form, typed={}, name="Bea Stone", seen=seen, at=now)

    answers = both(practice.cast, change, sign)
    assert isinstance(answers[1], refusal)
    with centre_scope(practice.cast.centre.pk):
        assert not GuestSignature.objects.exists()
