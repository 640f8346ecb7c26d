"""Two of a learner's tabs, or two guests, in the same moment and in real transactions: one wins."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from threading import Event
from time import sleep
from typing import Any

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from lib.refusals import Refusal
from portfolios import actions
from portfolios.actions.ask import LinkClosed, make_link, sign_as_guest
from portfolios.actions.offer import NoRoom
from portfolios.actions.record import RecordChanged
from portfolios.actions.submit import EvidenceChanged, NotReady
from portfolios.actions.upload import begin_upload
from portfolios.models import (
    Evidence,
    GuestSignature,
    PracticeSession,
    Record,
    Submission,
    SupervisionSession,
    Upload,
)
from portfolios.rules.guests import Standing, asks_of
from portfolios.rules.templates import Kind, Subject
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import facts_for_guest, fingerprint_of_page, shown_by
from qualifications.models import Unit
from tests.makers import AT, Cast, start
from tests.marking.test_together import both
from tests.portfolios.practice import CERTIFICATE, UNIT
from tests.portfolios.samples import pdf
from tests.portfolios.test_together import filled, slowly

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]
EARLIER = AT - timedelta(days=30)


def learner_of_302() -> Cast:
    return Cast(Centre.objects.get(slug="northgate"), qualification=CERTIFICATE)


def unit() -> Unit:
    return Unit.objects.filter(ref=UNIT).latest("version")


def one_session_more(cast: Cast) -> object:
    return actions.add_session(
        registration=cast.registration,
        unit=unit(),
        client_number=1,
        starts_at=EARLIER,
        minutes=60,
        by=cast.learner,
        at=AT,
    )


def an_earlier_session(cast: Cast) -> object:
    session = PracticeSession.objects.select_related("client").earliest("number")
    return actions.change_session(
        session=session,
        unit=unit(),
        version=session.version,
        client_number=session.client.number,
        starts_at=session.starts_at - timedelta(minutes=15),
        minutes=session.minutes,
        by=cast.learner,
        at=AT,
    )


def one_session_less(cast: Cast) -> object:
    session = PracticeSession.objects.earliest("number")
    return actions.remove_session(session=session, by=cast.learner, at=AT)


def one_supervision_less(cast: Cast) -> object:
    supervision = SupervisionSession.objects.earliest("number")
    return actions.remove_supervision(supervision=supervision, by=cast.learner, at=AT)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (one_session_more, EvidenceChanged),
        (an_earlier_session, EvidenceChanged),
        (one_session_less, NotReady),
        (one_supervision_less, NotReady),
    ],
)
def test_practice_that_changes_while_it_is_declared_is_not_declared_as_it_was(
    change: Callable[[Cast], object], refusal: type[Refusal]
) -> None:
    cast = learner_of_302()
    draft = start(cast, "portfolio-8586-302")
    seen, is_changed = filled(cast, draft), Event()

    def changing() -> object:
        changed = change(cast)
        is_changed.set()
        sleep(0.5)
        return changed

    def declaring() -> object:
        is_changed.wait(5)
        return actions.submit_attempt(
            submission=draft,
            has_declared=True,
            seen_sha256=seen,
            has_refused_standardisation=False,
            by=cast.learner,
            at=AT,
        )

    changed, answer = both(cast, changing, declaring)
    assert not isinstance(changed, Refusal)
    assert isinstance(answer, refusal)
    with centre_scope(cast.centre.pk):
        assert Submission.objects.get().state == "DRAFT"


def begun(cast: Cast, subject: Subject) -> tuple[Record, Form]:
    """Return a blank page about the unit, or one about supervision with something written on it."""
    form = Forms([UNIT]).about(UNIT, subject)[0]
    with centre_scope(cast.centre.pk):
        if subject is Subject.SUPERVISION:
            actions.add_supervision(
                registration=cast.registration,
                unit_ref=UNIT,
                supervisor="Sam Ito",
                held_on=EARLIER.date(),
                minutes=60,
                by=cast.learner,
                at=AT,
            )
            record = Record.objects.get(supervision__isnull=False)
            return write(cast, record, form, "We looked at the goals."), form
        record = actions.begin_record(
            registration=cast.registration, unit_ref=UNIT, form=form, by=cast.learner, at=AT
        )
        return record, form


def write(cast: Cast, record: Record, form: Form, text: str) -> Record:
    box = next(box for box in form.part.asked if box.kind in (Kind.TEXT, Kind.LINE))
    return actions.save_record(
        record=record, part=form.part, typed={box.key: text}, version=1, by=cast.learner, at=AT
    )


def test_of_two_guests_with_one_link_the_first_one_signs() -> None:
    cast = learner_of_302()
    record, form = begun(cast, Subject.SUPERVISION)
    with centre_scope(cast.centre.pk):
        ask = asks_of(form.part)[0]
        link, _ = make_link(record=record, form=form, ask=ask, client=None, days=5, by=cast.learner, at=AT)
        seen = fingerprint_of_page(shown_by(link, form, facts_for_guest(link)))

    def signing(name: str) -> Callable[[], object]:
        return slowly(lambda: sign_as_guest(link=link, form=form, typed={}, name=name, seen=seen, at=AT))

    answers = both(cast, signing("Sam Ito"), signing("Dana Reed"))
    assert [one.standing for one in answers if isinstance(one, LinkClosed)] == [Standing.SIGNED]
    won = [one.name for one in answers if isinstance(one, GuestSignature)]
    with centre_scope(cast.centre.pk):
        assert [row.name for row in GuestSignature.objects.all()] == won


def test_of_two_tabs_with_one_record_the_second_is_shown_what_the_first_wrote() -> None:
    cast = learner_of_302()
    record, form = begun(cast, Subject.UNIT)
    texts = ("Written in one tab.", "Written in the other.")

    def saving(text: str) -> Callable[[], object]:
        return slowly(lambda: write(cast, record, form, text))

    answers = both(cast, *map(saving, texts))
    lost = [one.record.answers for one in answers if isinstance(one, RecordChanged)]
    with centre_scope(cast.centre.pk):
        stored = Record.objects.get(pk=record.pk)
    assert (lost, stored.version) == ([stored.answers], 2)
    assert set(stored.answers.values()) < set(texts)


def announced(cast: Cast, draft: Submission) -> object:
    return begin_upload(
        submission=draft, part_ref="1", name="log.pdf", mark="", length=len(pdf()), by=cast.learner, at=AT
    )


def sent_whole(cast: Cast, draft: Submission) -> object:
    return actions.offer_file(
        submission=draft, part_ref="1", name="log.pdf", file=BytesIO(pdf()), by=cast.learner, at=AT
    )


@pytest.mark.parametrize(
    ("first", "second"), [(announced, announced), (sent_whole, sent_whole), (announced, sent_whole)]
)
def test_of_two_files_that_fill_the_room_together_one_gets_in(
    first: Callable[[Cast, Submission], object],
    second: Callable[[Cast, Submission], object],
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT, settings.UPLOAD_QUOTA_BYTES = tmp_path, len(pdf()) * 3 // 2
    cast = Cast(Centre.objects.get(slug="northgate"))
    drafts = [start(cast, key) for key in ("wba-d3-01-02", "diary-d3-03")]

    def adding(add: Callable[[Cast, Submission], object], draft: Submission) -> Callable[[], object]:
        return slowly(lambda: add(cast, draft))

    answers = both(cast, adding(first, drafts[0]), adding(second, drafts[1]))
    assert sum(isinstance(one, NoRoom) for one in answers) == 1
    with centre_scope(cast.centre.pk):
        assert Upload.objects.count() + Evidence.objects.count() == 1
