"""A guest's link is for a client of the page's own registration and unit."""

from django.db import migrations

OWN_CLIENT = """
CREATE FUNCTION portfolios_guestlink_own_client() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM portfolios_record r JOIN portfolios_practiceclient c
        ON c.centre_id = r.centre_id AND c.registration_id = r.registration_id AND c.unit_ref = r.unit_ref
        WHERE r.centre_id = NEW.centre_id AND r.id = NEW.record_id AND c.id = NEW.client_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a link is for a client of the page''s own registration and unit'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_guestlink_own_client';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_guestlink_own_client BEFORE INSERT ON portfolios_guestlink
    FOR EACH ROW WHEN (NEW.client_id IS NOT NULL) EXECUTE FUNCTION portfolios_guestlink_own_client();
"""
ANY_CLIENT = """
DROP TRIGGER portfolios_guestlink_own_client ON portfolios_guestlink;
DROP FUNCTION portfolios_guestlink_own_client();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0020_approved_before")]

    operations = [migrations.RunSQL(OWN_CLIENT, ANY_CLIENT)]
