"""What hinders a start is said in one line that says what to do."""

import ctypes.util
import os
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from config import install
from config.run.preconditions import CannotStart, require_pango, require_room, wanted_port
from config.settings import environment
from lib.embedded import EmbeddedError, provide_missing_servers
from lib.embedded.paths import Account, reachable

pytestmark = pytest.mark.xdist_group("embedded")

Usage = namedtuple("Usage", "total used free")


def test_a_busy_port_is_named_with_a_way_round_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(
            CannotStart, match=rf"^Port {port} is busy: .* choose another, as in `PORT=8001`\.$"
        ):
            wanted_port()
    assert wanted_port() == port


@pytest.mark.parametrize("text", ["web", "0", "70000", "-1"])
def test_a_port_is_a_number_in_range(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(CannotStart, match="is no port"):
        wanted_port()


def test_a_missing_pango_is_named_with_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    require_pango()
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    with pytest.raises(CannotStart, match=r"apt-get install libpango-1\.0-0 libpangoft2-1\.0-0"):
        require_pango()


def test_a_full_disk_is_named_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 10**12, 20 * 1024 * 1024))
    with pytest.raises(CannotStart, match="Only 20 MB are free"):
        require_room()


def test_set_up_leaves_alone_what_a_linked_environment_points_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    (theirs / "kept").touch()
    ours.symlink_to(theirs)
    monkeypatch.setattr(install, "VENV", ours)
    install._make_venv()
    assert (theirs / "kept").exists()
    assert (ours / "bin" / "python").exists()
    assert not ours.is_symlink()


def test_the_owners_database_url_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgres://countersign_owner@localhost/countersign")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(EmbeddedError, match="OWNER_DATABASE_URL is set alone"):
        provide_missing_servers()


def test_a_socket_directory_keeps_its_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://countersign_app@/countersign?host=/Some%20Where/pg")
    found = environment.database("DATABASE_URL")
    assert found["HOST"] == "/Some Where/pg"
    assert found["USER"] == "countersign_app"


def test_a_redis_is_spelt_for_each_of_its_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///run/here.sock")
    assert environment.redis_url(1) == "unix:///run/here.sock?db=1"
    assert environment.broker_url(2) == "redis+socket:///run/here.sock?virtual_host=2"
    monkeypatch.setenv("REDIS_URL", "redis://cache.example:6380/7")
    assert environment.redis_url(1) == "redis://cache.example:6380/1"
    assert environment.broker_url(0) == "redis://cache.example:6380/0"


@pytest.mark.skipif(os.geteuid() != 0, reason="the servers' user is ourselves")
def test_programs_under_a_private_home_are_copied_to_where_their_user_can_read_them(
    tmp_path: Path, place: Path
) -> None:
    tmp_path.chmod(0o700)
    program = tmp_path / "wheel" / "program"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    nobody = Account(65534, 65534, "nobody")
    root = reachable([program], root=tmp_path, cache=place / "cache", account=nobody)
    assert root == place / "cache"
    assert (root / "wheel" / "program").stat().st_mode & 0o777 == 0o755
    assert reachable([program], root=tmp_path, cache=place / "cache", account=None) == tmp_path
