"""The learner's pages of an assessment and its attempts, and the evidence itself."""

from portfolios.views.assessment import AssessmentView
from portfolios.views.draft import AddFilesView, FileStatesView, RemoveView, RestoreView, SaveTextView
from portfolios.views.evidence import (
    EvidencePagesView,
    EvidencePageView,
    EvidencePreviewView,
    EvidenceView,
)
from portfolios.views.page import SubmissionView
from portfolios.views.submit import SubmitView, WithdrawView
from portfolios.views.upload import UploadsView, UploadView

__all__ = [
    "AddFilesView",
    "AssessmentView",
    "EvidencePageView",
    "EvidencePagesView",
    "EvidencePreviewView",
    "EvidenceView",
    "FileStatesView",
    "RemoveView",
    "RestoreView",
    "SaveTextView",
    "SubmissionView",
    "SubmitView",
    "UploadView",
    "UploadsView",
    "WithdrawView",
]
