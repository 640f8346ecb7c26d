"""A signed paper on which submitted records rest stays."""

from django.db import migrations

# The attempts are locked before their states are read, so that none is submitted between.
PAPERS_STAY = """
CREATE FUNCTION portfolios_evidence_rested_on() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM portfolios_submission s
        WHERE s.centre_id = OLD.centre_id AND s.registration_id = OLD.registration_id ORDER BY s.id FOR SHARE;
    PERFORM 1 FROM portfolios_snapshot n
        JOIN portfolios_submission s ON s.id = n.submission_id AND s.centre_id = n.centre_id
        WHERE s.centre_id = OLD.centre_id AND s.registration_id = OLD.registration_id AND s.state <> 'DRAFT'
            AND jsonb_path_exists(
                n.content, '$.**.papers[*] ? (@.sha256 == $sha)', jsonb_build_object('sha', OLD.sha256)
            );
    IF FOUND THEN
        RAISE EXCEPTION 'a signed paper on which submitted records rest stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_evidence_rested_on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_evidence_rested_on BEFORE UPDATE ON portfolios_evidence
    FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL)
    EXECUTE FUNCTION portfolios_evidence_rested_on();
"""
PAPERS_GO = """
DROP TRIGGER portfolios_evidence_rested_on ON portfolios_evidence;
DROP FUNCTION portfolios_evidence_rested_on();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0021_own_client")]

    operations = [migrations.RunSQL(PAPERS_STAY, PAPERS_GO)]
