"""Wiring of the assessments room."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
