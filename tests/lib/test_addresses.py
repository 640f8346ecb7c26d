"""One spelling of every e-mail address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.addresses import NotAnAddress, canonical_email


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" Joan.Mills@Example.ORG ", "joan.mills@example.org"),
        ("joan@bücher.example", "joan@xn--bcher-kva.example"),
        ("joan@ＥＸＡＭＰＬＥ。org", "joan@example.org"),
    ],
)
def test_spellings_of_one_address(written: str, stored: str) -> None:
    assert canonical_email(written) == stored


@pytest.mark.parametrize(
    "written", ["", "joan", "@example.org", "joan@", "jo@a..b", "ıqa@example.org", "\u212aim@a.b"]
)
def test_what_is_no_address_of_ours(written: str) -> None:
    with pytest.raises(NotAnAddress):
        canonical_email(written)


@given(st.text(max_size=30), st.text(max_size=30))
def test_it_is_plain_small_and_stays_as_it_is(local: str, domain: str) -> None:
    try:
        stored = canonical_email(f"{local}@{domain}")
    except NotAnAddress:
        return
    assert stored.isascii()
    assert stored == stored.lower() == canonical_email(stored)
