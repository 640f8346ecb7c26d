"""Nobody records their own programme, or records or withdraws an approval of their own."""

from django.db import migrations

SOMEBODY_ELSE = """
CREATE FUNCTION portfolios_programmeentry_by_somebody_else() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM qualifications_registration r JOIN centres_learner l ON l.id = r.learner_id
        WHERE r.centre_id = NEW.centre_id AND r.id = NEW.registration_id
        AND l.membership_id = NEW.recorded_by_id;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody records their own programme'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_programmeentry_by_somebody_else';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_programmeentry_by_somebody_else BEFORE INSERT ON portfolios_programmeentry
    FOR EACH ROW EXECUTE FUNCTION portfolios_programmeentry_by_somebody_else();

CREATE FUNCTION assessments_approveddeviation_by_somebody_else() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM qualifications_registration r JOIN centres_learner l ON l.id = r.learner_id
        WHERE r.centre_id = NEW.centre_id AND r.id = NEW.registration_id
        AND l.membership_id IN (NEW.recorded_by_id, NEW.withdrawn_by_id);
    IF FOUND THEN
        RAISE EXCEPTION 'nobody records or withdraws an approval of their own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_approveddeviation_by_somebody_else';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessments_approveddeviation_by_somebody_else BEFORE INSERT ON assessments_approveddeviation
    FOR EACH ROW EXECUTE FUNCTION assessments_approveddeviation_by_somebody_else();
CREATE TRIGGER assessments_approveddeviation_withdrawn_by_somebody_else
    BEFORE UPDATE ON assessments_approveddeviation
    FOR EACH ROW WHEN (OLD.withdrawn_by_id IS NULL AND NEW.withdrawn_by_id IS NOT NULL)
    EXECUTE FUNCTION assessments_approveddeviation_by_somebody_else();
"""
ANYBODY = """
DROP TRIGGER assessments_approveddeviation_withdrawn_by_somebody_else ON assessments_approveddeviation;
DROP TRIGGER assessments_approveddeviation_by_somebody_else ON assessments_approveddeviation;
DROP FUNCTION assessments_approveddeviation_by_somebody_else();
DROP TRIGGER portfolios_programmeentry_by_somebody_else ON portfolios_programmeentry;
DROP FUNCTION portfolios_programmeentry_by_somebody_else();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_deviations"), ("portfolios", "0017_kept_pages")]

    operations = [migrations.RunSQL(SOMEBODY_ELSE, ANYBODY)]
