"""Claims: places in evidence offered for criteria, walled, and for the learner's own units only."""

import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

OWN_EVIDENCE = """
ALTER TABLE portfolios_evidence ADD CONSTRAINT portfolios_evidence_within_registration
    UNIQUE (centre_id, registration_id, id);
ALTER TABLE portfolios_claim ADD CONSTRAINT portfolios_claim_same_registration
    FOREIGN KEY (centre_id, registration_id, evidence_id)
    REFERENCES portfolios_evidence (centre_id, registration_id, id) DEFERRABLE INITIALLY DEFERRED;
"""

OWN_CRITERION = """
CREATE FUNCTION portfolios_claim_own_criterion() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM qualifications_registration r
        JOIN qualifications_qualificationunit q ON q.qualification_id = r.qualification_id
        JOIN qualifications_unit u ON u.id = q.unit_id AND u.ref = NEW.unit_ref
        JOIN qualifications_learningoutcome o ON o.unit_id = u.id
        JOIN qualifications_criterion c ON c.outcome_id = o.id AND c.ref = NEW.criterion_ref
        WHERE r.id = NEW.registration_id AND r.centre_id = NEW.centre_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a claim is for a criterion of a unit of the learner''s qualification'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_claim_own_criterion';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_claim_own_criterion BEFORE INSERT ON portfolios_claim
    FOR EACH ROW EXECUTE FUNCTION portfolios_claim_own_criterion();
"""
ANY_EVIDENCE = """
ALTER TABLE portfolios_claim DROP CONSTRAINT portfolios_claim_same_registration;
ALTER TABLE portfolios_evidence DROP CONSTRAINT portfolios_evidence_within_registration;
"""
ANY_CRITERION = """
DROP TRIGGER portfolios_claim_own_criterion ON portfolios_claim;
DROP FUNCTION portfolios_claim_own_criterion();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0001_initial"),
        ("portfolios", "0007_upload"),
        ("qualifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_ref", models.CharField(max_length=20)),
                ("criterion_ref", models.CharField(max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[("PAGES", "PAGES"), ("WORDS", "WORDS"), ("TIME", "TIME")], max_length=5
                    ),
                ),
                ("first", models.PositiveIntegerField(default=0)),
                ("last", models.PositiveIntegerField(default=0)),
                ("quote", models.CharField(blank=True, max_length=500)),
                ("why", models.CharField(max_length=1000)),
                ("claimed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
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
                    "claimed_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "evidence",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="portfolios.evidence",
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
                (
                    "removed_by",
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "id"), name="portfolios_claim_within_centre"),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=(
                            "centre",
                            "evidence",
                            "unit_ref",
                            "criterion_ref",
                            "kind",
                            "first",
                            "last",
                            "quote",
                        ),
                        name="portfolios_claim_once_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("first__gt", 0),
                                ("kind", "PAGES"),
                                ("last__gte", models.F("first")),
                                ("quote", ""),
                            ),
                            models.Q(("kind", "TIME"), ("last__gte", models.F("first")), ("quote", "")),
                            models.Q(
                                ("first", 0),
                                ("kind", "WORDS"),
                                ("last", 0),
                                models.Q(("quote", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="portfolios_claim_locator_fits_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True), name="portfolios_claim_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="portfolios_claim_removal_is_signed",
                    ),
                ],
            },
        ),
        Wall("claim", update=["removed_at", "removed_by_id"]),
        migrations.RunSQL(OWN_EVIDENCE, ANY_EVIDENCE),
        migrations.RunSQL(OWN_CRITERION, ANY_CRITERION),
    ]
