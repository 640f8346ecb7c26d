"""A page costs the same number of queries however many rows it lists: every list of a centre, and its CSV."""

import itertools
from typing import Any

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from centres.actions import invite_member, name_cohort
from centres.actions.export import request_export
from centres.models import Centre
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications.actions import declare_conflict
from qualifications.models import CentreApproval, Qualification, Registration
from tests.makers import AT, Cast, assessed, make_competent, make_learner, make_member, start, submit, take
from tests.marking.released import release_agreed, release_unsampled
from tests.wall.test_walk import OF_A_CENTRE, handles, walkers
from tests.wall.world import World

pytestmark = pytest.mark.django_db
LISTS = [
    route.replace("<slug:slug>", "northgate")
    for route, pattern in OF_A_CENTRE
    if set(pattern.pattern.converters) <= {"slug"} and route.count("<") == 1 and handles(pattern, "get")
]
WAYS = ("", "?format=csv", "?state=all&size=50")


def grow(cast: Cast, numbers: range) -> None:
    """Add a row to every list of the centre for each number, with people of its own."""
    qualifications = list(Qualification.objects.order_by("key"))
    for number in numbers:
        assessor = make_member(cast.centre, f"Assessor {number}", Role.ASSESSOR)
        make_competent(assessor, by=cast.lead)
        cast.assessor = assessor
        sister = make_member(cast.centre, f"Sister {number}", Role.ASSESSOR)
        cast.registration = make_learner(
            cast.centre, f"Learner {number}", by=cast.administrator, number=f"N-{number}"
        )
        with centre_scope(cast.centre.pk):
            learner = cast.registration.learner
            cast.learner = learner.membership
            cohort = name_cohort(name=f"Cohort {number}", by=cast.administrator, at=AT)
            Registration.objects.filter(pk=cast.registration.pk).update(cohort=cohort)
            declare_conflict(membership=sister, learner=learner, reason="Sister", by=cast.lead, at=AT)
            invite_member(
                email=f"new-{number}@north.example",
                name=f"New {number}",
                roles=[Role.TUTOR],
                by=cast.administrator,
                at=AT,
            )
            CentreApproval.objects.get_or_create(
                qualification=qualifications[number % len(qualifications)],
                defaults={"approved_on": AT.date()},
            )
        _work(cast, number)


def _work(cast: Cast, number: int) -> None:
    release = release_unsampled if number % 2 else release_agreed
    sheet = release(cast, assessed(cast, "diary-d3-03"))
    assessed(cast, "log-d3-04")
    take(cast, submit(cast, start(cast, "diary-d3-06")))
    submit(cast, start(cast, "review-d3-05"))
    with centre_scope(cast.centre.pk):
        request_export(
            kind="RESULT_SHEETS",
            title=f"Sheets {number}",
            object_ids=[sheet.pk],
            by=make_member(cast.centre, f"Office {number}", Role.ADMINISTRATOR),
            at=AT,
        )


def prices(team: Any) -> dict[str, int]:
    """Return how many queries each list costs each role."""
    found = {}
    for walker, route, way in itertools.product(team, LISTS, WAYS):
        if walker.may_enter(route.replace("northgate", "<slug:slug>")):
            reset_queries()  # its log holds 9,000 and counts no further
            with CaptureQueriesContext(connection) as queries:
                assert walker.send("get", f"/{route}{way}").status_code == 200
            found[f"{route}{way} as {walker.role.value}"] = len(queries)
    return found


def test_a_list_of_nine_costs_what_a_list_of_two_costs(northgate: Centre) -> None:
    world = World(northgate, canary="CANARY")
    team = walkers(world)
    grow(world.cast, range(2))
    prices(team)
    few = prices(team)
    grow(world.cast, range(2, 9))
    many = prices(team)
    assert len(few) > len(LISTS)
    dearer = {where: (few[where], many[where]) for where in few if few[where] != many[where]}
    assert dearer == {}
