"""What keeps a person who can run SQL as the serving role from undoing what was signed."""

from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections

from centres.models import Centre
from centres.scoping import centre_scope
from tests.makers import Cast, assessed

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]


@pytest.fixture
def cast() -> Cast:
    return Cast(Centre.objects.get(slug="northgate"))


def run(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []


def test_the_serving_role_makes_no_temporary_tables(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="permission denied to create temporary tables"):
        run("CREATE TEMPORARY TABLE marking_judgement (id uuid, state text)")


def test_a_temporary_table_does_not_stand_in_for_the_one_that_is_guarded(cast: Cast) -> None:
    judgement = assessed(cast, "wba-d3-01-02")
    role = settings.DATABASES["default"]["USER"]
    database = connection.settings_dict["NAME"]
    with connections["owner"].cursor() as owner:
        owner.execute(f'GRANT TEMPORARY ON DATABASE "{database}" TO "{role}"')
    shadow = (
        "CREATE TEMPORARY TABLE marking_judgement (id, state) ON COMMIT DROP AS SELECT %s::uuid, 'DRAFT';"
        "UPDATE public.marking_judgementline SET mark = 24 WHERE judgement_id = %s"
    )
    try:
        with pytest.raises(DatabaseError, match="never changes"), centre_scope(cast.centre.pk):
            run(shadow, judgement.pk, judgement.pk)
    finally:
        with connections["owner"].cursor() as owner:
            owner.execute(f'REVOKE TEMPORARY ON DATABASE "{database}" FROM "{role}"')
