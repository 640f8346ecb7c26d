"""A result sheet that is made has its file, and one that failed says why, as a compiled portfolio does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marking", "0006_own_files")]

    operations = [
        migrations.RemoveConstraint(model_name="resultsheet", name="marking_sheet_ready_has_a_file"),
        migrations.AddConstraint(
            model_name="resultsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "READY"), _negated=True),
                    models.Q(
                        ("rendered_at__isnull", False),
                        models.Q(("pdf_sha256", ""), _negated=True),
                        models.Q(("storage_key", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="marking_resultsheet_ready_has_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="resultsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("problem", ""), ("state__in", ["PENDING", "READY"])),
                    models.Q(("state", "FAILED"), models.Q(("problem", ""), _negated=True)),
                    _connector="OR",
                ),
                name="marking_resultsheet_says_what_failed",
            ),
        ),
    ]
