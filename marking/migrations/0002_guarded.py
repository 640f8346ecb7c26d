"""What the database refuses by itself, whatever the code above it says."""

from django.db import migrations

from lib.wall import Pinned

# A judgement repeats its attempt's work, and that no judge has two stages rests on these columns.
OF_ITS_WORK = """
ALTER TABLE marking_judgement ADD CONSTRAINT marking_judgement_is_of_its_attempts_work
    FOREIGN KEY (centre_id, submission_id, registration_id, assessment_id)
    REFERENCES portfolios_submission (centre_id, id, registration_id, assessment_id);
ALTER TABLE marking_judgement ADD CONSTRAINT marking_judgement_with_its_attempt
    UNIQUE (centre_id, submission_id, id);
ALTER TABLE marking_judgement ADD CONSTRAINT marking_judgement_with_its_judge
    UNIQUE (centre_id, id, judge_id);
"""
OF_ANY_WORK = """
ALTER TABLE marking_judgement DROP CONSTRAINT marking_judgement_with_its_judge;
ALTER TABLE marking_judgement DROP CONSTRAINT marking_judgement_with_its_attempt;
ALTER TABLE marking_judgement DROP CONSTRAINT marking_judgement_is_of_its_attempts_work;
"""

# The judge alone signs, as the account that they sign in with; and who is said to have signed did.
SIGNED_BY_ITS_JUDGE = """
ALTER TABLE marking_signature ADD CONSTRAINT marking_signature_is_its_judges
    FOREIGN KEY (centre_id, judgement_id, signed_by_id)
    REFERENCES marking_judgement (centre_id, id, judge_id);
ALTER TABLE marking_signature ADD CONSTRAINT marking_signature_is_of_the_members_account
    FOREIGN KEY (centre_id, signed_by_id, user_id)
    REFERENCES centres_membership (centre_id, id, user_id);
ALTER TABLE marking_signature ADD CONSTRAINT marking_signature_with_its_signer
    UNIQUE (centre_id, judgement_id, signed_by_id);
ALTER TABLE marking_judgement ADD CONSTRAINT marking_judgement_signed_has_its_signature
    FOREIGN KEY (centre_id, id, signed_by_id)
    REFERENCES marking_signature (centre_id, judgement_id, signed_by_id) DEFERRABLE INITIALLY DEFERRED;
"""
SIGNED_BY_ANYBODY = """
ALTER TABLE marking_judgement DROP CONSTRAINT marking_judgement_signed_has_its_signature;
ALTER TABLE marking_signature DROP CONSTRAINT marking_signature_with_its_signer;
ALTER TABLE marking_signature DROP CONSTRAINT marking_signature_is_of_the_members_account;
ALTER TABLE marking_signature DROP CONSTRAINT marking_signature_is_its_judges;
"""

SIGNED_WORK_STAYS = """
CREATE FUNCTION marking_signed_work_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM marking_judgement
        WHERE centre_id = NEW.centre_id AND submission_id = NEW.id AND state = 'SIGNED'
    ) THEN
        RAISE EXCEPTION 'work that a judge signed does not go back to the queue or to the learner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_signed_work_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marking_signed_work_stays BEFORE UPDATE OF state ON portfolios_submission
    FOR EACH ROW WHEN (NEW.state IN ('DRAFT', 'SUBMITTED'))
    EXECUTE FUNCTION marking_signed_work_stays();
"""
SIGNED_WORK_GOES = """
DROP TRIGGER marking_signed_work_stays ON portfolios_submission;
DROP FUNCTION marking_signed_work_stays();
"""

SHEET_FROZEN = """
CREATE FUNCTION marking_sheet_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a result sheet that is made never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_sheet_frozen';
END $$;
CREATE TRIGGER marking_sheet_frozen BEFORE UPDATE ON marking_resultsheet
    FOR EACH ROW WHEN (OLD.state = 'READY') EXECUTE FUNCTION marking_sheet_frozen();
"""
SHEET_FREE = """
DROP TRIGGER marking_sheet_frozen ON marking_resultsheet;
DROP FUNCTION marking_sheet_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0005_guarded"), ("marking", "0001_initial")]

    operations = [
        Pinned("marking_judgement_signed", "marking_lines_signed", "marking_not_own_work"),
        migrations.RunSQL(OF_ITS_WORK, OF_ANY_WORK),
        migrations.RunSQL(SIGNED_BY_ITS_JUDGE, SIGNED_BY_ANYBODY),
        migrations.RunSQL(SIGNED_WORK_STAYS, SIGNED_WORK_GOES),
        migrations.RunSQL(SHEET_FROZEN, SHEET_FREE),
    ]
