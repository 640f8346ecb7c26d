"""Where the pages of this room lie inside a centre."""

from django.urls import path

from marking import views
from marking.views import sheets

app_name = "marking"
urlpatterns = [
    path("", views.QueueView.as_view(), name="queue"),
    path("take-next/", views.TakeNextView.as_view(), name="take_next"),
    path("take/<uuid:submission_id>/", views.TakeView.as_view(), name="take"),
    path("parts/<uuid:line_id>/", views.LineView.as_view(), name="line"),
    path("comments/<uuid:comment_id>/", views.CommentView.as_view(), name="comment"),
    path("<uuid:judgement_id>/", views.WorkspaceView.as_view(), name="workspace"),
    path("<uuid:judgement_id>/next/", views.NextView.as_view(), name="next"),
    path("<uuid:judgement_id>/sign/", views.SignView.as_view(), name="sign"),
    path("<uuid:judgement_id>/receipt/", views.ReceiptView.as_view(), name="receipt"),
    path("<uuid:judgement_id>/hand-back/", views.HandBackView.as_view(), name="hand_back"),
]
urlpatterns += [
    path("sheets/", sheets.SheetsView.as_view(), name="sheets"),
    path("sheets/<uuid:sheet_id>/", sheets.SheetView.as_view(), name="sheet"),
    path("sheets/<uuid:sheet_id>/pdf/", sheets.SheetPdfView.as_view(), name="sheet_pdf"),
    path("sheets/<uuid:sheet_id>/pages/<int:page>/", sheets.SheetPictureView.as_view(), name="sheet_page"),
    path("sheets/<uuid:sheet_id>/record/", sheets.SheetRecordView.as_view(), name="sheet_record"),
]
