"""Files on their way: a row each, walled, that goes when its time is over."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0001_initial"),
        ("portfolios", "0006_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part_ref", models.CharField(max_length=10)),
                ("label", models.CharField(max_length=200)),
                ("mark", models.CharField(blank=True, max_length=64)),
                ("length", models.PositiveBigIntegerField()),
                ("received", models.PositiveBigIntegerField(default=0)),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=600)),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField()),
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
                    "evidence",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.evidence",
                    ),
                ),
                (
                    "started_by",
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
                        related_name="+",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "id"), name="portfolios_upload_within_centre"),
                    models.CheckConstraint(
                        condition=models.Q(("length__gt", 0), ("received__lte", models.F("length"))),
                        name="portfolios_upload_fits_its_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence__isnull", True), ("problem", "")),
                            models.Q(
                                ("received", models.F("length")),
                                models.Q(("evidence__isnull", True), ("problem", ""), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="portfolios_upload_ends_when_it_is_whole",
                    ),
                ],
            },
        ),
        Wall("upload", update=["received", "pieces", "saved_at", "evidence_id", "problem"], delete=True),
    ]
