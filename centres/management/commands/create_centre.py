"""Opens a centre: `manage.py create_centre northgate "Northgate Training" 012345 "Joan Mills" joan@…`."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils import timezone

from centres.actions.found import open_centre
from lib.refusals import Refusal


class Command(BaseCommand):
    """Open a centre and name the administrator who invites everybody else."""

    help = "Open a centre with its first administrator; asks for their password, or reads it from a pipe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the centre is called and who administers it."""
        parser.add_argument("slug", help="what stands for the centre in addresses")
        parser.add_argument("name", help="the centre's name")
        parser.add_argument("number", help="the awarding body's number of the centre")
        parser.add_argument("administrator", help="the first administrator's name")
        parser.add_argument("email", help="the address that they sign in with")

    def handle(self, *args: Any, **given: Any) -> None:
        """Open the centre, or say in one line what keeps it from being opened."""
        told = {name: given[name] for name in ("slug", "name", "number", "administrator", "email")}
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_slug(told["slug"])
            open_centre(**told, password=password, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Opened {told['name']} at /c/{told['slug']}/.")
