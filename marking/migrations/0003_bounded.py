"""What a sheet prints fits on it, and drawings are counted."""

import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from lib.wall import OpenTo


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0001_initial"),
        ("centres", "0001_initial"),
        ("marking", "0002_guarded"),
        ("portfolios", "0001_initial"),
        ("qualifications", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="resultsheet",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("reason"), 2000
                    )
                ),
                name="marking_judgement_reason_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("feedback"), 20000
                    ),
                    django.db.models.lookups.LessThan(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.text.Length("feedback"),
                            "-",
                            django.db.models.functions.text.Length(
                                django.db.models.functions.text.Replace("feedback", models.Value("\n"))
                            ),
                        ),
                        300,
                    ),
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("feedback_more"), 20000
                    ),
                    django.db.models.lookups.LessThan(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.text.Length("feedback_more"),
                            "-",
                            django.db.models.functions.text.Length(
                                django.db.models.functions.text.Replace("feedback_more", models.Value("\n"))
                            ),
                        ),
                        300,
                    ),
                ),
                name="marking_line_feedback_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomecomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("text"), 20000
                    ),
                    django.db.models.lookups.LessThan(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.text.Length("text"),
                            "-",
                            django.db.models.functions.text.Length(
                                django.db.models.functions.text.Replace("text", models.Value("\n"))
                            ),
                        ),
                        300,
                    ),
                ),
                name="marking_comment_fits",
            ),
        ),
        OpenTo('UPDATE ("tries")', "marking_resultsheet"),
    ]
