"""`migrate`, by the role that owns the schema unless another database is named."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Django's own command; the role that serves people may not change the schema."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take Django's arguments, with `owner` as the database."""
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then let the serving role see which migrations ran, since several commands ask."""
        super().handle(*args, **options)
        role = str(settings.DATABASES["default"]["USER"])
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            if "django_migrations" in connection.introspection.table_names(cursor):
                cursor.execute(f"GRANT SELECT ON django_migrations TO {connection.ops.quote_name(role)}")
