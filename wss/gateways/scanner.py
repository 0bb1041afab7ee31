"""Asks the virus scanner clamd about a document, where one is configured."""

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
    """The scanner gave no verdict: the document stays withheld and is asked about again later."""


class NoVerdict(ScannerUnreachable):
    """The scanner is there, but has no verdict on this one document; on others it may have."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner said, and the name of what it found."""

    state: ScanState
    found: str = ""


class Scanner(Protocol):
    """Something that tells whether a document is infected."""

    def scan(self, content: bytes) -> Verdict:
        """The verdict on a document, or ScannerUnreachable."""
        ...


class NoScanner:
    """No scanner is configured; this is not the same as clean, and is written down as what it is."""

    def scan(self, content: bytes) -> Verdict:
        """Every document is not scanned."""
        return Verdict(ScanState.NOT_SCANNED)


class Clamd:
    """The scanner clamd, spoken to over the network; the document is sent to it and kept nowhere."""

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT_SECONDS) -> None:
        self.host = host
        self.port = port
        self.timeout = timeout

    def scan(self, content: bytes) -> Verdict:
        """The verdict on a document, within the time-out as a whole, or ScannerUnreachable."""
        deadline = time.monotonic() + self.timeout
        try:
            with socket.create_connection((self.host, self.port), self.timeout) as line:
                _send(line, content, deadline)
                answer = _answer(line, deadline)
        except OSError as error:
            raise ScannerUnreachable(str(error)) from error
        return _verdict(answer)


def scanner_from(address: str | None) -> Scanner:
    """The scanner at host:port, or none."""
    if not address:
        return NoScanner()
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"{SETTING} must be host:port")
    return Clamd(host.strip("[]"), int(port))


def _send(line: socket.socket, content: bytes, deadline: float) -> None:
    """Send the document in chunks, each after its length; a length of nought ends it."""
    try:
        _send_in_time(line, b"zINSTREAM\0", deadline)
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            _send_in_time(line, struct.pack("!I", len(chunk)) + chunk, deadline)
        _send_in_time(line, struct.pack("!I", 0), deadline)
    except (BrokenPipeError, ConnectionResetError):
        # A document over clamd's own limit makes it hang up early; its answer may still lie on the line.
        return


def _send_in_time(line: socket.socket, part: bytes, deadline: float) -> None:
    line.settimeout(_left(deadline))
    line.sendall(part)


def _answer(line: socket.socket, deadline: float) -> str:
    """The one line that clamd answers before it hangs up."""
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
    """Read "stream: OK" and "stream: NAME FOUND"; anything else is no verdict."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(ScanState.CLEAN)
    if said.endswith(" FOUND"):
        return Verdict(ScanState.INFECTED, said.removesuffix(" FOUND"))
    if said:
        raise NoVerdict(said)
    raise ScannerUnreachable("the scanner hung up without an answer")
