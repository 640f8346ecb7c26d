"""The demonstration's people, all of them invented, and how they sign in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from centres.models import Centre, Learner, Membership, User
from centres.permissions import Role
from qualifications.actions import decide_competence, record_approval
from qualifications.models import Qualification, Unit

PASSWORD = "countersign-demo"


@dataclass(frozen=True, slots=True)
class Person:
    """One account: a centre's slug, a name, the roles held there and the address it signs in with."""

    centre: str
    name: str
    roles: tuple[Role, ...]
    email: str


CENTRES = {"northgate": ("Northgate Training", "012345"), "harbour": ("Harbour College", "067890")}

PEOPLE = (
    Person("northgate", "Joan Mills", (Role.ADMINISTRATOR,), "admin@northgate.example"),
    Person("northgate", "Sam Ito", (Role.TUTOR,), "tutor@northgate.example"),
    Person("northgate", "Priya Shah", (Role.ASSESSOR,), "assessor@northgate.example"),
    Person("northgate", "Tom Reid", (Role.ASSESSOR,), "assessor2@northgate.example"),
    Person("northgate", "Lena Grant", (Role.IQA,), "iqa@northgate.example"),
    Person("northgate", "Ruth Ode", (Role.LEAD_IQA,), "lead@northgate.example"),
    Person("northgate", "Ivo Falk", (Role.EQA,), "eqa@northgate.example"),
    Person("northgate", "Amira Khan", (Role.LEARNER,), "learner@northgate.example"),
    Person("northgate", "Ben Okoro", (Role.LEARNER,), "ben@northgate.example"),
    Person("northgate", "Cara Lin", (Role.LEARNER,), "cara@northgate.example"),
    Person("northgate", "Dylan Pryce-Ŵyn", (Role.LEARNER,), "dylan@northgate.example"),
    Person("harbour", "Noor Aziz", (Role.ADMINISTRATOR,), "admin@harbour.example"),
    Person("harbour", "Priya Shah", (Role.ASSESSOR, Role.TUTOR), "assessor@northgate.example"),
    Person("harbour", "Kit Moss", (Role.IQA, Role.LEAD_IQA), "iqa@harbour.example"),
    Person("harbour", "Edda Voss", (Role.LEARNER,), "learner@harbour.example"),
)


def seed_people(centre: Centre) -> dict[str, Membership]:
    """Make a centre's members inside its scope; returns them by name."""
    members = {}
    for person in PEOPLE:
        if person.centre == centre.slug:
            user = User.objects.filter(email=person.email).first() or User.objects.create_user(
                person.email, PASSWORD
            )
            members[person.name] = Membership.objects.create(
                user=user, name=person.name, roles=[role.value for role in person.roles]
            )
    return members


def of_role(members: dict[str, Membership], role: Role) -> Membership:
    """Return the first member of a role."""
    return next(member for member in members.values() if role in member.role_set)


def seed_learners(members: dict[str, Membership], *, today: date) -> dict[str, Learner]:
    """Make the learners of a centre for its members of that role; returns them by name."""
    at = noon(today - timedelta(days=90))
    administrator = of_role(members, Role.ADMINISTRATOR)
    return {
        name: Learner.objects.create(
            membership=member,
            name=name,
            email=member.user.email,
            born_on=date(1988, 4, 17),
            added_at=at,
            added_by=administrator,
        )
        for name, member in members.items()
        if Role.LEARNER in member.role_set
    }


def seed_competence(members: dict[str, Membership], *, today: date) -> None:
    """Approve a centre for every qualification and let its assessors assess every unit for two years."""
    lead, administrator = of_role(members, Role.LEAD_IQA), of_role(members, Role.ADMINISTRATOR)
    since = today - timedelta(days=400)
    for qualification in Qualification.objects.all():
        record_approval(qualification=qualification, approved_on=since, by=administrator, at=noon(since))
    refs = sorted(set(Unit.objects.values_list("ref", flat=True)))
    for member in members.values():
        if Role.ASSESSOR in member.role_set:
            decide_competence(
                membership=member,
                unit_refs=refs,
                valid_from=since,
                valid_until=today + timedelta(days=600),
                reason="Coaching qualification and log of practice seen.",
                by=lead,
                at=noon(since),
            )


def noon(day: date) -> datetime:
    """Return noon of a day, in UTC: when the demonstration's people do things."""
    return datetime.combine(day, time(12), tzinfo=UTC)
