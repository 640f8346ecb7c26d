"""Where the pages of this room lie inside a centre."""

from django.urls import path

from quality_assurance.views import board, decide, open, release, review, save

app_name = "quality_assurance"
urlpatterns = [
    path("", board.BoardView.as_view(), name="board"),
    path("board.csv", board.BoardTableView.as_view(), name="board_table"),
    path("open/<uuid:submission_id>/", open.OpenReviewView.as_view(), name="open"),
    path("reviews/<uuid:review_id>/", review.ReviewView.as_view(), name="review"),
    path("reviews/<uuid:review_id>/lines/<uuid:line_id>/", save.LineView.as_view(), name="line"),
    path("reviews/<uuid:review_id>/comments/<uuid:comment_id>/", save.CommentView.as_view(), name="comment"),
    path("reviews/<uuid:review_id>/note/", save.NoteView.as_view(), name="note"),
    path("reviews/<uuid:review_id>/decide/", decide.DecideView.as_view(), name="decide"),
    path("reviews/<uuid:review_id>/put-back/", open.PutBackView.as_view(), name="put_back"),
    path("release/<uuid:submission_id>/", release.ReleaseView.as_view(), name="release"),
    path("released/<uuid:submission_id>/", release.ReceiptView.as_view(), name="receipt"),
]
