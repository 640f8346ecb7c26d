"""Links for people without an account, what was signed by them, and papers; what was signed stays."""

import django.db.models.deletion
from django.db import migrations, models

import centres.scoping
import lib.ids
import lib.wall
from lib.wall import Wall

# What was signed names the page that its link is about, and what the link asked for.
WITH_ITS_RECORD = """
ALTER TABLE portfolios_guestlink ADD CONSTRAINT portfolios_guestlink_with_its_record
    UNIQUE (centre_id, id, record_id, task);
ALTER TABLE portfolios_guestsignature ADD CONSTRAINT portfolios_guestsignature_of_its_link
    FOREIGN KEY (centre_id, link_id, record_id, task)
    REFERENCES portfolios_guestlink (centre_id, id, record_id, task) DEFERRABLE INITIALLY DEFERRED;
"""
WITHOUT_ITS_RECORD = """
ALTER TABLE portfolios_guestsignature DROP CONSTRAINT portfolios_guestsignature_of_its_link;
ALTER TABLE portfolios_guestlink DROP CONSTRAINT portfolios_guestlink_with_its_record;
"""

# The link and its page are locked, so that neither is changed between being looked at and being signed.
LINK_OPEN = """
CREATE FUNCTION portfolios_guestsignature_link_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM portfolios_record
        WHERE centre_id = NEW.centre_id AND id = NEW.record_id FOR NO KEY UPDATE;
    PERFORM 1 FROM portfolios_guestlink
        WHERE centre_id = NEW.centre_id AND id = NEW.link_id
        AND withdrawn_at IS NULL AND expires_at > NEW.signed_at FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this link signs nothing any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_guestsignature_link_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_guestsignature_link_open BEFORE INSERT ON portfolios_guestsignature
    FOR EACH ROW EXECUTE FUNCTION portfolios_guestsignature_link_open();

CREATE FUNCTION portfolios_guestlink_used() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM portfolios_guestsignature WHERE centre_id = OLD.centre_id AND link_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'a link that was used stays as it was'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_guestlink_used';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_guestlink_used BEFORE UPDATE ON portfolios_guestlink
    FOR EACH ROW EXECUTE FUNCTION portfolios_guestlink_used();
"""
LINK_ANY = """
DROP TRIGGER portfolios_guestlink_used ON portfolios_guestlink;
DROP FUNCTION portfolios_guestlink_used();
DROP TRIGGER portfolios_guestsignature_link_open ON portfolios_guestsignature;
DROP FUNCTION portfolios_guestsignature_link_open();
"""

# A page that was filled in or signed by others stays; of a meeting that was confirmed, its facts do.
WHAT_WAS_SIGNED_STAYS = """
CREATE FUNCTION portfolios_record_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.answers IS DISTINCT FROM OLD.answers AND EXISTS (
        SELECT 1 FROM portfolios_guestsignature
        WHERE centre_id = OLD.centre_id AND record_id = OLD.id AND task <> 'CONFIRM'
    ) THEN
        RAISE EXCEPTION 'a page that somebody signed never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_record_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_record_signed BEFORE UPDATE ON portfolios_record
    FOR EACH ROW EXECUTE FUNCTION portfolios_record_signed();

CREATE FUNCTION portfolios_practicesession_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.client_id, NEW.starts_at, NEW.minutes)
            IS DISTINCT FROM (OLD.client_id, OLD.starts_at, OLD.minutes) AND EXISTS (
        SELECT 1 FROM portfolios_guestsignature s
        JOIN portfolios_record r ON r.centre_id = s.centre_id AND r.id = s.record_id
        WHERE s.centre_id = OLD.centre_id AND r.session_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'a session that somebody confirmed never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_practicesession_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_practicesession_signed BEFORE UPDATE ON portfolios_practicesession
    FOR EACH ROW EXECUTE FUNCTION portfolios_practicesession_signed();

CREATE FUNCTION portfolios_supervisionsession_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.supervisor, NEW.held_on, NEW.minutes)
            IS DISTINCT FROM (OLD.supervisor, OLD.held_on, OLD.minutes) AND EXISTS (
        SELECT 1 FROM portfolios_guestsignature s
        JOIN portfolios_record r ON r.centre_id = s.centre_id AND r.id = s.record_id
        WHERE s.centre_id = OLD.centre_id AND r.supervision_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'a supervision session that somebody signed never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_supervisionsession_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_supervisionsession_signed BEFORE UPDATE ON portfolios_supervisionsession
    FOR EACH ROW EXECUTE FUNCTION portfolios_supervisionsession_signed();

CREATE FUNCTION portfolios_signedpaper_own() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM portfolios_record r JOIN portfolios_evidence e
        ON e.centre_id = r.centre_id AND e.registration_id = r.registration_id
        WHERE r.centre_id = NEW.centre_id AND r.id = NEW.record_id AND e.id = NEW.evidence_id
        AND e.kind = 'FILE' AND e.state = 'CLEAN';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a signed paper is a clean file of the same registration'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'portfolios_signedpaper_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portfolios_signedpaper_own BEFORE INSERT ON portfolios_signedpaper
    FOR EACH ROW EXECUTE FUNCTION portfolios_signedpaper_own();
"""
WHAT_WAS_SIGNED_CHANGES = """
DROP TRIGGER portfolios_signedpaper_own ON portfolios_signedpaper;
DROP FUNCTION portfolios_signedpaper_own();
DROP TRIGGER portfolios_supervisionsession_signed ON portfolios_supervisionsession;
DROP FUNCTION portfolios_supervisionsession_signed();
DROP TRIGGER portfolios_practicesession_signed ON portfolios_practicesession;
DROP FUNCTION portfolios_practicesession_signed();
DROP TRIGGER portfolios_record_signed ON portfolios_record;
DROP FUNCTION portfolios_record_signed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0004_own_files"),
        ("portfolios", "0012_own_practice"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuestLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "guest",
                    models.CharField(
                        choices=[
                            ("CLIENT", "Client"),
                            ("SUPERVISOR", "Supervisor or tutor"),
                            ("STAKEHOLDER", "Stakeholder"),
                            ("WITNESS", "Witness"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[("ANSWER", "ANSWER"), ("SIGN", "SIGN"), ("CONFIRM", "CONFIRM")], max_length=7
                    ),
                ),
                ("token_digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("draft", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                    "client",
                    lib.wall.CentreForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.practiceclient",
                    ),
                ),
                (
                    "made_by",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="centres.membership",
                    ),
                ),
                (
                    "record",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="portfolios.record",
                    ),
                ),
                (
                    "withdrawn_by",
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
            name="GuestSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[("ANSWER", "ANSWER"), ("SIGN", "SIGN"), ("CONFIRM", "CONFIRM")], max_length=7
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("meaning", models.CharField(max_length=300)),
                ("method", models.CharField(max_length=100)),
                ("answers", models.JSONField(default=dict)),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
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
                    "link",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.guestlink",
                    ),
                ),
                (
                    "record",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="portfolios.record",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignedPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lib.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("added_at", models.DateTimeField()),
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
                    "evidence",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="portfolios.evidence",
                    ),
                ),
                (
                    "record",
                    lib.wall.CentreForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="portfolios.record",
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
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_guestlink_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.UniqueConstraint(
                fields=("centre", "token_digest"), name="portfolios_guestlink_one_link_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("centre", "record", "guest"),
                name="portfolios_guestlink_one_a_guest",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="portfolios_guestlink_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("token_digest", ""), _negated=True),
                name="portfolios_guestlink_keeps_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("guest__in", ["CLIENT", "SUPERVISOR", "STAKEHOLDER", "WITNESS"]),
                    ("task__in", ["ANSWER", "SIGN", "CONFIRM"]),
                ),
                name="portfolios_guestlink_known_task",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_guestlink_withdrawal_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestsignature",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_guestsignature_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="guestsignature",
            constraint=models.UniqueConstraint(
                fields=("centre", "link"), name="portfolios_guestsignature_once_a_link"
            ),
        ),
        migrations.AddConstraint(
            model_name="guestsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(
                        (
                            "name__regex",
                            "[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]",
                        ),
                        _negated=True,
                    ),
                    models.Q(("meaning", ""), _negated=True),
                    models.Q(("method", ""), _negated=True),
                ),
                name="portfolios_guestsignature_says_who_and_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="portfolios_guestsignature_binds_its_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.UniqueConstraint(
                fields=("centre", "id"), name="portfolios_signedpaper_within_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("centre", "record", "evidence"),
                name="portfolios_signedpaper_once_a_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                    _connector="OR",
                ),
                name="portfolios_signedpaper_removal_is_signed",
            ),
        ),
        Wall("guestlink", update=["draft", "saved_at", "withdrawn_at", "withdrawn_by_id"]),
        Wall("guestsignature", update=[]),
        Wall("signedpaper", update=["removed_at", "removed_by_id"]),
        migrations.RunSQL(WITH_ITS_RECORD, WITHOUT_ITS_RECORD),
        migrations.RunSQL(LINK_OPEN, LINK_ANY),
        migrations.RunSQL(WHAT_WAS_SIGNED_STAYS, WHAT_WAS_SIGNED_CHANGES),
    ]
