"""A small stand-in for clamd that speaks its protocol, and the real one where it is installed."""

import shutil
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.inspection.marks import TEST_STRING

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
STARTS_WITHIN = 60


class _Answering(socketserver.BaseRequestHandler):
    """Reads one stream as clamd does, and finds the test string wherever it stands."""

    def handle(self) -> None:
        with self.request.makefile("rb") as stream:
            if stream.read(10) != b"zINSTREAM\0":
                self.request.sendall(b"UNKNOWN COMMAND\0")
                return
            content = b""
            while length := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(length)
        found = TEST_STRING in content
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


class _Broken(socketserver.BaseRequestHandler):
    """Takes a stream and says that it is too long, as clamd does beyond its limit."""

    def handle(self) -> None:
        self.request.recv(1024)
        self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")


@contextmanager
def small_clamd(handler: type[socketserver.BaseRequestHandler] = _Answering) -> Iterator[str]:
    """Run the stand-in; gives its address."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def broken_clamd() -> Iterator[str]:
    """Run one that finds every stream too long; gives its address."""
    with small_clamd(_Broken) as address:
        yield address


@contextmanager
def real_clamd() -> Iterator[str]:
    """Run Debian's clamd with a signature of the test string alone; gives its socket."""
    with tempfile.TemporaryDirectory(prefix="clamd") as folder:
        here = Path(folder)
        (here / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{TEST_STRING.hex()}\n")
        (here / "clamd.conf").write_text(
            f"LocalSocket {here}/socket\nDatabaseDirectory {here}\nForeground yes\nOfficialDatabaseOnly no\n"
            "AlertExceedsMax yes\nMaxFileSize 20M\nMaxScanSize 20M\nStreamMaxLength 600M\n"
        )
        command = [str(CLAMD), "-c", str(here / "clamd.conf")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(here / "socket")
            yield str(here / "socket")
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as probe:
            if path.exists() and probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("clamd did not start")
