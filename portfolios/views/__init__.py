"""The learner's pages: an assessment and its attempts, a unit and its records, and the evidence itself."""

from portfolios.views.assessment import AssessmentView
from portfolios.views.draft import AddFilesView, RemoveView, RestoreView, SaveTextView
from portfolios.views.evidence import EvidencePagesView, EvidencePageView, EvidenceView
from portfolios.views.page import SubmissionView
from portfolios.views.records import (
    BeginRecordView,
    HistoryView,
    RecordView,
    RemoveRecordView,
    RestoreRecordView,
)
from portfolios.views.sessions import (
    AddSessionView,
    ReflectView,
    RemoveSessionView,
    RestoreSessionView,
    SessionView,
)
from portfolios.views.submit import SubmitView, WithdrawView
from portfolios.views.supervision import (
    AddSupervisionView,
    RemoveSupervisionView,
    RestoreSupervisionView,
    SupervisionView,
)
from portfolios.views.unit import ExceptionView, UnitView

__all__ = [
    "AddFilesView",
    "AddSessionView",
    "AddSupervisionView",
    "AssessmentView",
    "BeginRecordView",
    "EvidencePageView",
    "EvidencePagesView",
    "EvidenceView",
    "ExceptionView",
    "HistoryView",
    "RecordView",
    "ReflectView",
    "RemoveRecordView",
    "RemoveSessionView",
    "RemoveSupervisionView",
    "RemoveView",
    "RestoreRecordView",
    "RestoreSessionView",
    "RestoreSupervisionView",
    "RestoreView",
    "SaveTextView",
    "SessionView",
    "SubmissionView",
    "SubmitView",
    "SupervisionView",
    "UnitView",
    "WithdrawView",
]
