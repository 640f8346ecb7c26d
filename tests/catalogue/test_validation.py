"""Whatever is broken in a good catalogue is named with its place; nothing broken gets through."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.catalogue.files import Document, faults, named, plan, small, whole

brief = settings(max_examples=20, deadline=None)
SMALL = small()
MARKED = [item for item in SMALL["assessments"] if item["rule"] == "section_marks"]
BY_CRITERION = [item for item in SMALL["assessments"] if item["rule"] == "all_criteria"]


def test_the_catalogue_has_no_faults() -> None:
    counts = {kind: len(items) for kind, items in plan(whole()).new.items()}
    expected = {"units": 17, "assessments": 15, "qualifications": 6, "programmes": 4, "templates": 25}
    assert counts == expected


def named_one(message: str, *parts: str) -> bool:
    return all(part in message for part in parts)


def broken(document: Document, *parts: str) -> None:
    """Assert that the document is refused for a reason that holds all ``parts``."""
    found = faults(document)
    assert any(named_one(message, *parts) for message in found), found


@brief
@given(st.sampled_from(MARKED), st.data())
def test_sections_that_do_not_sum_to_the_total_are_named(assessment: Document, data: st.DataObject) -> None:
    document = small()
    changed = named(document, "assessments", assessment["key"])
    section = data.draw(st.sampled_from(changed["sections"]))
    section["max_marks"] += data.draw(st.integers(1, 50))
    broken(document, f"assessments[{assessment['key']}].total_max: 100 is not the sum")


@brief
@given(st.sampled_from(MARKED), st.data())
def test_a_minimum_above_its_maximum_is_named(assessment: Document, data: st.DataObject) -> None:
    document = small()
    section = data.draw(st.sampled_from(named(document, "assessments", assessment["key"])["sections"]))
    section["min_marks"] = section["max_marks"] + 1
    broken(document, f"assessments[{assessment['key']}].sections[", ".min_marks: ", "is more than max_marks")


@brief
@given(st.sampled_from(MARKED))
def test_a_total_minimum_above_the_total_is_named(assessment: Document) -> None:
    document = small()
    named(document, "assessments", assessment["key"])["total_min"] = 101
    broken(document, f"assessments[{assessment['key']}].total_min: 101 is more than total_max")


@brief
@given(st.sampled_from(SMALL["units"]), st.data())
def test_a_criterion_that_was_taken_away_is_missed(unit: Document, data: st.DataObject) -> None:
    document = small()
    outcome = data.draw(st.sampled_from(named(document, "units", unit["ref"])["learning_outcomes"]))
    place = data.draw(st.integers(0, len(outcome["criteria"]) - 1))
    gone = outcome["criteria"].pop(place)["ref"]
    found = faults(document)
    assert any(gone in message for message in found), (gone, found)


@brief
@given(st.sampled_from(SMALL["units"]), st.data())
def test_a_criterion_given_twice_is_named(unit: Document, data: st.DataObject) -> None:
    document = small()
    outcome = data.draw(st.sampled_from(named(document, "units", unit["ref"])["learning_outcomes"]))
    twice = data.draw(st.sampled_from(outcome["criteria"]))
    outcome["criteria"].append(dict(twice))
    broken(document, f"units[{unit['ref']}].learning_outcomes: criterion {twice['ref']} is given twice")


@pytest.mark.parametrize("kind", ["qualifications", "units", "assessments", "programmes", "templates"])
def test_a_name_given_twice_is_named_with_both_files(kind: str) -> None:
    document = small()
    twice = document[kind][0]
    name = twice.get("ref") or twice["key"]
    document[kind].append(copy.deepcopy(twice))
    broken(document, f"{kind}[{name}]", f"{name} version {twice['version']} is given twice")


@brief
@given(st.sampled_from(MARKED), st.data())
def test_a_criterion_that_no_section_reaches_is_named(assessment: Document, data: st.DataObject) -> None:
    document = small()
    sections = named(document, "assessments", assessment["key"])["sections"]
    refs = [refs for section in sections for refs in section["criteria_map"] if refs]
    chosen = data.draw(st.sampled_from(refs))
    gone = chosen.pop()
    broken(document, f"assessments[{assessment['key']}].sections: criterion {gone} is reached by no section")


@brief
@given(st.sampled_from(BY_CRITERION), st.data())
def test_a_criterion_that_a_result_sheet_leaves_out_is_named(
    assessment: Document, data: st.DataObject
) -> None:
    document = small()
    outcomes = named(document, "assessments", assessment["key"])["result_sheet"]["outcomes"]
    lines = data.draw(st.sampled_from([outcome["criteria"] for outcome in outcomes]))
    gone = lines.pop()["ref"]
    broken(
        document, f"assessments[{assessment['key']}].result_sheet", f"criterion {gone} is not on the sheet"
    )


def test_a_sheet_may_name_only_criteria_of_its_unit() -> None:
    document = small()
    sheet = named(document, "assessments", "assignment-8588-500")["result_sheet"]
    sheet["outcomes"][0]["criteria"][0]["ref"] = "9.9"
    place = "assessments[assignment-8588-500].result_sheet.outcomes[1].criteria[9.9]"
    broken(document, place, "learning outcome 1 of the unit has no criterion 9.9")
    section = named(document, "assessments", "wba-d5-01")["sections"][1]
    section["criteria_map"][0] = ["D5.02 1.1"]
    broken(document, "criteria_map[#1]: no unit of this assessment has the criterion the text D5.02 1.1")


@brief
@given(st.integers(1, 30))
def test_credits_that_do_not_add_up_are_named(more: int) -> None:
    document = small()
    document["qualifications"][0]["credits"] += more
    key = document["qualifications"][0]["key"]
    broken(
        document, f"qualifications[{key}].credits: {13 + more} is not the sum over the units: 5 + 3 + 5 = 13"
    )


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (lambda d: d["qualifications"][0]["units"].append("D9.99"), ("units", "D9.99 is neither given nor")),
        (
            lambda d: d["qualifications"][0]["assessments"].append("x"),
            ("assessments", "x is neither given nor"),
        ),
        (
            lambda d: d["qualifications"][0]["assessments"].pop(0),
            ("assessments: unit D5.01 is decided by none",),
        ),
        (
            lambda d: d["qualifications"][0].update(rule="all_criteria"),
            ("rule: all_criteria is not the rule of",),
        ),
        (lambda d: d["qualifications"][0].update(glh_units_sum=1), ("glh_units_sum: 1 is not the sum",)),
        (
            lambda d: d["qualifications"][0].update(units=[]),
            ("units: should be a list of at least one text",),
        ),
        (lambda d: d["qualifications"][0]["units"].append("D5.01"), ("units[#4]: D5.01 is given twice",)),
        (lambda d: d["qualifications"][0].update(key="a b"), ("may hold only letters, digits",)),
        (lambda d: d["qualifications"][0].update(title="x" * 201), ("title: longer than 200 characters",)),
        (lambda d: d["qualifications"][0].update(level=True), ("level: should be a whole number, not true",)),
        (
            lambda d: d["qualifications"][0].update(level="3"),
            ("level: should be a whole number, not the text 3",),
        ),
        (
            lambda d: d["qualifications"][0].update(level=3.0),
            ("level: should be a whole number, not the dec",),
        ),
        (lambda d: d["qualifications"][0].update(tqt=-1), ("tqt: -1 is not between 0 and 32767",)),
        (lambda d: d["qualifications"][0].update(version=0), ("version: 0 is not between 1 and",)),
        (lambda d: d["qualifications"][0].update(version=None), ("version: is missing",)),
        (lambda d: d["units"][0].pop("title"), ("units[D5.01].title: is missing: a text is needed",)),
        (lambda d: d["units"][0].update(title=" "), ("units[D5.01].title: should be a text, not blank",)),
        (lambda d: d["units"][0].pop("ref"), ("units[#1].ref: is missing",)),
        (
            lambda d: d["units"][0].update(learning_outcomes=[]),
            ("learning_outcomes: should be a list of at",),
        ),
        (lambda d: d["units"][0]["learning_outcomes"].pop(0), ("learning outcome 1 is missing",)),
        (
            lambda d: d["units"][0]["learning_outcomes"][0].update(number=2),
            ("learning outcome 2 is given twice",),
        ),
        (
            lambda d: d["units"][0]["learning_outcomes"][0]["criteria"][0].update(ref="2.9"),
            ("learning_outcomes[1].criteria: criterion 2.9 stands under learning outcome 1",),
        ),
        (
            lambda d: d["units"][0].update(min_clients=3, max_clients=2),
            ("min_clients: 3 is more than max_clients, which is 2",),
        ),
        (
            lambda d: d["assessments"][0].update(rule="marks"),
            ("rule: should be section_marks or all_criteria",),
        ),
        (lambda d: d["assessments"][0].update(sections=[]), ("sections: should be a list of at least one",)),
        (lambda d: d["assessments"][0].update(result_sheet={}), ("an assessment by section_marks has none",)),
        (lambda d: d["assessments"][-1].update(total_max=100), ("an assessment by all_criteria has none",)),
        (
            lambda d: d["assessments"][0].update(word_count=[9, 1]),
            ("word_count: should be two whole numbers",),
        ),
        (lambda d: d["assessments"][0].update(used_in=["none"]), ("used_in: qualification none is neither",)),
        (
            lambda d: d["assessments"][0]["used_in"].append(d["qualifications"][1]["key"]),
            ("used_in: l5-cert-effective-coaching-mentoring does not name wba-d5-01",),
        ),
        (
            lambda d: d["assessments"][0]["sections"][0]["criteria_map"].append([]),
            ("criteria_map: has 2 entries for 1 criteria_statements",),
        ),
        (lambda d: d["assessments"][-1]["units"].append("D5.01"), ("is about one unit",)),
        (
            lambda d: d["assessments"][0].update(pins={"units": {"D5.01": 7}}),
            ("there is no version 7 of D5.01",),
        ),
        (lambda d: d["assessments"][0].update(pins={"units": {"D3.01": 1}}), ("is not among the units",)),
        (lambda d: d["assessments"][0].update(pins=["D5.01"]), ("pins: should be an object of objects",)),
        (
            lambda d: d["templates"][0].update(evidence_signed_by="anybody"),
            ("evidence_signed_by: should be one of learner, assessor, witness",),
        ),
        (
            lambda d: d["templates"][0].pop("for_units"),
            ("for_units: is missing: a list of at least one text",),
        ),
        (lambda d: d["templates"][0]["for_units"].append("D9.99"), ("for_units: unit D9.99 is neither",)),
        (
            lambda d: d["programmes"][0]["for_qualifications"].append("none"),
            ("for_qualifications: qualification none is neither",),
        ),
        (
            lambda d: d["programmes"].append({**d["programmes"][0], "key": "another"}),
            ("programmes[another].for_qualifications:", "is in the programme"),
        ),
        (lambda d: d["programmes"][0].update(induction="all"), ("induction: should be a list of texts",)),
        (lambda d: d["programmes"][0].update(induction=["a", "a"]), ("induction[#2]: a is given twice",)),
        (lambda d: d["programmes"][0].update(notes=["x" * 301]), ("notes[#1]: longer than 300",)),
        (
            lambda d: d["qualifications"][0].update(tutorial_hours=501),
            ("tutorial_hours: 501 is not between",),
        ),
        (
            lambda d: d["qualifications"][0].update(induction_hours=-1),
            ("induction_hours: -1 is not between",),
        ),
    ],
)
def test_each_fault_is_named_with_its_place(
    change: Callable[[Document], Any], parts: tuple[str, ...]
) -> None:
    document = small()
    change(document)
    broken(document, *parts)


def test_all_faults_of_all_kinds_are_told_at_once() -> None:
    document = small()
    named(document, "assessments", "wba-d5-01")["sections"][0]["max_marks"] = 5
    named(document, "units", "8588-500")["learning_outcomes"][0]["criteria"].pop(0)
    document["units"].append(copy.deepcopy(named(document, "units", "D5.02")))
    document["qualifications"][0]["credits"] = 1
    found = "\n".join(faults(document))
    for reason in (
        "not the sum of the sections",
        "criterion 1.1 is missing",
        "D5.02 version 1 is given twice",
    ):
        assert reason in found
    assert "1 is not the sum over the units" in found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything inside ``value``."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from leaves(item, (*path, key))


PATHS = list(leaves(SMALL))
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just([None]),
    st.just([{}]), st.just({"": None}), st.floats(allow_nan=False, allow_infinity=False), st.just("\ud800"),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(path=st.sampled_from(PATHS), junk=JUNK)
@example(path=("assessments", 0, "columns_by_qualification"), junk=1)
def test_junk_in_any_place_is_refused_in_words_or_kept_as_it_is(path: tuple[Any, ...], junk: Any) -> None:
    document = small()
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    assert all(message and "\n" not in message for message in faults(document))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"of": "appendix", "heading": "Annexes"},
            "contents[Annexes].of: “appendix” is none of authentication",
        ),
        ({"of": "files"}, "contents[#1].heading: is missing"),
        ({"heading": "Files"}, "contents[Files].of: is missing"),
        ("files", "contents[#1]: should be an object"),
        (
            {"of": "files", "heading": "Files", "templates": ["x"]},
            "contents[Files].templates: only records are narrowed to templates",
        ),
    ],
)
def test_an_order_of_a_portfolio_that_cannot_be_read_is_named(row: Any, reason: str) -> None:
    document = small()
    document["templates"][0]["contents"] = [row]
    broken(document, reason)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"box": "giving feedback", "as": "praise"}, "counted_as[giving feedback].as: “praise” is none of"),
        ({"box": "feedback", "as": "feedback"}, "counted_as[feedback].box: no box has this label"),
        ({"as": "feedback"}, "counted_as[#1].box: is missing"),
        ("giving feedback", "counted_as[#1]: should be an object"),
    ],
)
def test_a_box_that_cannot_be_counted_is_named(row: Any, reason: str) -> None:
    document = small()
    named(document, "templates", "level5-session-diary")["counted_as"] = [row]
    broken(document, reason)


def test_a_box_of_a_part_that_cannot_be_counted_is_named() -> None:
    document = whole()
    named(document, "templates", "mentoring-diary")["parts"][-1]["counted_as"][0]["box"] = "Feedback"
    broken(document, "parts[session record].counted_as[Feedback].box: no box has this label")
