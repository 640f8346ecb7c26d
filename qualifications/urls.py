"""Where the pages of this room lie inside a centre."""

from django.urls import URLPattern

app_name = "qualifications"
urlpatterns: list[URLPattern] = []
