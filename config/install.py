"""`make setup`: a virtual environment with the locked packages, by the standard library alone.

It runs on the system's Python, before anything is installed.
"""

import ast
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
VENV = CLONE / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CLONE / "requirements-dev.lock"
STAMP = VENV / "installed"

# What pip is told about its registry, and how uv spells the same.
SPELLINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}


def main() -> None:
    """Install what the lock names, unless that is done already."""
    if sys.version_info < (3, 11):  # noqa: UP036  (an older one may be what `python3` is)
        sys.exit("Countersign needs Python 3.11 or newer: name one, as in `make run PYTHON=python3.12`.")
    place, packages = f"{CLONE} {sys.version}", _digest(LOCK, Path(__file__))
    found = STAMP.read_text().split("\n") if STAMP.exists() else []
    if found == [place, packages]:
        return
    print("Installing the locked packages into .venv …", flush=True)
    if found[:1] != [place]:
        _make_venv()
    if not _install_with_uv():
        _run([PYTHON, "-m", "pip", "install", "-qq", "--require-hashes", "--no-deps", "-r", LOCK])
    for directory in ("assets", "log"):
        (CLONE / "var" / directory).mkdir(parents=True, exist_ok=True)
    _run([PYTHON, "manage.py", "build_fonts"])
    STAMP.write_text(f"{place}\n{packages}")


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415  (Debian leaves it out of Python; only a new clone asks)
    except ImportError:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"Python's venv module is missing: `apt-get install {version}-venv`, then start again.")
    if VENV.is_symlink():  # --clear empties what a link points to, and that is another clone's
        VENV.unlink()
    _run([sys.executable, "-m", "venv", "--clear", VENV])


def _install_with_uv() -> bool:
    """Install with uv, which takes seconds; False where it cannot be had or does not find its way."""
    block = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text(), re.MULTILINE | re.DOTALL)
    if block is None:
        return False
    only_uv = VENV / "uv.txt"
    only_uv.write_text(block[0])
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "-r",
        only_uv,
    ]
    if subprocess.run(pip, cwd=CLONE, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return False
    uv: list[str | Path] = [
        VENV / "bin" / "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--require-hashes",
        "-r",
        LOCK,
    ]
    return subprocess.run(uv, cwd=CLONE, env=_uv_environment(), check=False).returncode == 0


def _uv_environment() -> dict[str, str]:
    """Our environment, with pip's settings in uv's words where uv has none of its own."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    translated = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name = SPELLINGS.get(key.rpartition(".")[2])
        if name:
            separator = "," if name == "UV_FIND_LINKS" else " "
            translated[name] = separator.join(str(ast.literal_eval(value)).split())
    # pip takes the best of all its indexes; so does uv when told, and the hashes keep that safe.
    fixed = {"UV_PYTHON_DOWNLOADS": "never", "UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_PROGRESS": "1"}
    return {**translated, **os.environ, **fixed}


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, cwd=CLONE, check=False)
    if done.returncode != 0:
        sys.exit(f"Set-up stopped at: {' '.join(str(part) for part in command)}")


if __name__ == "__main__":
    main()
