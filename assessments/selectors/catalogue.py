"""The published catalogue as plain content, in the shape of its files."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from assessments.models import (
    Assessment,
    AssessmentUnit,
    Programme,
    QualificationAssessment,
    RecordTemplate,
    Section,
    SheetCriterion,
)
from assessments.rules.shapes import Content, joined
from assessments.rules.shelf import NAMES
from assessments.rules.units import PRACTICE
from qualifications.models import Criterion, LearningOutcome, Qualification, QualificationUnit, Unit

Published = dict[str, dict[tuple[str, int], Content]]


def published_catalogue(using: str = "default") -> Published:
    """Return every published version of everything, by kind and by name and version."""
    units = _units(using)
    lists = {
        "units": units,
        "assessments": _assessments(using),
        "qualifications": _qualifications(using),
        "programmes": _programmes(using),
        "templates": _templates(using),
    }
    return {
        kind: {(content[NAMES[kind]], content["version"]): content for content in contents}
        for kind, contents in lists.items()
    }


def exported_catalogue(using: str = "default") -> str:
    """Return the latest versions, and the older ones that they are pinned to, as JSON that imports back."""
    published = published_catalogue(using)
    latest = {kind: _latest(versions) for kind, versions in published.items()}
    wanted = {kind: set(versions.items()) for kind, versions in latest.items()}
    for kind, inner in (("qualifications", ("assessments", "units")), ("assessments", ("units",))):
        for chosen in wanted[kind]:
            for pinned in inner:
                wanted[pinned].update(published[kind][chosen]["pins"][pinned].items())
    document = {
        kind: [_printed(published[kind][chosen], latest) for chosen in sorted(wanted[kind])]
        for kind in ("qualifications", "units", "assessments", "programmes", "templates")
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _latest(versions: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict(sorted(versions))


def _printed(content: Content, latest: Mapping[str, Mapping[str, int]]) -> Content:
    """Return the content without the pins that a bare reference means anyway."""
    pins = {
        kind: {name: version for name, version in sorted(names.items()) if version != latest[kind][name]}
        for kind, names in content.get("pins", {}).items()
    }
    rest = {key: value for key, value in content.items() if key != "pins"}
    needed = {kind: names for kind, names in pins.items() if names}
    return {**rest, "pins": needed} if needed else rest


def _units(using: str) -> list[Content]:
    criteria = _grouped(
        Criterion.objects.using(using).order_by("position").values("outcome_id", "ref", "text"), "outcome_id"
    )
    outcomes = _grouped(
        LearningOutcome.objects.using(using).order_by("number").values("id", "unit_id", "number", "text"),
        "unit_id",
    )
    plain = ("ref", "version", "title", "uan", "level", "credits", "glh", *PRACTICE)
    return [
        joined(
            {
                **{key: row[key] for key in plain},
                "uan": row["uan"] or None,
                "learning_outcomes": [
                    {
                        "number": outcome["number"],
                        "text": outcome["text"],
                        "criteria": _without(criteria[outcome["id"]], "outcome_id"),
                    }
                    for outcome in outcomes[row["id"]]
                ],
            },
            row["details"],
        )
        for row in Unit.objects.using(using).values("id", "details", *plain)
    ]


def _assessments(using: str) -> list[Content]:
    units = _pins(AssessmentUnit.objects.using(using), "assessment_id", "unit__ref", "unit__version")
    sections = _grouped(Section.objects.using(using).order_by("position").values(), "assessment_id")
    lines = _grouped(
        SheetCriterion.objects.using(using)
        .order_by("position")
        .values(
            *("assessment_id", "criterion__ref", "criterion__outcome__number", "text_on_sheet"),
            *("referral_descriptors", "pass_descriptors"),
        ),
        "assessment_id",
    )
    return [
        joined(
            _assessment(row, units[row["id"]], sections[row["id"]], lines[row["id"]]),
            row["details"],
        )
        for row in Assessment.objects.using(using).values()
    ]


def _assessment(
    row: Mapping[str, Any],
    units: dict[str, int],
    sections: list[dict[str, Any]],
    lines: list[dict[str, Any]],
) -> Content:
    return {
        **{key: row[key] for key in ("key", "version", "title")},
        "kind": row["kind"] or None,
        "units": list(units),
        "rule": row["rule"],
        "task": row["task"] or None,
        "minimum_practice_hours": row["minimum_practice_hours"],
        "word_count": _range(row["word_count_min"], row["word_count_max"]),
        "total_max": row["total_max"],
        "total_min": row["total_min"],
        "sections": [_section(section) for section in sections],
        "result_sheet": _sheet(lines),
        "pins": {"units": units},
    }


def _range(fewest: int | None, most: int | None) -> list[int] | None:
    return None if fewest is None or most is None else [fewest, most]


def _section(row: dict[str, Any]) -> Content:
    return {
        "heading": row["heading"],
        "max_marks": row["max_marks"],
        "min_marks": row["min_marks"],
        "criteria_statements": [statement["text"] for statement in row["statements"]],
        "criteria_map": [statement["criteria"] for statement in row["statements"]],
        "learner_prompts": row["prompts"],
    }


def _sheet(lines: list[dict[str, Any]]) -> Content | None:
    if not lines:
        return None
    outcomes = [
        {
            "lo": number,
            "criteria": [
                {
                    "ref": line["criterion__ref"],
                    "text_on_sheet": line["text_on_sheet"],
                    "referral_descriptors": line["referral_descriptors"],
                    "pass_descriptors": line["pass_descriptors"],
                }
                for line in group
            ],
        }
        for number, group in groupby(lines, key=lambda line: line["criterion__outcome__number"])
    ]
    return {"outcomes": outcomes}


def _qualifications(using: str) -> list[Content]:
    units = _pins(QualificationUnit.objects.using(using), "qualification_id", "unit__ref", "unit__version")
    assessments = _pins(
        QualificationAssessment.objects.using(using),
        "qualification_id",
        "assessment__key",
        "assessment__version",
    )
    plain = (
        *("key", "version", "title", "level", "accreditation_numbers", "ilm_codes", "credits", "glh", "tqt"),
        *("time_limit_years", "min_age"),
    )
    return [
        joined(
            {
                **{key: row[key] for key in plain},
                "units": list(units[row["id"]]),
                "assessments": list(assessments[row["id"]]),
                "pins": {"units": units[row["id"]], "assessments": assessments[row["id"]]},
            },
            row["details"],
        )
        for row in Qualification.objects.using(using).values("id", "details", *plain)
    ]


def _programmes(using: str) -> list[Content]:
    rows = Programme.objects.using(using).values("key", "version", "qualification_keys", "body")
    return [
        joined(
            {"key": row["key"], "version": row["version"], "for_qualifications": row["qualification_keys"]},
            row["body"],
        )
        for row in rows
    ]


def _templates(using: str) -> list[Content]:
    rows = RecordTemplate.objects.using(using).values("key", "version", "title", "unit_refs", "body")
    return [
        joined(
            {
                "key": row["key"],
                "version": row["version"],
                "title": row["title"],
                "for_units": row["unit_refs"],
            },
            row["body"],
        )
        for row in rows
    ]


def _grouped(rows: Iterable[Any], key: str) -> dict[Any, list[dict[str, Any]]]:
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _without(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != key} for row in rows]


def _pins(rows: Any, owner: str, name: str, version: str) -> dict[Any, dict[str, int]]:
    pins: dict[Any, dict[str, int]] = defaultdict(dict)
    for key, ref, number in rows.order_by("position").values_list(owner, name, version):
        pins[key][ref] = number
    return pins
