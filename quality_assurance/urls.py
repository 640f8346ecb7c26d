"""Where the pages of this room lie inside a centre."""

from django.urls import URLPattern

app_name = "quality_assurance"
urlpatterns: list[URLPattern] = []
