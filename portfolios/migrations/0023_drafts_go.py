"""Compiled drafts may go, with their files; what shows a submission as one document stays."""

from django.db import migrations

from lib.wall import OpenTo

SUBMITTED_STAYS = """
CREATE FUNCTION portfolios_compilation_of_a_submission_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a submission that was made one document stays'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_compilation_of_a_submission_stays';
END $$;
CREATE TRIGGER portfolios_compilation_of_a_submission_stays BEFORE DELETE ON portfolios_compilation
    FOR EACH ROW WHEN (NOT OLD.is_draft) EXECUTE FUNCTION portfolios_compilation_of_a_submission_stays();
"""
SUBMITTED_GOES = """
DROP TRIGGER portfolios_compilation_of_a_submission_stays ON portfolios_compilation;
DROP FUNCTION portfolios_compilation_of_a_submission_stays();
"""
# The drafts that lie about already.
CLEAR = """
INSERT INTO centres_wakeup (id, centre_id, task, object_id, due_at)
SELECT gen_random_uuid(), centre_id, 'portfolios.clear_drafts', submission_id, now()
FROM portfolios_compilation WHERE is_draft GROUP BY centre_id, submission_id
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("centres", "0004_own_files"), ("portfolios", "0022_papers_stay")]

    operations = [
        OpenTo("DELETE", "portfolios_compilation"),
        migrations.RunSQL(SUBMITTED_STAYS, SUBMITTED_GOES),
        migrations.RunSQL(CLEAR, migrations.RunSQL.noop),
    ]
