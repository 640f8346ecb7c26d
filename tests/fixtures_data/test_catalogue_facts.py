"""The catalogue's fixtures say what the awarding body's specifications say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CATALOGUE = Path(__file__).resolve().parents[2] / "fixtures" / "catalogue"

COACHING_AND_MENTORING = "l3-cert-workplace-coaching-mentoring"
MENTORING_AWARD = "l3-award-effective-mentoring"
MENTORING_CERTIFICATE = "l3-cert-effective-mentoring"
MANAGEMENT = "l5-cert-coaching-mentoring-management"
WORKPLACE_COACHES = "l3-cert-professional-workplace-coaches"
LEVEL_5 = "l5-cert-effective-coaching-mentoring"


def gather(kind: str) -> list[dict[str, Any]]:
    files = sorted(CATALOGUE.glob("*.json"))
    return [entry for file in files for entry in json.loads(file.read_text("utf-8")).get(kind, [])]


QUALIFICATIONS = {entry["key"]: entry for entry in gather("qualifications")}
UNITS = {entry["ref"]: entry for entry in gather("units")}
ASSESSMENTS = {entry["key"]: entry for entry in gather("assessments")}
PROGRAMMES = {entry["key"]: entry for entry in gather("programmes")}
TEMPLATES = {entry["key"]: entry for entry in gather("templates")}
MARKED = sorted(key for key, entry in ASSESSMENTS.items() if entry["rule"] == "section_marks")
BY_CRITERION = sorted(key for key, entry in ASSESSMENTS.items() if entry["rule"] == "all_criteria")


def criteria_of(unit_ref: str) -> dict[str, str]:
    outcomes = UNITS[unit_ref]["learning_outcomes"]
    return {criterion["ref"]: criterion["text"] for outcome in outcomes for criterion in outcome["criteria"]}


def sheet_criteria(key: str) -> Iterator[dict[str, Any]]:
    for outcome in ASSESSMENTS[key]["result_sheet"]["outcomes"]:
        yield from outcome["criteria"]


def test_counts() -> None:
    kinds = ("qualifications", "units", "assessments", "templates")
    assert [len(gather(kind)) for kind in kinds] == [6, 17, 15, 25]
    assert [len(table) for table in (QUALIFICATIONS, UNITS, ASSESSMENTS, TEMPLATES)] == [6, 17, 15, 25]
    assert sum(len(unit["learning_outcomes"]) for unit in UNITS.values()) == 51
    assert sum(len(criteria_of(ref)) for ref in UNITS) == 142


def test_everything_is_version_one_but_the_forms_that_say_what_counts() -> None:
    for table in (QUALIFICATIONS, UNITS, ASSESSMENTS):
        assert {entry["version"] for entry in table.values()} == {1}
    later = {key: entry["version"] for key, entry in TEMPLATES.items() if entry["version"] != 1}
    assert later == {
        "mentoring-diary": 2,
        "reflective-log": 2,
        "coaching-log-session-record": 2,
        "level5-session-diary": 2,
        "level5-reflective-log": 2,
    }


@pytest.mark.parametrize(
    ("key", "level", "credits", "units"),
    [
        (COACHING_AND_MENTORING, 3, 28, ["D3.01", "D3.02", "D3.03", "D3.04", "D3.05", "D3.06", "D3.07"]),
        (MENTORING_AWARD, 3, 10, ["8586-300", "8586-301", "8586-303"]),
        (MENTORING_CERTIFICATE, 3, 13, ["8586-300", "8586-302", "8586-303"]),
        (MANAGEMENT, 5, 13, ["D5.01", "D5.02", "D5.03"]),
        (WORKPLACE_COACHES, 3, 15, ["D3.01", "D3.02", "D3.03", "D3.04"]),
        (LEVEL_5, 5, 16, ["8588-500", "8588-501", "8588-503"]),
    ],
)
def test_credits_of_a_qualification_are_the_sum_of_its_units(
    key: str, level: int, credits: int, units: list[str]
) -> None:
    qualification = QUALIFICATIONS[key]
    assert (qualification["level"], qualification["units"]) == (level, units)
    assert qualification["credits"] == credits == sum(UNITS[ref]["credits"] for ref in units)
    assert qualification["glh_units_sum"] == sum(UNITS[ref]["glh"] for ref in units)
    assert {UNITS[ref]["level"] for ref in units} == {level}
    assert qualification["all_units_mandatory"] is True


@pytest.mark.parametrize("key", QUALIFICATIONS)
def test_assessments_of_a_qualification_cover_each_of_its_units_once(key: str) -> None:
    qualification = QUALIFICATIONS[key]
    assessments = [ASSESSMENTS[name] for name in qualification["assessments"]]
    assert [ref for assessment in assessments for ref in assessment["units"]] == qualification["units"]
    assert all(key in assessment["used_in"] for assessment in assessments)
    assert {assessment["rule"] for assessment in assessments} == {qualification["rule"]}


@pytest.mark.parametrize(
    ("key", "glh", "tqt", "years", "induction", "tutorial", "min_age"),
    [
        (COACHING_AND_MENTORING, 65, None, 3, 1, 4, None),
        (MENTORING_AWARD, 29, 97, 3, 1, 2, 16),
        (MENTORING_CERTIFICATE, 31, 130, 3, 1, 2, 16),
        (MANAGEMENT, 45, None, 3, 1, 2, None),
        (WORKPLACE_COACHES, 36, None, 3, 1, 2, None),
        (LEVEL_5, 42, None, None, None, None, None),
    ],
)
def test_hours_time_limits_and_ages(
    key: str,
    glh: int,
    tqt: int | None,
    years: int | None,
    induction: int | None,
    tutorial: int | None,
    min_age: int | None,
) -> None:
    qualification = QUALIFICATIONS[key]
    assert (qualification["glh"], qualification["tqt"]) == (glh, tqt)
    assert (qualification["time_limit_years"], qualification["min_age"]) == (years, min_age)
    assert (qualification["induction_hours"], qualification["tutorial_hours"]) == (induction, tutorial)


def test_numbers_of_the_regulator_and_the_awarding_body() -> None:
    numbers = {key: entry["accreditation_numbers"] for key, entry in QUALIFICATIONS.items()}
    assert numbers == {
        COACHING_AND_MENTORING: ["500/5708/X"],
        MENTORING_AWARD: [],
        MENTORING_CERTIFICATE: ["603/3737/0"],
        MANAGEMENT: [],
        WORKPLACE_COACHES: ["500/3565/4"],
        LEVEL_5: [],
    }
    assert QUALIFICATIONS[MENTORING_AWARD]["ilm_codes"] == ["8586-11"]
    assert QUALIFICATIONS[MENTORING_CERTIFICATE]["ilm_codes"] == ["8586-21"]
    assert {ref: unit["uan"] for ref, unit in UNITS.items() if unit["uan"]} == {
        "8586-300": "L/617/2853",
        "8586-301": "R/617/2854",
        "8586-302": "Y/617/2855",
        "8586-303": "D/617/2856",
        "8588-500": "D/617/2906",
        "8588-501": "H/617/2907",
        "8588-503": "M/617/2909",
    }


def test_feedback_columns_carry_the_labels_of_the_qualification() -> None:
    labels = {
        COACHING_AND_MENTORING: ["Strengths", "Weaknesses"],
        MANAGEMENT: ["Strengths", "Areas for Improvement"],
        WORKPLACE_COACHES: ["Strengths", "Areas for Improvement"],
        MENTORING_AWARD: ["Assessor feedback on AC"],
        MENTORING_CERTIFICATE: ["Assessor feedback on AC"],
        LEVEL_5: ["Assessor feedback on AC"],
    }
    assert {key: entry["feedback_columns"] for key, entry in QUALIFICATIONS.items()} == labels
    for assessment in ASSESSMENTS.values():
        expected = {key: labels[key] for key in assessment["used_in"]}
        assert assessment["columns_by_qualification"] == expected


SECTION_MARKS = {
    "wba-d3-01-02": [(24, 12), (26, 13), (24, 12), (26, 13)],
    "diary-d3-03": [(70, 35), (30, 15)],
    "log-d3-04": [(70, 35), (30, 15)],
    "review-d3-05": [(36, 18), (34, 17), (30, 15)],
    "diary-d3-06": [(40, 20), (60, 30)],
    "log-d3-07": [(70, 35), (30, 15)],
    "wba-d5-01": [(4, 2), (40, 20), (16, 8), (40, 20)],
    "diary-d5-02-03": [(34, 17), (30, 15), (36, 18)],
}


def test_section_maxima_and_minima() -> None:
    marks = {
        key: [(section["max_marks"], section["min_marks"]) for section in ASSESSMENTS[key]["sections"]]
        for key in MARKED
    }
    assert marks == SECTION_MARKS


@pytest.mark.parametrize("key", MARKED)
def test_sections_sum_to_the_totals(key: str) -> None:
    assessment = ASSESSMENTS[key]
    sections = assessment["sections"]
    assert (assessment["total_max"], assessment["total_min"]) == (100, 50)
    assert sum(section["max_marks"] for section in sections) == 100
    assert sum(section["min_marks"] for section in sections) == 50
    assert assessment["result_sheet"] is None


@pytest.mark.parametrize("key", MARKED)
def test_sections_reach_every_criterion_and_only_those_of_the_units(key: str) -> None:
    assessment = ASSESSMENTS[key]
    expected = {f"{unit} {ref}" for unit in assessment["units"] for ref in criteria_of(unit)}
    reached: list[str] = []
    for section in assessment["sections"]:
        assert len(section["criteria_map"]) == len(section["criteria_statements"])
        reached += [ref for refs in section["criteria_map"] for ref in refs]
    assert sorted(reached) == sorted(expected)


def test_only_the_context_section_answers_to_no_criterion() -> None:
    unmapped = [
        (key, section["heading"])
        for key in MARKED
        for section in ASSESSMENTS[key]["sections"]
        if not all(section["criteria_map"])
    ]
    assert unmapped == [("wba-d5-01", "Context of the assignment")]


def test_headings_speak_of_what_the_unit_is_about() -> None:
    headings = {key: [section["heading"] for section in ASSESSMENTS[key]["sections"]] for key in MARKED}
    assert headings["diary-d3-06"][1] == "Reflections on the effectiveness of mentoring activity"
    assert headings["log-d3-07"][0] == "Planning and undertaking mentoring sessions"
    assert headings["review-d3-05"][1] == "Key concepts, principles and practices of mentoring"
    assert headings["diary-d5-02-03"][1] == "Planning and undertaking coaching or mentoring sessions"


@pytest.mark.parametrize("key", BY_CRITERION)
def test_result_sheet_has_every_criterion_once_with_both_descriptors(key: str) -> None:
    assessment = ASSESSMENTS[key]
    (unit,) = assessment["units"]
    outcomes = assessment["result_sheet"]["outcomes"]
    assert [(outcome["lo"], outcome["text"]) for outcome in outcomes] == [
        (outcome["number"], outcome["text"]) for outcome in UNITS[unit]["learning_outcomes"]
    ]
    assert [criterion["ref"] for criterion in sheet_criteria(key)] == list(criteria_of(unit))
    for criterion in sheet_criteria(key):
        assert criterion["text_on_sheet"]
        assert criterion["referral_descriptors"], criterion["ref"]
        assert criterion["pass_descriptors"], criterion["ref"]
    assert assessment["sections"] == []


def test_result_sheet_of_302_asks_for_two_supervision_sessions() -> None:
    sheet = {criterion["ref"]: criterion for criterion in sheet_criteria("portfolio-8586-302")}
    assert sheet["3.4"]["text_on_sheet"] == criteria_of("8586-302")["3.4"]
    assert "a minimum of 2 sessions" in sheet["3.4"]["text_on_sheet"]
    assert "at least two supervision sessions" in sheet["3.4"]["pass_descriptors"][0]


@pytest.mark.parametrize(
    ("ref", "hours", "clients", "exceptional", "supervision"),
    [
        ("D3.03", 6, (None, None), None, (None, None)),
        ("D3.04", 30, (None, None), None, (None, None)),
        ("D3.06", 6, (None, None), None, (None, None)),
        ("D3.07", 20, (None, None), None, (None, None)),
        ("D5.03", 12, (None, None), None, (None, None)),
        ("8586-301", 6, (None, 2), None, (1, 1)),
        ("8586-302", 12, (None, 2), 3, (2, 2)),
        ("8588-501", 18, (2, 3), 4, (1, None)),
    ],
)
def test_practice_hours_clients_and_supervision(
    ref: str,
    hours: int,
    clients: tuple[int | None, int | None],
    exceptional: int | None,
    supervision: tuple[int | None, int | None],
) -> None:
    unit = UNITS[ref]
    assert unit["minimum_practice_hours"] == hours
    assert (unit["min_clients"], unit["max_clients"]) == clients
    assert unit["exceptional_max_clients"] == exceptional
    assert (unit["min_supervision_hours"], unit["min_supervision_sessions"]) == supervision


def test_only_practice_units_ask_for_hours_and_their_assessments_agree() -> None:
    with_hours = {ref: unit["minimum_practice_hours"] for ref, unit in UNITS.items()}
    assert sum(hours is not None for hours in with_hours.values()) == 8
    for assessment in ASSESSMENTS.values():
        hours = [with_hours[ref] for ref in assessment["units"] if with_hours[ref] is not None]
        assert [assessment["minimum_practice_hours"]] == (hours or [None])


def test_development_plans_cover_their_months() -> None:
    plans = {ref: unit["cpd_plan_months"] for ref, unit in UNITS.items() if unit["cpd_plan_months"]}
    assert plans == {"8586-303": 6, "8588-503": 12}


@pytest.mark.parametrize(
    ("assessment", "ref", "phrase"),
    [
        ("assignment-8586-300", "1.4", "two or more"),
        ("assignment-8586-300", "2.1", "at least two"),
        ("assignment-8586-300", "3.2", "three or more"),
        ("assignment-8586-300", "3.3", "two or more"),
        ("portfolio-8586-301", "2.1", "at least two"),
        ("portfolio-8586-302", "2.1", "at least two"),
        ("journal-8586-303", "2.2", "at least 6 months"),
        ("assignment-8588-500", "1.1", "at least two similarities and two differences"),
        ("assignment-8588-500", "1.2", "at least three"),
        ("assignment-8588-500", "1.3", "at least two benefits for organisations and two for individuals"),
        ("assignment-8588-500", "1.4", "at least one individual measure and one organisational measure"),
        ("assignment-8588-500", "1.5", "at least two individual and two organisational"),
        ("assignment-8588-500", "2.1", "each with one referenced example"),
        ("assignment-8588-500", "2.2", "at least four"),
        ("portfolio-8588-501", "1.2", "two or more development needs"),
        ("portfolio-8588-501", "2.1", "at least 18 hours with 2 to 3 individuals"),
        ("portfolio-8588-501", "3.2", "two or more"),
        ("portfolio-8588-501", "3.3", "at least 1 hour"),
        ("journal-8588-503", "2.2", "at least 12 months"),
    ],
)
def test_pass_descriptors_keep_their_thresholds(assessment: str, ref: str, phrase: str) -> None:
    (criterion,) = [entry for entry in sheet_criteria(assessment) if entry["ref"] == ref]
    assert phrase in " ".join(criterion["pass_descriptors"]).lower()


def test_word_count_of_unit_300_is_the_only_one() -> None:
    counts = {key: entry["word_count"] for key, entry in ASSESSMENTS.items() if entry["word_count"]}
    assert counts == {"assignment-8586-300": [2500, 3500]}


def test_templates_name_units_that_exist() -> None:
    assert all(ref in UNITS for template in TEMPLATES.values() for ref in template["for_units"])
    feedback = TEMPLATES["mentee-feedback"]
    assert len(feedback["attributes"]) == feedback["attribute_count"] == 15
    assert (feedback["scale"]["min"], feedback["scale"]["max"]) == (1, 10)
    assert sorted(key for key, entry in TEMPLATES.items() if entry["mandatory"]) == [
        "coaching-log-session-record",
        "level5-reflective-log",
        "level5-session-diary",
        "mark-sheet",
        "portfolio-contents",
        "portfolio-evidence-matrix",
        "reflective-journal-contents",
        "reflective-journal-matrix",
        "result-sheet",
    ]


def test_a_portfolio_begins_with_who_vouches_for_it_and_its_matrix() -> None:
    orders = {key: entry for key, entry in TEMPLATES.items() if "contents" in entry}
    placed = [ref for entry in orders.values() for ref in entry["for_units"]]
    assert sorted(placed) == ["8586-301", "8586-302", "8586-303", "8588-501", "8588-503"]
    for entry in orders.values():
        parts = [row["of"] for row in entry["contents"]]
        assert parts[:2] == ["authentication", "matrix"]
        assert {key for row in entry["contents"] for key in row.get("templates", ())} <= set(TEMPLATES)


@pytest.mark.parametrize(
    ("key", "induction", "tutorials", "covered", "identified"),
    [
        ("l3-award-effective-mentoring", 1, 2, 9, 4),
        ("l3-cert-effective-mentoring", 1, 2, 9, 4),
        ("l3-cert-workplace-coaching-mentoring", 1, 4, 0, 0),
        (WORKPLACE_COACHES, 1, 2, 0, 0),
        ("l5-cert-coaching-mentoring-management", 1, 2, 0, 0),
    ],
)
def test_programmes_hold_what_the_documents_ask(
    key: str, induction: int, tutorials: int, covered: int, identified: int
) -> None:
    [programme] = [entry for entry in PROGRAMMES.values() if key in entry["for_qualifications"]]
    qualification = QUALIFICATIONS[key]
    assert (qualification["induction_hours"], qualification["tutorial_hours"]) == (induction, tutorials)
    assert (len(programme["induction"]), len(programme["initial_assessment"])) == (covered, identified)
    assert programme["deviations"]


def test_a_document_without_a_programme_has_none() -> None:
    key = "l5-cert-effective-coaching-mentoring"
    assert not any(key in entry["for_qualifications"] for entry in PROGRAMMES.values())
    assert QUALIFICATIONS[key]["induction_hours"] is QUALIFICATIONS[key]["tutorial_hours"] is None
