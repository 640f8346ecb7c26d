"""Evidence and submissions, and the records of practice that learners keep."""

from portfolios.models.attempts import Evidence, Offer, Submission
from portfolios.models.practice import ClientException, PracticeClient, PracticeSession, SupervisionSession
from portfolios.models.records import Record, RecordRevision, Snapshot

__all__ = [
    "ClientException",
    "Evidence",
    "Offer",
    "PracticeClient",
    "PracticeSession",
    "Record",
    "RecordRevision",
    "Snapshot",
    "Submission",
    "SupervisionSession",
]
