"""Adapters to things outside the application: no models, and no import of an app."""
