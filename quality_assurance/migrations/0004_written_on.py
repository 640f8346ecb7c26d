"""What somebody wrote in a view and set aside counts when they release, also where they cleared it again."""

from django.db import migrations

NOTED_BEFORE = """
ALTER TABLE marking_judgement DISABLE TRIGGER marking_judgement_signed;
UPDATE marking_judgement j SET is_written_on = true
FROM quality_assurance_review r
WHERE r.judgement_id = j.id AND r.looked_at <> '' AND NOT EXISTS (
    SELECT 1 FROM marking_judgement o
    WHERE o.registration_id = j.registration_id AND o.assessment_id = j.assessment_id
        AND o.judge_id = j.judge_id AND o.stage <> j.stage
);
ALTER TABLE marking_judgement ENABLE TRIGGER marking_judgement_signed;
"""

NOT_OWN_DECISION = """
CREATE OR REPLACE FUNCTION quality_assurance_not_own_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM marking_judgement j
        JOIN portfolios_submission s ON s.registration_id = j.registration_id
            AND s.assessment_id = j.assessment_id AND s.id = NEW.submission_id
        WHERE j.judge_id = NEW.released_by_id AND j.stage <> 'IQA'
            AND (j.state <> 'WITHDRAWN' OR j.is_written_on)
    ) THEN
        RAISE EXCEPTION 'nobody releases what they assessed or countersigned'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_not_own_decision';
    END IF;
    RETURN NEW;
END $$;
"""

LOOKED_AND_PUT_BACK = """
CREATE OR REPLACE FUNCTION quality_assurance_looked_and_put_back() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.basis = 'NOT_SAMPLED' AND EXISTS (
        SELECT 1 FROM quality_assurance_review r
        JOIN marking_judgement j ON j.id = r.judgement_id
        WHERE r.submission_id = NEW.submission_id AND r.result = 'PUT_BACK' AND r.iqa_id = NEW.released_by_id
            AND (j.is_written_on OR r.looked_at <> '')
    ) THEN
        RAISE EXCEPTION 'nobody releases without review what they looked at and put back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_looked_and_put_back';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("marking", "0004_written_on"), ("quality_assurance", "0003_bounded")]

    operations = [
        migrations.RunSQL(NOTED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_OWN_DECISION, migrations.RunSQL.noop),
        migrations.RunSQL(LOOKED_AND_PUT_BACK, migrations.RunSQL.noop),
    ]
