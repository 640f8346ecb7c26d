"""Claims on the marking page and the review page: chips that open a page, words or a second."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import Judgement
from marking.selectors.printed import printed_sheet
from portfolios import actions
from portfolios.models import Claim, Evidence, Submission
from portfolios.rules.locators import parse_locator
from quality_assurance import actions as quality
from tests.makers import AT, MENTORING, Cast, assessed, decide, passing, sign, start, submit, take
from tests.marking.released import release_agreed
from tests.marking.test_sheet_pdf import says
from tests.portfolios.samples import MINUTE, pdf, signed_in

pytestmark = pytest.mark.django_db
MP3 = MINUTE * 4
UNIT = "8586-300"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate, qualification=MENTORING)


def claimed(cast: Cast, draft: Submission, name: str, content: bytes, where: str) -> tuple[Evidence, Claim]:
    with centre_scope(cast.centre.pk):
        offer = actions.offer_file(
            submission=draft, part_ref="1.1", name=name, file=BytesIO(content), by=cast.learner, at=AT
        )
        [made] = actions.claim_criteria(
            evidence=offer.evidence,
            criteria=[(UNIT, "1.2")],
            locator=parse_locator(where),
            why="Because <b>so</b>.",
            by=cast.learner,
            at=AT,
        )
        return offer.evidence, made


@pytest.fixture
def work(cast: Cast) -> tuple[Judgement, list[tuple[Evidence, Claim]]]:
    draft = start(cast, "assignment-8586-300")
    made = [
        claimed(cast, draft, "Essay.pdf", pdf(4), "p. 2"),
        claimed(cast, draft, "Talk.mp3", MP3, "1:55–3:10"),
    ]
    return take(cast, submit(cast, draft)), made


def test_the_sheet_has_a_chip_for_every_claim(cast: Cast, work: Any) -> None:
    judgement, [(essay, _), (talk, _)] = work
    url = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    shown = signed_in(cast.assessor).get(url).content.decode()
    assert f'data-open-at="page-{essay.pk}-2"' in shown
    assert f'data-open-at="media-{talk.pk}"' in shown
    assert 'data-say="Talk at 1 minute 55" data-first="115" data-last="190"' in shown
    assert "Essay p. 2</a>" in shown
    assert "Talk 1:55</a>" in shown
    assert "Because &lt;b&gt;so&lt;/b&gt;." in shown


def test_a_claim_opens_at_its_page_and_second_without_a_script(cast: Cast, work: Any) -> None:
    judgement, [(essay, on_page), (talk, on_time)] = work
    url = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    client = signed_in(cast.assessor)
    opened = client.get(f"{url}?evidence={essay.pk}&claim={on_page.pk}").content.decode()
    assert f'id="page-{essay.pk}-2"' in opened
    assert "is-claimed" in opened
    opened = client.get(f"{url}?evidence={talk.pk}&claim={on_time.pk}").content.decode()
    assert "#t=115,190" in opened
    for junk in ("claim=7", f"evidence={talk.pk}&claim={on_page.pk}", "evidence=%00&claim=%00"):
        assert "#t=" not in client.get(f"{url}?{junk}").content.decode()


def test_claims_are_those_of_the_submission_whatever_came_later(cast: Cast, work: Any) -> None:
    judgement, [(essay, on_page), _] = work
    with centre_scope(cast.centre.pk):
        actions.remove_claim(claim=on_page, by=cast.learner, at=AT)
    url = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    assert f'data-open-at="page-{essay.pk}-2"' in signed_in(cast.assessor).get(url).content.decode()


def test_the_review_page_and_the_signed_paper_open_claims_too(cast: Cast, work: Any) -> None:
    judgement, [(essay, _), (talk, _)] = work
    decide(judgement, passing(judgement))
    sign(judgement)
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=judgement.submission, by=cast.iqa, at=AT)
    url = reverse("quality_assurance:review", kwargs={"slug": "northgate", "review_id": review.pk})
    shown = signed_in(cast.iqa).get(url).content.decode()
    assert f'href="#page-{essay.pk}-2" data-open-at="page-{essay.pk}-2"' in shown
    assert f'id="media-{talk.pk}"' in shown
    assert shown.count(f'id="page-{essay.pk}-2"') == 1
    paper = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    assert "Talk 1:55</a>" in signed_in(cast.assessor).get(paper).content.decode()


def test_claims_cost_no_more_queries_the_more_there_are(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    draft = start(cast, "assignment-8586-300")
    for number in range(1, 9):
        claimed(cast, draft, "Essay.pdf", pdf(9), f"p. {number}")
    judgement = take(cast, submit(cast, draft))
    url = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    client = signed_in(cast.assessor)
    client.get(url)
    with django_assert_max_num_queries(30):
        client.get(url)


def test_the_result_sheet_carries_the_time_counters(cast: Cast) -> None:
    draft = start(cast, "assignment-8586-300")
    _, made = claimed(cast, draft, "Talk.mp3", MP3, "1:55–3:10")
    with centre_scope(cast.centre.pk):
        actions.claim_criteria(
            evidence=made.evidence,
            criteria=[(UNIT, "1.1"), (UNIT, "1.3")],
            locator=parse_locator("1:55"),
            why="So it is said.",
            by=cast.learner,
            at=AT,
        )
    judgement = take(cast, submit(cast, draft))
    decide(judgement, passing(judgement))
    sign(judgement)
    with centre_scope(cast.centre.pk):
        judgement = Judgement.objects.select_related("submission").get(pk=judgement.pk)
    text = says(release_agreed(cast, judgement))
    assert "Time counters of recorded discussions Talk.mp3: 1m 55 secs AC 1.1, 1.2 and 1.3" in text


def test_a_record_of_before_there_were_counters_prints_none(cast: Cast) -> None:
    sheet = release_agreed(cast, assessed(cast, "assignment-8586-300"))
    record = json.loads(sheet.record)
    assert record.pop("time_counters") == []
    shown = printed_sheet(json.dumps(record), record_sha256=sheet.record_sha256)
    assert shown.recordings == []
