"""Evidence and submissions, and the records of practice that learners keep."""

from portfolios.models.attempts import Evidence, Offer, Submission
from portfolios.models.claims import Claim, Discussion
from portfolios.models.compiled import Compilation
from portfolios.models.guests import GuestLink, GuestSignature, SignedPaper
from portfolios.models.practice import ClientException, PracticeClient, PracticeSession, SupervisionSession
from portfolios.models.programme import InductionConfirmation, ProgrammeEntry
from portfolios.models.records import Record, RecordRevision, Snapshot
from portfolios.models.uploads import Upload

__all__ = [
    "Claim",
    "ClientException",
    "Compilation",
    "Discussion",
    "Evidence",
    "GuestLink",
    "GuestSignature",
    "InductionConfirmation",
    "Offer",
    "PracticeClient",
    "PracticeSession",
    "ProgrammeEntry",
    "Record",
    "RecordRevision",
    "SignedPaper",
    "Snapshot",
    "Submission",
    "SupervisionSession",
    "Upload",
]
