"""The first tables of the quality_assurance room, walled from the start."""

import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

NOT_OWN_DECISION = """
CREATE FUNCTION quality_assurance_not_own_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM marking_judgement j
        JOIN portfolios_submission s ON s.registration_id = j.registration_id
            AND s.assessment_id = j.assessment_id AND s.id = NEW.submission_id
        WHERE j.judge_id = NEW.released_by_id AND j.stage <> 'IQA' AND j.state <> 'WITHDRAWN'
    ) THEN
        RAISE EXCEPTION 'nobody releases what they assessed or countersigned'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_not_own_decision';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_assurance_not_own_decision BEFORE INSERT ON quality_assurance_release
    FOR EACH ROW EXECUTE FUNCTION quality_assurance_not_own_decision();
"""

CLOSED_REVIEW = """
CREATE FUNCTION quality_assurance_closed_review() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed review never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_closed_review';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_assurance_closed_review BEFORE UPDATE ON quality_assurance_review
    FOR EACH ROW EXECUTE FUNCTION quality_assurance_closed_review();
"""

LOOKED_AND_PUT_BACK = """
CREATE FUNCTION quality_assurance_looked_and_put_back() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.basis = 'NOT_SAMPLED' AND EXISTS (
        SELECT 1 FROM quality_assurance_review r
        JOIN marking_judgementline l ON l.judgement_id = r.judgement_id AND l.carried_from IS NULL
        WHERE r.submission_id = NEW.submission_id AND r.result = 'PUT_BACK' AND r.iqa_id = NEW.released_by_id
            AND (l.mark IS NOT NULL OR l.decision <> '' OR r.looked_at <> '')
    ) THEN
        RAISE EXCEPTION 'nobody releases without review what they looked at and put back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quality_assurance_looked_and_put_back';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_assurance_looked_and_put_back BEFORE INSERT ON quality_assurance_release
    FOR EACH ROW EXECUTE FUNCTION quality_assurance_looked_and_put_back();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("centres", "0001_initial"),
        ("marking", "0001_initial"),
        ("portfolios", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("looked_at", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AGREED", "Agreed"),
                            ("OVERTURNED", "Overturned"),
                            ("PUT_BACK", "Put back"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        default=centres.scoping.current_centre,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.centre",
                    ),
                ),
                (
                    "closed_by",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "iqa",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "judgement",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marking.judgement",
                    ),
                ),
                (
                    "opened_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("REVIEWED", "Reviewed"), ("NOT_SAMPLED", "Not sampled")], max_length=15
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("outcome", models.CharField(max_length=10)),
                ("total", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("released_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        default=centres.scoping.current_centre,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.centre",
                    ),
                ),
                (
                    "judgement",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marking.judgement",
                    ),
                ),
                (
                    "released_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="portfolios.submission",
                    ),
                ),
                (
                    "review",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quality_assurance.review",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="quality_assurance_review_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("centre", "submission"),
                name="quality_assurance_review_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="quality_assurance_review_end_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("result", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="quality_assurance_review_ends_with_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="quality_assurance_release_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("centre", "submission"), name="quality_assurance_release_once_an_attempt"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["PASS", "REFERRAL"])),
                name="quality_assurance_release_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "REVIEWED"), ("review__isnull", False)),
                    models.Q(("basis", "NOT_SAMPLED"), ("review__isnull", True)),
                    _connector="OR",
                ),
                name="quality_assurance_release_says_who_looked",
            ),
        ),
        Wall("review", update=["looked_at", "closed_at", "closed_by_id", "result"]),
        Wall("release", update=[]),
        migrations.RunSQL(NOT_OWN_DECISION, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSED_REVIEW, migrations.RunSQL.noop),
        migrations.RunSQL(LOOKED_AND_PUT_BACK, migrations.RunSQL.noop),
    ]
