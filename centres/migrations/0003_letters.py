"""What the database refuses by itself of people and of the letters that invite them."""

from django.db import migrations, models

# A page sets app.user_id to the person who asks.
NOT_OWN_ROLES = """
CREATE FUNCTION centres_membership_not_own_roles() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'nobody gives themselves a role'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'centres_membership_not_own_roles';
END $$;
CREATE TRIGGER centres_membership_not_own_roles BEFORE UPDATE OF roles ON centres_membership
    FOR EACH ROW WHEN (
        NEW.user_id::text = current_setting('app.user_id', true) AND NOT NEW.roles <@ OLD.roles
    ) EXECUTE FUNCTION centres_membership_not_own_roles();
"""
OWN_ROLES = """
DROP TRIGGER centres_membership_not_own_roles ON centres_membership;
DROP FUNCTION centres_membership_not_own_roles();
"""

# Whoever left or lost the office brings nobody in any more, whatever letter is still about.
INVITER_STILL_MAY = """
CREATE FUNCTION centres_invitation_inviter_still_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM centres_membership
        WHERE centre_id = NEW.centre_id AND id = NEW.invited_by_id AND ended_at IS NULL
        AND 'administrator' = ANY (roles);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an invitation to work here counts while its sender may still invite'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'centres_invitation_inviter_still_may';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER centres_invitation_inviter_still_may BEFORE UPDATE OF accepted_at ON centres_invitation
    FOR EACH ROW WHEN (NEW.accepted_at IS NOT NULL AND NEW.learner_id IS NULL)
    EXECUTE FUNCTION centres_invitation_inviter_still_may();
"""
ANY_INVITER = """
DROP TRIGGER centres_invitation_inviter_still_may ON centres_invitation;
DROP FUNCTION centres_invitation_inviter_still_may();
"""


def one_plain_line(model: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("name", ""), _negated=True),
                models.Q(("name__contains", "  "), _negated=True),
                models.Q(
                    (
                        "name__regex",
                        r"[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]",
                    ),
                    _negated=True,
                ),
                models.Q(("name__iregex", r"://|www\."), _negated=True),
            ),
            name=f"centres_{model}_name_is_one_plain_line",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("centres", "0002_guarded")]

    operations = [
        migrations.RunSQL(NOT_OWN_ROLES, OWN_ROLES),
        migrations.RunSQL(INVITER_STILL_MAY, ANY_INVITER),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("learner__isnull", True), ("roles", ["learner"]), _connector="OR"),
                name="centres_invitation_of_a_learner_offers_that_role",
            ),
        ),
        *map(one_plain_line, ("membership", "learner", "invitation")),
    ]
