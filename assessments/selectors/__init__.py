"""What pages and documents need to know of the assessments."""

from assessments.selectors.parts import feedback_labels, parts_of

__all__ = ["feedback_labels", "parts_of"]
