"""Every form that asks for a password says whose it is, so that a password manager fills the right one."""

import re

import pytest
from django.test import Client

from centres.models import Centre
from centres.scoping import centre_scope
from quality_assurance import actions as quality
from tests.makers import AT, Cast, assessed, decide, passing, start, submit, take

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def forms_with_a_password(page: str) -> list[str]:
    """Return the forms of a page that hold a password field."""
    forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
    return [form for form in forms if 'type="password"' in form]


def test_signing_deciding_releasing_and_signing_in_again_name_the_person(northgate: Centre) -> None:
    cast = Cast(northgate)
    reviewed = assessed(cast, "diary-d3-03")
    waiting = assessed(cast, "log-d3-04")
    judgement = take(cast, submit(cast, start(cast, "wba-d3-01-02")))
    decide(judgement, passing(judgement))
    with centre_scope(northgate.pk):
        review = quality.open_review(submission=reviewed.submission, by=cast.iqa, at=AT)
        quality.note_looked_at(review=review, text="All of it.", by=cast.iqa, at=AT)
    for member, address, count in (
        (cast.assessor, f"/c/northgate/marking/{judgement.pk}/sign/", 2),
        (cast.iqa, f"/c/northgate/quality/reviews/{review.pk}/decide/", 2),
        (cast.lead, f"/c/northgate/quality/release/{waiting.submission_id}/", 2),
        (cast.administrator, "/c/northgate/home/", 1),
    ):
        client = Client()
        client.force_login(member.user)
        forms = forms_with_a_password(client.get(address).content.decode())
        assert len(forms) == count, address
        for form in forms:
            assert f'value="{member.user.email}" autocomplete="username"' in form, address
