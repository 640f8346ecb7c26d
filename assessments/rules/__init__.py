"""What the catalogue says and what it may say, in plain Python."""

from assessments.rules.faults import CatalogueRefused, Fault
from assessments.rules.parts import Part
from assessments.rules.practice import Practice
from assessments.rules.publication import Publication, content_sha256, plan_publication

__all__ = [
    "CatalogueRefused",
    "Fault",
    "Part",
    "Practice",
    "Publication",
    "content_sha256",
    "plan_publication",
]
