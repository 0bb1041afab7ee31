"""The socket of a connection: a thread sends an answer only while its reader keeps pace. For `wss/connections.py`."""

from __future__ import annotations

import socket
from time import monotonic
from typing import Any

from wss.intake import Pace


class AnswerSocket(socket.socket):
    """Gives up on a reader slower than any line that is served: it would hold a thread for as long as it likes."""

    pace: Pace | None = None

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything, at the pace of the whole answer."""
        self.pace = self.pace or Pace()
        rest = memoryview(data).cast("B")
        while rest:
            try:
                sent = self.send(rest, flags)
            except BlockingIOError:
                if self.gettimeout() == 0 or monotonic() > self.pace.deadline:
                    raise
                continue
            self.pace.moved += sent
            rest = rest[sent:]
            if rest and monotonic() > self.pace.deadline:
                raise TimeoutError("an answer was read too slowly")
