"""Where the desks' pages lie inside a centre."""

from django.urls import path

from desks.views import feedback, home

app_name = "desks"
urlpatterns = [
    path("home/", home.HomeView.as_view(), name="home"),
    path("submissions/<uuid:submission_id>/feedback/", feedback.FeedbackView.as_view(), name="feedback"),
    path("submissions/<uuid:submission_id>/before/", feedback.BeforeView.as_view(), name="before"),
]
