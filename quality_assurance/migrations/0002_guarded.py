"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

from lib.wall import Pinned

# A review and a release name judgements of their own attempt, and a release its own attempt's review.
OF_ITS_ATTEMPT = """
ALTER TABLE quality_assurance_review ADD CONSTRAINT quality_assurance_review_is_of_its_attempt
    FOREIGN KEY (centre_id, submission_id, judgement_id)
    REFERENCES marking_judgement (centre_id, submission_id, id);
ALTER TABLE quality_assurance_review ADD CONSTRAINT quality_assurance_review_with_its_attempt
    UNIQUE (centre_id, submission_id, id);
ALTER TABLE quality_assurance_release ADD CONSTRAINT quality_assurance_release_is_of_its_attempt
    FOREIGN KEY (centre_id, submission_id, judgement_id)
    REFERENCES marking_judgement (centre_id, submission_id, id);
ALTER TABLE quality_assurance_release ADD CONSTRAINT quality_assurance_release_rests_on_its_own_review
    FOREIGN KEY (centre_id, submission_id, review_id)
    REFERENCES quality_assurance_review (centre_id, submission_id, id);
"""
OF_ANY_ATTEMPT = """
ALTER TABLE quality_assurance_release DROP CONSTRAINT quality_assurance_release_rests_on_its_own_review;
ALTER TABLE quality_assurance_release DROP CONSTRAINT quality_assurance_release_is_of_its_attempt;
ALTER TABLE quality_assurance_review DROP CONSTRAINT quality_assurance_review_with_its_attempt;
ALTER TABLE quality_assurance_review DROP CONSTRAINT quality_assurance_review_is_of_its_attempt;
"""

RELEASES_WHAT_WAS_SIGNED = """
CREATE FUNCTION quality_assurance_releases_what_was_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM marking_judgement j
        WHERE j.centre_id = NEW.centre_id AND j.id = NEW.judgement_id
        AND j.submission_id = NEW.submission_id AND j.state = 'SIGNED'
        AND (j.outcome, j.total) IS NOT DISTINCT FROM (NEW.outcome::varchar, NEW.total);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a release says what a signed judgement of its attempt says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_releases_what_was_signed';
    END IF;
    IF EXISTS (
        SELECT 1 FROM portfolios_submission s
        JOIN qualifications_registration r ON r.id = s.registration_id
        JOIN centres_learner l ON l.id = r.learner_id
        WHERE s.id = NEW.submission_id AND l.membership_id = NEW.released_by_id
    ) THEN
        RAISE EXCEPTION 'nobody releases their own result'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_not_own_result';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_assurance_releases_what_was_signed BEFORE INSERT ON quality_assurance_release
    FOR EACH ROW EXECUTE FUNCTION quality_assurance_releases_what_was_signed();
"""
RELEASES_ANYTHING = """
DROP TRIGGER quality_assurance_releases_what_was_signed ON quality_assurance_release;
DROP FUNCTION quality_assurance_releases_what_was_signed();
"""


class Migration(migrations.Migration):
    dependencies = [("marking", "0002_guarded"), ("quality_assurance", "0001_initial")]

    operations = [
        Pinned("quality_assurance_not_own_decision"),
        migrations.RunSQL(OF_ITS_ATTEMPT, OF_ANY_ATTEMPT),
        migrations.RunSQL(RELEASES_WHAT_WAS_SIGNED, RELEASES_ANYTHING),
    ]
