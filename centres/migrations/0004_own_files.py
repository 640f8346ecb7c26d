"""Exports name files of their own centre alone, and never change once they are made."""

from django.db import migrations

from lib.wall import OwnFiles

# When its week is over the file goes, and with it its key.
EXPORT_FROZEN = """
CREATE FUNCTION centres_export_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.storage_key NOT IN ('', OLD.storage_key)
        OR to_jsonb(NEW) - 'storage_key' IS DISTINCT FROM to_jsonb(OLD) - 'storage_key' THEN
        RAISE EXCEPTION 'an export that is made never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'centres_export_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER centres_export_frozen BEFORE UPDATE ON centres_export
    FOR EACH ROW WHEN (OLD.state = 'READY') EXECUTE FUNCTION centres_export_frozen();
"""
EXPORT_FREE = """
DROP TRIGGER centres_export_frozen ON centres_export;
DROP FUNCTION centres_export_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("centres", "0003_letters")]

    operations = [
        OwnFiles("centres_export", "storage_key"),
        migrations.RunSQL(EXPORT_FROZEN, EXPORT_FREE),
    ]
