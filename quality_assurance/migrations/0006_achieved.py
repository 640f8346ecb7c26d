"""A unit is achieved by a released pass of work that holds it, or carried over from where it was achieved."""

from django.db import migrations

# Achievements lie in a lower room and cannot name releases in their model.
RESTS_ON_A_PASS = """
CREATE FUNCTION qualifications_achievement_rests_on_a_pass() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (CASE WHEN NEW.carried_from_id IS NULL THEN EXISTS (
        SELECT 1 FROM quality_assurance_release r
        JOIN portfolios_submission s ON s.centre_id = r.centre_id AND s.id = r.submission_id
        JOIN assessments_assessmentunit a ON a.assessment_id = s.assessment_id
        WHERE r.centre_id = NEW.centre_id AND r.submission_id = NEW.submission_id AND r.outcome = 'PASS'
            AND s.registration_id = NEW.registration_id AND a.unit_id = NEW.unit_id
    ) ELSE EXISTS (
        SELECT 1 FROM qualifications_achievement e
        JOIN qualifications_registration t ON t.centre_id = e.centre_id AND t.id = e.registration_id
        JOIN qualifications_registration n ON n.centre_id = t.centre_id AND n.learner_id = t.learner_id
        JOIN qualifications_unit u ON u.id = e.unit_id
        JOIN qualifications_unit v ON v.ref = u.ref
        WHERE e.centre_id = NEW.centre_id AND e.id = NEW.carried_from_id
            AND e.submission_id = NEW.submission_id AND e.registration_id <> NEW.registration_id
            AND n.id = NEW.registration_id AND v.id = NEW.unit_id
    ) END) THEN
        RAISE EXCEPTION 'a unit is achieved by a released pass of the same registration, or carried over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'qualifications_achievement_rests_on_a_pass';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER qualifications_achievement_rests_on_a_pass AFTER INSERT ON qualifications_achievement
    FOR EACH ROW EXECUTE FUNCTION qualifications_achievement_rests_on_a_pass();
"""
RESTS_ON_ANYTHING = """
DROP TRIGGER qualifications_achievement_rests_on_a_pass ON qualifications_achievement;
DROP FUNCTION qualifications_achievement_rests_on_a_pass();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0001_initial"),
        ("portfolios", "0005_guarded"),
        ("quality_assurance", "0005_rests"),
    ]

    operations = [migrations.RunSQL(RESTS_ON_A_PASS, RESTS_ON_ANYTHING)]
