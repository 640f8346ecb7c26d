"""Wiring of the quality_assurance room."""

from django.apps import AppConfig


class QualityAssuranceConfig(AppConfig):
    name = "quality_assurance"
