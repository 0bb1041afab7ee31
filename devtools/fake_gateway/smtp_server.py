"""The fake mail server."""

import asyncio
import email
import threading
from email.message import EmailMessage
from email.policy import SMTP as LETTER
from typing import Any

from aiosmtpd.smtp import SMTP

from devtools.fake_gateway.failure_modes import MAIL, FailureMode, FailureModes
from devtools.fake_gateway.received_messages import ReceivedMessages, received_now

_REFUSALS = {FailureMode.REFUSE: "550 5.1.1 No such mailbox here", FailureMode.BUSY: "451 4.3.2 Come later"}
ACCEPTED = "250 OK"


class Mailbox:
    """Answers for each recipient and each e-mail, as aiosmtpd asks."""

    def __init__(self, modes: FailureModes, received: ReceivedMessages, slow_s: float) -> None:
        self.modes = modes
        self.received = received
        self.slow_s = slow_s

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Accept a recipient unless the failure mode refuses it."""
        refusal = _REFUSALS.get(self.modes.meets(MAIL, f"to {address}"))
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or ACCEPTED

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Accept an e-mail, as the failure mode says."""
        letter = email.message_from_bytes(envelope.content, policy=LETTER)
        mode = self.modes.meets(MAIL, str(letter["Message-ID"]))
        if mode is FailureMode.HANG:
            await asyncio.Event().wait()
        self._accept(letter, envelope, mode)
        if mode is FailureMode.DROP:
            server.transport.abort()
        elif mode is FailureMode.SLOW:
            await asyncio.sleep(self.slow_s)
        return ACCEPTED

    def _accept(self, letter: EmailMessage, envelope: Any, mode: FailureMode) -> None:
        key = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
        text = plain.get_content() if plain is not None else ""
        message = received_now(MAIL, key, ", ".join(envelope.rcpt_tos), str(letter["From"]), text)
        message.about = str(letter["Subject"])
        message.html = html.get_content() if html is not None else ""
        message.failure_mode = mode
        kept, _is_new = self.received.take(message)
        kept.answered += mode is not FailureMode.DROP


class MailServer:
    """The SMTP server on a port of the loopback, with an event loop in a thread of its own."""

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        # The caller's thread may run an event loop already.
        threading.Thread(target=self._loop.run_forever, name="mail", daemon=True).start()
        factory = lambda: SMTP(mailbox, hostname="gateway.invalid", loop=self._loop)  # noqa: E731
        serving = self._loop.create_server(factory, "127.0.0.1", port)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Stop."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
