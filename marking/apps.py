"""Wiring of the marking room."""

from django.apps import AppConfig


class MarkingConfig(AppConfig):
    name = "marking"
