"""Where the pages of this room lie inside a centre."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portfolios import views

app_name = "portfolios"
ATTEMPT = "submissions/<uuid:submission_id>/"
PART = ATTEMPT + "parts/<str:part_ref>/"
MATRIX = "registrations/<uuid:registration_id>/units/<str:ref>/matrix/"
UNIT = "units/<uuid:registration_id>/<str:unit_ref>/"
SESSION = "sessions/<uuid:session_id>/"
SUPERVISION = "supervision/<uuid:supervision_id>/"
RECORD = "records/<uuid:record_id>/"
PRACTICE = [
    path(UNIT, views.UnitView.as_view(), name="unit"),
    path(UNIT + "client/", views.ExceptionView.as_view(), name="exception"),
    path(UNIT + "sessions/add/", views.AddSessionView.as_view(), name="add_session"),
    path(UNIT + "supervision/add/", views.AddSupervisionView.as_view(), name="add_supervision"),
    path(
        UNIT + "records/<slug:template_key>/<slug:part>/",
        views.BeginRecordView.as_view(),
        name="begin_record",
    ),
    path(SESSION, views.SessionView.as_view(), name="session"),
    path(SESSION + "finished/", views.SessionFinishedView.as_view(), name="session_finished"),
    path(SESSION + "reflect/", views.ReflectView.as_view(), name="reflect"),
    path(SESSION + "remove/", views.RemoveSessionView.as_view(), name="remove_session"),
    path(SESSION + "restore/", views.RestoreSessionView.as_view(), name="restore_session"),
    path(SUPERVISION, views.SupervisionView.as_view(), name="supervision"),
    path(SUPERVISION + "finished/", views.SupervisionFinishedView.as_view(), name="supervision_finished"),
    path(SUPERVISION + "remove/", views.RemoveSupervisionView.as_view(), name="remove_supervision"),
    path(SUPERVISION + "restore/", views.RestoreSupervisionView.as_view(), name="restore_supervision"),
    path(RECORD, views.RecordView.as_view(), name="record"),
    path(RECORD + "history/", views.HistoryView.as_view(), name="history"),
    path(RECORD + "print/", views.PrintRecordView.as_view(), name="print_record"),
    path(RECORD + "remove/", views.RemoveRecordView.as_view(), name="remove_record"),
    path(RECORD + "restore/", views.RestoreRecordView.as_view(), name="restore_record"),
    path(RECORD + "sign/", views.SignPageView.as_view(), name="sign_record"),
    path(RECORD + "seen/", views.SeenView.as_view(), name="seen"),
    path(RECORD + "ask/", views.AskView.as_view(), name="ask"),
    path(RECORD + "paper/", views.PaperView.as_view(), name="paper"),
    path("links/<uuid:link_id>/withdraw/", views.WithdrawLinkView.as_view(), name="withdraw_link"),
    path("papers/<uuid:paper_id>/remove/", views.RemovePaperView.as_view(), name="remove_paper"),
]
OF_REGISTRATION = "registrations/<uuid:registration_id>/"
ENTRY = "programme/<uuid:entry_id>/"
DEVIATION = "deviations/<uuid:deviation_id>/"
PROGRAMME = [
    path("programme/", views.CohortView.as_view(), name="programmes"),
    path("programme/programmes.csv", views.CohortFileView.as_view(), name="programmes_csv"),
    path(OF_REGISTRATION + "programme/", views.ProgrammeView.as_view(), name="programme"),
    path(OF_REGISTRATION + "programme/<slug:kind>/", views.AddEntryView.as_view(), name="add_entry"),
    path(ENTRY + "correct/", views.CorrectEntryView.as_view(), name="correct_entry"),
    path(ENTRY + "confirm/", views.ConfirmInductionView.as_view(), name="confirm_induction"),
    # It makes the check itself, after it has bounded what it reads.
    path(
        OF_REGISTRATION + "deviations/add/",
        csrf_exempt(views.AddDeviationView.as_view()),
        name="add_deviation",
    ),
    path(DEVIATION + "withdraw/", views.WithdrawDeviationView.as_view(), name="withdraw_deviation"),
    path(DEVIATION + "letter/", views.DeviationLetterView.as_view(), name="deviation_letter"),
]
OBSERVED = [
    path("observations/", views.ObserveView.as_view(), name="observe"),
    path(OF_REGISTRATION + "observations/", views.ObservationsView.as_view(), name="observations"),
    path(
        OF_REGISTRATION + "observations/<str:unit_ref>/<slug:template_key>/",
        views.WriteObservationView.as_view(),
        name="write_observation",
    ),
]
urlpatterns = [
    *PRACTICE,
    *PROGRAMME,
    *OBSERVED,
    path("assessments/<uuid:registration_id>/<slug:key>/", views.AssessmentView.as_view(), name="assessment"),
    path(ATTEMPT, views.SubmissionView.as_view(), name="submission"),
    path(ATTEMPT + "submit/", views.SubmitView.as_view(), name="submit"),
    path(ATTEMPT + "portfolio/", views.PortfolioView.as_view(), name="compiled"),
    path(ATTEMPT + "portfolio/pdf/", views.PortfolioPdfView.as_view(), name="compiled_pdf"),
    path(ATTEMPT + "withdraw/", views.WithdrawView.as_view(), name="withdraw"),
    path(ATTEMPT + "offers/<uuid:offer_id>/remove/", views.RemoveView.as_view(), name="remove"),
    # It makes the check itself, after it has bounded what it reads.
    path(PART + "files/", csrf_exempt(views.AddFilesView.as_view()), name="add_files"),
    path(PART + "uploads/", views.UploadsView.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>/", views.UploadView.as_view(), name="upload"),
    path(PART + "states/", views.FileStatesView.as_view(), name="file_states"),
    path(PART + "text/", views.SaveTextView.as_view(), name="save_text"),
    path(PART + "restore/<uuid:evidence_id>/", views.RestoreView.as_view(), name="restore"),
    path("evidence/", views.EvidenceListView.as_view(), name="evidence_list"),
    path("evidence/<uuid:evidence_id>/claims/", views.ClaimsView.as_view(), name="claims"),
    path("claims/<uuid:claim_id>/remove/", views.RemoveClaimView.as_view(), name="remove_claim"),
    path("claims/<uuid:claim_id>/restore/", views.RestoreClaimView.as_view(), name="restore_claim"),
    path("discussions/", views.DiscussionsView.as_view(), name="discussions"),
    path("discussions/add/", views.AddDiscussionView.as_view(), name="add_discussion"),
    path("discussions/<uuid:discussion_id>/", views.DiscussionView.as_view(), name="discussion"),
    path(
        "discussions/<uuid:discussion_id>/confirm/",
        views.ConfirmDiscussionView.as_view(),
        name="confirm_discussion",
    ),
    path(MATRIX, views.MatrixView.as_view(), name="matrix"),
    path(MATRIX + "csv/", views.MatrixFileView.as_view(), name="matrix_csv"),
    path("evidence/<uuid:evidence_id>/", views.EvidenceView.as_view(), name="evidence"),
    path("evidence/<uuid:evidence_id>/pages/", views.EvidencePagesView.as_view(), name="evidence_pages"),
    path("evidence/<uuid:evidence_id>/preview/", views.EvidencePreviewView.as_view(), name="preview"),
    path(
        "evidence/<uuid:evidence_id>/page/<int:page>/",
        views.EvidencePageView.as_view(),
        name="evidence_page",
    ),
]
