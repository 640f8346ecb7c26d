"""What the project's own files promise: reasons, hashes, layers and targets."""

import re
import subprocess
import tomllib

import pytest
from django.conf import settings

from config.run import suite
from lib.embedded.paths import CLONE

PROJECT = (CLONE / "pyproject.toml").read_text()


def test_every_dependency_says_why_it_is_there() -> None:
    listed = PROJECT.partition("[tool.")[0]
    entries = [line for line in listed.splitlines() if re.match(r'^  "', line)]
    assert len(entries) > 30
    assert [line for line in entries if not re.search(r'",\s+# \S+ \S+', line)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_carries_hashes_and_names_no_host(name: str) -> None:
    lock = (CLONE / name).read_text()
    assert "://" not in lock
    packages = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)[1:]
    assert [entry for entry in packages if "--hash=sha256:" not in entry] == []


def test_no_app_is_missing_from_the_import_contract() -> None:
    linter = tomllib.loads(PROJECT)["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in linter["contracts"] if contract["type"] == "layers")
    ours = {app for app in settings.INSTALLED_APPS if (CLONE / app).is_dir()}
    packages = {path.parent.name for path in CLONE.glob("*/__init__.py")} - {"tests"}
    assert set(layers) == set(linter["root_packages"]) == packages == ours | {"config", "lib"}


def test_every_layer_says_why_it_stands_there() -> None:
    layers = PROJECT.partition("layers = [")[2].partition("]")[0].strip().splitlines()
    assert [line for line in layers if "# " not in line] == []


def test_help_lists_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (CLONE / "Makefile").read_text(), re.MULTILINE)
    assert targets is not None
    said = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=CLONE, text=True)
    assert sorted(re.findall(r"^make (\w+)", said, re.MULTILINE)) == sorted(targets[1].split())


def test_journeys_that_are_required_are_not_left_out_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "_find_browser", lambda: None)
    monkeypatch.setattr(suite, "_install_browser", lambda: None)
    monkeypatch.setenv("JOURNEYS", "required")
    with pytest.raises(SystemExit, match="The browser journeys were left out"):
        suite.main()
