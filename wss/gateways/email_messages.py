"""E-mails of worded messages: as text and as HTML, both from one text, and with a link to unsubscribe from alerts."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from html import escape

from wss.gateways.message_texts import AFTER_ADDRESS, is_site_address
from wss.gateways.senders import Parcel, SendFailed

_PARAGRAPHS = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_NO_MORE = {
    "hi": "आपने ई-मेल से सूचनाएँ माँगी थीं, इसलिए यह ई-मेल आया है। आगे नहीं चाहिए तो यहाँ बंद करें:",
    "en": "You receive this because you asked for alerts by e-mail. To stop them, open:",
}
_STYLE = "font:16px/1.6 sans-serif;color:#1b1b1b;max-width:36em;margin:1em auto;padding:0 1em;overflow-wrap:anywhere"
_SMALL = "font-size:14px;color:#555;border-top:1px solid #ccc;padding-top:1em"


class _Policy(EmailPolicy):
    """The policy of headers, which does not fold some addresses.

    Mail programs look for the address unchanged: one that does not fit on a line would otherwise be encoded.
    """

    def fold(self, name: str, value: str) -> str:
        """Return a header as it is written."""
        return self._whole(name, value) if name in _WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it is written, in bytes."""
        return self._whole(name, value).encode() if name in _WHOLE else super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}"


_WHOLE = frozenset({"List-Unsubscribe"})
_POLICY = _Policy(linesep="\r\n")


def email_message(parcel: Parcel, sender: str, site: str) -> EmailMessage:
    """Return the e-mail for a mail server; only addresses of the site become links."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = sender
    made["To"] = _parse_address(parcel.to)
    made["Subject"] = parcel.subject
    made["Message-ID"] = f"<{parcel.id}@{sender.rpartition('@')[2].strip('>')}>"
    # Prevents automatic replies, which are not read.
    made["Auto-Submitted"] = "auto-generated"
    if parcel.unsubscribe:
        made["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(_as_text(parcel))
    made.add_alternative(_as_html(parcel, site), subtype="html")
    # Last, because setting the content removes this header.
    made["Content-Language"] = parcel.language
    return made


def _as_text(parcel: Parcel) -> str:
    if not parcel.unsubscribe:
        return parcel.text
    return f"{parcel.text}\n\n-- \n{_NO_MORE[parcel.language]}\n{parcel.unsubscribe}\n"


def _as_html(parcel: Parcel, site: str) -> str:
    """Return the paragraphs of the text as HTML.

    It has no picture and no external content, which would disclose who has read it when.
    """
    body = "\n".join(f"<p>{_marked_up(part, site)}</p>" for part in _PARAGRAPHS.split(parcel.text.strip()))
    if parcel.unsubscribe:
        small = f"{_NO_MORE[parcel.language]}\n{parcel.unsubscribe}"
        body += f'\n<p style="{_SMALL}">{_marked_up(small, site)}</p>'
    return (
        f'<!doctype html>\n<html lang="{escape(parcel.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(parcel.subject)}</title></head>\n<body style="{_STYLE}">\n{body}\n</body></html>\n'
    )


def _marked_up(text: str, site: str) -> str:
    """Return the escaped text with its links and line ends."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(AFTER_ADDRESS)
        shown = escape(address)
        link = f'<a href="{shown}">{shown}</a>' if is_site_address(address, site) else shown
        pieces += [escape(text[end : found.start()]), link]
        end = found.start() + len(address)
    return "".join([*pieces, escape(text[end:])]).replace("\n", "<br>\n")


def _parse_address(text: str) -> Address:
    """Return the address that an e-mail is sent to. Raises SendFailed for a text with anything else in it."""
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise SendFailed("no address", again=False) from error
