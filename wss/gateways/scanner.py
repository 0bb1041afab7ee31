"""The client of the virus scanner clamd, if one is configured."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from typing import Protocol

from wss.domain.uploads import ScanState

SETTING = "WSS_CLAMD"
TIMEOUT_SECONDS = 5.0
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerUnreachable(Exception):
    """The scanner gave no verdict: the document stays withheld and is scanned again later."""


class NoVerdict(ScannerUnreachable):
    """The scanner works, but has no verdict on this one document; it may have one on others."""


@dataclass(frozen=True)
class Verdict:
    """The verdict of the scanner, and the name of the virus it found."""

    state: ScanState
    found: str = ""


class Scanner(Protocol):
    """A scanner of documents for viruses."""

    def scan(self, content: bytes) -> Verdict:
        """Return the verdict on a document. Raises ScannerUnreachable."""
        ...


class NoScanner:
    """No scanner is configured; this is not the same as clean, and is recorded as a state of its own."""

    def scan(self, content: bytes) -> Verdict:
        """Return that the document was not scanned."""
        return Verdict(ScanState.NOT_SCANNED)


class Clamd:
    """The scanner clamd at a network address; the document is sent to it and not stored there."""

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT_SECONDS) -> None:
        self.host = host
        self.port = port
        self.timeout = timeout

    def scan(self, content: bytes) -> Verdict:
        """Return the verdict on a document, within the timeout in all. Raises ScannerUnreachable."""
        deadline = time.monotonic() + self.timeout
        try:
            with socket.create_connection((self.host, self.port), self.timeout) as line:
                _send(line, content, deadline)
                answer = _answer(line, deadline)
        except OSError as error:
            raise ScannerUnreachable(str(error)) from error
        return _verdict(answer)

    def check(self) -> None:
        """Ask whether the scanner works; no document is sent. Raises OSError."""
        with socket.create_connection((self.host, self.port), self.timeout) as line:
            line.sendall(b"zPING\0")
            if _answer(line, time.monotonic() + self.timeout) != "PONG":
                raise ConnectionError("no answer of clamd")


def scanner_from(address: str | None) -> Scanner:
    """Return the scanner at host:port, or NoScanner for no address."""
    if not address:
        return NoScanner()
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"{SETTING} must be host:port")
    return Clamd(host.strip("[]"), int(port))


def _send(line: socket.socket, content: bytes, deadline: float) -> None:
    """Send the document in chunks, each after its length; a length of zero ends it."""
    try:
        _send_in_time(line, b"zINSTREAM\0", deadline)
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            _send_in_time(line, struct.pack("!I", len(chunk)) + chunk, deadline)
        _send_in_time(line, struct.pack("!I", 0), deadline)
    except (BrokenPipeError, ConnectionResetError):
        # clamd closes the connection early for a document over its own limit; its answer may still be readable.
        return


def _send_in_time(line: socket.socket, part: bytes, deadline: float) -> None:
    line.settimeout(_left(deadline))
    line.sendall(part)


def _answer(line: socket.socket, deadline: float) -> str:
    """Return the one line that clamd sends before it closes the connection."""
    heard = b""
    while b"\0" not in heard and len(heard) < LONGEST_ANSWER:
        line.settimeout(_left(deadline))
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        heard += part
    return heard.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the scanner did not answer in time")
    return seconds


def _verdict(answer: str) -> Verdict:
    """Parse "stream: OK" and "stream: NAME FOUND"; anything else is no verdict."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(ScanState.CLEAN)
    if said.endswith(" FOUND"):
        return Verdict(ScanState.INFECTED, said.removesuffix(" FOUND"))
    if said:
        raise NoVerdict(said)
    raise ScannerUnreachable("the scanner hung up without an answer")
