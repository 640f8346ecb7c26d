"""A qualification, its programme and a record template as a catalogue file gives them."""

from assessments.rules.contents import read_contents, read_counted
from assessments.rules.nodes import Node
from assessments.rules.shapes import Content, joined, keys, remainder
from assessments.rules.sheets import read_rule

QUALIFICATION = keys(
    *("key", "version", "title", "level", "accreditation_numbers", "ilm_codes", "credits", "glh", "tqt"),
    *("time_limit_years", "min_age", "units", "assessments", "pins"),
)
TEMPLATE = keys("key", "version", "title", "for_units")
# A page that one of them signs is kept as a piece of evidence of its own.
SIGNERS = ("learner", "assessor", "witness")
PROGRAMME = keys("key", "version", "for_qualifications")
LISTS = ("initial_assessment", "induction", "deviations", "notes")
ITEM = 300
MOST_HOURS = 500


def read_qualification(node: Node) -> Content:
    """Return the qualification with all its keys, and note what is wrong with it."""
    facts: Content = {
        "key": node.key(),
        "version": node.whole("version", low=1) if "version" in node.value else 1,
        "title": node.text("title", 200),
        "level": node.whole("level", low=1),
        "accreditation_numbers": node.texts("accreditation_numbers", 40, required=False),
        "ilm_codes": node.texts("ilm_codes", 40, required=False),
        "credits": node.whole("credits"),
        "glh": node.whole("glh", required=False),
        "tqt": node.whole("tqt", required=False),
        "time_limit_years": node.whole("time_limit_years", low=1, required=False),
        "min_age": node.whole("min_age", required=False),
        "units": node.texts("units", 20),
        "assessments": node.texts("assessments", 80),
    }
    node.once("units", facts["units"])
    node.once("assessments", facts["assessments"])
    read_rule(node, required=False)
    node.texts("feedback_columns", 60, required=False)
    node.whole("glh_units_sum", required=False)
    node.whole("induction_hours", high=MOST_HOURS, required=False)
    node.whole("tutorial_hours", high=MOST_HOURS, required=False)
    whole: Content = joined(facts, remainder(node.value, QUALIFICATION))
    return whole


def read_template(node: Node) -> Content:
    """Return the record template with all its keys, and note what is wrong with it."""
    facts: Content = {
        "key": node.key(),
        "version": node.whole("version", low=1) if "version" in node.value else 1,
        "title": node.text("title", 200),
        # An empty list is for every unit; a missing one was forgotten.
        "for_units": node.texts("for_units", 20, required=node.value.get("for_units") != []),
    }
    node.once("for_units", facts["for_units"])
    if node.value.get("evidence_signed_by", "learner") not in SIGNERS:
        node.fault("evidence_signed_by", f"should be one of {', '.join(SIGNERS)}")
    read_contents(node)
    read_counted(node)
    whole: Content = joined(facts, remainder(node.value, TEMPLATE))
    return whole


def read_programme(node: Node) -> Content:
    """Return the programme with all its keys, and note what is wrong with it."""
    facts: Content = {
        "key": node.key(),
        "version": node.whole("version", low=1) if "version" in node.value else 1,
        "for_qualifications": node.texts("for_qualifications", 80),
    }
    node.once("for_qualifications", facts["for_qualifications"])
    for name in LISTS:
        node.once(name, node.texts(name, ITEM, required=False))
    whole: Content = joined(facts, remainder(node.value, PROGRAMME))
    return whole
