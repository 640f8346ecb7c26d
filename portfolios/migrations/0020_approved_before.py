"""What was approved for a piece of work is recorded before the work is submitted."""

from django.db import migrations

# An approval counts for an attempt if it was given and recorded by the moment of submitting.
STANDS_BEFORE = """
CREATE FUNCTION assessments_approveddeviation_recorded_before() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    submitted timestamptz;
BEGIN
    SELECT s.submitted_at INTO submitted FROM portfolios_submission s
        JOIN assessments_assessment a ON a.id = s.assessment_id
        WHERE s.centre_id = NEW.centre_id AND s.registration_id = NEW.registration_id
            AND a.key = (SELECT key FROM assessments_assessment WHERE id = NEW.assessment_id)
        ORDER BY s.attempt DESC LIMIT 1;
    IF NEW.recorded_at > submitted THEN
        RAISE EXCEPTION 'a deviation is recorded before the work is submitted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_approveddeviation_recorded_before';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessments_approveddeviation_recorded_before BEFORE INSERT ON assessments_approveddeviation
    FOR EACH ROW EXECUTE FUNCTION assessments_approveddeviation_recorded_before();

CREATE FUNCTION portfolios_submission_after_its_deviations() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM assessments_approveddeviation d JOIN assessments_assessment a ON a.id = d.assessment_id
        WHERE d.centre_id = NEW.centre_id AND d.registration_id = NEW.registration_id
            AND d.withdrawn_at IS NULL
            AND a.key = (SELECT key FROM assessments_assessment WHERE id = NEW.assessment_id)
            AND (d.recorded_at > NEW.submitted_at
                OR d.approved_on > (NEW.submitted_at AT TIME ZONE 'Europe/London')::date);
    IF FOUND THEN
        RAISE EXCEPTION 'work is submitted after what was approved for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_submission_after_its_deviations';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_submission_after_its_deviations BEFORE UPDATE ON portfolios_submission
    FOR EACH ROW WHEN (NEW.submitted_at IS DISTINCT FROM OLD.submitted_at AND NEW.submitted_at IS NOT NULL)
    EXECUTE FUNCTION portfolios_submission_after_its_deviations();
"""
STANDS_ANYTIME = """
DROP TRIGGER portfolios_submission_after_its_deviations ON portfolios_submission;
DROP FUNCTION portfolios_submission_after_its_deviations();
DROP TRIGGER assessments_approveddeviation_recorded_before ON assessments_approveddeviation;
DROP FUNCTION assessments_approveddeviation_recorded_before();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0019_kept_by_somebody_else")]

    operations = [migrations.RunSQL(STANDS_BEFORE, STANDS_ANYTIME)]
