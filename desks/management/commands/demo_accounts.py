"""Print who may sign in to the demonstration, one account a line."""

from typing import Any

from django.core.management.base import BaseCommand

from desks.management.demo.people import CENTRES, PASSWORD, PEOPLE


class Command(BaseCommand):
    """A table for the terminal: centre, role, name, address; the password is the same for all."""

    help = "Print the demonstration's accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            (CENTRES[p.centre][0], ", ".join(role.label for role in p.roles), p.name, p.email) for p in PEOPLE
        ]
        heads = ("Centre", "Role", "Name", "Signs in with")
        widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(4)]
        for row in (heads, *rows):
            self.stdout.write(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        self.stdout.write(f"The password of every account is: {PASSWORD}")
