"""Only preparations know the owner's address; what serves people never does."""

import os
import re
import subprocess
import sys

import pytest

from config.run.processes import serving_environment, start
from lib.embedded import provide_missing_servers
from lib.embedded.paths import CLONE
from tests.embedded.conftest import Clone, said

pytestmark = pytest.mark.xdist_group("embedded")
OWNER = "OWNER_DATABASE_URL"
SERVES = "postgres://countersign_app@localhost/countersign"
SAYS_ALIASES = "from django.conf import settings; print(*sorted(settings.DATABASES))"


def test_what_serves_is_started_without_the_owners_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OWNER, "postgres://countersign_owner@localhost/countersign")
    code = "import os; print(sorted(os.environ))"
    child = start(
        "web", [sys.executable, "-c", code], log=None, stdout=subprocess.PIPE, env=serving_environment()
    )
    printed, _ = child.process.communicate(timeout=20)
    assert "'PATH'" in printed
    assert OWNER not in printed


@pytest.mark.parametrize(("given", "aliases"), [({}, "default"), ({OWNER: SERVES}, "default owner")])
def test_the_owner_is_a_database_only_where_its_address_was_given(
    given: dict[str, str], aliases: str
) -> None:
    kept = {key: value for key, value in os.environ.items() if key != OWNER}
    environment = {**kept, "DATABASE_URL": SERVES, "DJANGO_SETTINGS_MODULE": "config.settings.base", **given}
    asked = [sys.executable, "-c", SAYS_ALIASES]
    assert subprocess.check_output(asked, cwd=CLONE, env=environment, text=True).strip() == aliases


def test_the_serving_roles_address_alone_brings_no_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", SERVES)
    monkeypatch.setenv("REDIS_URL", "redis://localhost")
    monkeypatch.delenv(OWNER)
    provide_missing_servers()
    assert OWNER not in os.environ


@pytest.mark.parametrize("command", ["migrate", "import_catalogue", "seed_demo"])
def test_a_command_of_the_owner_says_what_it_lacks(command: str) -> None:
    environment = {**os.environ, "DATABASE_URL": SERVES, "REDIS_URL": "redis://localhost", OWNER: ""}
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=CLONE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Set OWNER_DATABASE_URL for this command")


def test_the_server_of_make_dev_lets_go_of_the_owners_address(clone: Clone) -> None:
    clone.add_site()
    (clone.root / "sitecustomize.py").write_text(
        "from django.core.management import base\n"
        "def show(self, argv):\n"
        "    import os\n"
        f"    print('{OWNER}' in os.environ, argv[1], flush=True)\n"
        "base.BaseCommand.run_from_argv = show\n"
    )
    clone.environment["PYTHONPATH"] = str(clone.root)
    assert said(clone.hold("manage.py", "runserver")) == ["False", "runserver"]
    assert said(clone.hold("manage.py", "check")) == ["True", "check"]


def test_the_containers_that_serve_are_not_given_it() -> None:
    services = re.split(r"^  (?=\w+:$)", (CLONE / "docker-compose.yml").read_text(), flags=re.MULTILINE)
    assert [part.split(":")[0] for part in services if OWNER in part] == ["prepare"]
    for name in ("web", "worker", "beat"):
        assert [part.split(":")[0] for part in services].count(name) == 1
