"""The audit trail of what learners keep for themselves until they submit it: a line for every change."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from centres.models import Centre, Event
from centres.scoping import centre_scope
from lib.inspection import FileRefused
from lib.inspection.marks import infected
from portfolios import actions
from portfolios.actions.upload import abandon_upload, begin_upload
from portfolios.models import Evidence, Record, Submission
from portfolios.rules.locators import parse_locator
from tests.makers import start
from tests.portfolios.practice import UNIT, Practice
from tests.portfolios.samples import pdf

LEARNER, SITE = "Amira Khan", ""
PRACTICE = [
    *[("portfolios.session.added", LEARNER), ("portfolios.record.begun", LEARNER)] * 2,
    ("portfolios.session.changed", LEARNER),
    ("portfolios.session.removed", LEARNER),
    ("portfolios.session.restored", LEARNER),
    ("portfolios.client.excepted", LEARNER),
    ("portfolios.supervision.added", LEARNER),
    ("portfolios.record.begun", LEARNER),
    ("portfolios.supervision.changed", LEARNER),
    ("portfolios.supervision.removed", LEARNER),
    ("portfolios.supervision.restored", LEARNER),
    ("portfolios.record.removed", LEARNER),
    ("portfolios.record.restored", LEARNER),
]
EVIDENCE = [
    ("portfolios.evidence.refused", SITE),
    ("portfolios.evidence.cleared", SITE),
    ("portfolios.upload.abandoned", LEARNER),
    ("portfolios.claim.made", LEARNER),
    ("portfolios.claim.removed", LEARNER),
    ("portfolios.claim.restored", LEARNER),
    ("portfolios.discussion.recorded", LEARNER),
    ("portfolios.discussion.changed", LEARNER),
    ("portfolios.discussion.confirmed", LEARNER),
]
KEEPING_CODES = {code for code, _ in (*PRACTICE, *EVIDENCE)}


@pytest.fixture
def practice(northgate: Centre, tmp_path: Any, settings: Any) -> Practice:
    settings.MEDIA_ROOT = tmp_path
    settings.UPLOAD_SCAN_IS_LEFT_OUT = False
    return Practice(northgate)


def trail() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("id").values_list("code", "by_name"))


@pytest.mark.django_db
def test_practice_leaves_a_line_for_every_change(practice: Practice) -> None:
    now = timezone.now()
    with centre_scope(practice.cast.centre.pk):
        sessions_of(practice, now)
        supervision_of(practice, now)
        record = Record.objects.earliest("added_at", "id")
        actions.remove_record(record=record, by=practice.cast.learner, at=now)
        actions.restore_record(record=record, by=practice.cast.learner, at=now)
        assert trail() == PRACTICE


def sessions_of(practice: Practice, now: datetime) -> None:
    by: Any = {"by": practice.cast.learner, "at": now}
    first, _ = [
        actions.add_session(
            registration=practice.registration,
            unit=practice.unit,
            client_number=number,
            starts_at=now - timedelta(days=number),
            minutes=60,
            **by,
        )
        for number in (1, 2)
    ]
    actions.change_session(
        session=first,
        unit=practice.unit,
        version=1,
        client_number=1,
        starts_at=first.starts_at,
        minutes=90,
        **by,
    )
    actions.remove_session(session=first, **by)
    actions.restore_session(session=first, **by)
    actions.record_exception(
        registration=practice.registration,
        unit=practice.unit,
        reason="Client 2 moved away.",
        options_considered="More time with Client 1.",
        **by,
    )


def supervision_of(practice: Practice, now: datetime) -> None:
    by: Any = {"by": practice.cast.learner, "at": now}
    facts: Any = {"supervisor": "Sam Ito", "held_on": (now - timedelta(days=1)).date()}
    row = actions.add_supervision(
        registration=practice.registration, unit_ref=UNIT, minutes=60, **facts, **by
    )
    actions.change_supervision(supervision=row, version=1, minutes=90, **facts, **by)
    actions.remove_supervision(supervision=row, **by)
    actions.restore_supervision(supervision=row, **by)


@pytest.mark.django_db
def test_evidence_leaves_a_line_for_every_change(practice: Practice) -> None:
    now = timezone.now()
    draft = start(practice.cast, "portfolio-8586-302", at=now)
    with centre_scope(practice.cast.centre.pk):
        piece = files_in(practice, draft, now)
        claims_on(practice, piece, now)
        discussed(practice, piece, now)
        assert [row for row in trail() if row[0] in KEEPING_CODES] == EVIDENCE


def files_in(practice: Practice, draft: Submission, now: datetime) -> Evidence:
    place: Any = {"submission": draft, "part_ref": "1.1", "by": practice.cast.learner, "at": now}
    good, bad = [
        actions.offer_file(name=name, file=BytesIO(pdf()), **place).evidence for name in ("a.pdf", "b.pdf")
    ]
    actions.settle_evidence(evidence=bad, refusal=FileRefused(bad.label, infected()), at=now)
    piece = actions.settle_evidence(evidence=good, refusal=None, at=now)
    upload = begin_upload(name="talk.mp4", mark="", length=1000, **place)
    abandon_upload(upload=upload, by=practice.cast.learner, at=now)
    return piece


def claims_on(practice: Practice, piece: Evidence, now: datetime) -> None:
    by: Any = {"by": practice.cast.learner, "at": now}
    [claim] = actions.claim_criteria(
        evidence=piece, criteria=[(UNIT, "1.1")], locator=parse_locator("p. 1"), why="It names it.", **by
    )
    actions.remove_claim(claim=claim, **by)
    actions.restore_claim(claim=claim, **by)


def discussed(practice: Practice, piece: Evidence, now: datetime) -> None:
    by: Any = {"by": practice.cast.learner, "at": now}
    facts = actions.DiscussionFacts(
        agreed_for=now - timedelta(days=1),
        mode="IN_PERSON",
        questions="How did you agree the goal?",
        assessor_id=practice.cast.assessor.pk,
        others="",
        has_live_iqa=False,
        evidence_id=None,
    )
    row = actions.record_discussion(registration=practice.registration, unit_ref=UNIT, facts=facts, **by)
    row = actions.save_discussion(discussion=row, version=1, facts=replace(facts, evidence_id=piece.pk), **by)
    actions.confirm_discussion(discussion=row, version=2, **by)
