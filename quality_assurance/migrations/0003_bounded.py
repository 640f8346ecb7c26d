"""What a sheet prints fits on it."""

import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0001_initial"),
        ("marking", "0001_initial"),
        ("portfolios", "0001_initial"),
        ("quality_assurance", "0002_guarded"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("reason"), 2000
                    )
                ),
                name="quality_assurance_release_reason_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("looked_at"), 20000
                    ),
                    django.db.models.lookups.LessThan(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.text.Length("looked_at"),
                            "-",
                            django.db.models.functions.text.Length(
                                django.db.models.functions.text.Replace("looked_at", models.Value("\n"))
                            ),
                        ),
                        300,
                    ),
                ),
                name="quality_assurance_review_note_fits",
            ),
        ),
    ]
