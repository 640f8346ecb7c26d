"""Publishing the catalogue: what is checked becomes rows, all of it or nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction

from assessments.models import (
    Assessment,
    AssessmentUnit,
    Programme,
    QualificationAssessment,
    RecordTemplate,
    Section,
    SheetCriterion,
)
from assessments.rules import Publication, content_sha256, plan_publication
from assessments.rules.qualifications import PROGRAMME, QUALIFICATION, TEMPLATE
from assessments.rules.shapes import Content, remainder
from assessments.rules.sheets import ASSESSMENT, labels_for
from assessments.rules.units import PRACTICE, UNIT
from assessments.selectors.catalogue import Published, published_catalogue
from qualifications.models import Criterion, LearningOutcome, Qualification, QualificationUnit, Unit

OWNER = "owner"


@transaction.atomic(using=OWNER)
def publish_catalogue(*, files: Sequence[tuple[str, bytes]]) -> Publication:
    """Publish what the files give, so that what was published never changes and nothing comes in by halves.

    Each file is its name and its bytes. Two imports at once wait for each other. Raises CatalogueRefused.
    """
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Qualification._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    published = published_catalogue(OWNER)
    plan = plan_publication(files, published)
    if any(plan.new.values()):
        _Press(plan, published).write()
    return plan


class _Press:
    """Turns new content into rows and writes them, parents first."""

    def __init__(self, plan: Publication, published: Published) -> None:
        self.plan = plan
        self.published = published
        self.rows: dict[type[models.Model], list[Any]] = {}
        self.units = _ids(Unit, "ref", "version")
        self.criteria = _ids(Criterion, "outcome__unit_id", "ref")
        self.assessments = _ids(Assessment, "key", "version")

    def write(self) -> None:
        for content in self.plan.new["units"]:
            self._unit(content)
        for content in self.plan.new["assessments"]:
            self._assessment(content)
        for content in self.plan.new["qualifications"]:
            self._qualification(content)
        for content in self.plan.new["programmes"]:
            self._programme(content)
        for content in self.plan.new["templates"]:
            self._template(content)
        for model, rows in self.rows.items():
            model._default_manager.using(OWNER).bulk_create(rows)

    def _add(self, model: type[models.Model], **values: Any) -> UUID:
        row = model(**values)
        self.rows.setdefault(model, []).append(row)
        key: UUID = row.pk
        return key

    def _unit(self, content: Content) -> None:
        plain = ("ref", "version", "title", "level", "credits", "glh", *PRACTICE)
        unit_id = self._add(
            Unit,
            **{key: content[key] for key in plain},
            uan=content["uan"] or "",
            details=remainder(content, UNIT),
            content_sha256=content_sha256(content),
        )
        self.units[content["ref"], content["version"]] = unit_id
        for outcome in content["learning_outcomes"]:
            outcome_id = self._add(
                LearningOutcome, unit_id=unit_id, number=outcome["number"], text=outcome["text"]
            )
            for position, criterion in enumerate(outcome["criteria"], 1):
                self.criteria[unit_id, criterion["ref"]] = self._add(
                    Criterion,
                    outcome_id=outcome_id,
                    ref=criterion["ref"],
                    position=position,
                    text=criterion["text"],
                )

    def _assessment(self, content: Content) -> None:
        plain = ("key", "version", "title", "rule", "total_max", "total_min", "minimum_practice_hours")
        fewest, most = content["word_count"] or (None, None)
        assessment_id = self._add(
            Assessment,
            **{key: content[key] for key in plain},
            kind=content["kind"] or "",
            task=content["task"] or "",
            word_count_min=fewest,
            word_count_max=most,
            details=remainder(content, ASSESSMENT),
            content_sha256=content_sha256(content),
        )
        self.assessments[content["key"], content["version"]] = assessment_id
        units = [self.units[ref, content["pins"]["units"][ref]] for ref in content["units"]]
        for position, unit_id in enumerate(units, 1):
            self._add(AssessmentUnit, assessment_id=assessment_id, unit_id=unit_id, position=position)
        for position, section in enumerate(content["sections"], 1):
            self._section(assessment_id, position, section)
        self._sheet(assessment_id, units, content["result_sheet"])

    def _section(self, assessment_id: UUID, position: int, section: Content) -> None:
        pairs = zip(section["criteria_statements"], section["criteria_map"], strict=True)
        self._add(
            Section,
            assessment_id=assessment_id,
            position=position,
            heading=section["heading"],
            max_marks=section["max_marks"],
            min_marks=section["min_marks"],
            statements=[{"text": text, "criteria": refs} for text, refs in pairs],
            prompts=section["learner_prompts"],
        )

    def _sheet(self, assessment_id: UUID, units: list[UUID], sheet: Content | None) -> None:
        lines = [line for outcome in (sheet or {"outcomes": []})["outcomes"] for line in outcome["criteria"]]
        for position, line in enumerate(lines, 1):
            keys = ((unit_id, line["ref"]) for unit_id in units)
            criterion = next(self.criteria[key] for key in keys if key in self.criteria)
            self._add(
                SheetCriterion,
                assessment_id=assessment_id,
                criterion_id=criterion,
                position=position,
                **{key: line[key] for key in ("text_on_sheet", "referral_descriptors", "pass_descriptors")},
            )

    def _qualification(self, content: Content) -> None:
        plain = (
            *("key", "version", "title", "level", "credits", "glh", "tqt", "time_limit_years", "min_age"),
            *("accreditation_numbers", "ilm_codes"),
        )
        qualification_id = self._add(
            Qualification,
            **{key: content[key] for key in plain},
            details=remainder(content, QUALIFICATION),
            content_sha256=content_sha256(content),
        )
        pins = content["pins"]
        for position, ref in enumerate(content["units"], 1):
            unit_id = self.units[ref, pins["units"][ref]]
            self._add(
                QualificationUnit, qualification_id=qualification_id, unit_id=unit_id, position=position
            )
        for position, key in enumerate(content["assessments"], 1):
            pinned = (key, pins["assessments"][key])
            self._add(
                QualificationAssessment,
                qualification_id=qualification_id,
                assessment_id=self.assessments[pinned],
                position=position,
                feedback_labels=labels_for(self._known_assessment(pinned), content),
            )

    def _known_assessment(self, pinned: tuple[str, int]) -> Content:
        new = {(content["key"], content["version"]): content for content in self.plan.new["assessments"]}
        return new.get(pinned) or self.published["assessments"][pinned]

    def _programme(self, content: Content) -> None:
        self._add(
            Programme,
            key=content["key"],
            version=content["version"],
            qualification_keys=content["for_qualifications"],
            body=remainder(content, PROGRAMME),
            content_sha256=content_sha256(content),
        )

    def _template(self, content: Content) -> None:
        self._add(
            RecordTemplate,
            key=content["key"],
            version=content["version"],
            title=content["title"],
            unit_refs=content["for_units"],
            body=remainder(content, TEMPLATE),
            content_sha256=content_sha256(content),
        )


def _ids(model: type[models.Model], first: str, second: str) -> dict[tuple[Any, Any], UUID]:
    rows = model._default_manager.using(OWNER).values_list(first, second, "pk")
    return {(one, other): key for one, other, key in rows}
