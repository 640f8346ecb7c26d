"""A sheet remembers that its judge wrote on it, and counts as theirs even where it was set aside."""

import django.contrib.postgres.constraints
from django.db import migrations, models

from lib.wall import OpenTo

# What was set aside before counts too, but for those who judged at two stages when they still might.
WRITTEN_BEFORE = """
ALTER TABLE marking_judgement DISABLE TRIGGER marking_judgement_signed;
UPDATE marking_judgement j SET is_written_on = true
WHERE (
    EXISTS (
        SELECT 1 FROM marking_judgementline l
        WHERE l.judgement_id = j.id AND l.version > 1 AND l.carried_from IS NULL
    )
    OR EXISTS (SELECT 1 FROM marking_outcomecomment c WHERE c.judgement_id = j.id AND c.version > 1)
) AND NOT EXISTS (
    SELECT 1 FROM marking_judgement o
    WHERE o.registration_id = j.registration_id AND o.assessment_id = j.assessment_id
        AND o.judge_id = j.judge_id AND o.stage <> j.stage
);
ALTER TABLE marking_judgement ENABLE TRIGGER marking_judgement_signed;
"""

NOT_FORGOTTEN = """
CREATE FUNCTION marking_writing_is_not_forgotten() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT NEW.is_written_on AND (
        OLD.is_written_on
        OR NEW.state = 'WITHDRAWN' AND (
            EXISTS (
                SELECT 1 FROM marking_judgementline l
                WHERE l.judgement_id = NEW.id AND l.carried_from IS NULL
                    AND (l.version > 1 OR l.mark IS NOT NULL OR l.decision <> '')
            )
            OR EXISTS (
                SELECT 1 FROM marking_outcomecomment c
                WHERE c.judgement_id = NEW.id AND (c.version > 1 OR c.text <> '')
            )
        )
    ) THEN
        RAISE EXCEPTION 'that somebody wrote on a sheet is not forgotten'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_writing_is_not_forgotten';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marking_writing_is_not_forgotten BEFORE UPDATE ON marking_judgement
    FOR EACH ROW EXECUTE FUNCTION marking_writing_is_not_forgotten();
"""
FORGOTTEN = """
DROP TRIGGER marking_writing_is_not_forgotten ON marking_judgement;
DROP FUNCTION marking_writing_is_not_forgotten();
"""


class Migration(migrations.Migration):
    dependencies = [("marking", "0003_bounded")]

    operations = [
        migrations.AddField(
            model_name="judgement",
            name="is_written_on",
            field=models.BooleanField(default=False),
        ),
        OpenTo('UPDATE ("is_written_on")', "marking_judgement"),
        migrations.RunSQL(WRITTEN_BEFORE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="judgement", name="marking_judgement_one_judge_one_stage"),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    models.Q(("state", "WITHDRAWN"), _negated=True), ("is_written_on", True), _connector="OR"
                ),
                expressions=[
                    ("centre", "="),
                    ("registration", "="),
                    ("assessment", "="),
                    ("judge", "="),
                    ("stage", "<>"),
                ],
                name="marking_judgement_one_judge_one_stage",
            ),
        ),
        migrations.RunSQL(NOT_FORGOTTEN, FORGOTTEN),
    ]
