"""What programmes must hold, as the catalogue says; read by everybody, written by the operator's import."""

import django.contrib.postgres.fields
from django.db import migrations, models

import lib.ids
from lib.wall import OpenTo


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "qualification_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None
                    ),
                ),
                ("body", models.JSONField()),
                ("content_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version"), name="assessments_programme_version_once"
                    )
                ],
            },
        ),
        OpenTo("SELECT", "assessments_programme"),
    ]
