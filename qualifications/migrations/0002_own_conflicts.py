"""Nobody withdraws a conflict of interest of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qualifications", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="conflictofinterest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_by__isnull", True),
                    models.Q(("withdrawn_by", models.F("membership")), _negated=True),
                    _connector="OR",
                ),
                name="qualifications_conflict_is_not_withdrawn_by_itself",
            ),
        ),
    ]
