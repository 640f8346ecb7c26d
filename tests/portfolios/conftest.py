"""A centre with its people, and a learner's draft."""

import pytest
from django.test import Client

from centres.models import Centre
from portfolios.models import Submission
from tests.makers import Cast, start
from tests.portfolios.samples import signed_in

KEY = "wba-d3-01-02"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


@pytest.fixture
def draft(cast: Cast) -> Submission:
    return start(cast, KEY)


@pytest.fixture
def learner(cast: Cast) -> Client:
    return signed_in(cast.learner)
