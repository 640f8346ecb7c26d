"""Changes made by internal quality assurance, one module a verb."""

from quality_assurance.actions.open import open_review, put_back, put_back_for
from quality_assurance.actions.release import release_unreviewed
from quality_assurance.actions.review import agree_and_release, note_looked_at, overturn_and_release

__all__ = [
    "agree_and_release",
    "note_looked_at",
    "open_review",
    "overturn_and_release",
    "put_back",
    "put_back_for",
    "release_unreviewed",
]
