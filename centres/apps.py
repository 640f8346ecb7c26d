"""Wiring of the centres room."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"
