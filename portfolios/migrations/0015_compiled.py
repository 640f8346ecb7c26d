"""Portfolios as one document, walled; a file that is made never changes."""

import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import OwnFiles, Wall

MADE_ONCE = """
CREATE FUNCTION portfolios_compilation_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a portfolio that is made as one document never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_compilation_frozen';
END $$;
CREATE TRIGGER portfolios_compilation_frozen BEFORE UPDATE ON portfolios_compilation
    FOR EACH ROW WHEN (OLD.state = 'READY') EXECUTE FUNCTION portfolios_compilation_frozen();
"""
MADE_AGAIN = """
DROP TRIGGER portfolios_compilation_frozen ON portfolios_compilation;
DROP FUNCTION portfolios_compilation_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0004_own_files"),
        ("portfolios", "0014_programme"),
    ]

    operations = [
        migrations.CreateModel(
            name="Compilation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_draft", models.BooleanField()),
                ("record", models.TextField()),
                ("record_sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("PENDING", "Being made"), ("READY", "Ready"), ("FAILED", "Failed")],
                        default="PENDING",
                        max_length=10,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("storage_key", models.CharField(blank=True, max_length=100)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("requested_at", models.DateTimeField()),
                ("rendered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        default=centres.scoping.current_centre,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.centre",
                    ),
                ),
                (
                    "requested_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compilations",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "id"), name="portfolios_compilation_within_centre"
                    ),
                    models.UniqueConstraint(
                        fields=("centre", "submission", "record_sha256"),
                        name="portfolios_compilation_once_a_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "READY"), _negated=True),
                            models.Q(
                                ("rendered_at__isnull", False),
                                models.Q(("pdf_sha256", ""), _negated=True),
                                models.Q(("storage_key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="portfolios_compilation_ready_has_a_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("problem", ""), ("state__in", ["PENDING", "READY"])),
                            models.Q(("state", "FAILED"), models.Q(("problem", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="portfolios_compilation_says_what_failed",
                    ),
                ],
            },
        ),
        Wall(
            "compilation",
            update=["state", "problem", "tries", "storage_key", "pdf_sha256", "rendered_at"],
        ),
        OwnFiles("portfolios_compilation", "storage_key"),
        migrations.RunSQL(MADE_ONCE, MADE_AGAIN),
    ]
