"""A session corrected while a guest signs it: whoever comes second reads what the first one left."""

from threading import Event
from time import sleep

import pytest
from django.utils import timezone

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.actions.ask import PageChanged, make_link, sign_as_guest
from portfolios.actions.practise import change_session
from portfolios.models import GuestSignature, PracticeSession, Record
from portfolios.rules.guests import asks_of
from portfolios.selectors.forms import Forms
from portfolios.selectors.guests import facts_for_guest, fingerprint_of_page, shown_by
from tests.marking.test_together import both
from tests.portfolios.practice import Practice

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]


def test_a_guest_does_not_sign_what_a_session_was_before_its_correction() -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    session, now = practice.added(), timezone.now()
    by = practice.cast.learner
    with centre_scope(practice.cast.centre.pk):
        session = PracticeSession.objects.select_related("client").get(pk=session.pk)
        record = Record.objects.get(session=session)
        form = Forms([record.unit_ref]).of_record(record)
        assert form
        link, _ = make_link(
            record=record, form=form, ask=asks_of(form.part)[0], client=None, days=5, by=by, at=now
        )
        seen = fingerprint_of_page(shown_by(link, form, facts_for_guest(link)))
    is_changed = Event()

    def change() -> object:
        changed = change_session(
            session=session,
            unit=practice.unit,
            version=session.version,
            client_number=session.client.number,
            starts_at=session.starts_at,
            minutes=session.minutes + 15,
            by=by,
            at=now,
        )
        is_changed.set()
        sleep(0.5)
        return changed

    def sign() -> object:
        is_changed.wait(5)
        return sign_as_guest(link=link, form=form, typed={}, name="Bea Stone", seen=seen, at=now)

    answers = both(practice.cast, change, sign)
    assert [answer for answer in answers if isinstance(answer, PageChanged)]
    with centre_scope(practice.cast.centre.pk):
        assert not GuestSignature.objects.exists()
        assert PracticeSession.objects.get(pk=session.pk).minutes == session.minutes + 15
