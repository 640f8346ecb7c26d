"""What is missing is the same on every page that says it, whatever kind it is, and in the action."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from assessments.models import Assessment
from centres.models import Centre
from centres.scoping import centre_scope
from desks.selectors.home import learner_home
from portfolios import actions
from portfolios.actions import submit
from portfolios.models import Claim, Evidence, PracticeSession, Record, Submission, SupervisionSession
from portfolios.rules import Lack
from portfolios.rules.locators import parse_locator
from portfolios.selectors.forms import Forms
from portfolios.selectors.missing import missing_from
from qualifications.models import Registration
from tests.makers import assessed
from tests.portfolios.practice import UNIT, Practice
from tests.portfolios.samples import at, pdf
from tests.quality_assurance.people import release

pytestmark = pytest.mark.django_db
KEY = "portfolio-8586-302"


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


@pytest.fixture
def draft(practice: Practice) -> Submission:
    with centre_scope(practice.cast.centre.pk):
        return actions.start_attempt(
            registration=practice.registration,
            assessment=Assessment.objects.get(key=KEY),
            by=practice.cast.learner,
            at=timezone.now(),
        )


def offered(practice: Practice, draft: Submission, state: Evidence.State) -> None:
    """Offer a file for the first criterion that is in that state."""
    evidence = actions.offer_file(
        submission=draft,
        part_ref=draft.open_parts[0],
        name="log.pdf",
        file=BytesIO(pdf()),
        by=practice.cast.learner,
        at=timezone.now(),
    ).evidence
    problem = "It holds a macro." if state == Evidence.State.REFUSED else ""
    Evidence.objects.filter(pk=evidence.pk).update(state=state, problem=problem)


def claimed(practice: Practice, draft: Submission) -> None:
    """Write for the first criterion and claim the second on the same words."""
    text = actions.save_text(
        submission=draft,
        part_ref=draft.open_parts[0],
        text="I agreed the plan",
        version=0,
        by=practice.cast.learner,
        at=timezone.now(),
    )
    assert text is not None
    actions.claim_criteria(
        evidence=text,
        criteria=[(practice.unit.ref, draft.open_parts[1])],
        locator=parse_locator("“agreed the plan”"),
        why="It shows the agreement",
        by=practice.cast.learner,
        at=timezone.now(),
    )


def rewritten(practice: Practice, draft: Submission) -> None:
    """Write something else where the words were that are claimed."""
    actions.save_text(
        submission=draft,
        part_ref=draft.open_parts[0],
        text="We met",
        version=1,
        by=practice.cast.learner,
        at=timezone.now(),
    )


def planned(practice: Practice) -> Record:
    """Write on the form that is for the first criterion."""
    record = practice.record("mentoring-diary", "plan")
    url = practice.address("record", record_id=record.pk)
    [name, *_] = [box.key for box in practice.form_of(record).part.asked if box.kind in ("text", "line")]
    assert practice.client.post(url, {name: "Six sessions by May", "version": "1"}).status_code == 302
    return record


def achieved_elsewhere(practice: Practice) -> None:
    """Let the learner pass the same unit in their first registration, while the other one has lapsed."""
    here, now = Registration.objects.filter(pk=practice.registration.pk), timezone.now()
    here.update(expires_on=localdate() - timedelta(days=1))
    first = Registration.objects.exclude(pk=practice.registration.pk).get()
    practice.cast.registration = first
    judgement = assessed(practice.cast, KEY, at=now)
    here.update(expires_on=None)
    release(judgement.submission, practice.cast.lead, at=now)


def arrange(kind: str, practice: Practice, draft: Submission) -> None:
    """Bring an attempt into the state in which that kind is missing."""
    if kind in ("waiting", "refused"):
        state = Evidence.State.QUARANTINED if kind == "waiting" else Evidence.State.REFUSED
        offered(practice, draft, state)
    elif kind == "claimed":
        claimed(practice, draft)
    elif kind == "claim":
        claimed(practice, draft)
        rewritten(practice, draft)
    elif kind == "recorded":
        planned(practice)
    elif kind == "registration":
        before = localdate() - timedelta(days=1)
        Registration.objects.filter(pk=practice.registration.pk).update(expires_on=before)
    elif kind == "achieved":
        achieved_elsewhere(practice)


def missing_now(draft: Submission) -> list[Any]:
    """Return what the action would refuse the attempt for, but for the declaration."""
    draft = Submission.objects.select_related("registration", "assessment").get(pk=draft.pk)
    return missing_from(draft, actions.manifest_of(draft), has_declared=True, today=localdate())


KINDS = ("evidence", "waiting", "refused", "claimed", "claim", "recorded", "registration", "achieved")


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_that_says_what_is_missing_agrees(
    practice: Practice, draft: Submission, settings: Any, kind: str
) -> None:
    settings.UPLOAD_SCAN_IS_LEFT_OUT = False
    with centre_scope(practice.cast.centre.pk):
        arrange(kind, practice, draft)
        missing = missing_now(draft)
        courses = learner_home(practice.cast.learner, at=timezone.now()).courses
    works = [work for course in courses for work in course.works]
    work = next(work for work in works if work.latest and work.latest.pk == draft.pk)
    assert work.missing == len(missing)
    if kind not in ("claimed", "recorded"):
        assert Lack(kind) in {row.kind for row in missing}
    for name in ("submission", "submit"):
        assert practice.client.get(at(practice.cast, name, draft)).status_code == 200
    page = practice.page("unit")
    for row in missing:
        assert not row.part or f"AC {row.part} has " in page


def test_a_record_is_offered_for_the_criterion_that_its_form_names(
    practice: Practice, draft: Submission
) -> None:
    assert "AC 1.1 has no evidence yet" in practice.page("submission", submission_id=draft.pk)
    record = practice.record("mentoring-diary", "plan")
    assert "AC 1.1 has no evidence yet" in practice.page("submission", submission_id=draft.pk)
    practice.client.post(practice.address("remove_record", record_id=record.pk))
    record = planned(practice)
    page = practice.page("submission", submission_id=draft.pk)
    assert "AC 1.1 has no evidence yet" not in page
    address = practice.address("record", record_id=record.pk)
    assert f'<a href="{address}">Plan, from your records</a>' in page
    assert f'href="{practice.address("unit")}"' in page
    for ref in ("1.2", "2.1"):
        assert f"AC {ref} has no evidence yet" in page


def test_a_unit_page_links_what_can_be_mended_and_says_the_rest(
    practice: Practice, draft: Submission, settings: Any
) -> None:
    settings.UPLOAD_SCAN_IS_LEFT_OUT = False
    with centre_scope(practice.cast.centre.pk):
        arrange("refused", practice, draft)
    assert "Remove it<span" in practice.page("unit")
    with centre_scope(practice.cast.centre.pk):
        arrange("registration", practice, draft)
    assert "Ask your centre for an extension.</span></li>" in practice.page("unit")


def test_words_that_are_claimed_and_gone_keep_it_back(practice: Practice, draft: Submission) -> None:
    with centre_scope(practice.cast.centre.pk):
        arrange("claim", practice, draft)
        [row] = [row for row in missing_now(draft) if row.kind is Lack.CLAIM]
        text = Evidence.objects.get()
    says = f"AC {draft.open_parts[1]} has a claim on “agreed the plan”, which your text no longer says."
    link = f'href="{practice.address("claims", evidence_id=text.pk)}#claims"'
    submission = practice.client.get(at(practice.cast, "submission", draft)).content.decode()
    answer = practice.client.post(at(practice.cast, "submit", draft), {"has_declared": "on"})
    assert answer.status_code == 422
    for page in (submission, practice.page("unit"), answer.content.decode()):
        assert says in page
        assert link in page
    assert row.part == draft.open_parts[1]
    with centre_scope(practice.cast.centre.pk):
        actions.remove_claim(claim=Claim.objects.get(), by=practice.cast.learner, at=timezone.now())
        assert Lack.CLAIM not in {row.kind for row in missing_now(draft)}


def test_what_never_refuses_stands_apart_on_every_page(practice: Practice, draft: Submission) -> None:
    practice.fill()
    words = "8 sessions without feedback."
    unit, attempt, submitting = (
        practice.page("unit"),
        practice.page("submission", submission_id=draft.pk),
        practice.page("submit", submission_id=draft.pk),
    )
    for page in (unit, submitting):
        assert page.index('id="looks"') < page.index(words)
    assert unit.index('id="missing"') < unit.index("AC 1.1 has no evidence yet") < unit.index('id="looks"')
    assert words not in attempt


def test_submitting_counts_the_records_that_it_freezes(
    practice: Practice, draft: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that comes back between the reading and the check does not count for what was read."""
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        for ref in draft.open_parts:
            actions.save_text(
                submission=draft,
                part_ref=ref,
                text="My account",
                version=0,
                by=practice.cast.learner,
                at=timezone.now(),
            )
        last = PracticeSession.objects.order_by("number").last()
        actions.remove_session(session=last, by=practice.cast.learner, at=timezone.now())
        seen = actions.manifest_fingerprint(actions.manifest_of(draft))
        held = submit.manifest_with

        def meanwhile(*args: Any) -> Any:
            lines = held(*args)
            actions.restore_session(session=last, by=practice.cast.learner, at=timezone.now())
            return lines

        monkeypatch.setattr(submit, "manifest_with", meanwhile)
        with pytest.raises(submit.NotReady, match="1 thing is missing"):
            actions.submit_attempt(
                submission=draft,
                has_declared=True,
                seen_sha256=seen,
                has_refused_standardisation=False,
                by=practice.cast.learner,
                at=timezone.now(),
            )


def test_a_form_of_which_there_is_one_does_not_come_back_beside_another(practice: Practice) -> None:
    form = next(form for form in Forms([UNIT]).offered(UNIT) if not form.part.is_repeatable)
    first = practice.record(form.key, form.part.key)
    practice.client.post(practice.address("remove_record", record_id=first.pk))
    practice.record(form.key, form.part.key)
    answer = practice.client.post(practice.address("restore_record", record_id=first.pk), follow=True)
    assert "There is another copy of this form" in answer.content.decode()
    assert sum(row.removed_at is None for row in practice.rows(Record)) == 1


def test_a_deleted_session_is_not_corrected_or_written_up_from_another_tab(practice: Practice) -> None:
    session = practice.added()
    [page] = [row for row in practice.rows(Record) if row.session_id == session.pk]
    practice.client.post(practice.address("remove_session", session_id=session.pk))
    answer = practice.client.post(
        practice.address("session", session_id=session.pk), practice.facts(hours="3")
    )
    assert answer.status_code == 422
    assert "This session was deleted in another tab." in answer.content.decode()
    answer = practice.client.post(
        practice.address("record", record_id=page.pk), {"f6": "A goal typed meanwhile", "version": "1"}
    )
    assert answer.status_code == 422
    assert "A goal typed meanwhile" in answer.content.decode()
    assert practice.rows(PracticeSession)[0].minutes == 90
    assert not practice.rows(Record)[0].answers


def test_a_deleted_supervision_is_not_corrected(practice: Practice) -> None:
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        row = SupervisionSession.objects.order_by("number").first()
    practice.client.post(practice.address("remove_supervision", supervision_id=row.pk))
    facts = {"supervisor": "Somebody Else", "date": f"{row.held_on:%d/%m/%Y}", "hours": "1", "minutes": "0"}
    answer = practice.client.post(
        practice.address("supervision", supervision_id=row.pk), facts | {"version": "1"}
    )
    assert answer.status_code == 422
    assert "Somebody Else" in answer.content.decode()


def test_a_written_answer_that_shows_nothing_is_no_evidence(practice: Practice, draft: Submission) -> None:
    words: dict[str, Any] = {"part_ref": "1.1", "by": practice.cast.learner, "at": timezone.now()}

    def lacks() -> bool:
        missing = missing_now(draft)
        [work] = [
            work
            for course in learner_home(practice.cast.learner, at=timezone.now()).courses
            for work in course.works
            if work.latest and work.latest.pk == draft.pk
        ]
        assert work.missing == len(missing)
        return (Lack.EVIDENCE, "1.1") in {(row.kind, row.part) for row in missing}

    with centre_scope(practice.cast.centre.pk):
        assert actions.save_text(submission=draft, text="\u200b", version=0, **words) is None
        saved = actions.save_text(submission=draft, text="What I did.", version=0, **words)
        assert saved
        assert not lacks()
        emptied = actions.save_text(submission=draft, text="\u200b \ufeff", version=1, **words)
        assert emptied
        assert emptied.text == ""
        assert lacks()
        Evidence.objects.filter(pk=saved.pk).update(text="\u200b", size=3)  # as it was kept once
        assert lacks()
