"""Practice rows are about the learner's own practice; attempts begin as drafts, and drafts alone are frozen."""

from django.db import migrations, models

# The unit of a row, as the rows about it repeat it.
OWN_PRACTICE = """
ALTER TABLE portfolios_practiceclient ADD CONSTRAINT portfolios_practiceclient_with_its_unit
    UNIQUE (centre_id, registration_id, unit_ref, id);
ALTER TABLE portfolios_practicesession ADD CONSTRAINT portfolios_practicesession_with_its_unit
    UNIQUE (centre_id, registration_id, unit_ref, id);
ALTER TABLE portfolios_supervisionsession ADD CONSTRAINT portfolios_supervisionsession_with_its_unit
    UNIQUE (centre_id, registration_id, unit_ref, id);
ALTER TABLE portfolios_practicesession ADD CONSTRAINT portfolios_practicesession_own_client
    FOREIGN KEY (centre_id, registration_id, unit_ref, client_id)
    REFERENCES portfolios_practiceclient (centre_id, registration_id, unit_ref, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE portfolios_record ADD CONSTRAINT portfolios_record_own_session
    FOREIGN KEY (centre_id, registration_id, unit_ref, session_id)
    REFERENCES portfolios_practicesession (centre_id, registration_id, unit_ref, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE portfolios_record ADD CONSTRAINT portfolios_record_own_supervision
    FOREIGN KEY (centre_id, registration_id, unit_ref, supervision_id)
    REFERENCES portfolios_supervisionsession (centre_id, registration_id, unit_ref, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
ANY_PRACTICE = """
ALTER TABLE portfolios_record DROP CONSTRAINT portfolios_record_own_supervision;
ALTER TABLE portfolios_record DROP CONSTRAINT portfolios_record_own_session;
ALTER TABLE portfolios_practicesession DROP CONSTRAINT portfolios_practicesession_own_client;
ALTER TABLE portfolios_supervisionsession DROP CONSTRAINT portfolios_supervisionsession_with_its_unit;
ALTER TABLE portfolios_practicesession DROP CONSTRAINT portfolios_practicesession_with_its_unit;
ALTER TABLE portfolios_practiceclient DROP CONSTRAINT portfolios_practiceclient_with_its_unit;
"""

# After the row, so that the checks and keys of its own table answer first. Sessions have their client's unit.
OWN_UNIT = """
CREATE FUNCTION portfolios_practice_own_unit() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM qualifications_registration r
        JOIN qualifications_qualificationunit q ON q.qualification_id = r.qualification_id
        JOIN qualifications_unit u ON u.id = q.unit_id AND u.ref = NEW.unit_ref
        WHERE r.id = NEW.registration_id AND r.centre_id = NEW.centre_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'practice is for a unit of the learner''s qualification'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER portfolios_practiceclient_own_unit AFTER INSERT ON portfolios_practiceclient
    FOR EACH ROW EXECUTE FUNCTION portfolios_practice_own_unit();
CREATE TRIGGER portfolios_supervisionsession_own_unit AFTER INSERT ON portfolios_supervisionsession
    FOR EACH ROW EXECUTE FUNCTION portfolios_practice_own_unit();
CREATE TRIGGER portfolios_record_own_unit AFTER INSERT ON portfolios_record
    FOR EACH ROW EXECUTE FUNCTION portfolios_practice_own_unit();
"""
ANY_UNIT = """
DROP TRIGGER portfolios_record_own_unit ON portfolios_record;
DROP TRIGGER portfolios_supervisionsession_own_unit ON portfolios_supervisionsession;
DROP TRIGGER portfolios_practiceclient_own_unit ON portfolios_practiceclient;
DROP FUNCTION portfolios_practice_own_unit();
"""

BEGINS_AS_A_DRAFT = """
CREATE FUNCTION portfolios_submission_begins_as_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an attempt begins as a draft, not as %', NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_submission_begins_as_a_draft';
END $$;
CREATE TRIGGER portfolios_submission_begins_as_a_draft AFTER INSERT ON portfolios_submission
    FOR EACH ROW WHEN (NEW.state <> 'DRAFT') EXECUTE FUNCTION portfolios_submission_begins_as_a_draft();
"""
BEGINS_ANYWHERE = """
DROP TRIGGER portfolios_submission_begins_as_a_draft ON portfolios_submission;
DROP FUNCTION portfolios_submission_begins_as_a_draft();
"""

# The attempt is locked before its state is read, so that it is not submitted between.
FROZEN_FROM_A_DRAFT = """
CREATE FUNCTION portfolios_snapshot_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    attempt_state text;
BEGIN
    SELECT state INTO attempt_state FROM portfolios_submission
        WHERE id = NEW.submission_id AND centre_id = NEW.centre_id FOR SHARE;
    IF attempt_state IS DISTINCT FROM 'DRAFT' THEN
        RAISE EXCEPTION 'records are frozen for a draft that is being submitted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_snapshot_of_a_draft';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER portfolios_snapshot_of_a_draft AFTER INSERT ON portfolios_snapshot
    FOR EACH ROW EXECUTE FUNCTION portfolios_snapshot_of_a_draft();
"""
FROZEN_AT_ANY_TIME = """
DROP TRIGGER portfolios_snapshot_of_a_draft ON portfolios_snapshot;
DROP FUNCTION portfolios_snapshot_of_a_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0011_own_files"), ("qualifications", "0001_initial")]

    operations = [
        migrations.RunSQL(OWN_PRACTICE, ANY_PRACTICE),
        migrations.RunSQL(OWN_UNIT, ANY_UNIT),
        migrations.RunSQL(BEGINS_AS_A_DRAFT, BEGINS_ANYWHERE),
        migrations.RunSQL(FROZEN_FROM_A_DRAFT, FROZEN_AT_ANY_TIME),
        migrations.RemoveConstraint(model_name="clientexception", name="portfolios_clientexception_says_why"),
        migrations.AddConstraint(
            model_name="clientexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("options_considered__regex", r"\S"), ("reason__regex", r"\S")),
                name="portfolios_clientexception_says_why",
            ),
        ),
    ]
