"""What somebody has in hand, and what becomes of it when they leave."""

from dataclasses import dataclass
from datetime import datetime

from centres.actions.invite import open_staff_invitations
from centres.models import Membership
from lib.words import counted, listed
from marking.selectors.queue import sheets_in_hand
from quality_assurance.selectors.put_back import reviews_in_hand


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes back when somebody leaves, counted before it does."""

    invitations: int
    sheets: int
    reviews: int

    @property
    def work(self) -> str:
        """The work in hand, in words; nothing where there is none."""
        return work_in_words(sheets=self.sheets, reviews=self.reviews)


def leaving_of(member: Membership, *, at: datetime) -> Leaving:
    """Return what goes back when a member leaves, in three queries."""
    return Leaving(
        invitations=open_staff_invitations(member, at).count(),
        sheets=sheets_in_hand(member).count(),
        reviews=reviews_in_hand(member).count(),
    )


def work_in_words(*, sheets: int, reviews: int) -> str:
    """Return work in hand in words.

    >>> work_in_words(sheets=1, reviews=2), work_in_words(sheets=0, reviews=0)
    ('1 sheet that they were marking and 2 reviews that they had open', '')
    """
    parts = []
    if sheets:
        parts.append(f"{counted(sheets, 'sheet')} that they were marking")
    if reviews:
        parts.append(f"{counted(reviews, 'review')} that they had open")
    return listed(parts)
