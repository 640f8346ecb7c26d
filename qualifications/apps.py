"""Wiring of the qualifications room."""

from django.apps import AppConfig


class QualificationsConfig(AppConfig):
    name = "qualifications"
