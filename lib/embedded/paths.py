"""Where an embedded server keeps its files, and as whom it runs."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
# A Unix socket's address holds 107 bytes; the directory leaves room for the file's own name.
LONGEST_SOCKET_DIR = 80


class EmbeddedError(Exception):
    """Why the embedded servers cannot run here, in one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system's user under whom the servers run: never root."""

    uid: int
    gid: int
    name: str


def server_account() -> Account | None:
    """The user to drop to, because PostgreSQL refuses root; None when we are an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise EmbeddedError("PostgreSQL does not run as root: add a user with `useradd --system postgres`.")


def server_home() -> Path:
    """The directory of the servers: in the clone where that can be, else one of its own in /var/tmp.

    A clone may lie too deep for a socket's address, or under a home the servers' user cannot enter.
    """
    inside = CLONE / "var" / "embedded"
    if _is_fit(inside):
        return inside
    digest = hashlib.sha256(str(CLONE).encode()).hexdigest()[:12]
    # Unlike /tmp it outlasts a restart of the machine; that it is ours is looked at below.
    outside = Path("/var/tmp") / f"countersign-{os.geteuid()}-{digest}"  # noqa: S108
    outside.mkdir(mode=0o711, exist_ok=True)
    found = outside.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise EmbeddedError(f"{outside} belongs to someone else: remove it, then start again.")
    return outside


def _is_fit(home: Path) -> bool:
    if len(os.fsencode(home)) > LONGEST_SOCKET_DIR:
        return False
    try:
        home.mkdir(parents=True, exist_ok=True)
        if home.stat().st_uid != os.geteuid():
            return False
        home.chmod(0o711)
    except OSError:
        return False
    account = server_account()
    return account is None or can_enter(account, home)


def can_enter(account: Account, directory: Path) -> bool:
    """Whether the account passes every directory on the way, asked of the kernel as that account."""
    return _test_as(account, "-x", directory)


def _test_as(account: Account, flag: str, path: Path) -> bool:
    done = subprocess.run(
        ["test", flag, str(path)], user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )
    return done.returncode == 0


def make_private(directory: Path, account: Account | None) -> None:
    """Make a directory that only the servers' user (and root) can look into."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(directory, account.uid, account.gid)
    directory.chmod(0o700)


def reachable(files: Sequence[Path], *, root: Path, cache: Path, account: Account | None) -> Path:
    """The root of some files, or a cached copy of it when the account cannot read one of them.

    A virtual environment often lies under a private home, whose permissions are not ours to loosen.
    """
    if account is None or all(_test_as(account, "-r", path) for path in _samples(files)):
        return root
    if not cache.exists():
        partial = cache.with_name(f"{cache.name}.{os.getpid()}")
        for source in files:
            target = partial / source.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True)
            else:
                shutil.copy2(source, target)
        for path in [partial, *partial.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        partial.rename(cache)
    return cache


def _samples(files: Sequence[Path]) -> list[Path]:
    """The files, and of each directory one file, since an installer gives all of them the same mode."""
    inside = [next((path for path in top.rglob("*") if path.is_file()), top) for top in files if top.is_dir()]
    return [*files, *inside]
