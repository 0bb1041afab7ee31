"""Messages with their texts, as the pages for development show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from wss import vault
from wss.domain.errors import MessageTextError
from wss.models import Message
from wss.queries.reference import reference
from wss.services.messages.outbox import Outbox


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message with its text; without one where it was emptied after sending."""

    id: str
    channel: str
    to: str
    notice: str
    language: str
    subject: str
    text: str
    state: str
    created_at: datetime


def shown_messages(messages: Iterable[Message]) -> list[ShownMessage]:
    """Return messages with their texts."""
    outbox: Outbox = current_app.extensions["wss"].outbox
    # The worker, which loads the texts in force, is another process: here only the project's own texts are loaded.
    outbox.texts = reference().texts
    return [_shown(outbox, message) for message in messages]


def _shown(outbox: Outbox, message: Message) -> ShownMessage:
    subject = text = ""
    if message.text_sealed:
        try:
            parcel = outbox.parcel(message)
            subject, text = parcel.subject, parcel.text
        except (MessageTextError, vault.BrokenSeal) as unworded:
            # One text in force that lacks a value must not hide all other messages.
            text = str(unworded) or type(unworded).__name__
    return ShownMessage(
        message.id,
        message.channel,
        message.recipient,
        message.notice,
        message.language,
        subject,
        text,
        message.state,
        message.created_at,
    )
