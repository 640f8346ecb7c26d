"""What the desks do across several rooms: ZIP files of sheets, and sending waiting work again."""

from desks.actions.bundle import make_sheets_zip
from desks.actions.sweep import send_due_wakeups

__all__ = ["make_sheets_zip", "send_due_wakeups"]
