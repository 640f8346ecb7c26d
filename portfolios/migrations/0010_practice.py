"""The records of practice: clients, sessions, supervision, what was written, and what was submitted."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0001_initial"),
        ("portfolios", "0009_discussions"),
        ("qualifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PracticeClient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("number", models.PositiveSmallIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
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
                        related_name="practice_clients",
                        to="qualifications.registration",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClientException",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.TextField()),
                ("options_considered", models.TextField()),
                ("recorded_at", models.DateTimeField()),
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
                    "client",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="portfolios.practiceclient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PracticeSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("number", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
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
                    "client",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="portfolios.practiceclient",
                    ),
                ),
                (
                    "registration",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practice_sessions",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "removed_by",
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
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("template_key", models.CharField(max_length=80)),
                ("template_version", models.PositiveSmallIntegerField()),
                ("part", models.CharField(max_length=60)),
                ("number", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
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
                        related_name="records",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "removed_by",
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
                (
                    "session",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="portfolios.practicesession",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecordRevision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("answers", models.JSONField()),
                ("written_at", models.DateTimeField()),
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
                    "record",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="portfolios.record",
                    ),
                ),
                (
                    "written_by",
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
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("taken_at", models.DateTimeField()),
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
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="portfolios.submission",
                    ),
                ),
                (
                    "taken_by",
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
            name="SupervisionSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("number", models.PositiveSmallIntegerField()),
                ("supervisor", models.CharField(max_length=200)),
                ("held_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
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
                        related_name="supervision_sessions",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "removed_by",
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
            },
        ),
        migrations.AddField(
            model_name="record",
            name="supervision",
            field=lib.wall.CentreForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="portfolios.supervisionsession",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceclient",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_practiceclient_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceclient",
            constraint=models.UniqueConstraint(
                fields=("centre", "registration", "unit_ref", "number"),
                name="portfolios_practiceclient_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceclient",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="portfolios_practiceclient_counts_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientexception",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_clientexception_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientexception",
            constraint=models.UniqueConstraint(
                fields=("centre", "client"), name="portfolios_clientexception_once_a_client"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("options_considered", ""), _negated=True),
                ),
                name="portfolios_clientexception_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="practicesession",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_practicesession_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="practicesession",
            constraint=models.UniqueConstraint(
                fields=("centre", "registration", "unit_ref", "number"),
                name="portfolios_practicesession_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="practicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 5), ("minutes__lte", 720)),
                name="portfolios_practicesession_length_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="practicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_practicesession_removal_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="practicesession",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                expressions=[
                    ("centre", "="),
                    ("client", "="),
                    (
                        models.Func(
                            models.Func(
                                models.Value("UTC"),
                                models.F("starts_at"),
                                function="timezone",
                                output_field=models.DateTimeField(),
                            ),
                            models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(
                                    models.Func(
                                        models.Value("UTC"),
                                        models.F("starts_at"),
                                        function="timezone",
                                        output_field=models.DateTimeField(),
                                    ),
                                    "+",
                                    models.Func(
                                        models.F("minutes"),
                                        output_field=models.DurationField(),
                                        template="make_interval(mins => %(expressions)s)",
                                    ),
                                ),
                                output_field=models.DateTimeField(),
                            ),
                            function="tsrange",
                        ),
                        "&&",
                    ),
                ],
                name="portfolios_practicesession_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordrevision",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_recordrevision_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="recordrevision",
            constraint=models.UniqueConstraint(
                fields=("centre", "record", "version"), name="portfolios_recordrevision_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_snapshot_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("centre", "submission", "unit_ref", "sha256"), name="portfolios_snapshot_once_a_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionsession",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_supervisionsession_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionsession",
            constraint=models.UniqueConstraint(
                fields=("centre", "registration", "unit_ref", "number"),
                name="portfolios_supervisionsession_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 5), ("minutes__lte", 720)),
                name="portfolios_supervisionsession_length_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("supervisor", ""), _negated=True),
                name="portfolios_supervisionsession_names_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_supervisionsession_removal_is_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                fields=["centre", "registration", "unit_ref"], name="portfolios_record_of_a_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_record_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                condition=models.Q(("session__isnull", True), ("supervision__isnull", True)),
                fields=("centre", "registration", "unit_ref", "template_key", "part", "number"),
                name="portfolios_record_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                fields=("centre", "session", "template_key", "part"), name="portfolios_record_once_a_session"
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                fields=("centre", "supervision", "template_key", "part"),
                name="portfolios_record_once_a_supervision",
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(("session__isnull", True), ("supervision__isnull", True), _connector="OR"),
                name="portfolios_record_is_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_record_removal_is_signed",
            ),
        ),
        Wall("practiceclient", update=[]),
        Wall("clientexception", update=["reason", "options_considered", "recorded_at", "recorded_by_id"]),
        Wall(
            "practicesession",
            update=[
                "client_id",
                "starts_at",
                "minutes",
                "version",
                "saved_at",
                "removed_at",
                "removed_by_id",
            ],
        ),
        Wall(
            "supervisionsession",
            update=[
                "supervisor",
                "held_on",
                "minutes",
                "version",
                "saved_at",
                "removed_at",
                "removed_by_id",
            ],
        ),
        Wall("record", update=["answers", "version", "saved_at", "removed_at", "removed_by_id"]),
        Wall("recordrevision", update=[]),
        Wall("snapshot", update=[]),
    ]
