"""What the desks do across several rooms: ZIP files of sheets, leaving, and sending waiting work again."""

from desks.actions.bundle import make_sheets_zip
from desks.actions.leave import change_what_they_do, let_leave
from desks.actions.sweep import send_due_wakeups

__all__ = ["change_what_they_do", "let_leave", "make_sheets_zip", "send_due_wakeups"]
