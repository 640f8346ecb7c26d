"""One session at a time in a whole registration: no hour of practice counts for two clients or two units."""

import django.contrib.postgres.constraints
from django.db import migrations, models

# Of sessions that overlap, the one that was added first goes on counting. The others are taken out of the count
# like deleted ones, which are kept and shown; nobody deleted them, so the trail names nobody.
COUNT_ONCE = """
DO $$
DECLARE
    later record;
BEGIN
    FOR later IN
        SELECT * FROM public.portfolios_practicesession WHERE removed_at IS NULL ORDER BY added_at, id
    LOOP
        IF EXISTS (
            SELECT 1 FROM public.portfolios_practicesession kept
            WHERE kept.centre_id = later.centre_id AND kept.registration_id = later.registration_id
                AND kept.removed_at IS NULL AND (kept.added_at, kept.id) < (later.added_at, later.id)
                AND kept.starts_at < later.starts_at + make_interval(mins => later.minutes)
                AND later.starts_at < kept.starts_at + make_interval(mins => kept.minutes)
        ) THEN
            UPDATE public.portfolios_practicesession
                SET removed_at = now(), removed_by_id = added_by_id WHERE id = later.id;
            INSERT INTO public.centres_event
                (id, centre_id, code, target_kind, target_id, by_id, by_name, at, facts)
                VALUES (gen_random_uuid(), later.centre_id, 'portfolios.session.removed',
                    'portfolios.practicesession', later.id, NULL, '', now(),
                    jsonb_build_object('minutes', later.minutes, 'why', 'overlaps'));
        END IF;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
END $$;
"""

TIME_TAKEN = models.Func(
    models.Func(
        models.Value("UTC"),
        models.F("starts_at"),
        function="timezone",
        output_field=models.DateTimeField(),
    ),
    models.ExpressionWrapper(
        models.expressions.CombinedExpression(
            models.Func(
                models.Value("UTC"),
                models.F("starts_at"),
                function="timezone",
                output_field=models.DateTimeField(),
            ),
            "+",
            models.Func(
                models.F("minutes"),
                output_field=models.DurationField(),
                template="make_interval(mins => %(expressions)s)",
            ),
        ),
        output_field=models.DateTimeField(),
    ),
    function="tsrange",
)


class Migration(migrations.Migration):
    dependencies = [("centres", "0004_own_files"), ("portfolios", "0015_compiled")]

    operations = [
        migrations.RunSQL(COUNT_ONCE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="practicesession", name="portfolios_practicesession_one_at_a_time"
        ),
        migrations.AddConstraint(
            model_name="practicesession",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                expressions=[("centre", "="), ("registration", "="), (TIME_TAKEN, "&&")],
                name="portfolios_practicesession_one_at_a_time",
            ),
        ),
    ]
