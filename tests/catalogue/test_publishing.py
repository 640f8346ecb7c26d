"""Importing is all or nothing, never changes what is published, and an export says the same again."""

import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.actions import publish_catalogue
from assessments.models import (
    Assessment,
    AssessmentUnit,
    Programme,
    QualificationAssessment,
    RecordTemplate,
    Section,
    SheetCriterion,
)
from assessments.rules import CatalogueRefused, content_sha256
from assessments.selectors import feedback_labels, parts_of
from assessments.selectors.catalogue import exported_catalogue, published_catalogue
from qualifications.models import Criterion, LearningOutcome, Qualification, QualificationUnit, Unit
from tests.catalogue.files import FILE, Document, as_bytes, named, plan, small, whole
from tests.conftest import CATALOGUE

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
CHILDREN_FIRST = (
    Programme,
    *(QualificationAssessment, QualificationUnit, SheetCriterion, Section, AssessmentUnit, Assessment),
    *(RecordTemplate, Criterion, LearningOutcome, Qualification, Unit),
)


@pytest.fixture
def nothing_published(db: None) -> None:
    for model in CHILDREN_FIRST:
        model._default_manager.using("owner").all().delete()


def publish(document: Any) -> Any:
    return publish_catalogue(files=[(FILE, as_bytes(document))])


def exported() -> Document:
    document: Document = json.loads(exported_catalogue("owner"))
    return document


def refused(document: Any) -> str:
    """Assert that the document is refused and changes nothing; return why."""
    before = exported_catalogue("owner")
    with pytest.raises(CatalogueRefused) as refusal:
        publish(document)
    assert exported_catalogue("owner") == before
    return "\n".join(map(str, refusal.value.faults))


KINDS = ("qualifications", "units", "assessments", "programmes", "templates")
COUNTS = {"units": 17, "assessments": 15, "qualifications": 6, "programmes": 4}


def test_the_catalogue_is_published_as_its_documents_count_it() -> None:
    counts = [
        model._default_manager.using("owner").count() for model in (Qualification, Unit, LearningOutcome)
    ]
    assert counts == [6, 17, 51]
    assert Criterion.objects.using("owner").count() == 142
    assert Assessment.objects.using("owner").count() == 15
    assert QualificationAssessment.objects.using("owner").count() == 20


def test_an_export_imports_back_to_nothing_changed() -> None:
    before = exported_catalogue("owner")
    publication = publish(json.loads(before))
    assert not any(publication.new.values())
    assert publication.unchanged == {**COUNTS, "templates": 25}
    assert exported_catalogue("owner") == before


def test_an_export_of_nothing_is_an_import_of_nothing(nothing_published: None) -> None:
    assert exported() == {kind: [] for kind in KINDS}
    assert not any(publish(exported()).new.values())


def test_an_export_fills_an_empty_database_with_the_same_bytes(nothing_published: None) -> None:
    document = whole()
    document["units"][0]["learning_outcomes"][1]["criteria"][0]["note"] = {
        "z": 1,
        "aa": [{"b": None, "a": "é"}],
    }
    document["assessments"][0]["sections"][2]["heading_printed"] = "As printed"
    document["units"][0]["title"] = "e\u0301tude"
    publish(document)
    first = exported_catalogue("owner")
    for model in CHILDREN_FIRST:
        model._default_manager.using("owner").all().delete()
    publish(json.loads(first))
    assert exported_catalogue("owner") == first
    unit = named(json.loads(first), "units", document["units"][0]["ref"])
    assert unit["learning_outcomes"][1]["criteria"][0]["note"] == {"aa": [{"a": "é", "b": None}], "z": 1}
    assert unit["title"] == "e\u0301tude"


def test_the_stored_fingerprint_is_that_of_the_content() -> None:
    published = published_catalogue("owner")
    for row in Assessment.objects.using("owner"):
        assert row.content_sha256 == content_sha256(published["assessments"][row.key, row.version])


EXTRA = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**14), 10**14)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    ),
    max_size=3,
).map(lambda extra: {f"x {key}": value for key, value in extra.items()})


@settings(max_examples=15, deadline=None)
@given(EXTRA, EXTRA, EXTRA, EXTRA)
def test_keys_that_nobody_knows_come_back_as_they_were(one: Any, two: Any, three: Any, four: Any) -> None:
    document = small()
    sid = transaction.savepoint(using="owner")
    try:
        for model in CHILDREN_FIRST:
            model._default_manager.using("owner").all().delete()
        document["units"][0] |= one
        document["units"][0]["learning_outcomes"][1]["criteria"][1] |= two
        document["assessments"][0]["sections"][1] |= three
        document["assessments"][-1]["result_sheet"]["outcomes"][0]["criteria"][0] |= four
        document["templates"][0] |= one
        document["qualifications"][0] |= two
        publish(document)
        back = exported()
        assert not any(publish(back).new.values())
        for kind, name in (("units", "ref"), ("assessments", "key"), ("qualifications", "key")):
            for item in document[kind]:
                again = named(back, kind, item[name])
                assert {key: again[key] for key in item if key in again} == item | _filled(item, again)
    finally:
        transaction.savepoint_rollback(sid, using="owner")


def _filled(item: Document, again: Document) -> Document:
    """Return the keys in which an export is fuller than the file: blank texts are null in it."""
    return {key: again[key] for key, value in item.items() if value == "" and again[key] is None}


def test_changed_content_of_a_published_version_asks_for_a_new_version() -> None:
    document = exported()
    changed = named(document, "units", "D3.01")
    changed["title"] = "Another title"
    reason = refused(document)
    assert "units[D3.01]: version 1 is published with other content (title)" in reason
    assert "give the changed content version 2" in reason
    changed["version"] = 2
    publication = publish(document)
    assert [content["ref"] for content in publication.new["units"]] == ["D3.01"]
    assert "D3.01 version 1; publish a new version of it to take up version 2" in "\n".join(publication.notes)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_no_published_statement_can_be_reworded(data: st.DataObject) -> None:
    document = exported()
    unit = data.draw(st.sampled_from(document["units"]))
    criterion = data.draw(st.sampled_from(unit["learning_outcomes"][0]["criteria"]))
    criterion["text"] += " more"
    assert f"units[{unit['ref']}]: version 1 is published with other content" in refused(document)


def test_one_fault_keeps_out_everything_else(nothing_published: None) -> None:
    document = whole()
    document["assessments"][-1]["result_sheet"]["outcomes"][0]["criteria"].pop()
    assert "is not on the sheet" in refused(document)
    assert not Unit.objects.using("owner").exists()


def test_a_database_that_fails_half_way_keeps_nothing(
    nothing_published: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.actions.labels_for", lambda assessment, qualification: None)
    with pytest.raises(IntegrityError, match="feedback_labels"), transaction.atomic(using="owner"):
        publish(whole())
    assert not Unit.objects.using("owner").exists()


def test_a_new_version_stands_beside_the_old_and_survives_the_journey() -> None:
    document = exported()
    unit = named(document, "units", "D5.01")
    unit |= {"version": 2, "title": "Second edition"}
    unit["learning_outcomes"][0]["criteria"].append({"ref": "1.5", "text": "Show one thing more"})
    publish({"units": [unit]})
    one = exported_catalogue("owner")
    assert [item["version"] for item in json.loads(one)["units"] if item["ref"] == "D5.01"] == [1, 2]
    assert named(json.loads(one), "assessments", "wba-d5-01")["pins"] == {"units": {"D5.01": 1}}
    assert not any(publish(json.loads(one)).new.values())
    for model in CHILDREN_FIRST:
        model._default_manager.using("owner").all().delete()
    publish(json.loads(one))
    assert exported_catalogue("owner") == one


def test_a_qualification_takes_up_new_versions_together_with_its_assessments() -> None:
    document = exported()
    unit = named(document, "units", "D5.01") | {"version": 2, "title": "Second edition"}
    publish({"units": [unit]})
    qualification = named(document, "qualifications", "l5-cert-coaching-mentoring-management") | {
        "version": 2
    }
    assessment = named(document, "assessments", "wba-d5-01") | {"version": 2}
    reason = refused({"qualifications": [qualification]})
    assert "wba-d5-01 decides D5.01 version 1, the qualification has version 2" in reason
    publish({"qualifications": [qualification], "assessments": [assessment]})
    held = QualificationUnit.objects.using("owner").filter(qualification__version=2, unit__ref="D5.01")
    assert held.get().unit.title == "Second edition"
    first = QualificationUnit.objects.using("owner").filter(
        qualification__key=qualification["key"], qualification__version=1, unit__ref="D5.01"
    )
    assert first.get().unit.version == 1


def test_what_is_published_may_be_referred_to_without_being_given() -> None:
    assessment = named(whole(), "assessments", "wba-d5-01") | {"key": "resit-d5-01", "used_in": []}
    del assessment["columns_by_qualification"]
    publish({"assessments": [assessment]})
    kept = Assessment.objects.using("owner").get(key="resit-d5-01")
    assert kept.assessment_units.get().unit.ref == "D5.01"


def test_a_sheet_that_is_not_printed_is_built_from_the_criteria(nothing_published: None) -> None:
    document = small()
    named(document, "assessments", "assignment-8588-500")["result_sheet"] = None
    unit = named(document, "units", "8588-500")
    publish(document)
    sheet = named(exported(), "assessments", "assignment-8588-500")["result_sheet"]
    texts = [line["text_on_sheet"] for outcome in sheet["outcomes"] for line in outcome["criteria"]]
    assert texts == [item["text"] for outcome in unit["learning_outcomes"] for item in outcome["criteria"]]
    assert plan(document, published_catalogue("owner")).unchanged["assessments"] == len(
        document["assessments"]
    )


def test_importing_again_costs_few_queries() -> None:
    files = [(path.name, path.read_bytes()) for path in CATALOGUE]
    with CaptureQueriesContext(connections["owner"]) as queries:
        publish_catalogue(files=files)
    assert len(queries) <= 15


def test_the_serving_role_reads_the_catalogue_and_cannot_write_it() -> None:
    assert Unit.objects.using("default").count() == 17
    for sql in (
        "UPDATE qualifications_unit SET title = 'x'",
        "DELETE FROM assessments_section",
        "TRUNCATE assessments_recordtemplate",
        "INSERT INTO assessments_assessmentunit (id, assessment_id, unit_id, position) "
        "SELECT gen_random_uuid(), assessment_id, unit_id, 9 FROM assessments_assessmentunit",
    ):
        with pytest.raises(ProgrammingError) as error, transaction.atomic():
            connections["default"].cursor().execute(sql)
        assert isinstance(error.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_parts_are_the_sections_or_the_criteria_in_printed_order(django_assert_num_queries: Any) -> None:
    marked = Assessment.objects.get(key="wba-d3-01-02", version=1)
    listed = Assessment.objects.get(key="portfolio-8586-301", version=1)
    with django_assert_num_queries(1):
        sections = parts_of(marked)
    with django_assert_num_queries(1):
        criteria = parts_of(listed)
    assert [(part.ref, part.maximum, part.minimum, part.outcome) for part in sections] == [
        *(("1", 24, 12, None), ("2", 26, 13, None), ("3", 24, 12, None), ("4", 26, 13, None))
    ]
    assert [part.ref for part in criteria] == sorted(part.ref for part in criteria)
    assert {part.outcome for part in criteria} == {1, 2, 3}
    assert {part.maximum for part in criteria} == {None}


def test_the_same_assessment_carries_each_qualifications_own_labels() -> None:
    assessment = Assessment.objects.get(key="wba-d3-01-02", version=1)
    labels = {
        row.qualification.key: feedback_labels(row.qualification_id, assessment.pk)
        for row in QualificationAssessment.objects.filter(assessment=assessment).select_related(
            "qualification"
        )
    }
    assert labels == {
        "l3-cert-workplace-coaching-mentoring": ["Strengths", "Weaknesses"],
        "l3-cert-professional-workplace-coaches": ["Strengths", "Areas for Improvement"],
    }


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_imports_at_once_publish_it_once(walled: None) -> None:
    document = {"units": [named(whole(), "units", "D3.02") | {"version": 2, "title": "At once"}]}
    added: list[int] = []

    def import_it(_: int) -> None:
        try:
            added.append(len(publish(document).new["units"]))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(import_it, range(4)))
    assert sorted(added) == [0, 0, 0, 1]


class TestCommands:
    """What the operator types and reads."""

    def test_the_summary_says_what_was_added_and_what_was_known(self, tmp_path: Path) -> None:
        document = {"units": [named(whole(), "units", "D3.02") | {"version": 2, "title": "Again"}]}
        path = tmp_path / "more.json"
        path.write_bytes(as_bytes(document | {"rules": []}))
        out, err = io.StringIO(), io.StringIO()
        call_command("import_catalogue", str(path), stdout=out, stderr=err)
        assert out.getvalue() == "Added 1 unit.\n"
        assert "rules is no part of the catalogue and was left out" in err.getvalue()
        out = io.StringIO()
        call_command("import_catalogue", str(path), stdout=out, stderr=err)
        assert out.getvalue() == "Nothing changed. Already published: 1 unit.\n"

    def test_every_fault_is_a_line_with_file_place_and_reason(self, tmp_path: Path) -> None:
        good, bad, gone = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "gone.json"
        good.write_bytes(
            as_bytes({"units": [named(whole(), "units", "D3.02") | {"version": 2, "credits": "3"}]})
        )
        bad.write_bytes(b'{"units": [,]}')
        with pytest.raises(CommandError) as error:
            call_command("import_catalogue", str(good), str(bad))
        assert str(error.value).splitlines() == [
            f"{good}: units[D3.02].credits: should be a whole number, not the text 3",
            f"{bad}: line 1, column 12: not JSON: expecting value",
            "2 faults were found; nothing was changed.",
        ]
        with pytest.raises(CommandError, match=r"gone\.json: cannot be read: No such file"):
            call_command("import_catalogue", str(gone))

    def test_standard_input_is_a_file_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{")))
        with pytest.raises(CommandError, match="standard input: line 1, column 2"):
            call_command("import_catalogue", "-")

    def test_an_export_goes_to_the_screen_or_to_a_file(self, tmp_path: Path) -> None:
        out = io.StringIO()
        call_command("export_catalogue", stdout=out)
        call_command("export_catalogue", output=str(tmp_path / "all.json"))
        assert (tmp_path / "all.json").read_text(encoding="utf-8") == out.getvalue()
        assert out.getvalue().endswith("}\n")
        assert list(json.loads(out.getvalue())) == list(KINDS)
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("export_catalogue", output=str(tmp_path))
