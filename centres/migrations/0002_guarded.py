"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations, models
from django.db.models.functions import Lower

from lib.wall import app_role

NO_TEMPORARY_TABLES = """
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
"""
TEMPORARY_TABLES = """
DO $$ BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
END $$;
"""

# Of a person's account the site writes a new password and the time of signing in, and nothing else.
ONLY_THE_PASSWORD = f"""
REVOKE UPDATE ON centres_user FROM "{app_role()}";
GRANT UPDATE (password, last_login) ON centres_user TO "{app_role()}";
"""
EVERYTHING = f'GRANT UPDATE ON centres_user TO "{app_role()}"'

# What a signature names: a member together with the account they sign in with.
WITH_ITS_ACCOUNT = """
ALTER TABLE centres_membership ADD CONSTRAINT centres_membership_with_its_account
    UNIQUE (centre_id, id, user_id);
"""
WITHOUT_ITS_ACCOUNT = "ALTER TABLE centres_membership DROP CONSTRAINT centres_membership_with_its_account"


def in_one_spelling(model: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=models.Q(("email", Lower("email")), ("email__regex", "^[!-~]+@[!-~]+$")),
            name=f"centres_{model}_address_in_one_spelling",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("centres", "0001_initial")]

    operations = [
        migrations.RunSQL(NO_TEMPORARY_TABLES, TEMPORARY_TABLES),
        migrations.RunSQL(ONLY_THE_PASSWORD, EVERYTHING),
        migrations.RunSQL(WITH_ITS_ACCOUNT, WITHOUT_ITS_ACCOUNT),
        *map(in_one_spelling, ("user", "learner", "invitation")),
    ]
