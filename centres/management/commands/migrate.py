"""`migrate`, by the role that owns the schema unless another database is named."""

from argparse import ArgumentParser

from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own command; the role that serves people may not change the schema."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take Django's arguments, with `owner` as the database."""
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.set_defaults(database="owner")
