"""Pages ask nothing of a device, but the page of a draft, which records."""

import pytest
from django.test import Client

from centres.models import Centre
from tests.makers import Cast, start, submit
from tests.portfolios.samples import at, signed_in


@pytest.mark.django_db
def test_only_the_page_of_a_draft_may_use_the_microphone(northgate: Centre) -> None:
    cast = Cast(northgate)
    draft = start(cast, "wba-d3-01-02")
    learner = signed_in(cast.learner)
    assert "microphone=(self)" in learner.get(at(cast, "submission", draft))["Permissions-Policy"]
    submit(cast, draft)
    for answer in (learner.get(at(cast, "submission", draft)), Client().get("/sign-in/")):
        assert "microphone=()" in answer["Permissions-Policy"]
