"""The examples in docstrings are true."""

import doctest
import importlib
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_contract import ROOMS

ROOT = Path(settings.BASE_DIR)
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in (*ROOMS, "lib", "config")
    for path in (ROOT / room).rglob("*.py")
    if ">>> " in path.read_text()
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried, "no example was found"
    assert failed == 0
