"""What the database refuses about judgements, signatures and result sheets."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import models

from marking import models as marking
from tests.house.refusals.statements import (
    TOO_MUCH,
    Refusal,
    copied,
    copy,
    elsewhere,
    member,
    update,
)
from tests.makers import AT
from tests.wall.world import World

DRAFT_JUDGEMENT: dict[str, Any] = {"state": "DRAFT", "stage": "ASSESSOR"}
SHEET = {"code": "AAAA-BBBB", "revision": 9}
MADE = {"state": "READY", "rendered_at": AT, "pdf_sha256": "0"}


def set_aside_as_if_blank(world: World) -> None:
    drafts = marking.Judgement.objects.filter(**DRAFT_JUDGEMENT)
    blank = copied(drafts, judge=member("Tom"), revision=9, is_written_on=False)
    lines = marking.JudgementLine.objects.filter(judgement__state="DRAFT", carried_from=None)
    copied(lines, judgement=blank, mark=None, decision="", version=2)
    marking.Judgement.objects.filter(pk=blank.pk).update(state="WITHDRAWN")


def written_on_and_set_aside() -> UUID:
    row = marking.Judgement.objects.filter(**DRAFT_JUDGEMENT).earliest("pk")
    marking.Judgement.objects.filter(pk=row.pk).update(is_written_on=True, state="WITHDRAWN")
    key: UUID = row.pk
    return key


def signed(world: World, *, lines: dict[str, Any], said: dict[str, Any]) -> None:
    """Sign a sheet by section whose lines are so with an outcome and a total typed beside them."""
    row = marking.Judgement.objects.filter(assessment__total_min__isnull=False, **DRAFT_JUDGEMENT).earliest(
        "pk"
    )
    marking.JudgementLine.objects.filter(judgement=row).update(**lines)
    marking.Judgement.objects.filter(pk=row.pk).update(
        state="SIGNED", signed_at=AT, signed_by=models.F("judge"), **said
    )


MARKING = [
    Refusal("marking_allocation_one_assessor_at_a_time", copy(marking.Allocation, ended_at__isnull=True)),
    Refusal(
        "marking_allocation_end_is_signed",
        copy(marking.Allocation, changes={"ended_at": AT}, ended_at__isnull=True),
    ),
    Refusal("marking_judgement_one_a_stage", copy(marking.Judgement, **DRAFT_JUDGEMENT)),
    Refusal(
        "marking_judgement_one_judge_one_stage",
        copy(marking.Judgement, changes={"stage": "IQA"}, **DRAFT_JUDGEMENT),
    ),
    Refusal(
        "marking_judgement_signature_is_whole",
        copy(marking.Judgement, changes={"signed_at": AT}, **DRAFT_JUDGEMENT),
    ),
    *(
        Refusal(
            "marking_judgement_signed_has_an_outcome", update(marking.Judgement, change, **DRAFT_JUDGEMENT)
        )
        for change in (
            {"state": "SIGNED", "outcome": "PASS"},
            {"state": "SIGNED", "signed_at": AT, "signed_by": models.F("judge")},
        )
    ),
    *(
        Refusal(
            "marking_signed_follows_from_its_lines",
            partial(signed, lines=lines, said=said),
        )
        for lines, said in (
            ({"mark": None}, {"outcome": "PASS", "total": 99}),
            ({"mark": None}, {"outcome": "REFERRAL", "total": None}),
            ({"mark": models.F("maximum")}, {"outcome": "PASS", "total": 99}),
            ({"mark": models.F("maximum")}, {"outcome": "REFERRAL", "total": 100}),
            ({"mark": 0}, {"outcome": "PASS", "total": 0}),
        )
    ),
    Refusal("marking_judgement_signed", update(marking.Judgement, {"outcome": "REFERRAL"}, state="SIGNED")),
    Refusal(
        "marking_judgement_signed",
        update(marking.Judgement, {"state": "WITHDRAWN"}, {"state": "DRAFT"}, **DRAFT_JUDGEMENT),
    ),
    Refusal(
        "marking_writing_is_not_forgotten",
        update(marking.Judgement, {"is_written_on": True}, {"is_written_on": False}, **DRAFT_JUDGEMENT),
    ),
    Refusal("marking_writing_is_not_forgotten", set_aside_as_if_blank),
    Refusal(
        "marking_judgement_one_judge_one_stage",
        lambda world: copied(marking.Judgement.objects.filter(pk=written_on_and_set_aside()), stage="IQA"),
    ),
    Refusal(
        "marking_not_own_work",
        lambda world: copied(
            marking.Judgement.objects.filter(**DRAFT_JUDGEMENT), judge=world.cast.learner, stage="IQA"
        ),
    ),
    Refusal("marking_line_once_a_part", copy(marking.JudgementLine, judgement__state="DRAFT")),
    *(
        Refusal(
            "marking_line_mark_from_0_to_maximum",
            copy(marking.JudgementLine, changes=mark, judgement__state="DRAFT", maximum__isnull=False),
        )
        for mark in ({"mark": -1}, {"mark": 1000}, {"mark": 1, "maximum": None})
    ),
    *(
        Refusal(
            "marking_line_decision_is_pass_or_referral",
            copy(
                marking.JudgementLine,
                changes={"decision": decision},
                judgement__state="DRAFT",
                maximum__isnull=is_criterion,
            ),
        )
        for decision, is_criterion in (("MAYBE", True), ("PASS", False))
    ),
    Refusal(
        "marking_line_carried_over_names_its_origin",
        copy(marking.JudgementLine, changes={"carried_from": 1}, judgement__state="DRAFT"),
    ),
    Refusal(
        "marking_lines_signed",
        copy(marking.JudgementLine, changes={"part_ref": "9"}, judgement__state="SIGNED"),
    ),
    Refusal("marking_lines_signed", update(marking.JudgementLine, {"mark": 1}, judgement__state="SIGNED")),
    Refusal("marking_comment_once_an_outcome", copy(marking.OutcomeComment, judgement__state="DRAFT")),
    Refusal(
        "marking_lines_signed",
        copy(marking.OutcomeComment, changes={"outcome_number": 9}, judgement__state="SIGNED"),
        holds="marking_comments_signed",
    ),
    Refusal(
        "marking_lines_signed",
        update(marking.OutcomeComment, {"text": "x"}, judgement__state="SIGNED"),
        holds="marking_comments_signed",
    ),
    Refusal(
        "marking_judgement_reason_fits",
        copy(marking.Judgement, changes={"reason": "x" * 2001}, **DRAFT_JUDGEMENT),
    ),
    *(
        Refusal(name, copy(model, changes={field: text}, judgement__state="DRAFT"))
        for name, model, field in (
            ("marking_line_feedback_fits", marking.JudgementLine, "feedback"),
            ("marking_comment_fits", marking.OutcomeComment, "text"),
        )
        for text in TOO_MUCH
    ),
    Refusal("marking_signature_once_a_judgement", copy(marking.Signature)),
    Refusal("marking_sheet_revision_once", copy(marking.ResultSheet, changes={"code": "AAAA-BBBB"})),
    Refusal("marking_sheet_code_once", copy(marking.ResultSheet, changes={"revision": 9})),
    *(
        Refusal(
            "marking_resultsheet_ready_has_a_file",
            copy(marking.ResultSheet, changes={**SHEET, **MADE, **missing}),
        )
        for missing in ({"rendered_at": None}, {"pdf_sha256": ""}, {"storage_key": ""})
    ),
    *(
        Refusal("marking_resultsheet_says_what_failed", copy(marking.ResultSheet, changes={**SHEET, **odd}))
        for odd in ({"state": "FAILED"}, {"problem": "x"}, {"state": "LOST"})
    ),
    Refusal(
        "marking_sheet_frozen",
        lambda world: update(
            marking.ResultSheet, {**MADE, "storage_key": f"{world.centre.pk}/x"}, {"storage_key": "y"}
        )(world),
    ),
    *(
        Refusal("marking_resultsheet_lies_in_its_centre", statement)
        for statement in elsewhere(marking.ResultSheet, "storage_key")
    ),
]
