"""Files wait until they are checked, and nothing that was not found clean is submitted."""

from django.db import migrations, models
from django.db.models import Q

from lib.wall import OpenTo

# What was there is no upload of today: texts are clean, and files are checked like new ones.
CHECK_WHAT_IS_THERE = """
UPDATE portfolios_evidence SET state = 'CLEAN' WHERE kind = 'TEXT';
INSERT INTO centres_wakeup (id, centre_id, task, object_id, due_at)
    SELECT gen_random_uuid(), centre_id, 'portfolios.check_evidence', id, now()
    FROM portfolios_evidence WHERE kind = 'FILE';
"""

EVIDENCE_CHECKED = """
CREATE FUNCTION portfolios_evidence_checked() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'QUARANTINED' AND (NEW.state, NEW.problem) IS DISTINCT FROM (OLD.state, OLD.problem) THEN
        RAISE EXCEPTION 'what was found out about a file stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_evidence_checked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_evidence_checked BEFORE UPDATE ON portfolios_evidence
    FOR EACH ROW EXECUTE FUNCTION portfolios_evidence_checked();
"""

SUBMISSION_CLEAN = """
CREATE FUNCTION portfolios_submission_clean() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM portfolios_offer o
        JOIN portfolios_evidence e ON e.id = o.evidence_id AND e.centre_id = o.centre_id
        WHERE o.submission_id = NEW.id AND o.centre_id = NEW.centre_id AND e.state <> 'CLEAN'
    ) THEN
        RAISE EXCEPTION 'only clean files are submitted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_submission_clean';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_submission_clean BEFORE UPDATE ON portfolios_submission
    FOR EACH ROW WHEN (OLD.state = 'DRAFT' AND NEW.state = 'SUBMITTED')
    EXECUTE FUNCTION portfolios_submission_clean();
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0005_guarded")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="state",
            field=models.CharField(
                choices=[
                    ("QUARANTINED", "Waiting to be checked"),
                    ("CLEAN", "Ready"),
                    ("REFUSED", "Refused"),
                ],
                default="QUARANTINED",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="problem",
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.RunSQL(CHECK_WHAT_IS_THERE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=Q(state="REFUSED", kind="FILE") & ~Q(problem="")
                | Q(state="CLEAN", problem="")
                | Q(state="QUARANTINED", kind="FILE", problem=""),
                name="portfolios_evidence_only_files_wait",
            ),
        ),
        OpenTo("UPDATE (state, problem)", "portfolios_evidence"),
        migrations.RunSQL(EVIDENCE_CHECKED, migrations.RunSQL.noop),
        migrations.RunSQL(SUBMISSION_CLEAN, migrations.RunSQL.noop),
    ]
