"""Changes to evidence and submissions, one module a verb."""

from portfolios.actions.move import move_submission
from portfolios.actions.offer import offer_file, save_text, withdraw_offer
from portfolios.actions.start import open_next_attempt, start_attempt
from portfolios.actions.submit import manifest_of, submit_attempt, withdraw_submission

__all__ = [
    "manifest_of",
    "move_submission",
    "offer_file",
    "open_next_attempt",
    "save_text",
    "start_attempt",
    "submit_attempt",
    "withdraw_offer",
    "withdraw_submission",
]
