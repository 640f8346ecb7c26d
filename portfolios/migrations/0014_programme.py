"""The records of programmes, walled, dated as the rules say, corrected by later rows."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

# The day of a moment where the centres are, and when the latest attempt at an assessment was submitted.
DATED = """
CREATE FUNCTION portfolios_submitted_on(registration uuid, assessment uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (s.submitted_at AT TIME ZONE 'Europe/London')::date FROM portfolios_submission s
        JOIN assessments_assessment a ON a.id = s.assessment_id
        WHERE s.registration_id = registration
            AND a.key = (SELECT key FROM assessments_assessment WHERE id = assessment)
        ORDER BY s.attempt DESC LIMIT 1
$$;
CREATE FUNCTION portfolios_programmeentry_is_dated() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    registered date;
    submitted date;
BEGIN
    IF NEW.corrects_id IS NOT NULL THEN
        PERFORM 1 FROM portfolios_programmeentry e WHERE e.id = NEW.corrects_id
            AND e.centre_id = NEW.centre_id AND e.registration_id = NEW.registration_id AND e.kind = NEW.kind;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a row of a programme corrects one of its own kind and registration'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_programmeentry_corrects_its_kind';
        END IF;
    END IF;
    IF NEW.is_withdrawn THEN
        RETURN NEW;
    END IF;
    SELECT registered_on INTO registered FROM qualifications_registration WHERE id = NEW.registration_id;
    IF NEW.held_on > (NEW.recorded_at AT TIME ZONE 'Europe/London')::date
        OR NEW.held_on < registered - (CASE NEW.kind WHEN 'INITIAL' THEN 365 ELSE 0 END) THEN
        RAISE EXCEPTION 'what a programme holds has happened, since the registration'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_programmeentry_has_happened';
    END IF;
    submitted := portfolios_submitted_on(NEW.registration_id, NEW.assessment_id);
    IF NEW.kind = 'ACCESS' AND NEW.held_on > submitted THEN
        RAISE EXCEPTION 'access arrangements are dated before the assessment'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_programmeentry_arranged_before';
    END IF;
    IF NEW.kind = 'SPECIAL' AND NEW.submission_id IS NOT NULL THEN
        PERFORM 1 FROM portfolios_submission s WHERE s.id = NEW.submission_id
            AND s.registration_id = NEW.registration_id
            AND NEW.held_on >= (s.submitted_at AT TIME ZONE 'Europe/London')::date;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'special consideration is dated after the assessment'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_programmeentry_considered_after';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_programmeentry_is_dated BEFORE INSERT ON portfolios_programmeentry
    FOR EACH ROW EXECUTE FUNCTION portfolios_programmeentry_is_dated();
"""
UNDATED = """
DROP TRIGGER portfolios_programmeentry_is_dated ON portfolios_programmeentry;
DROP FUNCTION portfolios_programmeentry_is_dated();
DROP FUNCTION portfolios_submitted_on(uuid, uuid);
"""

CONFIRMED = """
CREATE FUNCTION portfolios_inductionconfirmation_by_its_learner() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM portfolios_programmeentry e
        JOIN qualifications_registration r ON r.id = e.registration_id
        JOIN centres_learner l ON l.id = r.learner_id
        WHERE e.id = NEW.entry_id AND e.kind = 'INDUCTION' AND l.membership_id = NEW.confirmed_by_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the learner confirms the induction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_inductionconfirmation_by_its_learner';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_inductionconfirmation_by_its_learner
    BEFORE INSERT ON portfolios_inductionconfirmation
    FOR EACH ROW EXECUTE FUNCTION portfolios_inductionconfirmation_by_its_learner();
"""
UNCONFIRMED = """
DROP TRIGGER portfolios_inductionconfirmation_by_its_learner ON portfolios_inductionconfirmation;
DROP FUNCTION portfolios_inductionconfirmation_by_its_learner();
"""

APPROVED = """
CREATE FUNCTION assessments_approveddeviation_comes_before() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    registered date;
BEGIN
    SELECT registered_on INTO registered FROM qualifications_registration WHERE id = NEW.registration_id;
    IF NEW.approved_on > (NEW.recorded_at AT TIME ZONE 'Europe/London')::date
        OR NEW.approved_on < registered
        OR NEW.approved_on > portfolios_submitted_on(NEW.registration_id, NEW.assessment_id) THEN
        RAISE EXCEPTION 'a deviation is approved before the work is submitted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_approveddeviation_comes_before';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessments_approveddeviation_comes_before BEFORE INSERT ON assessments_approveddeviation
    FOR EACH ROW EXECUTE FUNCTION assessments_approveddeviation_comes_before();
"""
UNAPPROVED = """
DROP TRIGGER assessments_approveddeviation_comes_before ON assessments_approveddeviation;
DROP FUNCTION assessments_approveddeviation_comes_before();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0003_deviations"),
        ("centres", "0004_own_files"),
        ("portfolios", "0013_guests"),
        ("qualifications", "0002_own_conflicts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgrammeEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("INITIAL", "Initial assessment"),
                            ("INDUCTION", "Induction"),
                            ("TUTORIAL", "Tutorial"),
                            ("PRIOR", "Recognition of prior learning"),
                            ("ACCESS", "Access arrangement"),
                            ("SPECIAL", "Special consideration"),
                        ],
                        max_length=9,
                    ),
                ),
                ("held_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "covered",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("unit_ref", models.CharField(blank=True, max_length=20)),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("is_withdrawn", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessment",
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
                    "corrects",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="portfolios.programmeentry",
                    ),
                ),
                (
                    "recorded_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "registration",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programme_entries",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "submission",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InductionConfirmation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
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
                    "confirmed_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "entry",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="portfolios.programmeentry",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="programmeentry",
            index=models.Index(fields=["centre", "registration"], name="portfolios_programme_of_one"),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_programmeentry_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.UniqueConstraint(
                fields=("centre", "corrects"), name="portfolios_programmeentry_corrected_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["INITIAL", "INDUCTION", "TUTORIAL", "PRIOR", "ACCESS", "SPECIAL"])
                ),
                name="portfolios_programmeentry_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["INDUCTION", "TUTORIAL"]),
                        ("minutes__isnull", False),
                        ("minutes__gte", 5),
                        ("minutes__lte", 720),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["INDUCTION", "TUTORIAL"]), _negated=True),
                        ("minutes__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="portfolios_programmeentry_length_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "INDUCTION"), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="portfolios_programmeentry_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["INITIAL", "INDUCTION"]), ("covered", []), _connector="OR"),
                name="portfolios_programmeentry_covers_what_it_can",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "ACCESS"), ("assessment__isnull", True), _connector="OR"),
                name="portfolios_programmeentry_arranges_an_assessment",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "SPECIAL"), ("submission__isnull", False)),
                    models.Q(models.Q(("kind", "SPECIAL"), _negated=True), ("submission__isnull", True)),
                    _connector="OR",
                ),
                name="portfolios_programmeentry_considers_an_attempt",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "PRIOR"),
                        models.Q(
                            models.Q(("unit_ref", ""), _negated=True), ("criteria", []), _connector="OR"
                        ),
                    ),
                    models.Q(("criteria", []), ("unit_ref", "")),
                    _connector="OR",
                ),
                name="portfolios_programmeentry_recognises_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects__isnull", True), ("is_withdrawn", False), ("reason", "")),
                    models.Q(("corrects__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="portfolios_programmeentry_correction_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionconfirmation",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_inductionconfirmation_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionconfirmation",
            constraint=models.UniqueConstraint(
                fields=("centre", "entry"), name="portfolios_inductionconfirmation_once_each"
            ),
        ),
        Wall("programmeentry", update=[]),
        Wall("inductionconfirmation", update=[]),
        migrations.RunSQL(DATED, UNDATED),
        migrations.RunSQL(CONFIRMED, UNCONFIRMED),
        migrations.RunSQL(APPROVED, UNAPPROVED),
    ]
