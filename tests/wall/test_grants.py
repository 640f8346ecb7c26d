"""A grant opens an attempt's work from its first moment until its last, in every room that asks for one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Grant
from centres.scoping import centre_scope
from portfolios.models import Evidence
from tests.makers import Cast, assessed
from tests.marking.released import release_unsampled

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [(HOUR, None, 404), (-HOUR, None, 200), (-HOUR, HOUR, 200), (-2 * HOUR, -HOUR, 404)],
    ids=["not yet", "without an end", "until later", "over"],
)
def test_a_grant_counts_from_when_it_begins_until_it_ends(
    northgate: Centre, client: Client, starts: timedelta, ends: timedelta | None, status: int
) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "diary-d3-03")
    sheet = release_unsampled(cast, judgement)
    now = timezone.now()
    with centre_scope(northgate.pk):
        Grant.objects.create(
            membership=cast.other_iqa,
            object_id=judgement.submission_id,
            reason="visit",
            starts_at=now + starts,
            ends_at=None if ends is None else now + ends,
        )
        evidence = Evidence.objects.earliest("added_at")
    client.force_login(cast.other_iqa.user)
    rooms: dict[str, Any] = {
        "portfolios:evidence": {"evidence_id": evidence.pk},
        "marking:workspace": {"judgement_id": judgement.pk},
        "marking:sheet": {"sheet_id": sheet.pk},
    }
    answers = {
        name: client.get(reverse(name, kwargs={"slug": "northgate", **ids})).status_code
        for name, ids in rooms.items()
    }
    assert answers == dict.fromkeys(rooms, status)
