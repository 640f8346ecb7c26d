"""Wiring of the desks room."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "desks"
