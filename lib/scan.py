"""Asking clamd about a file, over its own protocol: length, bytes, and a zero at the end."""

import socket
import struct
from typing import IO

BLOCK = 256 * 1024
TIMEOUT = 300.0
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The scanner is not there, or did not say anything that can be relied on."""


def scan(file: IO[bytes], *, address: str) -> str:
    """Return the name of what was found in a file, or nothing. Raises ScannerAway.

    ``address`` is a socket's path, or host:port.
    """
    file.seek(0)
    try:
        with _connected(address) as server:
            server.sendall(b"zINSTREAM\0")
            while block := file.read(BLOCK):
                server.sendall(struct.pack("!I", len(block)) + block)
            server.sendall(struct.pack("!I", 0))
            answer = _answer(server)
    except OSError as error:
        raise ScannerAway(f"{address}: {error}") from error
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(f"{address}: {answer or 'no answer'}")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.settimeout(TIMEOUT)
        server.connect(address)
        return server
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise ScannerAway(f"{address} is no socket and no host:port")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def _answer(server: socket.socket) -> str:
    said = b""
    while len(said) < LONGEST_ANSWER and not said.endswith(b"\0") and (piece := server.recv(1024)):
        said += piece
    return said.rstrip(b"\0\n").decode(errors="replace")
