"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("centres", "0001_initial")]

    operations = [
        migrations.RunSQL(NO_TEMPORARY_TABLES, TEMPORARY_TABLES),
    ]
