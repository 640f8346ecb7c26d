"""Where every address leads: a few open doors, and everything of a centre under its own address."""

from django.urls import include, path

from centres.views import open as doors
from portfolios.views.guest import GuestView

of_a_centre = [
    path("", include("desks.urls")),
    path("", include("centres.urls")),
    path("", include("qualifications.urls")),
    path("catalogue/", include("assessments.urls")),
    path("", include("portfolios.urls")),
    path("marking/", include("marking.urls")),
    path("quality/", include("quality_assurance.urls")),
]

urlpatterns = [
    path("", doors.FrontView.as_view(), name="front"),
    path("health/", doors.HealthView.as_view(), name="health"),
    path("sign-in/", doors.SignInView.as_view(), name="sign-in"),
    path("sign-in/again/", doors.SignInAgainView.as_view(), name="sign-in-again"),
    path("sign-out/", doors.SignOutView.as_view(), name="sign-out"),
    path("c/<slug:slug>/join/<str:token>/", doors.JoinView.as_view(), name="join"),
    path("c/<slug:slug>/sign/<str:token>/", GuestView.as_view(), name="guest"),
    path("c/<slug:slug>/", include(of_a_centre)),
]
