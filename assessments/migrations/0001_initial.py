"""The first tables of the assessments room, walled from the start."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lib.ids
from lib.wall import OpenTo


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("qualifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=250)),
                ("kind", models.CharField(max_length=40)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("section_marks", "Marks by section"),
                            ("all_criteria", "Pass or referral by criterion"),
                        ],
                        max_length=20,
                    ),
                ),
                ("total_max", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("total_min", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("task", models.TextField(blank=True)),
                ("minimum_practice_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("word_count_min", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("word_count_max", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("details", models.JSONField(default=dict)),
                ("content_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version"), name="assessments_assessment_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("rule", "all_criteria"),
                                ("total_max__isnull", True),
                                ("total_min__isnull", True),
                            ),
                            models.Q(
                                ("rule", "section_marks"),
                                ("total_max__isnull", False),
                                ("total_min__lte", models.F("total_max")),
                            ),
                            _connector="OR",
                        ),
                        name="assessments_assessment_totals_fit_the_rule",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordTemplate",
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
                (
                    "unit_refs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("body", models.JSONField()),
                ("content_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version"), name="assessments_template_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessment_units",
                        to="assessments.assessment",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "unit"), name="assessments_unit_once_in_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QualificationAssessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "feedback_labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_qualifications",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="qualification_assessments",
                        to="qualifications.qualification",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("qualification", "assessment"), name="assessments_assessment_once_in_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("heading", models.CharField(max_length=200)),
                ("max_marks", models.PositiveSmallIntegerField()),
                ("min_marks", models.PositiveSmallIntegerField()),
                ("statements", models.JSONField(default=list)),
                ("prompts", models.JSONField(default=list)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="assessments.assessment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "position"), name="assessments_section_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("min_marks__lte", models.F("max_marks"))),
                        name="assessments_section_minimum_within_maximum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetCriterion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text_on_sheet", models.TextField()),
                ("referral_descriptors", models.JSONField(default=list)),
                ("pass_descriptors", models.JSONField(default=list)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_criteria",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qualifications.criterion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "criterion"), name="assessments_criterion_once_on_a_sheet"
                    )
                ],
            },
        ),
        OpenTo(
            "SELECT",
            "assessments_assessment",
            "assessments_assessmentunit",
            "assessments_section",
            "assessments_sheetcriterion",
            "assessments_qualificationassessment",
            "assessments_recordtemplate",
        ),
    ]
