"""The learner's pages of an assessment and its attempts, and the evidence itself."""

from portfolios.views.assessment import AssessmentView
from portfolios.views.claims import ClaimsView, EvidenceListView, RemoveClaimView, RestoreClaimView
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
from portfolios.views.matrix import MatrixFileView, MatrixView
from portfolios.views.page import SubmissionView
from portfolios.views.submit import SubmitView, WithdrawView
from portfolios.views.upload import UploadsView, UploadView

__all__ = [
    "AddDiscussionView",
    "AddFilesView",
    "AssessmentView",
    "ClaimsView",
    "ConfirmDiscussionView",
    "DiscussionView",
    "DiscussionsView",
    "EvidenceListView",
    "EvidencePageView",
    "EvidencePagesView",
    "EvidencePreviewView",
    "EvidenceView",
    "FileStatesView",
    "MatrixFileView",
    "MatrixView",
    "RemoveClaimView",
    "RemoveView",
    "RestoreClaimView",
    "RestoreView",
    "SaveTextView",
    "SubmissionView",
    "SubmitView",
    "UploadView",
    "UploadsView",
    "WithdrawView",
]
