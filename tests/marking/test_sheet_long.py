"""A sheet with more than its columns hold, and the count of what it was declared over."""

import json
from io import BytesIO
from typing import Any

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from marking.actions.render import draw_sheet
from portfolios import actions as portfolios
from tests.makers import AT, Cast, assessed, decide, passing, sign, start, submit, take
from tests.marking.paper import text_of
from tests.marking.released import release_agreed, release_unsampled
from tests.portfolios.samples import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_both_columns_of_a_long_section_are_printed_to_their_last_word(northgate: Centre) -> None:
    cast = Cast(northgate)
    sheet = release_agreed(cast, assessed(cast, "diary-d3-03"))
    record = json.loads(sheet.record)
    said = record["parts"][1]["assessor"]
    said["feedback"] = f"{'Well planned and well kept. ' * 50}Ends with the strengths."
    said["feedback_more"] = f"{'More on the goals is needed. ' * 50}Ends with the weaknesses."
    text = text_of(draw_sheet(json.dumps(record), record_sha256=sheet.record_sha256))
    assert text.count("Ends with the strengths.") == 1
    assert text.count("Ends with the weaknesses.") == 1


def test_a_file_under_two_sections_is_one_piece_of_evidence(northgate: Centre) -> None:
    cast = Cast(northgate)
    draft = start(cast, "wba-d3-01-02")
    with centre_scope(northgate.pk):
        piece = portfolios.offer_file(
            submission=draft, part_ref="1", name="Log.pdf", file=BytesIO(pdf()), by=cast.learner, at=AT
        ).evidence
        portfolios.restore_offer(submission=draft, evidence=piece, part_ref="2", by=cast.learner, at=AT)
    submission = submit(cast, draft)
    assert len([line for line in submission.manifest if "evidence" in line]) == 4
    judgement = take(cast, submission)
    decide(judgement, passing(judgement))
    sign(judgement)
    sheet = release_unsampled(cast, judgement)
    text = text_of(draw_sheet(sheet.record, record_sha256=sheet.record_sha256))
    assert "over 3 pieces of evidence" in text
