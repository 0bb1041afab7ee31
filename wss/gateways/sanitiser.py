"""The sanitiser: makes a harmless copy of an uploaded document; the original file is never stored."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from wss.domain.uploads import DocumentKind, Refusal, UploadRefused, refusal_of_document
from wss.gateways.sanitiser_slots import SanitiserSlots

CHILD = Path(__file__).with_name("sanitiser_child.py")
WALL_SECONDS = 10
# The header line and the largest document that is stored, with a margin.
LONGEST_ANSWER = 6_000_000
# Each child may take half a gigabyte: more of them at a time could fill a small machine.
CHILDREN_AT_A_TIME = 2

# A document may take as long as its child process lives. Of the 8 threads of the server at least two never wait
# here.
WAITING_AT_A_TIME, WAITING_SECONDS = 4, 15
SLOTS = SanitiserSlots(CHILDREN_AT_A_TIME, WAITING_AT_A_TIME, WAITING_SECONDS)


@dataclass(frozen=True)
class SanitisedDocument:
    """A re-encoded document: an image within the limits, or a PDF that only shows pages."""

    content: bytes
    kind: DocumentKind
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    @property
    def media_type(self) -> str:
        """Return the media type."""
        return self.kind.media_type

    @property
    def extension(self) -> str:
        """Return the extension of the stored file."""
        return self.kind.value


def sanitise(content: bytes) -> SanitisedDocument:
    """Return a harmless copy of the document; raise UploadRefused with the reason.

    The caller holds one of the PLACES.
    """
    refusal = refusal_of_document(content)
    if refusal is not None:
        raise UploadRefused(refusal)
    return _read(_run_child(content))


def _run_child(content: bytes) -> bytes:
    """Process the document in a process of its own, which contains the effects of a malicious document."""
    # No environment: the child process does not need its secrets. -I: nor the folder in which it is started.
    command = [sys.executable, "-I", str(CHILD)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, env={}, stdin=pipe, stdout=pipe, stderr=nowhere) as child:  # noqa: S603
        clock = threading.Timer(WALL_SECONDS, child.kill)
        clock.start()
        try:
            return _exchange(child, content)
        finally:
            child.kill()
            clock.cancel()


def _exchange(child: subprocess.Popen[bytes], content: bytes) -> bytes:
    """Send the document to the child and read its answer; the answer of a child that died early is empty."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child was started without pipes")
    with contextlib.suppress(BrokenPipeError), child.stdin as into:
        into.write(content)
    answer = child.stdout.read(LONGEST_ANSWER)
    return b"" if len(answer) == LONGEST_ANSWER else answer


def _read(answer: bytes) -> SanitisedDocument:
    """Parse the child's answer: a line of JSON, then the document."""
    header, _, content = answer.partition(b"\n")
    try:
        result = json.loads(header)
    except ValueError as error:
        # The child was ended for taking too much memory or time, by the system or by us.
        raise UploadRefused(Refusal.TOO_COMPLEX) from error
    if "refusal" in result:
        raise UploadRefused(Refusal(result["refusal"]))
    return SanitisedDocument(
        content, DocumentKind(result["kind"]), result.get("width"), result.get("height"), result.get("pages")
    )
