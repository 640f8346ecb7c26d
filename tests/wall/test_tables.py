"""What the database itself says about every table: walled, or global for a stated reason."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections, models

from centres.scoping import GLOBAL_TABLES, TenantModel
from lib.wall import CentreForeignKey

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


def rows(sql: str, *params: Any) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def test_every_table_is_walled_or_global_with_a_reason() -> None:
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    walled = {model._meta.db_table for model in TENANT_MODELS}
    assert tables - walled == set(GLOBAL_TABLES)
    assert all(reason.strip() for reason in GLOBAL_TABLES.values())


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_a_tenant_table_forces_its_policy(model: type[TenantModel]) -> None:
    table = model._meta.db_table
    assert rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table) == [
        (True, True)
    ]
    policies = rows("SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE tablename = %s", table)
    walls = [policy for policy in policies if policy[0] == "centre_wall"]
    assert len(walls) == 1
    _, command, reads, writes = walls[0]
    assert command == "ALL"
    assert "app.centre" in str(reads)
    assert "app.centre" in str(writes)


def references() -> Iterator[tuple[str, str, str]]:
    for model in TENANT_MODELS:
        for field in model._meta.local_fields:
            target = field.remote_field.model if isinstance(field, models.ForeignKey) else None
            if isinstance(target, type) and issubclass(target, TenantModel):
                assert isinstance(field, CentreForeignKey), f"{model.__name__}.{field.name}"
                yield model._meta.db_table, field.column, target._meta.db_table


@pytest.mark.parametrize(("table", "column", "target"), list(references()))
def test_a_reference_is_checked_together_with_the_centre(table: str, column: str, target: str) -> None:
    found = rows(
        """
        SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND conrelid = %s::regclass AND confrelid = %s::regclass
        """,
        table,
        target,
    )
    wanted = (
        f"FOREIGN KEY (centre_id, {column}) REFERENCES {target}(centre_id, id) DEFERRABLE INITIALLY DEFERRED"
    )
    assert (wanted,) in found


def test_unique_keys_of_tenant_tables_start_with_the_centre() -> None:
    tables = [model._meta.db_table for model in TENANT_MODELS]
    definitions = rows(
        "SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef LIKE 'CREATE UNIQUE%%'",
        tables,
    )
    strays = [d for (d,) in definitions if "(centre_id" not in str(d) and not str(d).endswith("(id)")]
    assert strays == []


def test_the_serving_role_owns_nothing_and_bypasses_nothing() -> None:
    role = settings.DATABASES["default"]["USER"]
    attributes = rows("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", role)
    assert attributes == [(False, False, False)]
    owned = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s", role)
    assert owned == []
    granted = rows(
        "SELECT table_name FROM information_schema.role_table_grants "
        "WHERE grantee = %s AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')",
        role,
    )
    assert granted == []


@pytest.mark.parametrize("table", [t for t, reason in GLOBAL_TABLES.items() if "catalogue" in reason])
def test_the_catalogue_is_read_only_for_the_serving_role(table: str) -> None:
    role = settings.DATABASES["default"]["USER"]
    privileges = rows(
        "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = %s AND table_name = %s",
        role,
        table,
    )
    assert privileges == [("SELECT",)]


@pytest.mark.parametrize(
    "table",
    [
        "centres_event",
        "marking_signature",
        "qualifications_achievement",
        "quality_assurance_release",
        "portfolios_recordrevision",
        "portfolios_snapshot",
    ],
)
def test_what_is_written_once_cannot_be_changed_or_removed(table: str) -> None:
    role = settings.DATABASES["default"]["USER"]
    privileges = rows(
        "SELECT privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = %s AND table_name = %s UNION "
        "SELECT privilege_type FROM information_schema.column_privileges "
        "WHERE grantee = %s AND table_name = %s",
        role,
        table,
        role,
        table,
    )
    assert {privilege for (privilege,) in privileges} == {"SELECT", "INSERT"}


def test_every_function_of_a_trigger_pins_where_it_looks_names_up() -> None:
    functions = rows(
        """
        SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.prorettype = 'trigger'::regtype
        """
    )
    assert functions
    pinned = ["search_path=pg_catalog, public, pg_temp"]
    assert [name for name, config in functions if config != pinned] == []
