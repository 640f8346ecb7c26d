"""What the serving role may ever change or remove: a table to read, not to compute.

A column that is not named here is written once, with its row; whoever opens one asks what rests on it.
"""

from collections import defaultdict

import pytest
from django.conf import settings
from django.db import connections

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

EVERY_COLUMN = "*"
MAY_CHANGE = {
    "assessments_approveddeviation": "reason withdrawn_at withdrawn_by_id",
    "centres_cohort": "name",
    "centres_export": "done problem ready_at sha256 state storage_key",
    "centres_grant": "ends_at",
    "centres_invitation": "accepted_at accepted_by_id sent_at token_digest withdrawn_at withdrawn_by_id",
    "centres_learner": "membership_id name",
    "centres_membership": "ended_at ended_by_id name roles",
    "centres_user": "last_login password",
    "centres_wakeup": EVERY_COLUMN,
    "django_session": EVERY_COLUMN,
    "marking_allocation": "ended_at ended_by_id reason",
    "marking_judgement": "basis is_written_on outcome reason signed_at signed_by_id state total",
    "marking_judgementline": "decision feedback feedback_more is_adopted mark saved_at version",
    "marking_outcomecomment": "saved_at text version",
    "marking_resultsheet": "pdf_sha256 problem rendered_at state storage_key tries",
    "portfolios_claim": "removed_at removed_by_id",
    "portfolios_clientexception": "options_considered reason recorded_at recorded_by_id",
    "portfolios_compilation": "pdf_sha256 problem rendered_at state storage_key tries",
    "portfolios_discussion": (
        "agreed_for assessor_id confirmed_at confirmed_by_id evidence_id has_live_iqa mode others questions "
        "saved_at version"
    ),
    "portfolios_evidence": "problem removed_at removed_by_id saved_at sha256 size state text version",
    "portfolios_guestlink": "draft saved_at withdrawn_at withdrawn_by_id",
    "portfolios_practicesession": "client_id minutes removed_at removed_by_id saved_at starts_at version",
    "portfolios_record": (
        "answers evidence_id meaning removed_at removed_by_id saved_at seen_at seen_by_id signed_as "
        "signed_at signed_by_id signed_name version"
    ),
    "portfolios_signedpaper": "removed_at removed_by_id",
    "portfolios_submission": (
        "declaration has_refused_standardisation manifest manifest_sha256 state state_at submitted_at "
        "submitted_by_id"
    ),
    "portfolios_supervisionsession": "held_on minutes removed_at removed_by_id saved_at supervisor version",
    "portfolios_upload": "evidence_id pieces problem received saved_at",
    "qualifications_centreapproval": "ends_on",
    "qualifications_competence": "decided_at decided_by_id reason valid_until",
    "qualifications_conflictofinterest": "withdrawn_at withdrawn_by_id",
    "qualifications_registration": "cohort_id expires_on",
    "quality_assurance_review": "closed_at closed_by_id looked_at result",
}
MAY_REMOVE = {
    "centres_wakeup",
    "django_session",
    "portfolios_compilation",
    "portfolios_offer",
    "portfolios_upload",
}


def of_tables(privilege: str) -> set[str]:
    """Return the tables on which the serving role holds a privilege as a whole."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.role_table_grants "
            "WHERE grantee = %s AND privilege_type = %s",
            [settings.DATABASES["default"]["USER"], privilege],
        )
        return {table for (table,) in cursor.fetchall()}


def test_only_the_named_columns_ever_change() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.column_privileges "
            "WHERE grantee = %s AND privilege_type = 'UPDATE'",
            [settings.DATABASES["default"]["USER"]],
        )
        rows = cursor.fetchall()
    found = defaultdict(set)
    for table, column in rows:
        found[table].add(column)
    found.update((table, {EVERY_COLUMN}) for table in of_tables("UPDATE"))
    assert found == {table: set(columns.split()) for table, columns in MAY_CHANGE.items()}


def test_only_rows_of_the_named_tables_are_ever_removed() -> None:
    assert of_tables("DELETE") == MAY_REMOVE
