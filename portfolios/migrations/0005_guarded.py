"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

from lib.wall import Pinned

# The work of an attempt, as a judgement of it repeats it.
WITH_ITS_WORK = """
ALTER TABLE portfolios_submission ADD CONSTRAINT portfolios_submission_with_its_work
    UNIQUE (centre_id, id, registration_id, assessment_id);
"""
WITHOUT_ITS_WORK = "ALTER TABLE portfolios_submission DROP CONSTRAINT portfolios_submission_with_its_work"

# Achievements lie a room lower and cannot name submissions in their model.
ACHIEVED_BY_WORK = """
ALTER TABLE qualifications_achievement ADD CONSTRAINT qualifications_achievement_rests_on_a_submission
    FOREIGN KEY (centre_id, submission_id) REFERENCES portfolios_submission (centre_id, id)
    DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX qualifications_achievement_by_submission ON qualifications_achievement (centre_id, submission_id);
"""
ACHIEVED_BY_ANYTHING = """
DROP INDEX qualifications_achievement_by_submission;
ALTER TABLE qualifications_achievement DROP CONSTRAINT qualifications_achievement_rests_on_a_submission;
"""

# The attempts that hold the piece are locked before their states are read, so that none is submitted between.
EVIDENCE_FROZEN = """
CREATE OR REPLACE FUNCTION portfolios_evidence_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    same_content boolean :=
        (NEW.text, NEW.size, NEW.sha256) IS NOT DISTINCT FROM (OLD.text, OLD.size, OLD.sha256);
BEGIN
    IF same_content AND (NEW.removed_at, NEW.removed_by_id)
            IS NOT DISTINCT FROM (OLD.removed_at, OLD.removed_by_id) THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM portfolios_submission s
        WHERE s.centre_id = OLD.centre_id AND s.id IN (
            SELECT o.submission_id FROM portfolios_offer o
            WHERE o.evidence_id = OLD.id AND o.centre_id = OLD.centre_id
        ) ORDER BY s.id FOR SHARE;
    IF (OLD.kind = 'FILE' AND NOT same_content) OR EXISTS (
        SELECT 1 FROM portfolios_offer o JOIN portfolios_submission s ON s.id = o.submission_id
        WHERE o.evidence_id = OLD.id AND o.centre_id = OLD.centre_id AND s.state <> 'DRAFT'
    ) THEN
        RAISE EXCEPTION 'a file, and a text that was submitted, never change, and what was submitted stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_evidence_frozen';
    END IF;
    RETURN NEW;
END $$;
"""

# A file may come along to later attempts; a text is written in one, and a copy goes on.
OWN_EVIDENCE = """
CREATE FUNCTION portfolios_offer_own_evidence() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM portfolios_evidence e JOIN portfolios_submission s
        ON s.centre_id = e.centre_id AND s.registration_id = e.registration_id
        WHERE e.centre_id = NEW.centre_id AND e.id = NEW.evidence_id AND s.id = NEW.submission_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an attempt holds evidence of its own registration'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_offer_own_evidence';
    END IF;
    PERFORM 1 FROM portfolios_evidence
        WHERE centre_id = NEW.centre_id AND id = NEW.evidence_id AND kind = 'TEXT' FOR NO KEY UPDATE;
    IF FOUND AND EXISTS (
        SELECT 1 FROM portfolios_offer WHERE centre_id = NEW.centre_id
        AND evidence_id = NEW.evidence_id AND submission_id <> NEW.submission_id
    ) THEN
        RAISE EXCEPTION 'a text belongs to one attempt'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_offer_text_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_offer_own_evidence BEFORE INSERT ON portfolios_offer
    FOR EACH ROW EXECUTE FUNCTION portfolios_offer_own_evidence();
"""
ANY_EVIDENCE = """
DROP TRIGGER portfolios_offer_own_evidence ON portfolios_offer;
DROP FUNCTION portfolios_offer_own_evidence();
"""


class Migration(migrations.Migration):
    dependencies = [("centres", "0002_guarded"), ("portfolios", "0001_initial")]

    operations = [
        Pinned("portfolios_submission_moves", "portfolios_offer_frozen", "portfolios_evidence_frozen"),
        migrations.RunSQL(WITH_ITS_WORK, WITHOUT_ITS_WORK),
        migrations.RunSQL(ACHIEVED_BY_WORK, ACHIEVED_BY_ANYTHING),
        migrations.RunSQL(EVIDENCE_FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(OWN_EVIDENCE, ANY_EVIDENCE),
    ]
