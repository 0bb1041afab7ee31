"""An SMTP server for trying: takes letters and shows them, in the mood it is put into."""

import asyncio
import email
import threading
from email.message import EmailMessage
from email.policy import SMTP as LETTER
from typing import Any

from aiosmtpd.smtp import SMTP

from devtools.fake_gateway.failure_modes import MAIL, FailureMode, FailureModes
from devtools.fake_gateway.received_messages import ReceivedMessages, arrived

_REFUSALS = {FailureMode.REFUSE: "550 5.1.1 No such mailbox here", FailureMode.BUSY: "451 4.3.2 Come later"}
TAKEN = "250 OK"


class Mailbox:
    """What the server asks about each recipient and each letter."""

    def __init__(self, moods: FailureModes, arrivals: ReceivedMessages, slow_s: float) -> None:
        self.moods = moods
        self.arrivals = arrivals
        self.slow_s = slow_s

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take a recipient unless the mood is against it."""
        refusal = _REFUSALS.get(self.moods.meets(MAIL, f"to {address}"))
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or TAKEN

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a letter, in whatever mood."""
        letter = email.message_from_bytes(envelope.content, policy=LETTER)
        mood = self.moods.meets(MAIL, str(letter["Message-ID"]))
        if mood is FailureMode.HANG:
            await asyncio.Event().wait()
        self._take(letter, envelope, mood)
        if mood is FailureMode.DROP:
            server.transport.abort()
        elif mood is FailureMode.SLOW:
            await asyncio.sleep(self.slow_s)
        return TAKEN

    def _take(self, letter: EmailMessage, envelope: Any, mood: FailureMode) -> None:
        key = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
        text = plain.get_content() if plain is not None else ""
        arrival = arrived(MAIL, key, ", ".join(envelope.rcpt_tos), str(letter["From"]), text)
        arrival.about = str(letter["Subject"])
        arrival.html = html.get_content() if html is not None else ""
        arrival.mood = mood
        taken, _is_new = self.arrivals.take(arrival)
        taken.answered += mood is not FailureMode.DROP


class MailServer:
    """The server on a port of the loopback, in a thread of its own."""

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        # Before anything is asked of it: whoever makes this server may have a loop of their own in their thread.
        threading.Thread(target=self._loop.run_forever, name="mail", daemon=True).start()
        factory = lambda: SMTP(mailbox, hostname="gateway.invalid", loop=self._loop)  # noqa: E731
        serving = self._loop.create_server(factory, "127.0.0.1", port)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Take no more letters."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
