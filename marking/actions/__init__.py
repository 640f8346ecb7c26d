"""Changes to judgements, one module a verb."""

from marking.actions.judge import open_judgement, record_writing, withdraw_judgement
from marking.actions.mark import save_line, save_outcome_comment
from marking.actions.render import begin_sheet, render_sheet
from marking.actions.sheet import request_sheet, retry_sheet
from marking.actions.sign import seal_judgement, sign_assessment
from marking.actions.take import hand_back, hand_back_for, take_next_submission, take_submission

__all__ = [
    "begin_sheet",
    "hand_back",
    "hand_back_for",
    "open_judgement",
    "record_writing",
    "render_sheet",
    "request_sheet",
    "retry_sheet",
    "save_line",
    "save_outcome_comment",
    "seal_judgement",
    "sign_assessment",
    "take_next_submission",
    "take_submission",
    "withdraw_judgement",
]
