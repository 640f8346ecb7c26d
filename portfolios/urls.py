"""Where the pages of this room lie inside a centre."""

from django.urls import path

from portfolios import views

app_name = "portfolios"
urlpatterns = [
    path("evidence/<uuid:evidence_id>/", views.EvidenceView.as_view(), name="evidence"),
    path(
        "evidence/<uuid:evidence_id>/page/<int:page>/",
        views.EvidencePageView.as_view(),
        name="evidence_page",
    ),
]
