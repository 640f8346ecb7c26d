"""Every good file gets in, as the kind that it is."""

import io

import pytest

from lib.inspection import Family, Limits, inspect
from tests.uploads.good import DOCUMENTS, GOOD, MEDIA, PICTURES


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_gets_in(name: str) -> None:
    accepted = inspect(io.BytesIO(GOOD[name]()), name=name, limits=Limits())
    assert accepted.label == name
    family = Family.DOCUMENT if name in DOCUMENTS else Family.PICTURE
    assert accepted.family in ({Family.SOUND, Family.FILM} if name in MEDIA else {family})


def test_there_are_enough_of_them() -> None:
    assert len({GOOD[name]() for name in GOOD}) >= 60
    assert min(len(DOCUMENTS), len(PICTURES), len(MEDIA)) >= 15
