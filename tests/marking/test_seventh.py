"""A qualification that nobody thought of needs no code: published, practised for, marked and printed."""

from pathlib import Path
from typing import Any

import pytest

from assessments.actions import publish_catalogue
from centres.models import Centre
from centres.scoping import centre_scope
from marking.actions import save_line
from marking.actions.render import draw_sheet
from marking.models import Judgement, ResultSheet
from marking.selectors import judgement_lines
from portfolios.actions import add_session, submit_attempt
from portfolios.actions.submit import NotReady
from portfolios.models import Submission
from portfolios.rules import Subject
from portfolios.rules.counters import Counted
from portfolios.selectors.forms import Forms
from portfolios.selectors.practice import progress_of
from qualifications.models import Achievement, Unit
from quality_assurance.rules import what_lacks_feedback
from quality_assurance.selectors.standpoint import standpoint_of
from tests.catalogue.files import FILE, Document, as_bytes, named, whole
from tests.makers import AT, Cast, decide, sign, start, submit, take
from tests.marking.paper import text_of
from tests.marking.test_fifteen import mark_and_release
from tests.portfolios.samples import at, signed_in
from tests.quality_assurance.people import opened

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
KEY, UNIT, TASK = "l4-award-beekeeping-mentors", "BEE-4", "hive-log"
SECTIONS = (("The colony in spring", 20, 10), ("The harvest", 50, 30), ("What you would change", 30, 15))
ORDER = (("files", "What lies beside it"), ("matrix", "Map"), ("practice", "Visits"))
BOXES = ["Frames looked at", "What the client did alone", "Weather"]


def invented() -> Document:
    """Return a seventh qualification with a unit, an assessment and a record template of its own."""
    document = whole()
    unit: dict[str, Any] = {
        **named(document, "units", "D3.07"),
        "ref": UNIT,
        "title": "Mentoring beekeepers",
        "minimum_practice_hours": 7,
        "min_clients": 1,
        "max_clients": 2,
        "exceptional_max_clients": 3,
        "min_supervision_hours": 1,
        "min_supervision_sessions": 1,
        "learning_outcomes": [
            {
                "number": 1,
                "text": "Look after a colony with somebody",
                "criteria": [{"ref": f"1.{number}", "text": text} for number, (text, *_) in _numbered()],
            }
        ],
    }
    assessment = {
        **named(document, "assessments", "log-d3-07"),
        "key": TASK,
        "title": "Hive log",
        "units": [UNIT],
        "used_in": [KEY],
        "columns_by_qualification": {KEY: ["Strengths", "Weaknesses"]},
        "minimum_practice_hours": 7,
        "sections": [_section(number, *row) for number, row in _numbered()],
    }
    qualification = {
        **named(document, "qualifications", "l3-cert-workplace-coaching-mentoring"),
        "key": KEY,
        "title": "Level 4 Award for Mentors of Beekeepers",
        "level": 4,
        "credits": 6,
        "glh_units_sum": 12,
        "accreditation_numbers": [],
        "units": [UNIT],
        "assessments": [TASK],
    }
    template = {
        "key": "hive-session",
        "version": 1,
        "title": "A visit to the hive",
        "for_units": [UNIT],
        "mandatory": True,
        "fields": BOXES,
    }
    order = {
        "key": "hive-order",
        "version": 1,
        "title": "Order of a hive log",
        "for_units": [UNIT],
        "contents": [{"of": of, "heading": heading} for of, heading in ORDER],
    }
    return {
        "qualifications": [qualification],
        "units": [unit],
        "assessments": [assessment],
        "templates": [template, order],
    }


def _numbered() -> list[tuple[int, tuple[str, int, int]]]:
    return list(enumerate(SECTIONS, 1))


def _section(number: int, heading: str, most: int, least: int) -> dict[str, Any]:
    return {
        "heading": heading,
        "max_marks": most,
        "min_marks": least,
        "criteria_statements": [heading],
        "criteria_map": [[f"{UNIT} 1.{number}"]],
        "learner_prompts": ["Say what you saw."],
    }


@pytest.fixture
def cast(walled: None, tmp_path: Path, settings: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    publish_catalogue(files=[(FILE, as_bytes(invented()))])
    return Cast(Centre.objects.get(slug="northgate"), qualification=KEY)


def test_its_records_are_its_own_and_its_practice_is_counted(cast: Cast) -> None:
    draft = start(cast, TASK)
    [form] = Forms([UNIT]).about(UNIT, Subject.SESSION)
    assert [box.label for box in form.part.asked] == BOXES
    unit = Unit.objects.get(ref=UNIT)
    with centre_scope(cast.centre.pk):
        add_session(
            registration=cast.registration,
            unit=unit,
            client_number=1,
            starts_at=AT.replace(hour=8),
            minutes=60,
            by=cast.learner,
            at=AT,
        )
        counted = progress_of([unit], [cast.registration.pk])[cast.registration.pk, UNIT].counters
        assert [(row.kind, row.need, row.is_met) for row in counted if row.is_minimum][:2] == [
            (Counted.HOURS, 7 * 60, False),
            (Counted.CLIENTS, 1, True),
        ]
        with pytest.raises(NotReady) as refusal:
            submit_attempt(
                submission=draft,
                has_declared=True,
                seen_sha256="",
                has_refused_standardisation=False,
                by=cast.learner,
                at=AT,
            )
    assert "counter" in {row.kind for row in refusal.value.missing}


def test_it_is_marked_by_its_own_sections_and_printed(cast: Cast) -> None:
    assert mark_and_release(cast, submit(cast, start(cast, TASK)), {"2": 29}) == "REFERRAL"
    with centre_scope(cast.centre.pk):
        again = Submission.objects.get(attempt=2)
        assert again.open_parts == ["2"]
    assert mark_and_release(cast, submit(cast, again), {"2": 30}) == "PASS"
    with centre_scope(cast.centre.pk):
        assert [row.unit.ref for row in Achievement.objects.select_related("unit")] == [UNIT]
        sheet = ResultSheet.objects.get(submission=again)
    words = text_of(draw_sheet(sheet.record, record_sha256=sheet.record_sha256))
    for expected in ("Hive log", "Level 4 Award for Mentors of Beekeepers", *(row[0] for row in SECTIONS)):
        assert expected in words


def test_it_is_read_as_one_document_in_its_own_order(cast: Cast) -> None:
    submitted = submit(cast, start(cast, TASK))
    page = signed_in(cast.learner).get(at(cast, "compiled", submitted)).content.decode()
    places = [page.index(f"{number}. {heading}</h2>") for number, (_, heading) in enumerate(ORDER, 1)]
    assert places == sorted(places)
    assert "Authentication sheet" not in page


def test_where_the_paper_has_one_column_of_feedback_that_column_is_enough(
    walled: None, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = invented()
    named(document, "assessments", TASK)["columns_by_qualification"] = {KEY: ["What was seen"]}
    publish_catalogue(files=[(FILE, as_bytes(document))])
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=KEY)
    judgement = take(cast, submit(cast, start(cast, TASK)))
    decide(judgement, {"1": 20, "3": 30})
    page = signed_in(cast.assessor).get(f"/c/northgate/marking/{judgement.pk}/").content.decode()
    assert "What was seen" in page
    assert "feedback_more" not in page
    with centre_scope(cast.centre.pk):
        line = next(row for row in judgement_lines(judgement) if row.part_ref == "2")
        save_line(
            line=line,
            version=line.version,
            mark=29,
            decision=None,
            feedback="Weigh what you harvest.",
            feedback_more="",
            by=cast.assessor,
            at=AT,
        )
    sign(judgement)
    review = opened(cast, judgement)
    with centre_scope(cast.centre.pk):
        assert Judgement.objects.get(pk=judgement.pk).outcome == "REFERRAL"
        assert what_lacks_feedback(standpoint_of(review).pairs) == []
