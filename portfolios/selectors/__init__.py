"""What pages need to know of evidence and attempts."""

from portfolios.selectors.check import files_without_check
from portfolios.selectors.pane import PanePart, Piece, evidence_pane, record_pieces
from portfolios.selectors.sight import own_registrations, own_submissions, readable_evidence

__all__ = [
    "PanePart",
    "Piece",
    "evidence_pane",
    "files_without_check",
    "own_registrations",
    "own_submissions",
    "readable_evidence",
    "record_pieces",
]
