"""Where the desks' pages lie inside a centre."""

from django.urls import path

from desks.views import attempts, bundles, feedback, home, staff

app_name = "desks"
urlpatterns = [
    path("learners/<uuid:learner_id>/attempts/", attempts.AttemptsView.as_view(), name="attempts"),
    path("home/", home.HomeView.as_view(), name="home"),
    path("submissions/<uuid:submission_id>/feedback/", feedback.FeedbackView.as_view(), name="feedback"),
    path("submissions/<uuid:submission_id>/before/", feedback.BeforeView.as_view(), name="before"),
]
urlpatterns += [
    path("staff/<uuid:member_id>/", staff.MemberView.as_view(), name="member"),
    path("staff/<uuid:member_id>/leave/", staff.LeaveView.as_view(), name="leave"),
]
urlpatterns += [
    path("exports/", bundles.ExportsView.as_view(), name="exports"),
    path("exports/sheets/", bundles.ExportCohortView.as_view(), name="export_cohort"),
    path("exports/<uuid:export_id>/", bundles.ExportView.as_view(), name="export"),
    path("exports/<uuid:export_id>/file/", bundles.ExportFileView.as_view(), name="export_file"),
]
