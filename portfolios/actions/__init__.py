"""Changes to evidence and submissions, one module a verb."""

from portfolios.actions.check import judge_file, judge_upload, settle_evidence
from portfolios.actions.claim import claim_criteria, remove_claim, restore_claim
from portfolios.actions.discuss import (
    DiscussionFacts,
    confirm_discussion,
    record_discussion,
    save_discussion,
)
from portfolios.actions.keep import see_observation, sign_page, write_observation
from portfolios.actions.move import move_submission
from portfolios.actions.offer import offer_file, restore_offer, save_text, withdraw_offer
from portfolios.actions.practise import (
    add_session,
    change_session,
    record_exception,
    remove_session,
    restore_session,
)
from portfolios.actions.programme import (
    EntryFacts,
    confirm_induction,
    correct_entry,
    record_entry,
    withdraw_entry,
)
from portfolios.actions.record import begin_pages, begin_record, remove_record, restore_record, save_record
from portfolios.actions.start import check_may_start, open_next_attempt, start_attempt
from portfolios.actions.submit import (
    manifest_fingerprint,
    manifest_of,
    manifest_with,
    submit_attempt,
    withdraw_submission,
)
from portfolios.actions.supervise import (
    add_supervision,
    change_supervision,
    remove_supervision,
    restore_supervision,
)

__all__ = [
    "DiscussionFacts",
    "EntryFacts",
    "add_session",
    "add_supervision",
    "begin_pages",
    "begin_record",
    "change_session",
    "change_supervision",
    "check_may_start",
    "claim_criteria",
    "confirm_discussion",
    "confirm_induction",
    "correct_entry",
    "judge_file",
    "judge_upload",
    "manifest_fingerprint",
    "manifest_of",
    "manifest_with",
    "move_submission",
    "offer_file",
    "open_next_attempt",
    "record_discussion",
    "record_entry",
    "record_exception",
    "remove_claim",
    "remove_record",
    "remove_session",
    "remove_supervision",
    "restore_claim",
    "restore_offer",
    "restore_record",
    "restore_session",
    "restore_supervision",
    "save_discussion",
    "save_record",
    "save_text",
    "see_observation",
    "settle_evidence",
    "sign_page",
    "start_attempt",
    "submit_attempt",
    "withdraw_entry",
    "withdraw_offer",
    "withdraw_submission",
    "write_observation",
]
