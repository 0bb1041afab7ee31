"""Sends SMS through a gateway that speaks JSON over HTTPS (contract, "Talking to gateways")."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from wss.gateways.senders import Parcel, SendFailed, cut_off

TIMEOUT_S = 5
_ACCEPTED = 202
# Only what is wrong with the message itself; a token or address of ours that is wrong will be put right.
_NEVER_AGAIN = frozenset({400, 422})


@dataclass(frozen=True)
class SmsAccount:
    """How the gateway knows us: token, sender header and entity id (TRAI DLT)."""

    token: str
    sender: str
    entity_id: str
    callback: str


class HttpSmsSender:
    """Hands an SMS to the gateway; http.client follows no redirect, so a token goes nowhere else."""

    for_trying = False

    def __init__(self, url: str, account: SmsAccount) -> None:
        self.url = urlsplit(url)
        self.account = account

    def send(self, parcel: Parcel) -> None:
        """Hand it over; 202 is accepted, a refusal of the message is final, anything else is worth another try."""
        body = json.dumps(self._order(parcel)).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.account.token}"}
        kind = HTTPSConnection if self.url.scheme == "https" else HTTPConnection
        line = kind(self.url.hostname or "", self.url.port, timeout=TIMEOUT_S)
        try:
            with cut_off(line, TIMEOUT_S):
                line.request("POST", self.url.path or "/", body, headers)
                status = line.getresponse().status
        except (OSError, HTTPException) as failure:
            raise SendFailed(type(failure).__name__, again=True) from failure
        finally:
            line.close()
        if status != _ACCEPTED:
            raise SendFailed(f"gateway {status}", again=status not in _NEVER_AGAIN)

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
