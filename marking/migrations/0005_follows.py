"""What an assessor or an overturning IQA signs follows from the lines of their sheet."""

from django.db import migrations

FOLLOWS = """
CREATE FUNCTION marking_signed_follows_from_its_lines() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    decided boolean;
    passed boolean;
    marks bigint;
    overall smallint;
BEGIN
    SELECT a.total_min INTO overall FROM assessments_assessment a WHERE a.id = NEW.assessment_id;
    SELECT
        bool_and(l.mark IS NOT NULL OR l.decision <> ''),
        bool_and(COALESCE(l.mark >= COALESCE(l.minimum, 0), l.decision = 'PASS')),
        sum(l.mark)
        INTO decided, passed, marks
        FROM marking_judgementline l WHERE l.centre_id = NEW.centre_id AND l.judgement_id = NEW.id;
    IF decided IS NOT TRUE
        OR NEW.total IS DISTINCT FROM marks
        OR (NEW.outcome = 'PASS') <> (passed AND (overall IS NULL OR marks >= overall))
    THEN
        RAISE EXCEPTION 'what is signed follows from the lines of its sheet, every one of them decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_signed_follows_from_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER marking_signed_follows_from_its_lines AFTER INSERT OR UPDATE ON marking_judgement
    FOR EACH ROW WHEN (NEW.state = 'SIGNED' AND (NEW.stage = 'ASSESSOR' OR NEW.basis = 'OVERTURNED'))
    EXECUTE FUNCTION marking_signed_follows_from_its_lines();
"""
TYPED = """
DROP TRIGGER marking_signed_follows_from_its_lines ON marking_judgement;
DROP FUNCTION marking_signed_follows_from_its_lines();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("marking", "0004_written_on")]

    operations = [migrations.RunSQL(FOLLOWS, TYPED)]
