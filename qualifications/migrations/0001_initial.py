"""The first tables of the qualifications room, walled from the start."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import OpenTo, Wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("centres", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Qualification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("level", models.PositiveSmallIntegerField()),
                ("credits", models.PositiveSmallIntegerField()),
                ("glh", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("tqt", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("time_limit_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("min_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "accreditation_numbers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "ilm_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("details", models.JSONField(default=dict)),
                ("content_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version"), name="qualifications_qualification_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("registered_on", models.DateField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("registered_at", models.DateTimeField()),
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
                    "cohort",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="centres.cohort",
                    ),
                ),
                (
                    "learner",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="centres.learner",
                    ),
                ),
                (
                    "previous",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.qualification",
                    ),
                ),
                (
                    "registered_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ref", models.CharField(max_length=20)),
                ("version", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=250)),
                ("uan", models.CharField(blank=True, max_length=20)),
                ("level", models.PositiveSmallIntegerField()),
                ("credits", models.PositiveSmallIntegerField()),
                ("glh", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("minimum_practice_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("min_clients", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("max_clients", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("exceptional_max_clients", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("min_supervision_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("min_supervision_sessions", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cpd_plan_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("details", models.JSONField(default=dict)),
                ("content_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ref", "version"), name="qualifications_unit_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QualificationUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="qualification_units",
                        to="qualifications.qualification",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LearningOutcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="qualifications.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Achievement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("submission_id", models.UUIDField()),
                ("achieved_at", models.DateTimeField()),
                (
                    "achieved_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "carried_from",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.achievement",
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
                    "registration",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="achievements",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Competence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField()),
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
                    "decided_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "membership",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competences",
                        to="centres.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "id"), name="qualifications_competence_within_centre"
                    ),
                    models.UniqueConstraint(
                        fields=("centre", "membership", "unit_ref", "valid_from"),
                        name="qualifications_competence_one_decision_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                        name="qualifications_competence_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictOfInterest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.TextField()),
                ("declared_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                    "declared_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "learner",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.learner",
                    ),
                ),
                (
                    "membership",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="centres.membership",
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
                        fields=("centre", "id"), name="qualifications_conflictofinterest_within_centre"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("centre", "membership", "learner"),
                        name="qualifications_conflict_declared_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="qualifications_conflict_withdrawal_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ref", models.CharField(max_length=10)),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                (
                    "outcome",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="qualifications.learningoutcome",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("outcome", "ref"), name="qualifications_criterion_ref_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CentreApproval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("approved_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.qualification",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "id"), name="qualifications_centreapproval_within_centre"
                    ),
                    models.UniqueConstraint(
                        fields=("centre", "qualification"), name="qualifications_approval_once_in_a_centre"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="qualifications_registration_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("centre", "number"), name="qualifications_registration_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("centre", "learner", "qualification", "registered_on"),
                name="qualifications_registration_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("centre", "previous"), name="qualifications_registration_followed_by_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on__isnull", True),
                    ("expires_on__gt", models.F("registered_on")),
                    _connector="OR",
                ),
                name="qualifications_registration_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationunit",
            constraint=models.UniqueConstraint(
                fields=("qualification", "unit"), name="qualifications_unit_once_in_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="learningoutcome",
            constraint=models.UniqueConstraint(
                fields=("unit", "number"), name="qualifications_outcome_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="qualifications_achievement_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.UniqueConstraint(
                fields=("centre", "registration", "unit"), name="qualifications_achievement_once_each"
            ),
        ),
        OpenTo(
            "SELECT",
            "qualifications_qualification",
            "qualifications_unit",
            "qualifications_learningoutcome",
            "qualifications_criterion",
            "qualifications_qualificationunit",
        ),
        Wall("centreapproval", update=["ends_on"]),
        Wall("registration", update=["expires_on", "cohort_id"]),
        Wall("achievement", update=[]),
        Wall("competence", update=["valid_until", "reason", "decided_at", "decided_by_id"]),
        Wall("conflictofinterest", update=["withdrawn_at", "withdrawn_by_id"]),
    ]
