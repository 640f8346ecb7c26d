"""The first tables of the marking room, walled from the start."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

JUDGEMENT_SIGNED = """
CREATE FUNCTION marking_judgement_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'DRAFT' THEN
        RAISE EXCEPTION 'a judgement that was signed or withdrawn never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_judgement_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marking_judgement_signed BEFORE UPDATE ON marking_judgement
    FOR EACH ROW EXECUTE FUNCTION marking_judgement_signed();
"""

LINES_SIGNED = """
CREATE FUNCTION marking_lines_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM marking_judgement WHERE id = NEW.judgement_id AND state = 'DRAFT' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line of a judgement that was signed or withdrawn never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_lines_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marking_lines_signed BEFORE INSERT OR UPDATE ON marking_judgementline
    FOR EACH ROW EXECUTE FUNCTION marking_lines_signed();
CREATE TRIGGER marking_comments_signed BEFORE INSERT OR UPDATE ON marking_outcomecomment
    FOR EACH ROW EXECUTE FUNCTION marking_lines_signed();
"""

NOT_OWN_WORK = """
CREATE FUNCTION marking_not_own_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM qualifications_registration r JOIN centres_learner l ON l.id = r.learner_id
        WHERE r.id = NEW.registration_id AND l.membership_id = NEW.judge_id
    ) THEN
        RAISE EXCEPTION 'nobody judges their own work'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'marking_not_own_work';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marking_not_own_work BEFORE INSERT ON marking_judgement
    FOR EACH ROW EXECUTE FUNCTION marking_not_own_work();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0001_initial"),
        ("centres", "0001_initial"),
        ("portfolios", "0001_initial"),
        ("qualifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("ASSESSOR", "Assessor"),
                            ("COUNTERSIGNER", "Countersigner"),
                            ("IQA", "IQA"),
                        ],
                        max_length=15,
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("SIGNED", "Signed"), ("WITHDRAWN", "Withdrawn")],
                        default="DRAFT",
                        max_length=10,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[("AGREED", "Agreed"), ("OVERTURNED", "Overturned")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("outcome", models.CharField(blank=True, max_length=10)),
                ("total", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("started_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
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
                    "judge",
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
                (
                    "signed_by",
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
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JudgementLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part_ref", models.CharField(max_length=10)),
                ("position", models.PositiveSmallIntegerField()),
                ("heading", models.TextField()),
                ("maximum", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("minimum", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("mark", models.SmallIntegerField(blank=True, null=True)),
                ("decision", models.CharField(blank=True, max_length=10)),
                ("feedback", models.TextField(blank=True)),
                ("feedback_more", models.TextField(blank=True)),
                ("carried_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_adopted", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="lines",
                        to="marking.judgement",
                    ),
                ),
                (
                    "carried_line",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marking.judgementline",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OutcomeComment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("outcome_number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="outcome_comments",
                        to="marking.judgement",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ResultSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField()),
                ("record", models.TextField()),
                ("record_sha256", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("PENDING", "Being made"), ("READY", "Ready"), ("FAILED", "Failed")],
                        default="PENDING",
                        max_length=10,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("storage_key", models.CharField(blank=True, max_length=100)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("requested_at", models.DateTimeField()),
                ("rendered_at", models.DateTimeField(blank=True, null=True)),
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
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="portfolios.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("printed_name", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=40)),
                ("meaning", models.TextField()),
                ("method", models.CharField(max_length=20)),
                ("signed_at", models.DateTimeField()),
                ("rule_version", models.CharField(max_length=20)),
                ("record", models.TextField()),
                ("record_sha256", models.CharField(max_length=64)),
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
                        related_name="signatures",
                        to="marking.judgement",
                    ),
                ),
                (
                    "signed_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
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
                    "ended_by",
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
                    "submission",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="portfolios.submission",
                    ),
                ),
                (
                    "taken_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "id"), name="marking_allocation_within_centre"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("centre", "submission"),
                        name="marking_allocation_one_assessor_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="marking_allocation_end_is_signed",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="marking_judgement_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "WITHDRAWN"), _negated=True),
                fields=("centre", "submission", "stage", "revision"),
                name="marking_judgement_one_a_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state", "WITHDRAWN"), _negated=True),
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
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                    _connector="OR",
                ),
                name="marking_judgement_signature_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SIGNED"), _negated=True),
                    models.Q(
                        ("outcome__in", ["PASS", "REFERRAL"]),
                        ("signed_at__isnull", False),
                        ("signed_by", models.F("judge")),
                    ),
                    _connector="OR",
                ),
                name="marking_judgement_signed_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgementline",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="marking_judgementline_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="judgementline",
            constraint=models.UniqueConstraint(
                fields=("centre", "judgement", "part_ref"), name="marking_line_once_a_part"
            ),
        ),
        migrations.AddConstraint(
            model_name="judgementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mark__isnull", True),
                    models.Q(
                        ("mark__gte", 0), ("mark__lte", models.F("maximum")), ("maximum__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="marking_line_mark_from_0_to_maximum",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decision", ""),
                    models.Q(("decision__in", ["PASS", "REFERRAL"]), ("maximum__isnull", True)),
                    _connector="OR",
                ),
                name="marking_line_decision_is_pass_or_referral",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgementline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("carried_from__isnull", True), ("carried_line__isnull", True)),
                    models.Q(("carried_from__isnull", False), ("carried_line__isnull", False)),
                    _connector="OR",
                ),
                name="marking_line_carried_over_names_its_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomecomment",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="marking_outcomecomment_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomecomment",
            constraint=models.UniqueConstraint(
                fields=("centre", "judgement", "outcome_number"), name="marking_comment_once_an_outcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultsheet",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="marking_resultsheet_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultsheet",
            constraint=models.UniqueConstraint(
                fields=("centre", "submission", "revision"), name="marking_sheet_revision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultsheet",
            constraint=models.UniqueConstraint(fields=("centre", "code"), name="marking_sheet_code_once"),
        ),
        migrations.AddConstraint(
            model_name="resultsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "READY"), _negated=True),
                    models.Q(("rendered_at__isnull", False), models.Q(("pdf_sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="marking_sheet_ready_has_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="marking_signature_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                fields=("centre", "judgement"), name="marking_signature_once_a_judgement"
            ),
        ),
        Wall("allocation", update=["ended_at", "ended_by_id", "reason"]),
        Wall(
            "judgement",
            update=["state", "basis", "reason", "outcome", "total", "signed_at", "signed_by_id"],
        ),
        Wall(
            "judgementline",
            update=["mark", "decision", "feedback", "feedback_more", "is_adopted", "version", "saved_at"],
        ),
        Wall("outcomecomment", update=["text", "version", "saved_at"]),
        Wall("signature", update=[]),
        Wall("resultsheet", update=["state", "problem", "storage_key", "pdf_sha256", "rendered_at"]),
        migrations.RunSQL(JUDGEMENT_SIGNED, migrations.RunSQL.noop),
        migrations.RunSQL(LINES_SIGNED, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_OWN_WORK, migrations.RunSQL.noop),
    ]
