"""The learner's pages of an assessment and its attempts, and the evidence itself."""

from portfolios.views.evidence import EvidencePageView, EvidenceView

__all__ = ["EvidencePageView", "EvidenceView"]
