"""An assessment as a catalogue file gives it, with the sections or the criteria of its sheet."""

from typing import Any

from assessments.rules.nodes import Node, described
from assessments.rules.shapes import Content, joined, keys, remainder

SECTION_MARKS, ALL_CRITERIA = "section_marks", "all_criteria"
RULES = (SECTION_MARKS, ALL_CRITERIA)
ASSESSMENT = keys(
    *("key", "version", "title", "kind", "units", "rule", "total_max", "total_min", "task"),
    *("minimum_practice_hours", "word_count", "pins"),
    sections=keys(
        "heading", "max_marks", "min_marks", "criteria_statements", "criteria_map", "learner_prompts"
    ),
    result_sheet=keys(
        outcomes=keys("lo", criteria=keys("ref", "text_on_sheet", "referral_descriptors", "pass_descriptors"))
    ),
)


def read_assessment(node: Node) -> Content:
    """Return the assessment with all its keys, and note what is wrong with it."""
    facts: Content = {
        "key": node.key(),
        "version": node.whole("version", low=1) if "version" in node.value else 1,
        "title": node.text("title", 250),
        "kind": node.text("kind", 40, required=False),
        "units": node.texts("units", 20),
        "rule": read_rule(node),
        "task": node.text("task", required=False),
        "minimum_practice_hours": node.whole("minimum_practice_hours", required=False),
        "word_count": _word_count(node),
    }
    node.once("units", facts["units"])
    facts |= _by_section(node) if facts["rule"] == SECTION_MARKS else _by_criterion(node)
    _check_labels(node)
    whole: Content = joined(facts, remainder(node.value, ASSESSMENT))
    return whole


def read_rule(node: Node, *, required: bool = True) -> str | None:
    """Return the outcome rule that the object names."""
    rule = node.text("rule", required=required)
    if rule is not None and rule not in RULES:
        node.fault("rule", f"should be {' or '.join(RULES)}, not {described(rule)}")
        return None
    return rule


def built_sheet(unit: Content) -> Content:
    """Return the result sheet that follows from the unit's criteria, for documents that print none."""
    outcomes = [
        {
            "lo": outcome["number"],
            "criteria": [
                {
                    "ref": criterion["ref"],
                    "text_on_sheet": criterion["text"],
                    "referral_descriptors": [],
                    "pass_descriptors": [],
                }
                for criterion in outcome["criteria"]
            ],
        }
        for outcome in unit["learning_outcomes"]
    ]
    return {"outcomes": outcomes}


def labels_for(assessment: Content, qualification: Content) -> list[str]:
    """Return the labels over the feedback columns: the pair's own, the qualification's, or a plain one."""
    own = (assessment.get("columns_by_qualification") or {}).get(qualification["key"])
    return own or qualification.get("feedback_columns") or ["Assessor feedback"]


def _by_section(node: Node) -> Content:
    sections = [_section(row) for row in node.rows("sections", "heading")]
    node.once("sections", [section["heading"] for section in sections])
    facts = {
        "total_max": node.whole("total_max", low=1),
        "total_min": node.whole("total_min"),
        "sections": sections,
        "result_sheet": None,
    }
    _check_sums(node, facts)
    if node.value.get("result_sheet") is not None:
        node.fault("result_sheet", f"an assessment by {SECTION_MARKS} has none")
    return facts


def _section(node: Node) -> Content:
    section = {
        "heading": node.text("heading", 200),
        "max_marks": node.whole("max_marks", low=1),
        "min_marks": node.whole("min_marks"),
        "criteria_statements": node.texts("criteria_statements"),
        "criteria_map": _map(node),
        "learner_prompts": node.texts("learner_prompts", required=False),
    }
    maximum, minimum = section["max_marks"], section["min_marks"]
    if isinstance(maximum, int) and isinstance(minimum, int) and minimum > maximum:
        node.fault("min_marks", f"{minimum} is more than max_marks, which is {maximum}")
    return section


def _map(node: Node) -> list[list[str]]:
    value = node.value.get("criteria_map")
    if not isinstance(value, list):
        node.fault(
            "criteria_map", "should be a list: for every statement the criteria it shows, as D3.01 1.1"
        )
        return []
    for position, refs in enumerate(value, 1):
        if not isinstance(refs, list) or not all(isinstance(ref, str) for ref in refs):
            node.fault(f"criteria_map[#{position}]", f"should be a list of texts, not {described(refs)}")
    statements = node.value.get("criteria_statements")
    if isinstance(statements, list) and len(statements) != len(value):
        node.fault("criteria_map", f"has {len(value)} entries for {len(statements)} criteria_statements")
    return [[ref for ref in refs if isinstance(ref, str)] if isinstance(refs, list) else [] for refs in value]


def _check_sums(node: Node, facts: dict[str, Any]) -> None:
    maxima = [section["max_marks"] for section in facts["sections"]]
    total, least = facts["total_max"], facts["total_min"]
    if total is not None and maxima and None not in maxima and sum(maxima) != total:
        sums = " + ".join(str(maximum) for maximum in maxima)
        node.fault("total_max", f"{total} is not the sum of the sections' max_marks: {sums} = {sum(maxima)}")
    if total is not None and least is not None and least > total:
        node.fault("total_min", f"{least} is more than total_max, which is {total}")


def _by_criterion(node: Node) -> Content:
    for key in ("total_max", "total_min", "sections"):
        if node.value.get(key) not in (None, []) and node.value.get("rule") == ALL_CRITERIA:
            node.fault(key, f"an assessment by {ALL_CRITERIA} has none")
    return {"total_max": None, "total_min": None, "sections": [], "result_sheet": _sheet(node)}


def _sheet(node: Node) -> Content | None:
    value = node.value.get("result_sheet")
    if value is None:
        return None
    if not isinstance(value, dict):
        node.fault("result_sheet", f"should be an object, not {described(value)}")
        return None
    sheet = Node(node.file, f"{node.place}.result_sheet", value, node.faults)
    outcomes = [
        {"lo": row.whole("lo", low=1), "criteria": [_line(line) for line in row.rows("criteria", "ref")]}
        for row in sheet.rows("outcomes", "lo")
    ]
    sheet.once("outcomes", [outcome["lo"] for outcome in outcomes])
    return {"outcomes": outcomes}


def _line(node: Node) -> Content:
    return {
        "ref": node.ref("ref", 10),
        "text_on_sheet": node.text("text_on_sheet"),
        "referral_descriptors": node.texts("referral_descriptors", required=False),
        "pass_descriptors": node.texts("pass_descriptors", required=False),
    }


def _word_count(node: Node) -> list[int] | None:
    value = node.value.get("word_count")
    if value is None:
        return None
    whole = isinstance(value, list) and len(value) == 2 and all(type(words) is int for words in value)
    if not whole or not 0 <= value[0] <= value[1] <= 32767:
        node.fault(
            "word_count", "should be two whole numbers, the fewest and the most words, as [2500, 3500]"
        )
        return None
    return [value[0], value[1]]


def _check_labels(node: Node) -> None:
    labels = node.value.get("columns_by_qualification")
    if labels is None:
        return
    if not isinstance(labels, dict):
        node.fault("columns_by_qualification", f"should be an object, not {described(labels)}")
        return
    inner = Node(node.file, f"{node.place}.columns_by_qualification", labels, node.faults)
    for key in labels:
        inner.texts(key, 60)
