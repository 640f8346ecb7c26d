"""Word files and LibreOffice texts page by page, where LibreOffice is present.

A document is a program that a stranger wrote, so LibreOffice reads it in a process with limits
(``lib.office_child``), with a home of its own and, where the system allows it, no network. The PDF that it
makes is kept beside the file and shown as every PDF is (``lib.pdf_pages``).
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import default_storage

from lib.inspection import word, writer
from lib.kept import kept_beside
from lib.pdf_pages import page_count

CHILD = Path(__file__).with_name("office_child.py")
ENDINGS = {word.TYPE: "docx", writer.TYPE: "odt"}
NAME = "document.pdf"
WALL_SECONDS = 60.0
# A network of its own, which leads nowhere.
OFFLINE = ["unshare", "--user", "--net"]
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


class NoPages(Exception):
    """LibreOffice is not present, or makes nothing of the file in its time."""


def pages_key(storage_key: str) -> str:
    """Return the key of the PDF that shows a stored document, made or not."""
    return f"{storage_key}.pages/{NAME}"


def draw_document(storage_key: str, content_type: str) -> int:
    """Make the pages of a stored document, once; returns how many. Raises NoPages."""
    kept_beside(storage_key, NAME, lambda: _as_pdf(storage_key, ENDINGS[content_type]))
    return page_count(pages_key(storage_key))


def _as_pdf(storage_key: str, ending: str) -> bytes:
    if not settings.LIBREOFFICE:
        raise NoPages
    with TemporaryDirectory(prefix="pages-") as home:
        source = Path(home, f"document.{ending}")
        try:
            with default_storage.open(storage_key) as file:
                source.write_bytes(file.read())
            _convert(Path(home), source)
            return source.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise NoPages from error


def _convert(home: Path, source: Path) -> None:
    """Let LibreOffice write the PDF beside its source. Raises SubprocessError, OSError."""
    profile = home / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE)
    words = ["--headless", "--nologo", "--norestore", "--nodefault", "--nolockcheck", "--convert-to", "pdf"]
    command = [
        *_offline(),
        *(sys.executable, "-I", str(CHILD), settings.LIBREOFFICE),
        *(f"-env:UserInstallation={profile.as_uri()}", *words),
        *("--outdir", str(home), str(source)),
    ]
    # No environment: it holds the passwords of the databases.
    environment = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    child = subprocess.Popen(
        command,
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        child.wait(timeout=WALL_SECONDS)
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started, none of which may outlive its answer."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@lru_cache(maxsize=1)
def _offline() -> list[str]:
    try:
        subprocess.run([*OFFLINE, "true"], capture_output=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return OFFLINE
