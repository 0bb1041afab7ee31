"""Sends SMS through a gateway that speaks JSON over HTTPS (contract, "Talking to gateways")."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from wss.gateways.posting import accept, post_json
from wss.gateways.senders import Parcel

_ACCEPTED = frozenset({202})


@dataclass(frozen=True)
class SmsAccount:
    """How the gateway knows us: token, sender header and entity id (TRAI DLT)."""

    token: str
    sender: str
    entity_id: str
    callback: str


class HttpSmsSender:
    """Hands an SMS to the gateway."""

    for_trying = False

    def __init__(self, url: str, account: SmsAccount) -> None:
        self.url = urlsplit(url)
        self.account = account

    def send(self, parcel: Parcel) -> None:
        """Hand it over; 202 is accepted, a refusal of the message is final, anything else is worth another try."""
        accept(post_json(self.url, self.account.token, self._order(parcel)), _ACCEPTED)

    def _order(self, parcel: Parcel) -> dict[str, object]:
        return {
            "id": parcel.id,
            "to": f"91{parcel.to}",
            "sender": self.account.sender,
            "entity_id": self.account.entity_id,
            "template_id": f"{parcel.notice}.{parcel.language}",
            "text": parcel.text,
            "unicode": not parcel.text.isascii(),
            "callback": self.account.callback,
        }
