"""The learner's pages: an assessment and its attempts, a unit and its records, and the evidence itself."""

from portfolios.views.assessment import AssessmentView
from portfolios.views.claims import ClaimsView, EvidenceListView, RemoveClaimView, RestoreClaimView
from portfolios.views.cohort import CohortFileView, CohortView
from portfolios.views.compiled import PortfolioPdfView, PortfolioView
from portfolios.views.deviations import AddDeviationView, DeviationLetterView, WithdrawDeviationView
from portfolios.views.discussions import (
    AddDiscussionView,
    ConfirmDiscussionView,
    DiscussionsView,
    DiscussionView,
)
from portfolios.views.draft import AddFilesView, FileStatesView, RemoveView, RestoreView, SaveTextView
from portfolios.views.evidence import (
    EvidencePagesView,
    EvidencePageView,
    EvidencePreviewView,
    EvidenceView,
)
from portfolios.views.finish import SessionFinishedView, SupervisionFinishedView
from portfolios.views.kept import SeenView, SignPageView
from portfolios.views.links import AskView, PaperView, RemovePaperView, WithdrawLinkView
from portfolios.views.matrix import MatrixFileView, MatrixView
from portfolios.views.observed import ObservationsView, ObserveView, WriteObservationView
from portfolios.views.page import SubmissionView
from portfolios.views.programme import (
    AddEntryView,
    ConfirmInductionView,
    CorrectEntryView,
    ProgrammeView,
)
from portfolios.views.records import (
    BeginRecordView,
    HistoryView,
    PrintRecordView,
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
from portfolios.views.upload import UploadsView, UploadView

__all__ = [
    "AddDeviationView",
    "AddDiscussionView",
    "AddEntryView",
    "AddFilesView",
    "AddSessionView",
    "AddSupervisionView",
    "AskView",
    "AssessmentView",
    "BeginRecordView",
    "ClaimsView",
    "CohortFileView",
    "CohortView",
    "ConfirmDiscussionView",
    "ConfirmInductionView",
    "CorrectEntryView",
    "DeviationLetterView",
    "DiscussionView",
    "DiscussionsView",
    "EvidenceListView",
    "EvidencePageView",
    "EvidencePagesView",
    "EvidencePreviewView",
    "EvidenceView",
    "ExceptionView",
    "FileStatesView",
    "HistoryView",
    "MatrixFileView",
    "MatrixView",
    "ObservationsView",
    "ObserveView",
    "PaperView",
    "PortfolioPdfView",
    "PortfolioView",
    "PrintRecordView",
    "ProgrammeView",
    "RecordView",
    "ReflectView",
    "RemoveClaimView",
    "RemovePaperView",
    "RemoveRecordView",
    "RemoveSessionView",
    "RemoveSupervisionView",
    "RemoveView",
    "RestoreClaimView",
    "RestoreRecordView",
    "RestoreSessionView",
    "RestoreSupervisionView",
    "RestoreView",
    "SaveTextView",
    "SeenView",
    "SessionFinishedView",
    "SessionView",
    "SignPageView",
    "SubmissionView",
    "SubmitView",
    "SupervisionFinishedView",
    "SupervisionView",
    "UnitView",
    "UploadView",
    "UploadsView",
    "WithdrawDeviationView",
    "WithdrawLinkView",
    "WithdrawView",
    "WriteObservationView",
]
