"""Professional discussions, walled, of the learner's own units and with their own recordings."""

import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

OWN_EVIDENCE = """
ALTER TABLE portfolios_discussion ADD CONSTRAINT portfolios_discussion_same_registration
    FOREIGN KEY (centre_id, registration_id, evidence_id)
    REFERENCES portfolios_evidence (centre_id, registration_id, id) DEFERRABLE INITIALLY DEFERRED;
"""

OWN_UNIT = """
CREATE FUNCTION portfolios_discussion_own_unit() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM qualifications_registration r
        JOIN qualifications_qualificationunit q ON q.qualification_id = r.qualification_id
        JOIN qualifications_unit u ON u.id = q.unit_id AND u.ref = NEW.unit_ref
        WHERE r.id = NEW.registration_id AND r.centre_id = NEW.centre_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a discussion is for a unit of the learner''s qualification'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_discussion_own_unit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_discussion_own_unit BEFORE INSERT ON portfolios_discussion
    FOR EACH ROW EXECUTE FUNCTION portfolios_discussion_own_unit();
"""
ANY_EVIDENCE = "ALTER TABLE portfolios_discussion DROP CONSTRAINT portfolios_discussion_same_registration"
ANY_UNIT = """
DROP TRIGGER portfolios_discussion_own_unit ON portfolios_discussion;
DROP FUNCTION portfolios_discussion_own_unit();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0001_initial"),
        ("portfolios", "0008_claims"),
        ("qualifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Discussion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("agreed_for", models.DateTimeField()),
                (
                    "mode",
                    models.CharField(
                        choices=[("IN_PERSON", "In person"), ("REMOTE", "Remote")], max_length=9
                    ),
                ),
                ("questions", models.TextField()),
                ("others", models.CharField(blank=True, max_length=300)),
                ("has_live_iqa", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("recorded_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessor",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
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
                    "confirmed_by",
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
                    "evidence",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.evidence",
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
                        related_name="+",
                        to="qualifications.registration",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre", "id"), name="portfolios_discussion_within_centre"
                    ),
                    models.UniqueConstraint(
                        fields=("centre", "evidence"), name="portfolios_discussion_one_a_recording"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["IN_PERSON", "REMOTE"])),
                        name="portfolios_discussion_known_mode",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("questions", ""), _negated=True),
                        name="portfolios_discussion_has_questions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="portfolios_discussion_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", True), ("evidence__isnull", False), _connector="OR"
                        ),
                        name="portfolios_discussion_confirms_something",
                    ),
                ],
            },
        ),
        Wall(
            "discussion",
            update=[
                "agreed_for",
                "mode",
                "questions",
                "assessor_id",
                "others",
                "has_live_iqa",
                "evidence_id",
                "version",
                "saved_at",
                "confirmed_at",
                "confirmed_by_id",
            ],
        ),
        migrations.RunSQL(OWN_EVIDENCE, ANY_EVIDENCE),
        migrations.RunSQL(OWN_UNIT, ANY_UNIT),
    ]
