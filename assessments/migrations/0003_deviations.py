"""Approved deviations, walled, each with the letter that approved it."""

import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import OwnFiles, Wall


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_programme"),
        ("centres", "0004_own_files"),
        ("qualifications", "0002_own_conflicts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovedDeviation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("METHOD", "Another method of assessment"),
                            ("PAPER", "On paper instead of electronically"),
                            ("OTHER", "Another deviation from the assessment"),
                        ],
                        max_length=6,
                    ),
                ),
                ("text", models.TextField()),
                ("approved_on", models.DateField()),
                ("label", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("storage_key", models.CharField(max_length=100)),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
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
                    "recorded_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "registration",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "withdrawn_by",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "id"), name="assessments_approveddeviation_within_centre"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["METHOD", "PAPER", "OTHER"])),
                        name="assessments_approveddeviation_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="assessments_approveddeviation_says_what_differs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0), models.Q(("storage_key", ""), _negated=True)),
                        name="assessments_approveddeviation_has_its_letter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessments_approveddeviation_withdrawal_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("withdrawn_at__isnull", True)),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="assessments_approveddeviation_withdrawal_says_why",
                    ),
                ],
            },
        ),
        Wall("approveddeviation", update=["withdrawn_at", "withdrawn_by_id", "reason"]),
        OwnFiles("assessments_approveddeviation", "storage_key"),
    ]
