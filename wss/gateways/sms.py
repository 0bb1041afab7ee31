"""Sends SMS through a gateway that speaks JSON over HTTPS (contract, "Talking to gateways")."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wss.domain.sms import is_unicode
from wss.gateways.kept_line import HttpChannel
from wss.gateways.posting import accept
from wss.gateways.senders import Accepted, Parcel

_ACCEPTED = frozenset({202})
_NAME_OF_THEIRS = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True)
class SmsAccount:
    """How the gateway knows us: token, sender header and entity id (TRAI DLT); where it tells how messages fare."""

    token: str
    sender: str
    entity_id: str
    callback: str
    # Without a secret its receipts could be anybody's, and none is taken.
    has_receipts: bool = True


class HttpSmsSender:
    """Hands an SMS to the gateway."""

    for_trying = False

    def __init__(self, url: str, account: SmsAccount, name: str = "sms1") -> None:
        self.name = name
        self.line = HttpChannel(urlsplit(url), account.token)
        self.account = account

    def send(self, parcel: Parcel) -> Accepted:
        """Hand it over; 202 is accepted, a refusal of the message is final, anything else is worth another try."""
        answer = self.line.post(self._order(parcel))
        accept(answer.status, _ACCEPTED)
        return Accepted(self.name, _provider_id(answer.body), self.account.has_receipts)

    def _order(self, parcel: Parcel) -> dict[str, object]:
        return {
            "id": parcel.id,
            "to": f"91{parcel.to}",
            "sender": self.account.sender,
            "entity_id": self.account.entity_id,
            "template_id": parcel.template_id or f"{parcel.notice}.{parcel.language}",
            "text": parcel.text,
            "unicode": is_unicode(parcel.text),
            "callback": self.account.callback,
        }


def _provider_id(answer: bytes) -> str:
    """What the gateway calls the message; nothing when it does not say, or says something else."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    name = told.get("provider_id") if isinstance(told, dict) else None
    return name if isinstance(name, str) and _NAME_OF_THEIRS.fullmatch(name) else ""
