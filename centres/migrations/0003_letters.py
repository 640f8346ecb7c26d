"""What the database refuses by itself of people and of the letters that invite them."""

from django.db import migrations, models


def one_plain_line(model: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("name", ""), _negated=True),
                models.Q(("name__contains", "  "), _negated=True),
                models.Q(
                    (
                        "name__regex",
                        r"[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]",
                    ),
                    _negated=True,
                ),
                models.Q(("name__iregex", r"://|www\."), _negated=True),
            ),
            name=f"centres_{model}_name_is_one_plain_line",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("centres", "0002_guarded")]

    operations = [
        *map(one_plain_line, ("membership", "learner", "invitation")),
    ]
