"""What a result sheet prints: every mark, decision, name and date, in the layout of its form."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import pikepdf
import pypdfium2
import pytest

from assessments.models import Assessment
from assessments.selectors import feedback_labels
from centres.models import Centre
from centres.scoping import centre_scope
from marking import actions as marking
from marking.actions.render import draw_sheet
from marking.models import Judgement, JudgementLine, ResultSheet, Signature
from marking.rules import Decision
from marking.selectors import judgement_lines
from marking.selectors.origins import Origin
from portfolios.models import Submission
from qualifications.models import Qualification
from tests.makers import (
    AT,
    MENTORING,
    Cast,
    assessed,
    decide,
    make_learner,
    passing,
    sign,
    start,
    submit,
    take,
)
from tests.marking.paper import rows_of, text_of
from tests.marking.released import (
    REVIEWED_AT,
    assessed_again,
    comment_on,
    release_agreed,
    release_overturned,
    release_unsampled,
)

pytestmark = pytest.mark.django_db
BARS = "Outcome Total 50 + overall, AND minimum in each section"
REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}


def draw(sheet: ResultSheet, record: dict[str, Any] | None = None) -> bytes:
    text = sheet.record if record is None else json.dumps(record)
    return draw_sheet(text, record_sha256=sheet.record_sha256)


def says(sheet: ResultSheet, record: dict[str, Any] | None = None) -> str:
    return text_of(draw(sheet, record))


def refs_of(judgement: Judgement) -> list[str]:
    with centre_scope(judgement.centre_id):
        return [line.part_ref for line in judgement_lines(judgement)]


def test_a_section_referral_says_everything(northgate: Centre) -> None:
    cast = Cast(northgate)
    sheet = release_agreed(cast, assessed(cast, "wba-d3-01-02", REFERRED), looked_at="Section 1 twice.")
    text = says(sheet)
    for words in (
        "MARK SHEET",
        "Work-Based Assignment: D3.01 and D3.02",
        "Attempt 1",
        "Centre Number 012345",
        "Centre Name Northgate Training",
        "Learner Registration No ABC1234",
        "Learner Name Amira Khan",
        "Referral: 87 of 100",
        "1 Ensuring good practice in coaching: 11 of 24, minimum 12",
        "Strengths Weaknesses Assr mark QA mark",
        "11 / 24 (min 12) ↓ Below minimum",
        "26 / 26 (min 13)",
        "24 / 24 (min 12)",
        "Total 50 + overall, AND minimum in each section",
        "Section referral if applicable",
        "Name of assessor Priya Shah",
        "2 Nov 2026, 09:30 UTC",
        "Date of IQA check 5 Nov 2026",
        "Name of IQA Lena Grant",
        "5 Nov 2026, 10:30 UTC",
        "What the IQA looked at: Section 1 twice.",
        "The outcome is Referral.",
        "ILM EV signature",
        "Date externally verified (where applicable)",
        "Confirmed by the centre. Subject to external quality assurance by the awarding body.",
        "Not refused.",
        f"Code {sheet.code} · revision 1",
        "Page 1 of 2",
        *(f"Strong on {ref}." for ref in REFERRED),
        *(f"Add more to {ref}." for ref in REFERRED),
    ):
        assert words in text, words
    assert text.count("↓ Below minimum") == 1


def test_each_section_has_its_own_words_and_both_marks_in_its_row(northgate: Centre) -> None:
    cast = Cast(northgate)
    marks = {"1": 12, "2": 14, "3": 16, "4": 18}
    own = {"1": 13, "2": 15, "4": 19}
    sheet = release_agreed(cast, assessed(cast, "wba-d3-01-02", marks), own=own)
    parts = json.loads(sheet.record)["parts"]
    rows = rows_of(says(sheet), [f"{part['ref']} {part['heading']}" for part in parts])
    for part, row in zip(parts, rows, strict=True):
        ref, bounds = part["ref"], f"/ {part['maximum']} (min {part['minimum']})"
        statements = " ".join(f"• {statement}" for statement in part["statements"])
        qa = f"{own[ref]} {bounds} IQA on section {ref}: Seen again: {ref}." if ref in own else "–"
        said = f"{statements} Strong on {ref}. Add more to {ref}. {marks[ref]} {bounds} {qa}"
        assert said in row, row


def test_each_criterion_has_its_own_words_and_both_decisions_in_its_row(harbour: Centre) -> None:
    cast = Cast(harbour, qualification=MENTORING)
    values = {"1.3": Decision.REFERRAL, "2.2": Decision.REFERRAL}
    own = {"1.3": Decision.REFERRAL, "3.1": Decision.PASS}
    sheet = release_agreed(cast, assessed(cast, "portfolio-8586-301", values), own=own)
    parts = json.loads(sheet.record)["parts"]
    rows = rows_of(says(sheet), [f"AC {part['ref']} {part['heading']}" for part in parts])
    for part, row in zip(parts, rows, strict=True):
        ref = part["ref"]
        said = f"Strong on {ref}. " + ("Pass ← Referral" if ref in values else "✓ Pass Referral")
        if ref in own:
            said += f" IQA: {own[ref].capitalize()}"
            assert f"IQA on AC {ref}: Seen again: {ref}." in row, row
        assert said in row, row
        assert ("IQA" in row) == (ref in own), row


def test_the_paper_says_who_declared_signed_and_released_on_which_day(northgate: Centre) -> None:
    cast = Cast(northgate)
    draft = start(cast, "diary-d3-03", at=AT - timedelta(days=9))
    submission = submit(cast, draft, at=AT - timedelta(days=4), has_refused_standardisation=True)
    judgement = take(cast, submission, at=AT - timedelta(days=2))
    text = says(release_unsampled(cast, _decided(judgement, {})))
    for words in (
        "declared 29 Oct 2026, 09:30 UTC over 2 pieces of evidence and the practice records of 1 unit.",
        "☑ Refused: do not use this submission.",
        "Unit D3.03",
        "Priya Shah Assessor. Signed electronically, confirmed with their password. 2 Nov 2026, 09:30 UTC",
        "Released 5 Nov 2026 by Ruth Ode.",
        "Name of IQA Not sampled",
        "Date of IQA check Not sampled",
    ):
        assert words in text, words
    assert "Not refused" not in text


def test_the_paper_of_criteria_says_who_declared_and_signed_on_which_day(harbour: Centre) -> None:
    cast = Cast(harbour, qualification=MENTORING)
    draft = start(cast, "portfolio-8586-301", at=AT - timedelta(days=9))
    submission = submit(cast, draft, at=AT - timedelta(days=4), has_refused_standardisation=True)
    judgement = take(cast, submission, at=AT - timedelta(days=2))
    cast.iqa = cast.lead
    text = says(release_agreed(cast, _decided(judgement, {})))
    signed = "Signed electronically, confirmed with their password."
    for words in (
        "declared on 29 Oct 2026, 09:30 UTC that this submission is their own work",
        "their own work (11 pieces of evidence and the practice records of 1 unit)",
        "to standardise assessment: ☑ refused",
        "Unit 8586-301",
        "Date 2 Nov 2026 Date of QA check 5 Nov 2026",
        f"Signature of Assessor Priya Shah Assessor. {signed} 2 Nov 2026, 09:30 UTC",
        f"Signature of QA Ruth Ode Lead IQA. {signed} 5 Nov 2026, 10:30 UTC",
        "Released 5 Nov 2026 by Ruth Ode.",
    ):
        assert words in text, words


def test_a_later_attempt_says_what_is_carried_over(northgate: Centre) -> None:
    cast = Cast(northgate)
    release_agreed(cast, assessed(cast, "wba-d3-01-02", REFERRED))
    with centre_scope(northgate.pk):
        second = Submission.objects.get(attempt=2)
    judgement = take(cast, submit(cast, second))
    decide(judgement, {"1": 12})
    sign(judgement)
    with centre_scope(northgate.pk):
        judgement = Judgement.objects.get(pk=judgement.pk)
    text = says(release_agreed(cast, judgement))
    assert "Pass: 88 of 100" in text
    # In the assessor's column only: an IQA who agrees marks what they looked at and nothing else.
    assert text.count("Carried over from attempt 1") == 3
    assert "Carried over from attempt 1: 24 by Priya Shah" in text
    assert "No marks of their own: the IQA agrees with the assessor's outcome." in text
    assert "I have assessed the parts of this work that are not carried over" in text


def test_what_an_iqa_decided_is_carried_over_under_their_name(northgate: Centre) -> None:
    cast = Cast(northgate)
    first = assessed(cast, "wba-d3-01-02", {"1": 11, "2": 26, "3": 20, "4": 20})
    release_overturned(cast, first, {"1": 12, "2": 12, "3": 24, "4": 26}, why="The annex was not read.")
    with centre_scope(northgate.pk):
        second = Submission.objects.get(attempt=2)
    first_assessor, cast.assessor = cast.assessor, cast.other_assessor
    judgement = take(cast, submit(cast, second))
    decide(judgement, {"2": 13})
    sign(judgement)
    with centre_scope(northgate.pk):
        judgement = Judgement.objects.get(pk=judgement.pk)
        record = json.loads(Signature.objects.get(judgement=judgement).record)
    origins = {line["part"]: line["origin"] for line in record["lines"]}
    assert origins["2"] is None
    assert origins["3"]["name"] == cast.iqa.name
    text = says(release_agreed(cast, judgement))
    said = f"24 by {cast.iqa.name} (IQA); the assessor gave 20"
    assert f"Carried over from attempt 1: {said}" in text
    # The assessor's words stay in their column, and the IQA's stand under the IQA's name.
    assert "Strong on 3." in text
    assert f"{cast.iqa.name}, IQA, on section 3 in attempt 1: Seen again: 3." in text
    assert first_assessor.name not in origins["3"]["name"]


def test_an_iqas_words_of_both_columns_are_carried_over(northgate: Centre) -> None:
    with centre_scope(northgate.pk):
        line, theirs = JudgementLine(feedback="Clear.", feedback_more="Add dates."), JudgementLine()
    origin = Origin(attempt=1, name="Lena Grant", assessor="Priya Shah", line=line, theirs=theirs)
    assert origin.iqas_words == "Clear.\nAdd dates."


def test_beside_what_an_iqa_overturned_the_assessors_own_decisions_stay_the_assessors(
    northgate: Centre,
) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    first = assessed(cast, "portfolio-8586-301", {"1.2": Decision.REFERRAL, "2.1": Decision.REFERRAL})
    release_overturned(cast, first, {"1.2": Decision.PASS}, why="The plan meets it.")
    judgement = assessed_again(cast, {"2.1": Decision.PASS})
    with centre_scope(northgate.pk):
        record = json.loads(Signature.objects.get(judgement=judgement).record)
    words = {line["part"]: line["origin"]["words"] for line in record["lines"] if line["origin"]}
    by_iqa = f"Carried over from attempt 1: Pass by {cast.iqa.name} (IQA); the assessor gave Referral"
    by_assessor = f"Carried over from attempt 1: Pass by {cast.assessor.name}"
    assert words == {ref: by_iqa if ref == "1.2" else by_assessor for ref in words}
    text = says(release_agreed(cast, judgement))
    assert text.count("(IQA); the assessor gave") == 1
    assert f"{cast.assessor.name}, IQA" not in text


def test_an_agreeing_iqa_signs_the_total_that_they_marked(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "wba-d3-01-02", {"1": 12, "2": 13, "3": 12, "4": 13})
    text = says(release_agreed(cast, judgement, own={"1": 13, "2": 14, "3": 13, "4": 14}))
    assert "50 / 100" in text
    assert "54 / 100" in text


def signed_by_iqa(judgement: Judgement) -> dict[str, Any]:
    """Return the record that the IQA of an attempt signed."""
    with centre_scope(judgement.centre_id):
        signature = Signature.objects.get(
            judgement__submission=judgement.submission_id, judgement__stage=Judgement.Stage.IQA
        )
        record: dict[str, Any] = json.loads(signature.record)
        return record


def test_an_agreeing_iqa_has_no_mark_and_no_total_over_what_no_iqa_decided(northgate: Centre) -> None:
    cast = Cast(northgate)
    release_agreed(cast, assessed(cast, "wba-d3-01-02", {"1": 11, "2": 5}))
    judgement = assessed_again(cast, {"1": 12, "2": 4})
    sheet = release_agreed(cast, judgement, own={"1": 13, "2": 6})
    record = json.loads(sheet.record)
    signed = signed_by_iqa(judgement)
    assert [part["qa"]["mark"] for part in record["parts"]] == [13, 6, None, None]
    assert [line["mark"] for line in signed["lines"]] == [13, 6, None, None]
    assert record["qa"]["total"] is signed["total"] is None
    assert record["qa"]["referred"] == ["2"]
    text = says(sheet)
    assert "Total marks 66 / 100 Total marks – Marked in part" in text
    assert text.count("arried over from attempt 1") == 2  # in the assessor's column alone
    assert "2 Identifying learning styles" in text
    assert ": 6 of 26, minimum 13" in text


def test_what_an_earlier_iqa_decided_counts_under_their_name_and_stands_in_the_signed_record(
    northgate: Centre,
) -> None:
    cast = Cast(northgate)
    first = assessed(cast, "wba-d3-01-02", {"1": 11, "2": 26, "3": 20, "4": 20})
    release_overturned(cast, first, {"1": 12, "2": 12, "3": 24, "4": 26}, why="The annex was not read.")
    judgement = assessed_again(cast, {"2": 13})
    first_iqa, cast.iqa = cast.iqa, cast.other_iqa
    sheet = release_agreed(cast, judgement, own={"2": 14})
    record, signed = json.loads(sheet.record), signed_by_iqa(judgement)
    assert [part["qa"]["mark"] for part in record["parts"]] == [12, 14, 24, 26]
    assert [line["mark"] for line in signed["lines"]] == [12, 14, 24, 26]
    assert record["qa"]["total"] == signed["total"] == 76
    assert [bool(line["origin"]) for line in signed["lines"]] == [True, False, True, True]
    text = says(sheet)
    assert text.count(f"Carried over from attempt 1: {first_iqa.name}'s mark as IQA") == 3
    assert "Total marks 75 / 100 Total marks 76 / 100" in text


def test_an_overturn_by_section_adopts_what_no_iqa_marked_by_name(northgate: Centre) -> None:
    cast = Cast(northgate)
    release_agreed(cast, assessed(cast, "wba-d3-01-02", REFERRED))
    assessor, cast.assessor = cast.assessor, cast.other_assessor
    judgement = assessed_again(cast, {"1": 12})
    sheet = release_overturned(cast, judgement, {"1": 11}, why="The log is not signed.")
    signed = signed_by_iqa(judgement)
    assert [(line["mark"], line["adopted"]) for line in signed["lines"]] == [
        (11, False),
        (26, True),
        (24, True),
        (26, True),
    ]
    text = says(sheet)
    assert text.count(f"Adopted: {assessor.name}'s mark in attempt 1") == 3
    assert "Total marks 87 / 100 With the marks that the IQA adopted." in text


def test_a_third_attempt_names_who_decided_what_the_second_had_carried_over(northgate: Centre) -> None:
    cast = Cast(northgate)
    first = assessed(cast, "wba-d3-01-02", {"1": 11, "2": 5, "3": 20})
    release_overturned(cast, first, {"1": 11, "2": 5, "3": 24, "4": 9}, why="The annex was not read.")
    second = assessed_again(cast, {"1": 12, "2": 4, "4": 26})
    release_overturned(cast, second, {"1": 11, "2": 4, "4": 26}, why="The log is not signed.")
    third = assessed_again(cast, {"1": 12, "2": 13})
    text = says(release_agreed(cast, third, own={"1": 12, "2": 13}))
    assert text.count(f"Carried over from attempt 1: {cast.iqa.name}'s mark as IQA") == 1
    assert text.count(f"Carried over from attempt 2: {cast.iqa.name}'s mark as IQA") == 1
    assert "Total marks 75 / 100 Total marks 75 / 100" in text
    assert "adopted" not in text.lower()


def test_an_iqa_who_marked_in_part_names_what_they_refer_themselves(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "wba-d3-01-02", {"1": 11, "2": 5, "3": 24, "4": 26})
    sheet = release_agreed(cast, judgement, own={"1": 10, "3": 20})
    assert json.loads(sheet.record)["qa"]["referred"] == ["1"]
    text = says(sheet)
    assert "Marked in part: the IQA agrees with the assessor's outcome." in text
    assert ": 10 of 24, minimum 12" in text


def test_an_overturn_to_the_same_outcome_says_what_changed(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "diary-d3-03", {"1": 34, "2": 30})
    text = says(release_overturned(cast, judgement, {"1": 40, "2": 10}, why="Section 2 lacks the plan."))
    assert "The assessor and the IQA both decided Referral. The IQA changed what is referred" in text
    assert "overturned it to Referral" not in text


def test_an_overturn_prints_both_decisions_and_its_reason(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "diary-d3-03", {"1": 34, "2": 16})
    text = says(release_overturned(cast, judgement, {"1": 40, "2": 20}, why="The annex holds the plan."))
    for words in (
        "Pass: 60 of 100",
        "The assessor decided Referral. The IQA overturned it to Pass.",
        "34 / 70",
        "40 / 70",
        "16 / 30",
        "20 / 30",
        "Reason: The annex holds the plan.",
        "Total marks 50 / 100 Total marks 60 / 100",
        f"{BARS} PASS ☑ REFERRAL The outcome is Referral. {BARS} ☑ PASS REFERRAL The outcome is Pass.",
        "IQA on section 1: Seen again: 1.",
        "1 Planning and undertaking coaching sessions: 34 of 70, minimum 35",
    ):
        assert words in text, words


def test_work_released_unsampled_says_so_and_bears_no_iqa_signature(northgate: Centre) -> None:
    cast = Cast(northgate)
    text = says(release_unsampled(cast, assessed(cast, "diary-d3-03")))
    assert (
        "Not sampled: released without review by Ruth Ode, 5 Nov 2026; reason: Low risk this spring." in text
    )
    assert "IQA signature None" in text
    assert text.count("Signed electronically") == 1


def test_a_total_that_alone_fails_is_said_in_words(northgate: Centre) -> None:
    cast = Cast(northgate)
    sheet = release_agreed(cast, assessed(cast, "diary-d3-03"))
    record = json.loads(sheet.record)
    record["assessment"]["total_min"] = 101
    record["final"] = {"outcome": "REFERRAL", "total": 100, "referred": ["1", "2"]}
    assert "The total is below 101, though every section reaches its minimum" in says(sheet, record)


def test_a_result_sheet_says_every_criterion_and_comment(harbour: Centre) -> None:
    cast = Cast(harbour, qualification=MENTORING)
    judgement = take(cast, submit(cast, start(cast, "assignment-8586-300")))
    with centre_scope(harbour.pk):
        marking.save_outcome_comment(
            judgement=judgement, number=2, text="Ethics are strong.", version=1, by=cast.assessor, at=AT
        )
    judgement = _decided(judgement, {"1.2": Decision.REFERRAL})
    sheet = release_agreed(cast, judgement)
    text = says(sheet)
    record = json.loads(sheet.record)
    for words in (
        "UNIT RESULT SHEET",
        "Sufficiency descriptors: Referral Sufficiency descriptors: Pass",
        "Assessor feedback on AC Pass / Referral",
        "Centre Number 067890",
        "Learner Name Amira Khan",
        "AC 1.2 Explain the role and responsibilities of an effective mentor",
        "Pass ← Referral",
        "Learning Outcome 2 comments (optional): Ethics are strong.",
        "QA comments (optional):",
        "Unit Outcome PASS ☑ REFERRAL The outcome is Referral. AC 1.2 Explain the role and responsibilities",
        "Date of QA check 5 Nov 2026",
        "Signature of Assessor",
        "Signature of QA",
        "2 Nov 2026, 09:30 UTC",
    ):
        assert words in text, words
    for part in record["parts"]:
        assert f"AC {part['ref']} {part['heading']}" in text
        assert f"Strong on {part['ref']}." in text
        for descriptor in (*part["referral_descriptors"], *part["pass_descriptors"]):
            assert descriptor in text
    assert text.count("✓ Pass") == len(record["parts"]) - 1


def test_an_overturned_result_sheet_names_what_the_iqa_adopted(harbour: Centre) -> None:
    cast = Cast(harbour, qualification=MENTORING)
    judgement = assessed(cast, "portfolio-8586-301")
    sheet = release_overturned(cast, judgement, {"2.1": Decision.REFERRAL}, why="One tool only is evidenced.")
    text = says(sheet)
    assert "IQA: Referral" in text
    assert "IQA on AC 2.1: Seen again: 2.1." in text
    assert text.count("(the assessor's decision, adopted)") == len(json.loads(sheet.record)["parts"]) - 1
    assert "The assessor decided Pass. The IQA overturned it to Referral." in text
    assert "Unit Outcome ☑ PASS REFERRAL The outcome is Pass. Unit Outcome PASS ☑ REFERRAL" in text


def test_a_comment_on_an_outcome_stands_under_who_made_it_and_in_which_attempt(harbour: Centre) -> None:
    cast = Cast(harbour, qualification=MENTORING)
    first = take(cast, submit(cast, start(cast, "portfolio-8586-301")))
    with centre_scope(harbour.pk):
        comment_on(first, {1: "Plans are clear.", 2: "Ethics are strong."})
    first = _decided(first, {"1.3": Decision.REFERRAL})
    text = says(release_agreed(cast, first, comments={2: "Seen by the IQA.", 3: "The IQA adds this."}))
    said = {number: f"Learning Outcome {number} comments (optional):" for number in (1, 2, 3)}
    for words in (
        f"{said[1]} Plans are clear. QA comments (optional): –",
        f"{said[2]} Ethics are strong. QA comments (optional): Seen by the IQA.",
        f"{said[3]} – QA comments (optional): The IQA adds this.",
    ):
        assert words in text, words

    with centre_scope(harbour.pk):
        second = take(cast, submit(cast, Submission.objects.get(attempt=2)))
        comment_on(second, {1: "The contract is agreed."})
    text = says(release_agreed(cast, _decided(second, {})))
    for words in (
        f"{said[1]} The contract is agreed. QA comments (optional): –",
        f"{said[2]} (attempt 1, Priya Shah) Ethics are strong. QA comments (optional): –",
        f"{said[3]} – QA comments (optional): –",
    ):
        assert words in text, words


def test_an_overturn_adopts_what_is_carried_over_by_the_name_of_who_decided_it(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    release_unsampled(cast, assessed(cast, "portfolio-8586-301", {"2.1": Decision.REFERRAL}))
    judgement = assessed_again(cast, {"2.1": Decision.REFERRAL})
    sheet = release_overturned(cast, judgement, {"2.1": Decision.PASS}, why="The second tool is there.")
    text = says(sheet)
    said = f"IQA: Pass (adopted: {cast.assessor.name}'s decision in attempt 1)"
    assert text.count(said) == len(json.loads(sheet.record)["parts"]) - 1
    signed = signed_by_iqa(judgement)
    assert [line["part"] for line in signed["lines"] if not line["adopted"]] == ["2.1"]
    assert all(line["decision"] == "PASS" for line in signed["lines"])


def test_an_earlier_iqas_decision_is_not_adopted_but_named(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    first = assessed(cast, "portfolio-8586-301", {"1.2": Decision.REFERRAL, "2.1": Decision.REFERRAL})
    release_overturned(cast, first, {"1.2": Decision.PASS}, why="The plan meets it.")
    judgement = assessed_again(cast, {"2.1": Decision.REFERRAL})
    first_iqa, cast.iqa = cast.iqa, cast.other_iqa
    text = says(release_overturned(cast, judgement, {"2.1": Decision.PASS}, why="The tool is there."))
    assert text.count(f"IQA: Pass (carried over from attempt 1: {first_iqa.name}'s decision as IQA)") == 1
    assert f"(adopted: {cast.assessor.name}'s decision in attempt 1)" in text
    signed = signed_by_iqa(judgement)
    assert {line["part"] for line in signed["lines"] if not line["adopted"]} == {"1.2", "2.1"}


def test_a_record_made_before_it_had_words_for_them_still_says_what_is_not_the_iqas_own(
    northgate: Centre,
) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    sheet = release_overturned(
        cast, assessed(cast, "portfolio-8586-301"), {"2.1": Decision.REFERRAL}, why="One tool only is there."
    )
    record = json.loads(sheet.record)
    for part in record["parts"]:
        del part["qa"]["words"]
    record["parts"][0]["qa"] |= {"carried_from": 1, "adopted": False}
    text = says(sheet, record)
    assert text.count("(the assessor's decision, adopted)") == len(record["parts"]) - 2
    assert "IQA: Pass (carried over from attempt 1)" in text


def test_every_assessment_has_a_sheet_under_the_labels_of_each_qualification(northgate: Centre) -> None:
    cast = Cast(northgate)
    drawn = set()
    for number, qualification in enumerate(Qualification.objects.order_by("key")):
        # A learner for each: a unit that two qualifications share counts as achieved in both.
        cast.registration = make_learner(
            northgate,
            f"Learner {number}",
            by=cast.administrator,
            qualification=qualification.key,
            number=f"N{number}",
        )
        with centre_scope(northgate.pk):
            cast.learner = cast.registration.learner.membership
        for assessment in Assessment.objects.filter(in_qualifications__qualification=qualification):
            text = says(release_unsampled(cast, assessed(cast, assessment.key)))
            labels = feedback_labels(qualification.pk, assessment.pk)
            assert " ".join(labels) in text
            assert qualification.title in text
            drawn.add(assessment.key)
    assert len(drawn) == 15


def test_what_an_iqa_wrote_stands_on_the_page_of_its_criterion(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    judgement = assessed(cast, "portfolio-8586-301")
    sheet = release_agreed(cast, judgement, own=dict.fromkeys(refs_of(judgement), Decision.PASS))
    record = json.loads(sheet.record)
    for lines in range(1, 7):  # so that pages end at other rows
        record["parts"][0]["assessor"]["feedback"] = "\n".join(["Well done."] * 3 * lines)
        document = pypdfium2.PdfDocument(draw(sheet, record))
        for page in document:
            text = page.get_textpage().get_text_bounded()
            for ref in re.findall(r"IQA on AC ([0-9.]+):", text):
                assert f"AC {ref}\r\n" in text.split(f"IQA on AC {ref}:")[0], (lines, ref)


def test_words_that_look_like_pages_or_commands_are_printed_as_words(northgate: Centre) -> None:
    cast = Cast(northgate)
    sheet = release_agreed(cast, assessed(cast, "diary-d3-03"))
    record = json.loads(sheet.record)
    nasty = (
        '<b>bold</b><img src="file:///etc/passwd"><script>alert(1)</script> {{ x }} & \x07\u202e\U0001f389 '
    )
    record["parts"][0]["assessor"]["feedback"] = nasty + "x" * 300
    record["learner"]["name"] = '"><h1>Me'
    content = draw(sheet, record)
    # Lines break inside long words, so the letters are compared and not the spaces.
    text = text_of(content).replace(" ", "")
    assert '<b>bold</b><imgsrc="file:///etc/passwd"><script>alert(1)</script>{{x}}&[partypopper]' in text
    assert "x" * 300 in text
    assert '"><h1>Me' in text
    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.docinfo["/Title"]).endswith('"><h1>Me')
        assert list(document.attachments) == ["record.json"]


def test_three_thousand_words_flow_over_pages_without_a_cut(northgate: Centre) -> None:
    cast = Cast(northgate)
    sheet = release_agreed(cast, assessed(cast, "diary-d3-03"))
    record = json.loads(sheet.record)
    words = [f"word{number}" for number in range(3000)]
    record["parts"][1]["assessor"]["feedback"] = " ".join(words)
    text = says(sheet, record)
    assert [word for word in text.split() if word.startswith("word")] == words
    assert text.count("Criteria Strengths Weaknesses Assr mark QA mark") >= 3


def test_words_that_nobody_can_see_are_printed_as_none(harbour: Centre) -> None:
    cast = Cast(harbour, qualification=MENTORING)
    sheet = release_agreed(cast, assessed(cast, "portfolio-8586-301"), comments={1: "Seen."})
    record = json.loads(sheet.record)
    record["outcome_comments"][0] |= {"assessor": "\u200b", "qa": "\u00ad"}
    for part in record["parts"]:
        part["assessor"]["feedback"] = part["qa"]["feedback"] = "\u200b \u2060"
    text = says(sheet, record)
    assert "Learning Outcome 1 comments (optional): – QA comments (optional): –" in text
    assert "IQA on AC" not in text
    assert text.count("– ✓ Pass Referral") == len(record["parts"])


def test_the_record_lies_inside_and_the_same_record_gives_the_same_bytes(northgate: Centre) -> None:
    cast = Cast(northgate)
    sheet = release_agreed(cast, assessed(cast, "diary-d3-03"))
    content = draw(sheet)
    assert draw(sheet) == content
    with pikepdf.open(io.BytesIO(content)) as document:
        held = document.attachments["record.json"].get_file()
        assert held.read_bytes().decode() == sheet.record
        assert held.creation_date == REVIEWED_AT
        assert str(document.Root.Lang) == "en-GB"
        assert str(document.docinfo["/Author"]) == "Northgate Training"


def _decided(judgement: Judgement, values: dict[str, Any]) -> Judgement:
    decide(judgement, {**passing(judgement), **values})
    sign(judgement)
    with centre_scope(judgement.centre_id):
        signed: Judgement = Judgement.objects.select_related("submission").get(pk=judgement.pk)
        return signed
