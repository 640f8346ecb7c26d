"""Addresses of the catalogue, inside a centre."""

from django.urls import path

from assessments import views

app_name = "assessments"
urlpatterns = [
    path("", views.CatalogueView.as_view(), name="catalogue"),
    path("qualifications/<slug:key>/", views.QualificationView.as_view(), name="qualification"),
    path("units/<str:ref>/", views.UnitView.as_view(), name="unit"),
    path("assessments/<slug:key>/", views.AssessmentView.as_view(), name="assessment"),
]
