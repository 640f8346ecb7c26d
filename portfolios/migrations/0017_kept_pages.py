"""Pages that are signed as evidence: each keeps one piece, and stays with it as it was signed."""

import django.db.models.deletion
from django.db import migrations, models

import lib.wall
from lib.wall import OpenTo

# What the wall gives references that come with their table.
WITHIN_THE_CENTRE = "".join(
    f"""
CREATE INDEX portfolios_record_{column}_in_centre ON portfolios_record (centre_id, {column});
ALTER TABLE portfolios_record ADD CONSTRAINT portfolios_record_{column}_same_centre
    FOREIGN KEY (centre_id, {column}) REFERENCES {table} (centre_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
    for column, table in (
        ("evidence_id", "portfolios_evidence"),
        ("signed_by_id", "centres_membership"),
        ("seen_by_id", "centres_membership"),
    )
)
ANYWHERE = "".join(
    f"""
ALTER TABLE portfolios_record DROP CONSTRAINT portfolios_record_{column}_same_centre;
DROP INDEX portfolios_record_{column}_in_centre;
"""
    for column in ("evidence_id", "signed_by_id", "seen_by_id")
)

# Learners sign their own; assessors and tutors what they saw of others with whom they have no conflict of
# interest; and a guest has signed by a link before.
KEPT_AS_SIGNED = """
CREATE FUNCTION portfolios_record_kept_as_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    learner uuid;
    own uuid;
    is_theirs boolean;
BEGIN
    PERFORM 1 FROM portfolios_evidence WHERE centre_id = NEW.centre_id AND id = NEW.evidence_id
        AND registration_id = NEW.registration_id AND kind = 'FILE' AND state = 'CLEAN'
        AND removed_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a page keeps a clean piece of its own registration'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_record_kept_as_signed';
    END IF;
    SELECT l.id, l.membership_id INTO learner, own
        FROM qualifications_registration r JOIN centres_learner l ON l.id = r.learner_id
        WHERE r.centre_id = NEW.centre_id AND r.id = NEW.registration_id;
    IF NEW.signed_as = '' THEN
        is_theirs := EXISTS (
            SELECT 1 FROM portfolios_guestsignature
            WHERE centre_id = NEW.centre_id AND record_id = NEW.id AND task = 'ANSWER'
        );
    ELSIF NEW.signed_as = 'LEARNER' THEN
        is_theirs := NEW.signed_by_id = own;
    ELSE
        is_theirs := NEW.signed_by_id IS DISTINCT FROM own AND EXISTS (
            SELECT 1 FROM centres_membership WHERE centre_id = NEW.centre_id AND id = NEW.signed_by_id
            AND ended_at IS NULL AND lower(NEW.signed_as) = ANY (roles)
        ) AND NOT EXISTS (
            SELECT 1 FROM qualifications_conflictofinterest WHERE centre_id = NEW.centre_id
            AND membership_id = NEW.signed_by_id AND learner_id = learner AND withdrawn_at IS NULL
        );
    END IF;
    IF is_theirs IS NOT TRUE THEN
        RAISE EXCEPTION 'a page is signed by whom it is for'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_record_kept_as_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_record_kept_as_signed BEFORE INSERT ON portfolios_record
    FOR EACH ROW WHEN (NEW.evidence_id IS NOT NULL) EXECUTE FUNCTION portfolios_record_kept_as_signed();
CREATE TRIGGER portfolios_record_kept_later BEFORE UPDATE ON portfolios_record
    FOR EACH ROW WHEN (OLD.evidence_id IS NULL AND NEW.evidence_id IS NOT NULL)
    EXECUTE FUNCTION portfolios_record_kept_as_signed();
"""
KEPT_ANYHOW = """
DROP TRIGGER portfolios_record_kept_later ON portfolios_record;
DROP TRIGGER portfolios_record_kept_as_signed ON portfolios_record;
DROP FUNCTION portfolios_record_kept_as_signed();
"""

# That its learner has seen it is said once; nothing else of it changes.
STAYS_AS_KEPT = """
CREATE FUNCTION portfolios_record_stays_as_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.answers, NEW.evidence_id, NEW.signed_as, NEW.signed_name, NEW.meaning, NEW.signed_at,
            NEW.signed_by_id, NEW.removed_at)
            IS DISTINCT FROM (OLD.answers, OLD.evidence_id, OLD.signed_as, OLD.signed_name, OLD.meaning,
            OLD.signed_at, OLD.signed_by_id, OLD.removed_at)
            OR (OLD.seen_at IS NOT NULL AND (NEW.seen_at, NEW.seen_by_id)
            IS DISTINCT FROM (OLD.seen_at, OLD.seen_by_id)) THEN
        RAISE EXCEPTION 'a page that was kept as evidence never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_record_stays_as_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_record_stays_as_kept BEFORE UPDATE ON portfolios_record
    FOR EACH ROW WHEN (OLD.evidence_id IS NOT NULL) EXECUTE FUNCTION portfolios_record_stays_as_kept();

CREATE FUNCTION portfolios_record_seen_by_its_learner() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM qualifications_registration r JOIN centres_learner l ON l.id = r.learner_id
        WHERE r.centre_id = NEW.centre_id AND r.id = NEW.registration_id
        AND l.membership_id = NEW.seen_by_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the learner says that they have seen it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_record_seen_by_its_learner';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_record_seen_by_its_learner BEFORE INSERT OR UPDATE ON portfolios_record
    FOR EACH ROW WHEN (NEW.seen_by_id IS NOT NULL)
    EXECUTE FUNCTION portfolios_record_seen_by_its_learner();

CREATE FUNCTION portfolios_evidence_stays_with_its_page() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM portfolios_record WHERE centre_id = OLD.centre_id AND evidence_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'a piece that was kept from a signed page stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_evidence_stays_with_its_page';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_evidence_stays_with_its_page BEFORE UPDATE ON portfolios_evidence
    FOR EACH ROW EXECUTE FUNCTION portfolios_evidence_stays_with_its_page();
"""
CHANGES_AGAIN = """
DROP TRIGGER portfolios_evidence_stays_with_its_page ON portfolios_evidence;
DROP FUNCTION portfolios_evidence_stays_with_its_page();
DROP TRIGGER portfolios_record_seen_by_its_learner ON portfolios_record;
DROP FUNCTION portfolios_record_seen_by_its_learner();
DROP TRIGGER portfolios_record_stays_as_kept ON portfolios_record;
DROP FUNCTION portfolios_record_stays_as_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0004_own_files"),
        ("portfolios", "0016_one_session_at_a_time"),
        ("qualifications", "0002_own_conflicts"),
    ]

    operations = [
        migrations.AddField(
            model_name="record",
            name="evidence",
            field=lib.wall.CentreForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pages",
                to="portfolios.evidence",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="meaning",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="record",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="record",
            name="seen_by",
            field=lib.wall.CentreForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="centres.membership",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="signed_as",
            field=models.CharField(
                blank=True,
                choices=[("LEARNER", "Learner"), ("ASSESSOR", "Assessor"), ("TUTOR", "Tutor")],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="record",
            name="signed_by",
            field=lib.wall.CentreForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="centres.membership",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="signed_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                fields=("centre", "evidence"), name="portfolios_record_one_a_piece"
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("meaning", ""),
                        ("signed_as", ""),
                        ("signed_at__isnull", True),
                        ("signed_by__isnull", True),
                        ("signed_name", ""),
                    ),
                    models.Q(
                        ("evidence__isnull", False),
                        ("signed_as__in", ["LEARNER", "ASSESSOR", "TUTOR"]),
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        models.Q(("signed_name", ""), _negated=True),
                        models.Q(("meaning", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="portfolios_record_signature_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                        models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("seen_at__isnull", True), ("signed_as__in", ["ASSESSOR", "TUTOR"]), _connector="OR"
                    ),
                ),
                name="portfolios_record_seen_is_signed",
            ),
        ),
        OpenTo(
            "UPDATE (evidence_id, signed_as, signed_name, meaning, signed_at, signed_by_id, seen_at, seen_by_id)",
            "portfolios_record",
        ),
        migrations.RunSQL(WITHIN_THE_CENTRE, ANYWHERE),
        migrations.RunSQL(KEPT_AS_SIGNED, KEPT_ANYHOW),
        migrations.RunSQL(STAYS_AS_KEPT, CHANGES_AGAIN),
    ]
