"""Makes a harmless copy of a document that a stranger handed in; the stranger's own file is never kept."""

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
# The header line and the largest document that is kept, with room to spare.
LONGEST_ANSWER = 6_000_000
# Each child may take half a gigabyte: more of them at a time could fill a small machine.
CHILDREN_AT_A_TIME = 2

# A document may take as long as its child lives. Of the 8 threads of the server at least two never wait here.
WAITING_AT_A_TIME, WAITING_SECONDS = 4, 15
PLACES = SanitiserSlots(CHILDREN_AT_A_TIME, WAITING_AT_A_TIME, WAITING_SECONDS)


@dataclass(frozen=True)
class SanitisedDocument:
    """A document made anew: an image within the limits, or a PDF that does nothing but show pages."""

    content: bytes
    kind: DocumentKind
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    @property
    def media_type(self) -> str:
        """The kind as browsers name it."""
        return self.kind.media_type

    @property
    def extension(self) -> str:
        """The ending under which it is stored."""
        return self.kind.value


def sanitise(content: bytes) -> SanitisedDocument:
    """A harmless copy of the document, or UploadRefused with the reason. Whoever calls it holds one of the PLACES."""
    refusal = refusal_of_document(content)
    if refusal is not None:
        raise UploadRefused(refusal)
    return _read(_ask_child(content))


def _ask_child(content: bytes) -> bytes:
    """Let a process of its own take the document apart, so that whatever the document does, it does there."""
    # No environment: the child has no use for the secrets in it. -I: nor for the folder it is started from.
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
    """Give the child the document and read its answer; a child that died early answers nothing."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child was started without pipes")
    with contextlib.suppress(BrokenPipeError), child.stdin as into:
        into.write(content)
    answer = child.stdout.read(LONGEST_ANSWER)
    return b"" if len(answer) == LONGEST_ANSWER else answer


def _read(answer: bytes) -> SanitisedDocument:
    """Take the child's answer apart: a line of JSON, then the document."""
    header, _, content = answer.partition(b"\n")
    try:
        told = json.loads(header)
    except ValueError as unreadable:
        # The system ended the child for taking too much memory or time, or we did.
        raise UploadRefused(Refusal.TOO_COMPLEX) from unreadable
    if "refusal" in told:
        raise UploadRefused(Refusal(told["refusal"]))
    return SanitisedDocument(
        content, DocumentKind(told["kind"]), told.get("width"), told.get("height"), told.get("pages")
    )
