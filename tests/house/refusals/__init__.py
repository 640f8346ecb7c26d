"""For each check, key and trigger of the database a statement that it refuses, by name."""

from tests.house.refusals.of_centres import CENTRES
from tests.house.refusals.of_guests import GUESTS
from tests.house.refusals.of_kept import KEPT
from tests.house.refusals.of_marking import MARKING
from tests.house.refusals.of_portfolios import PORTFOLIOS
from tests.house.refusals.of_practice import PRACTICE
from tests.house.refusals.of_programmes import PROGRAMMES
from tests.house.refusals.of_qualifications import CATALOGUE, QUALIFICATIONS
from tests.house.refusals.of_quality_assurance import QUALITY
from tests.house.refusals.statements import Refusal

REFUSALS = [
    *CENTRES,
    *QUALIFICATIONS,
    *CATALOGUE,
    *PORTFOLIOS,
    *PRACTICE,
    *GUESTS,
    *KEPT,
    *PROGRAMMES,
    *MARKING,
    *QUALITY,
]

__all__ = ["REFUSALS", "Refusal"]
