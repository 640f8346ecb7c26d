"""A release makes final what its review came to, and without a review the assessor's own judgement."""

from django.db import migrations

RESTS_ON_ITS_REVIEW = """
CREATE FUNCTION quality_assurance_release_is_what_the_review_says() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM marking_judgement j
        LEFT JOIN quality_assurance_review r ON r.centre_id = NEW.centre_id AND r.id = NEW.review_id
        WHERE j.centre_id = NEW.centre_id AND j.id = NEW.judgement_id
            AND CASE r.result
                WHEN 'OVERTURNED' THEN j.id = r.judgement_id
                WHEN 'AGREED' THEN j.stage = 'ASSESSOR'
                ELSE NEW.review_id IS NULL AND j.stage = 'ASSESSOR' AND NOT EXISTS (
                    SELECT 1 FROM quality_assurance_review o
                    WHERE o.submission_id = NEW.submission_id AND o.result IN ('AGREED', 'OVERTURNED')
                )
            END
    ) THEN
        RAISE EXCEPTION 'a release makes final what its review came to'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'quality_assurance_release_is_what_the_review_says';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quality_assurance_release_is_what_the_review_says AFTER INSERT ON quality_assurance_release
    FOR EACH ROW EXECUTE FUNCTION quality_assurance_release_is_what_the_review_says();
"""
RESTS_ON_ANYTHING = """
DROP TRIGGER quality_assurance_release_is_what_the_review_says ON quality_assurance_release;
DROP FUNCTION quality_assurance_release_is_what_the_review_says();
"""


class Migration(migrations.Migration):
    dependencies = [("marking", "0005_follows"), ("quality_assurance", "0004_written_on")]

    operations = [migrations.RunSQL(RESTS_ON_ITS_REVIEW, RESTS_ON_ANYTHING)]
