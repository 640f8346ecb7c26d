"""Where the desks' pages lie inside a centre."""

from django.urls import URLPattern

app_name = "desks"
urlpatterns: list[URLPattern] = []
