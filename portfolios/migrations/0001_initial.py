"""The first tables of the portfolios room, walled from the start."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

SUBMISSION_MOVES = """
CREATE FUNCTION portfolios_submission_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        (OLD.state, OLD.state),
        ('DRAFT', 'SUBMITTED'), ('SUBMITTED', 'DRAFT'), ('SUBMITTED', 'IN_ASSESSMENT'),
        ('IN_ASSESSMENT', 'SUBMITTED'), ('IN_ASSESSMENT', 'AWAITING_COUNTERSIGN'),
        ('IN_ASSESSMENT', 'ASSESSED'), ('AWAITING_COUNTERSIGN', 'ASSESSED'),
        ('AWAITING_COUNTERSIGN', 'IN_ASSESSMENT'), ('ASSESSED', 'IN_REVIEW'), ('ASSESSED', 'RELEASED'),
        ('IN_REVIEW', 'RELEASED'), ('IN_REVIEW', 'IN_ASSESSMENT'), ('IN_REVIEW', 'ASSESSED'),
        ('RELEASED', 'IN_ASSESSMENT')
    ) THEN
        RAISE EXCEPTION 'a submission cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_submission_moves';
    END IF;
    IF OLD.state <> 'DRAFT' AND NEW.state <> 'DRAFT' AND (
        NEW.declaration, NEW.manifest, NEW.manifest_sha256, NEW.submitted_at, NEW.submitted_by_id,
        NEW.has_refused_standardisation
    ) IS DISTINCT FROM (
        OLD.declaration, OLD.manifest, OLD.manifest_sha256, OLD.submitted_at, OLD.submitted_by_id,
        OLD.has_refused_standardisation
    ) THEN
        RAISE EXCEPTION 'what was submitted never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_submission_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_submission_moves BEFORE UPDATE ON portfolios_submission
    FOR EACH ROW EXECUTE FUNCTION portfolios_submission_moves();
"""

OFFER_FROZEN = """
CREATE FUNCTION portfolios_offer_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed portfolios_offer := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM 1 FROM portfolios_submission
        WHERE id = changed.submission_id AND state = 'DRAFT' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a draft takes or gives back evidence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_offer_frozen';
    END IF;
    RETURN changed;
END $$;
CREATE TRIGGER portfolios_offer_frozen BEFORE INSERT OR UPDATE OR DELETE ON portfolios_offer
    FOR EACH ROW EXECUTE FUNCTION portfolios_offer_frozen();
"""

EVIDENCE_FROZEN = """
CREATE FUNCTION portfolios_evidence_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.text, NEW.size, NEW.sha256) IS NOT DISTINCT FROM (OLD.text, OLD.size, OLD.sha256) THEN
        RETURN NEW;
    END IF;
    IF OLD.kind = 'FILE' OR EXISTS (
        SELECT 1 FROM portfolios_offer o JOIN portfolios_submission s ON s.id = o.submission_id
        WHERE o.evidence_id = OLD.id AND o.centre_id = OLD.centre_id AND s.state <> 'DRAFT'
    ) THEN
        RAISE EXCEPTION 'a file, and a text that was submitted, never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_evidence_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_evidence_frozen BEFORE UPDATE ON portfolios_evidence
    FOR EACH ROW EXECUTE FUNCTION portfolios_evidence_frozen();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0001_initial"),
        ("centres", "0001_initial"),
        ("qualifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(choices=[("FILE", "File"), ("TEXT", "Text")], max_length=4)),
                ("label", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("storage_key", models.CharField(blank=True, max_length=100)),
                ("text", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
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
                    "registration",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
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
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField()),
                (
                    "open_parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "DRAFT"),
                            ("SUBMITTED", "SUBMITTED"),
                            ("IN_ASSESSMENT", "IN_ASSESSMENT"),
                            ("AWAITING_COUNTERSIGN", "AWAITING_COUNTERSIGN"),
                            ("ASSESSED", "ASSESSED"),
                            ("IN_REVIEW", "IN_REVIEW"),
                            ("RELEASED", "RELEASED"),
                        ],
                        default="DRAFT",
                        max_length=20,
                    ),
                ),
                ("state_at", models.DateTimeField()),
                ("declaration", models.TextField(blank=True)),
                ("manifest", models.JSONField(default=list)),
                ("manifest_sha256", models.CharField(blank=True, max_length=64)),
                ("has_refused_standardisation", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessment",
                    models.ForeignKey(
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
                    "previous",
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
                (
                    "registration",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="qualifications.registration",
                    ),
                ),
                (
                    "submitted_by",
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
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part_ref", models.CharField(max_length=10)),
                ("offered_at", models.DateTimeField()),
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
                    "evidence",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="portfolios.evidence",
                    ),
                ),
                (
                    "offered_by",
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
                        related_name="offers",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_evidence_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "FILE"),
                        ("size__gt", 0),
                        ("text", ""),
                        models.Q(("storage_key", ""), _negated=True),
                    ),
                    models.Q(("kind", "TEXT"), ("storage_key", "")),
                    _connector="OR",
                ),
                name="portfolios_evidence_is_a_file_or_a_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_evidence_removal_is_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["centre", "state", "submitted_at"], name="portfolios_submission_queue"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_submission_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("centre", "registration", "assessment", "attempt"),
                name="portfolios_submission_attempt_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "RELEASED"), _negated=True),
                fields=("centre", "registration", "assessment"),
                name="portfolios_submission_one_open_attempt",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                    models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_submission_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "DRAFT"),
                    models.Q(
                        ("submitted_at__isnull", False),
                        models.Q(("declaration", ""), _negated=True),
                        models.Q(("manifest_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="portfolios_submission_needs_a_declaration",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "DRAFT",
                            "SUBMITTED",
                            "IN_ASSESSMENT",
                            "AWAITING_COUNTERSIGN",
                            "ASSESSED",
                            "IN_REVIEW",
                            "RELEASED",
                        ],
                    )
                ),
                name="portfolios_submission_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", 1), ("previous__isnull", True)),
                    models.Q(("attempt__gt", 1), ("previous__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_submission_later_attempts_follow_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_offer_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                fields=("centre", "submission", "part_ref", "evidence"), name="portfolios_offer_once_a_part"
            ),
        ),
        Wall(
            "evidence",
            update=["text", "size", "sha256", "version", "saved_at", "removed_at", "removed_by_id"],
        ),
        Wall(
            "submission",
            update=[
                "state",
                "state_at",
                "declaration",
                "manifest",
                "manifest_sha256",
                "has_refused_standardisation",
                "submitted_at",
                "submitted_by_id",
            ],
        ),
        Wall("offer", update=[], delete=True),
        migrations.RunSQL(SUBMISSION_MOVES, migrations.RunSQL.noop),
        migrations.RunSQL(OFFER_FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(EVIDENCE_FROZEN, migrations.RunSQL.noop),
    ]
