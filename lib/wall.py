"""Migration operations that raise the wall between centres: row-level security, composite keys, grants."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

CENTRE = "NULLIF(current_setting('app.centre', true), '')::uuid"
USER = "NULLIF(current_setting('app.user_id', true), '')::uuid"
SEARCH_PATH = "pg_catalog, public, pg_temp"


def app_role() -> str:
    """Return the name of the role that serves: it owns nothing and is held by every policy."""
    return str(settings.DATABASES["default"]["USER"])


class CentreForeignKey(models.ForeignKey[Any, Any]):
    """A reference inside one centre; the database checks it together with the centre (see Wall)."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)


class _SqlOperation(Operation):
    """An operation that changes only the database, never the state of the models."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Do nothing: the table goes with its model, and its policies and grants with it."""


class Wall(_SqlOperation):
    """Give a tenant table its policy, its composite foreign keys and the grants of the serving role.

    ``update`` lists the columns that may ever change (None: all), ``delete`` allows removal, and
    ``own_user_reads`` lets people find the rows that name them before a centre is chosen.
    """

    def __init__(
        self,
        name: str,
        *,
        update: Sequence[str] | None = None,
        delete: bool = False,
        own_user_reads: bool = False,
    ) -> None:
        self.name = name
        self.update = update
        self.delete = delete
        self.own_user_reads = own_user_reads

    def describe(self) -> str:
        return f"Raise the wall around {self.name}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (
            type(self).__name__,
            [self.name],
            {"update": self.update, "delete": self.delete, "own_user_reads": self.own_user_reads},
        )

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        for statement in self._statements(model):
            schema_editor.execute(statement)

    def _statements(self, model: type[models.Model]) -> Iterable[str]:
        table = model._meta.db_table
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
        yield (
            f'CREATE POLICY centre_wall ON "{table}" '
            f"USING (centre_id = {CENTRE}) WITH CHECK (centre_id = {CENTRE})"
        )
        if self.own_user_reads:
            yield f'CREATE POLICY own_user_reads ON "{table}" FOR SELECT USING (user_id = {USER})'
        yield from self._grants(table)
        for field in model._meta.local_fields:
            if isinstance(field, CentreForeignKey):
                yield from self._composite_key(table, field)

    def _grants(self, table: str) -> Iterable[str]:
        yield f'GRANT SELECT, INSERT ON "{table}" TO "{app_role()}"'
        if self.update is None:
            yield f'GRANT UPDATE ON "{table}" TO "{app_role()}"'
        elif self.update:
            columns = ", ".join(f'"{column}"' for column in self.update)
            yield f'GRANT UPDATE ({columns}) ON "{table}" TO "{app_role()}"'
        if self.delete:
            yield f'GRANT DELETE ON "{table}" TO "{app_role()}"'

    def _composite_key(self, table: str, field: CentreForeignKey) -> Iterable[str]:
        column, target = field.column, field.remote_field.model._meta.db_table
        yield f'CREATE INDEX "{table}_{column}_in_centre" ON "{table}" (centre_id, "{column}")'
        yield (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_same_centre" '
            f'FOREIGN KEY (centre_id, "{column}") REFERENCES "{target}" (centre_id, id) '
            "DEFERRABLE INITIALLY DEFERRED"
        )


class OpenTo(_SqlOperation):
    """Grant the serving role the named privileges on global tables, and no others."""

    def __init__(self, privileges: str, *tables: str) -> None:
        self.privileges = privileges
        self.tables = tables

    def describe(self) -> str:
        return f"Grant {self.privileges} on {', '.join(self.tables)}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.privileges, *self.tables], {})

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self.tables:
            schema_editor.execute(f'GRANT {self.privileges} ON "{table}" TO "{app_role()}"')


class OwnFiles(_SqlOperation):
    """Refuse a row that names a stored file outside its centre's folder: the wall guards rows, not files.

    ``column`` holds one key, which may be empty, or with ``is_list`` several.
    """

    def __init__(self, table: str, column: str, *, is_list: bool = False) -> None:
        self.table = table
        self.column = column
        self.is_list = is_list

    def describe(self) -> str:
        return f"Keep the files of {self.table} in its centre"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table, self.column], {"is_list": self.is_list})

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        keys = f"array_to_string({self.column}, ' ')" if self.is_list else self.column
        schema_editor.execute(
            f'ALTER TABLE "{self.table}" ADD CONSTRAINT {self.table}_lies_in_its_centre CHECK '
            f"({keys} ~ ('^(' || centre_id || '/[^ ]+( |$))*$') AND position('..' IN {keys}) = 0)"
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute(f'ALTER TABLE "{self.table}" DROP CONSTRAINT {self.table}_lies_in_its_centre')


class Pinned(_SqlOperation):
    """Let functions of triggers look names up where ours are, and never in a session's own tables first.

    Without it a temporary table of the same name would answer instead of the one that is guarded.
    """

    def __init__(self, *functions: str) -> None:
        self.functions = functions

    def describe(self) -> str:
        return f"Pin the names that {', '.join(self.functions)} look up"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [*self.functions], {})

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for function in self.functions:
            schema_editor.execute(f"ALTER FUNCTION {function}() SET search_path = {SEARCH_PATH}")

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for function in self.functions:
            schema_editor.execute(f"ALTER FUNCTION {function}() RESET search_path")
