"""What one part of the catalogue says of another: all that is named exists and sums add up."""

from collections.abc import Iterable

from assessments.rules.faults import shown
from assessments.rules.nodes import Node, described
from assessments.rules.shapes import Content
from assessments.rules.sheets import ALL_CRITERIA, SECTION_MARKS, built_sheet
from assessments.rules.shelf import NAMES, Draft, Shelf
from assessments.rules.units import criteria_of

PINNED = {"assessments": ("units",), "qualifications": ("units", "assessments")}


def check_references(shelf: Shelf) -> None:
    """Settle what every draft refers to, and note what is missing or does not add up."""
    for draft in shelf.all_drafts():
        if draft.kind in PINNED:
            _pin(shelf, draft)
    for draft in shelf.all_drafts():
        if draft.kind == "assessments":
            _check_assessment(shelf, draft)
        elif draft.kind == "qualifications":
            _check_qualification(shelf, draft)
        elif draft.kind == "programmes":
            names = draft.content["for_qualifications"]
            _check_known(shelf, draft, "qualifications", names, "for_qualifications")
            _check_one_programme(shelf, draft, names)
        elif draft.kind == "templates":
            _check_known(shelf, draft, "units", draft.content["for_units"], "for_units")


def pinned(shelf: Shelf, content: Content, kind: str) -> list[Content]:
    """Return the versions of ``kind`` that ``content`` is pinned to, in its order."""
    found = (shelf.find(kind, name, content["pins"][kind].get(name, 0)) for name in content[kind])
    return [one for one in found if one is not None]


def _pin(shelf: Shelf, draft: Draft) -> None:
    """Settle the version of everything that the draft names.

    A version that the file pins comes first, then what this very version is published with, then the newest.
    """
    content, given = draft.content, _given_pins(draft)
    published = shelf.published[draft.kind].get((draft.name, draft.version), {}).get("pins", {})
    content["pins"] = {}
    for kind in PINNED[draft.kind]:
        _check_known(shelf, draft, kind, content[kind], kind)
        pins = {**published.get(kind, {}), **given.get(kind, {})}
        versions = {name: pins.get(name) or shelf.newest(kind, name) for name in content[kind]}
        content["pins"][kind] = {name: version for name, version in versions.items() if version}
        for name, version in content["pins"][kind].items():
            if shelf.find(kind, name, version) is None:
                draft.node.fault(f"pins.{kind}.{name}", f"there is no version {version} of {name}")


def _given_pins(draft: Draft) -> dict[str, dict[str, int]]:
    value = draft.node.value.get("pins") or {}
    if not isinstance(value, dict) or not all(isinstance(names, dict) for names in value.values()):
        draft.node.fault("pins", f"should be an object of objects, not {described(value)}")
        return {}
    for kind, names in value.items():
        pins = Node(draft.node.file, f"{draft.node.place}.pins.{kind}", names, draft.node.faults)
        for name in names:
            if kind not in PINNED[draft.kind] or name not in draft.content[kind]:
                pins.fault(name, f"is not among the {kind} of {draft.name}")
            pins.whole(name, low=1)
    return {
        kind: {name: one for name, one in names.items() if type(one) is int} for kind, names in value.items()
    }


def _check_known(shelf: Shelf, draft: Draft, kind: str, names: Iterable[object], key: str) -> None:
    for name in names:
        if isinstance(name, str) and shelf.newest(kind, name) is None:
            draft.node.fault(key, f"{kind[:-1]} {shown(name)} is neither given nor published")


def _check_one_programme(shelf: Shelf, draft: Draft, names: list[str]) -> None:
    """Note every qualification that another programme is for already."""
    others = {**shelf.published["programmes"]}
    others.update({chosen: other.content for chosen, other in shelf.drafts["programmes"].items()})
    for (name, version), content in sorted(others.items(), key=lambda item: item[0]):
        if name != draft.name and version == shelf.newest("programmes", name):
            for shared in sorted({*names} & {*content["for_qualifications"]}):
                draft.node.fault("for_qualifications", f"{shared} is in the programme {shown(name)} already")


def _check_assessment(shelf: Shelf, draft: Draft) -> None:
    content, node = draft.content, draft.node
    units = pinned(shelf, content, "units")
    if content["rule"] == SECTION_MARKS and content["sections"]:
        _check_map(node, content, units)
    elif content["rule"] == ALL_CRITERIA and units:
        _check_sheet(node, content, units)
    used_in = node.texts("used_in", 80, required=False)
    _check_known(shelf, draft, "qualifications", used_in, "used_in")
    labelled = content.get("columns_by_qualification")
    if isinstance(labelled, dict):
        _check_known(shelf, draft, "qualifications", labelled, "columns_by_qualification")
    for other in shelf.drafts["qualifications"].values():
        if other.name in used_in and draft.name not in other.content["assessments"]:
            node.fault("used_in", f"{other.name} does not name {draft.name} among its assessments")


def _check_map(node: Node, content: Content, units: list[Content]) -> None:
    known = [f"{unit['ref']} {ref}" for unit in units for ref, _, _ in criteria_of(unit)]
    reached: set[str] = set()
    for section in content["sections"]:
        for position, refs in enumerate(section["criteria_map"], 1):
            for ref in refs:
                if ref not in known and len(units) == len(content["units"]):
                    place = f"sections[{shown(section['heading'])}].criteria_map[#{position}]"
                    node.fault(place, f"no unit of this assessment has the criterion {described(ref)}")
                reached.add(ref)
    for ref in known:
        if ref not in reached:
            node.fault("sections", f"criterion {ref} is reached by no section's criteria_map")


def _check_sheet(node: Node, content: Content, units: list[Content]) -> None:
    if len(content["units"]) > 1:
        node.fault(
            "units", "an assessment by all_criteria is about one unit: its result sheet prints bare refs"
        )
        return
    if content["result_sheet"] is None and node.value.get("result_sheet") is None:
        content["result_sheet"] = built_sheet(units[0])
    if content["result_sheet"] is not None:
        _check_lines(node, content, units[0])


def _check_lines(node: Node, content: Content, unit: Content) -> None:
    known = [(ref, number) for ref, number, _ in criteria_of(unit)]
    rows = [
        (line["ref"], row["lo"]) for row in content["result_sheet"]["outcomes"] for line in row["criteria"]
    ]
    for ref, number in rows:
        if ref is not None and (ref, number) not in known:
            place = f"result_sheet.outcomes[{number}].criteria[{ref}]"
            node.fault(place, f"learning outcome {number} of the unit has no criterion {ref}")
    given = [ref for ref, _ in rows]
    for ref in sorted({ref for ref in given if ref and given.count(ref) > 1}):
        node.fault("result_sheet", f"criterion {ref} is given twice")
    for ref, _ in known:
        if ref not in given:
            node.fault("result_sheet", f"criterion {ref} is not on the sheet")


def _check_qualification(shelf: Shelf, draft: Draft) -> None:
    content, node = draft.content, draft.node
    units = pinned(shelf, content, "units")
    if len(units) == len(content["units"]):
        _check_sum(node, "credits", content["credits"], [unit["credits"] for unit in units])
        _check_sum(node, "glh_units_sum", content.get("glh_units_sum"), [unit["glh"] for unit in units])
    decided: set[str] = set()
    assessments = pinned(shelf, content, "assessments")
    for assessment in assessments:
        _check_pair(node, content, assessment)
        decided.update(assessment["units"])
    for ref in content["units"]:
        if ref not in decided and len(assessments) == len(content["assessments"]):
            node.fault("assessments", f"unit {ref} is decided by none of them")


def _check_sum(node: Node, key: str, total: object, amounts: list[int | None]) -> None:
    given = [amount for amount in amounts if amount is not None]
    if type(total) is int and len(given) == len(amounts) and sum(given) != total:
        sums = " + ".join(str(amount) for amount in given)
        node.fault(key, f"{total} is not the sum over the units: {sums} = {sum(given)}")


def _check_pair(node: Node, content: Content, assessment: Content) -> None:
    """Note where a qualification and one of its assessments disagree about rule, units or their versions."""
    name, rule = assessment[NAMES["assessments"]], content.get("rule")
    if rule and rule != assessment["rule"] and assessment["rule"]:
        node.fault("rule", f"{rule} is not the rule of {name}, which is {assessment['rule']}")
    for ref, version in assessment["pins"]["units"].items():
        own = content["pins"]["units"].get(ref)
        if ref not in content["units"]:
            node.fault("assessments", f"{name} decides {ref}, which is not among the units")
        elif own is not None and own != version:
            node.fault(
                "assessments", f"{name} decides {ref} version {version}, the qualification has version {own}"
            )
