"""Signing: what is shown, what refuses, and that it happens once."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from centres.models import Centre
from centres.scoping import centre_scope
from lib.canonical import fingerprint
from marking.actions import hand_back, save_line, save_outcome_comment
from marking.actions.take import ReasonNeeded
from marking.models import Judgement, OutcomeComment, Signature
from marking.selectors import judgement_lines
from marking.selectors.record import sheet_version
from portfolios.models import Submission
from qualifications.actions import declare_conflict
from qualifications.models import Competence
from tests.makers import AT, MENTORING, PASSWORD, Cast, assessed, decide, passing, start, submit, take
from tests.marking.released import assessed_again, release_agreed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


class Desk:
    """An assessor with one sheet."""

    def __init__(self, centre: Centre, values: dict[str, Any] | None = None, **made: Any) -> None:
        self.cast = Cast(centre, **made)
        self.centre = centre
        key = "portfolio-8586-301" if made else "wba-d3-01-02"
        self.judgement = take(self.cast, submit(self.cast, start(self.cast, key)))
        if values is not None:
            decide(self.judgement, {**passing(self.judgement), **values})
        self.client = Client()
        self.client.force_login(self.cast.assessor.user)
        self.address = f"/c/northgate/marking/{self.judgement.pk}/"

    def open(self, **extra: Any) -> Any:
        return self.client.get(self.address + "sign/", **extra)

    def sign(self, seen: str, password: str = PASSWORD, **extra: Any) -> Any:
        return self.client.post(self.address + "sign/", {"seen": seen, "password": password}, **extra)

    @property
    def signatures(self) -> int:
        with centre_scope(self.centre.pk):
            return int(Signature.objects.count())

    @property
    def state(self) -> str:
        with centre_scope(self.centre.pk):
            return str(Judgement.objects.get().state)


def seen_on(answer: Any) -> str:
    return str(answer.context["form"]["seen"].value())


def test_the_page_says_what_is_signed_and_what_it_means(northgate: Centre) -> None:
    desk = Desk(northgate, {"1": 11})
    text = desk.open().content.decode()
    assert "87 / 100" in text
    assert "1 Ensuring good practice in coaching (11, needs 12)" in text
    assert "I have assessed this work against its criteria." in text
    assert "Priya Shah, Assessor" in text
    assert "Sign and send to quality assurance" in text
    dialog = desk.open(headers=HTMX).content.decode()
    assert "<dialog" in dialog
    assert "<html" not in dialog


def test_a_sheet_is_signed_with_the_password_and_the_receipt_says_so(northgate: Centre) -> None:
    desk = Desk(northgate, {"1": 11})
    answer = desk.sign(seen_on(desk.open()))
    assert answer["Location"] == desk.address + "receipt/"
    with centre_scope(northgate.pk):
        signature = Signature.objects.get()
        judgement = Judgement.objects.get()
        assert Submission.objects.get().state == "ASSESSED"
    assert (judgement.outcome, judgement.total) == ("REFERRAL", 87)
    receipt = desk.client.get(answer["Location"]).content.decode()
    assert signature.record_sha256 in receipt
    assert "What happens next" in receipt
    assert "Next submission" in receipt


def test_signing_twice_gives_the_same_receipt_and_one_signature(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    seen = seen_on(desk.open())
    first, second = desk.sign(seen), desk.sign(seen)
    assert first["Location"] == second["Location"] == desk.open()["Location"]
    assert desk.sign(seen, headers=HTMX)["HX-Redirect"] == first["Location"]
    assert desk.signatures == 1


@pytest.mark.parametrize(
    ("password", "words"), [("wrong", "That password is not right."), ("", "Enter your")]
)
def test_a_wrong_password_signs_nothing_and_is_not_shown_again(
    northgate: Centre, password: str, words: str
) -> None:
    desk = Desk(northgate, {})
    answer = desk.sign(seen_on(desk.open()), password, headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="wrong"' not in answer.content.decode()
    assert (desk.state, desk.signatures) == ("DRAFT", 0)


def test_many_wrong_passwords_are_slowed_down(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    seen = seen_on(desk.open())
    for _ in range(20):
        desk.sign(seen, "wrong")
    answer = desk.sign(seen)
    assert answer.status_code == 422
    assert desk.signatures == 0


def test_undecided_parts_are_named_with_a_way_to_each(northgate: Centre) -> None:
    desk = Desk(northgate)
    decide(desk.judgement, {"1": 20, "2": 26})
    answer = desk.open()
    assert answer.status_code == 422
    assert b"Section 3 has no mark." in answer.content
    assert f'{desk.address}#sec-4"'.encode() in answer.content
    part = desk.open(headers=HTMX)
    assert part.status_code == 422
    assert "#sec-3" in part["HX-Trigger-After-Settle"]
    assert "You cannot sign yet: Section 3 has no mark." in part["HX-Trigger"]
    posted = desk.sign(version_of(desk))
    assert posted.status_code == 422
    assert desk.signatures == 0


def version_of(desk: Desk) -> str:
    with centre_scope(desk.centre.pk):
        return sheet_version(desk.judgement, judgement_lines(desk.judgement))


def test_a_referred_line_without_feedback_blocks(northgate: Centre) -> None:
    desk = Desk(northgate, {}, qualification=MENTORING)
    with centre_scope(northgate.pk):
        line = judgement_lines(desk.judgement)[0]
    desk.client.post(
        f"/c/northgate/marking/parts/{line.pk}/", {"version": line.version, "decision": "REFERRAL"}
    )
    answer = desk.open()
    assert answer.status_code == 422
    assert b"AC 1.1 is referred and has no feedback." in answer.content


def test_a_section_below_its_minimum_is_not_signed_with_praise_alone(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    with centre_scope(northgate.pk):
        line = judgement_lines(desk.judgement)[0]
    praised = {"version": line.version, "mark": "11", "feedback": "Neatly typed.", "feedback_more": "\u200b"}
    desk.client.post(f"/c/northgate/marking/parts/{line.pk}/", praised)
    answer = desk.open()
    assert answer.status_code == 422
    words = "Section 1 is below its minimum, and “Weaknesses” does not say what to improve."
    assert words in answer.content.decode()
    assert '#sec-1-feedback_more"' in answer.content.decode()
    mended = {**praised, "version": line.version + 1, "feedback": "", "feedback_more": "Add the contract."}
    desk.client.post(f"/c/northgate/marking/parts/{line.pk}/", mended)
    assert desk.sign(seen_on(desk.open())).status_code == 302
    assert desk.signatures == 1


@pytest.mark.parametrize("unseen", ["\u200b", " \u00ad\n", "\u3164"])
def test_feedback_that_nobody_can_see_is_none(northgate: Centre, unseen: str) -> None:
    desk = Desk(northgate, {}, qualification=MENTORING)
    with centre_scope(northgate.pk):
        line = judgement_lines(desk.judgement)[0]
    typed = {"version": line.version, "decision": "REFERRAL", "feedback": unseen}
    desk.client.post(f"/c/northgate/marking/parts/{line.pk}/", typed)
    answer = desk.open()
    assert answer.status_code == 422
    assert b"AC 1.1 is referred and has no feedback." in answer.content


def test_work_is_handed_back_with_a_reason_that_can_be_read(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    address = f"/c/northgate/marking/{desk.judgement.pk}/hand-back/"
    answer = desk.client.post(address, {"reason": "\u200b\u2060"})
    assert answer.status_code == 422
    assert b"Say why. The next assessor sees it." in answer.content
    with centre_scope(northgate.pk), pytest.raises(ReasonNeeded):
        hand_back(judgement=desk.judgement, reason="\u200b", by=desk.cast.assessor, at=AT)


def test_parts_without_feedback_are_worth_a_look_but_do_not_block(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    with centre_scope(northgate.pk):
        line = judgement_lines(desk.judgement)[2]
    desk.client.post(f"/c/northgate/marking/parts/{line.pk}/", {"version": line.version, "mark": "24"})
    answer = desk.open()
    assert b"Section 3 has no feedback." in answer.content
    assert desk.sign(seen_on(answer)).status_code == 302


def test_a_sheet_that_changed_meanwhile_is_not_signed(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    seen = seen_on(desk.open())
    with centre_scope(northgate.pk):
        line = judgement_lines(desk.judgement)[0]
        save_line(
            line=line,
            version=line.version,
            mark=12,
            decision=None,
            feedback="New",
            feedback_more="",
            by=desk.cast.assessor,
            at=AT,
        )
    answer = desk.sign(seen)
    assert answer.status_code == 409
    assert b"This sheet changed at 09:30. Look at the change before you sign." in answer.content
    assert desk.signatures == 0


def test_an_old_page_after_the_session_ended_signs_nothing(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    seen = seen_on(desk.open())
    desk.client.logout()
    assert desk.sign(seen)["Location"].startswith("/sign-in/")
    assert desk.sign(seen, headers=HTMX).status_code == 401
    assert (desk.state, desk.signatures) == ("DRAFT", 0)


def test_a_conflict_declared_after_taking_stops_the_signature_and_keeps_the_words(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    shown = seen_on(desk.open())
    cast = desk.cast
    with centre_scope(northgate.pk):
        learner = desk.judgement.submission.registration.learner
        declare_conflict(membership=cast.assessor, learner=learner, reason="Cousin.", by=cast.lead, at=AT)
    answer = desk.sign(shown)
    said = "You declared a conflict of interest with this learner on 2 Nov 2026. Hand it back"
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert said in desk.client.get(desk.address).content.decode()
    assert (desk.signatures, desk.state) == (0, "DRAFT")


def test_competence_that_ended_warns_and_does_not_stop_what_is_in_hand(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    with centre_scope(northgate.pk):
        Competence.objects.filter(membership=desk.cast.assessor, unit_ref="D3.02").update(
            valid_until=date(2026, 1, 31)
        )
    assert "Your competence in D3.02 has ended" in desk.client.get(desk.address).content.decode()
    assert desk.sign(seen_on(desk.open())).status_code == 302
    assert desk.signatures == 1


def test_a_comment_that_changed_meanwhile_is_not_signed_unseen(northgate: Centre) -> None:
    desk = Desk(northgate, {}, qualification=MENTORING)
    shown = seen_on(desk.open())
    with centre_scope(northgate.pk):
        comment = OutcomeComment.objects.filter(judgement=desk.judgement).earliest("outcome_number")
        save_outcome_comment(
            judgement=desk.judgement,
            number=comment.outcome_number,
            text="Read the contract again.",
            version=comment.version,
            by=desk.cast.assessor,
            at=AT,
        )
    assert desk.sign(shown).status_code == 409
    assert desk.signatures == 0


def test_the_signature_binds_everything_that_was_judged(northgate: Centre) -> None:
    desk = Desk(northgate, {}, qualification=MENTORING)
    desk.sign(seen_on(desk.open()))
    with centre_scope(northgate.pk):
        signature = Signature.objects.get()
        submission = Submission.objects.get()
    record = json.loads(signature.record)
    assert signature.record_sha256 == fingerprint(signature.record.encode())
    assert set(record) == {
        *("format", "rule_version", "centre", "learner", "assessment", "submission", "stage", "revision"),
        *("judge", "basis", "reason", "outcome", "total", "looked_at", "lines", "comments", "signed_at"),
        "deviations",
    }
    assert record["submission"]["manifest"] == submission.manifest
    assert record["submission"]["manifest_sha256"] == submission.manifest_sha256
    assert {line["decision"] for line in record["lines"]} == {"PASS"}
    assert [comment["outcome"] for comment in record["comments"]] == [1, 2, 3]


def test_a_later_signature_binds_what_earlier_attempts_submitted(northgate: Centre) -> None:
    cast = Cast(northgate)
    first = assessed(cast, "wba-d3-01-02", {"1": 11})
    release_agreed(cast, first)
    second = assessed_again(cast, {"1": 20})
    with centre_scope(northgate.pk):
        records = {row.judgement_id: json.loads(row.record)["submission"] for row in Signature.objects.all()}
    assert records[first.pk]["earlier"] == []
    assert records[second.pk]["earlier"] == [
        {"attempt": 1, "manifest_sha256": first.submission.manifest_sha256}
    ]


def test_nobody_else_signs(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    seen = seen_on(desk.open())
    for member, status in ((desk.cast.other_assessor, 404), (desk.cast.iqa, 403), (desk.cast.learner, 403)):
        client = Client()
        client.force_login(member.user)
        posted = client.post(desk.address + "sign/", {"seen": seen, "password": PASSWORD})
        assert posted.status_code == status
    assert desk.signatures == 0


def test_work_is_handed_back_only_with_a_reason(northgate: Centre) -> None:
    desk = Desk(northgate, {})
    address = desk.address + "hand-back/"
    refused = desk.client.post(address, {"reason": "   "})
    assert refused.status_code == 422
    assert b"Say why. The next assessor sees it." in refused.content
    assert desk.state == "DRAFT"
    assert b"<dialog" in desk.client.get(address, headers=HTMX).content
    done = desk.client.post(address, {"reason": "I know her."}, follow=True)
    assert "waits in the queue again" in done.content.decode()
    assert desk.state == "WITHDRAWN"
    assert desk.client.post(address, {"reason": "Again"}).status_code == 404
    assert desk.client.get(desk.address).status_code == 404


def test_what_was_handed_back_is_not_called_signed(
    northgate: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(northgate, {})
    seen = seen_on(desk.open())

    def confirm_meanwhile(**_told: Any) -> None:
        """Another tab hands the sheet back after the page has looked."""
        hand_back(judgement=desk.judgement, reason="I know her.", by=desk.cast.assessor, at=AT)

    monkeypatch.setattr("marking.views.sign.confirm_identity", confirm_meanwhile)
    for headers in ({}, HTMX):
        answer = desk.sign(seen, headers=headers)
        assert answer.status_code == 422
        assert b"This sheet was handed back" in answer.content
    assert desk.signatures == 0
