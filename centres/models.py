"""Centres, the people in them, and the trail of what they did."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from centres.permissions import Role
from centres.querysets import GrantQuerySet
from centres.scoping import TenantManager, TenantModel
from lib.addresses import canonical_email
from lib.ids import new_id
from lib.wall import CentreForeignKey

ROLE_CODES = [role.value for role in Role]
# Control characters, line and paragraph separators, and what turns the direction of writing round.
NOT_PRINTED = r"[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]"


def paired(at: str, by: str) -> Q:
    """Return the condition that a time and its person are both there or both absent."""
    return Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(
        **{f"{at}__isnull": False, f"{by}__isnull": False}
    )


def in_one_spelling(table: str) -> models.CheckConstraint:
    """Return the constraint that an e-mail address is stored as it is looked up (``lib.addresses``)."""
    return models.CheckConstraint(
        condition=Q(email__regex=r"^[!-~]+@[!-~]+$", email=Lower("email")),
        name=f"{table}_address_in_one_spelling",
    )


def one_plain_line(table: str) -> models.CheckConstraint:
    """Return the constraint that a name prints as one line and holds no web address (``lib.names``)."""
    return models.CheckConstraint(
        condition=~Q(name="")
        & ~Q(name__contains="  ")
        & ~Q(name__regex=NOT_PRINTED)
        & ~Q(name__iregex=r"://|www\."),
        name=f"{table}_name_is_one_plain_line",
    )


class Centre(models.Model):
    """There is one row for every training centre. Operators write it; its slug is never reused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users by e-mail address, in its one spelling."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=username)

    def create_user(self, email: str, password: str | None = None) -> "User":
        """Create an account that signs in with ``email``; without a password it cannot sign in.

        Raises NotAnAddress.
        """
        user = self.model(email=canonical_email(email))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """There is one row for every person who signs in. Names live on Membership, one for each centre."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="centres_user_one_account_an_address"),
            in_one_spelling("centres_user"),
        ]

    def __str__(self) -> str:
        return self.email


class Membership(TenantModel):
    """There is one row for every person in a centre, with their name there and the roles they hold."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20))
    joined_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = CentreForeignKey("centres.Membership", null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["centre", "user"], name="centres_membership_once_in_a_centre"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=ROLE_CODES) & ~Q(roles=[]),
                name="centres_membership_holds_known_roles",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"), name="centres_membership_end_is_signed"
            ),
            one_plain_line("centres_membership"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_set(self) -> frozenset[Role]:
        """The roles held, as values of Role."""
        return frozenset(Role(code) for code in self.roles)

    @property
    def roles_in_words(self) -> str:
        """The roles held, as they are written on screens."""
        return ", ".join(role.label for role in Role if role in self.role_set)


class Cohort(TenantModel):
    """There is one row for every group of learners that a centre teaches together."""

    name = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint("centre", Lower("name"), name="centres_cohort_name_once_in_a_centre"),
        ]

    def __str__(self) -> str:
        return self.name


class Learner(TenantModel):
    """There is one row for every learner of a centre; ``membership`` is empty until they sign in."""

    membership = CentreForeignKey(Membership, null=True, blank=True)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    born_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint("centre", Lower("email"), name="centres_learner_once_in_a_centre"),
            models.UniqueConstraint(fields=["centre", "membership"], name="centres_learner_signs_in_as_one"),
            in_one_spelling("centres_learner"),
            one_plain_line("centres_learner"),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(TenantModel):
    """There is one row for every offer of a place in a centre. Only the digest of its link is kept.

    The link is made when the letter is sent, so that a letter sent again makes the first link useless.
    """

    email = models.EmailField()
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20))
    learner = CentreForeignKey(Learner, null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    invited_at = models.DateTimeField()
    invited_by = CentreForeignKey(Membership)
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = CentreForeignKey(Membership, null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "token_digest"],
                condition=~Q(token_digest=""),
                name="centres_invitation_one_link_each",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=ROLE_CODES) & ~Q(roles=[]),
                name="centres_invitation_offers_known_roles",
            ),
            models.CheckConstraint(
                condition=paired("accepted_at", "accepted_by"), name="centres_invitation_acceptance_is_signed"
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"),
                name="centres_invitation_withdrawal_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(learner__isnull=True) | Q(roles=[Role.LEARNER.value]),
                name="centres_invitation_of_a_learner_offers_that_role",
            ),
            in_one_spelling("centres_invitation"),
            one_plain_line("centres_invitation"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


class Grant(TenantModel):
    """There is one row for every person who may see one attempt for a reason, from a time until a time.

    Allocation, review and visits write it in their own action, and a release writes one for the result sheet
    alone; lower rooms ask only this.
    """

    membership = CentreForeignKey(Membership)
    object_id = models.UUIDField()
    reason = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(GrantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "object_id", "membership", "reason"],
                condition=Q(ends_at__isnull=True),
                name="centres_grant_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="centres_grant_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.object_id}"


class Event(TenantModel):
    """There is one row for every change of state: who, what, when. It is never changed."""

    code = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60)
    target_id = models.UUIDField()
    by = CentreForeignKey(Membership, null=True, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["centre", "target_id", "at"], name="centres_event_by_target"),
            models.Index(fields=["centre", "at"], name="centres_event_by_time"),
        ]

    def __str__(self) -> str:
        return self.code


class Wakeup(models.Model):
    """There is one row for every piece of work that waits for a task; the sweep sends it until it is gone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    centre_id = models.UUIDField()
    task = models.CharField(max_length=80)
    object_id = models.UUIDField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "task", "object_id"], name="centres_wakeup_once_a_work"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.object_id}"


class Export(TenantModel):
    """There is one row for every file that somebody asked to have made of many rows, until it expires."""

    class State(models.TextChoices):
        PENDING = "PENDING", "Waiting"
        WORKING = "WORKING", "Working"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Failed"

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    object_ids = ArrayField(models.UUIDField())
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    problem = models.CharField(max_length=200, blank=True)
    storage_key = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    requested_by = CentreForeignKey(Membership)
    ready_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class DrawnDocument(TenantModel):
    """A document that is drawn as PDF from its record alone, so that the same record gives the same bytes.

    ``record`` is canonical JSON and never changes; ``tries`` counts the drawings begun since somebody asked.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", "Being made"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Failed"

    record = models.TextField()
    record_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    problem = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    storage_key = models.CharField(max_length=100, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = True
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="READY")
                | Q(rendered_at__isnull=False) & ~Q(pdf_sha256="") & ~Q(storage_key=""),
                name="%(app_label)s_%(class)s_ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "READY"], problem="") | Q(state="FAILED") & ~Q(problem=""),
                name="%(app_label)s_%(class)s_says_what_failed",
            ),
        ]
