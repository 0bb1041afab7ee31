"""Message texts: the template in the reader's language, filled with values."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from wss.domain.errors import MessageTextError
from wss.domain.notices import NOTICES, PARTS, REQUEST_PARTS
from wss.domain.shown_texts import has_hidden_sign, has_long_number, plain_signs
from wss.domain.sms import CONSTANT, LONGEST_VALUE, MOST_VARIABLE, SOME_SITE, VARIABLE, SmsTemplate

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
LONGEST_SMS = 300
SMS_PARTS = ("sms", REQUEST_PARTS["sms"])
# Texts by notice, language and part.
Texts = Mapping[tuple[str, str, str], str]
NONE_INSTEAD: Texts = MappingProxyType({})
# Also a text that a telephone turns into a link without a scheme: a host name with a path.
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}/)[^\s<>\"']*", re.IGNORECASE)
AFTER_ADDRESS = ".,;:!?)।"
_MADE_OF_VALUES = re.compile(r"\{#site#\}[^\s{]*\{#\w+#\}|\{#\w*link#\}")
_AROUND = ".,;:!?()।\"'-–—"
_SIGN_OF_ADDRESSES = re.compile(
    r"[\w-]\.[^\W\d]|(?:[0-9]+\.){3}[0-9]|[a-z][a-z0-9+.-]*:[^\s]|[^\s]@[^\s]|//|\\", re.IGNORECASE
)
_BLANK_LINES = re.compile(r"\n{3,}")
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class WordedMessage:
    """A message as the receiver reads it; an SMS has no subject."""

    subject: str
    text: str


def message_of(
    notice: str,
    channel: str,
    language: str,
    values: dict[str, str],
    instead: Texts = NONE_INSTEAD,
    *,
    is_request: bool = False,
) -> WordedMessage:
    """Return the message of a notice; values are inserted unchanged, on one line, and never read as a template.

    `instead` holds the texts that replace the project's own. `is_request`: the texts say request, not complaint. Every
    address in a message leads to `site`, which is among the values.
    """

    def text(part: str) -> str:
        filled = _filled(_text(notice, language, text_part(notice, part, is_request), instead), values, part)
        if _leads_elsewhere(filled, values.get(CONSTANT, "")):
            raise MessageTextError("an address that is not the site's")
        return filled

    return (
        WordedMessage("", text("sms")) if channel == "sms" else WordedMessage(text("subject"), text("body"))
    )


def text_part(notice: str, part: str, is_request: bool) -> str:
    """Return the part under which a text is stored: of some notices there is a second one, about a request."""
    return REQUEST_PARTS[part] if is_request and NOTICES[notice].has_request_texts else part


def parts_of(notice: str) -> list[str]:
    """Return the parts of all texts of a notice in a language."""
    row = NOTICES[notice]
    of_complaint = [part for channel in row.channels for part in PARTS[channel]]
    return of_complaint + [REQUEST_PARTS[part] for part in of_complaint if row.has_request_texts]


def text_fault(notice: str, language: str, part: str, text: str) -> str | None:
    """Return why a text must not replace the project's own, as a code; None if it may.

    It has to take the same values, except optional ones: a code or a link that is left out would reach no receiver.
    """
    try:
        own = _template(notice, language, part)
    except MessageTextError:
        return "no_such_text"
    if not _has_same_variables(notice, text, own) or not _links_of(own) <= _links_of(text):
        return "other_values"
    if _leads_elsewhere(VARIABLE.sub(_some_value, text), SOME_SITE) or not _known_pieces(text):
        return "foreign_address"
    if not part.startswith("body") and _NOT_ONE_LINE.search(text):
        return "not_one_line"
    if part not in SMS_PARTS:
        return None
    if len(text) > LONGEST_SMS:
        return "too_long"
    return "too_much_varies" if SmsTemplate(notice, language, text, part=part).share > MOST_VARIABLE else None


def _leads_elsewhere(text: str, site: str) -> bool:
    return any(not is_site_address(address.rstrip(AFTER_ADDRESS), site) for address in _ADDRESS.findall(text))


def _links_of(text: str) -> set[str]:
    """Return the addresses that are made of values: a link with another path would be dead."""
    return set(_MADE_OF_VALUES.findall(text))


def _known_pieces(text: str) -> bool:
    """Return whether a text has no parts for links or calls other than those of the project's own texts.

    Such parts are a host name in any script, `tel:`, a number and invisible characters, of which a telephone may
    make a link, or a number to send something to.
    """
    plain = plain_signs(VARIABLE.sub(" ", text))
    if has_hidden_sign(text) or has_long_number(plain):
        return False
    return _pieces(plain) <= _own_pieces()


def _pieces(text: str) -> set[str]:
    """Return the words with a sign inside that addresses have."""
    words = (word.strip(_AROUND).casefold() for word in text.split())
    return {word for word in words if _SIGN_OF_ADDRESSES.search(word)}


@lru_cache(maxsize=1)
def _own_pieces() -> set[str]:
    normal = (plain_signs(VARIABLE.sub(" ", text)) for *_rest, text in own_texts())
    return set().union(*map(_pieces, normal))


def _some_value(found: re.Match[str]) -> str:
    return SOME_SITE if found[1] == CONSTANT or found[1].endswith("link") else "0"


def is_site_address(address: str, site: str) -> bool:
    """Return whether an address leads to the site."""
    return site != "" and (address == site or address.startswith(f"{site}/"))


def own_texts() -> Iterator[tuple[str, str, str, str]]:
    """Yield the project's own texts: notice, language, part and text, in their order."""
    for path in sorted(FOLDER.glob("*/*/*.txt")):
        notice, language = path.parts[-3:-1]
        yield notice, language, path.stem, _template(notice, language, path.stem)


def sms_templates(site: str = SOME_SITE, instead: Texts = NONE_INSTEAD) -> Iterator[SmsTemplate]:
    """Yield the text of every SMS as it is sent, for registration."""
    for notice, language, part, _own in own_texts():
        if part in SMS_PARTS:
            yield SmsTemplate(notice, language, _text(notice, language, part, instead), site, part)


def variables(notice: str, language: str, part: str) -> list[str]:
    """Return the names of the values that a template takes."""
    return VARIABLE.findall(_template(notice, language, part))


@lru_cache(maxsize=256)
def _template(notice: str, language: str, part: str) -> str:
    path = FOLDER / notice / language / f"{part}.txt"
    if not path.is_file():
        raise MessageTextError(f"no template {notice}/{language}/{part}")
    return path.read_text(encoding="utf-8").strip()


def _text(notice: str, language: str, part: str, instead: Texts) -> str:
    """Return the text in force.

    A replacement that takes other values than the project's own was made for an older form of it, and is ignored.
    """
    own, default = instead.get((notice, language, part)), _template(notice, language, part)
    return own if own is not None and _has_same_variables(notice, own, default) else default


def _has_same_variables(notice: str, text: str, default: str) -> bool:
    """Return whether a text takes the values of the project's own.

    The site's address may be used in any text, and optional values may be left out.
    """
    own, others = set(VARIABLE.findall(default)), set(VARIABLE.findall(text))
    return own - set(NOTICES[notice].optional) - {CONSTANT} <= others <= own | {CONSTANT}


def _filled(template: str, values: dict[str, str], part: str) -> str:
    names = VARIABLE.findall(template)
    missing = [name for name in names if name not in values]
    if missing:
        raise MessageTextError(f"no value for {', '.join(missing)}")
    put_in = {name: _NOT_ONE_LINE.sub(" ", values[name]).strip() for name in names}
    too_long = [name for name in names if len(put_in[name]) > LONGEST_VALUE and name != CONSTANT]
    if part == "sms" and too_long:
        raise MessageTextError(f"too long: {', '.join(too_long)}")
    lines = _without_empty_lines(template, put_in) if part == "body" else template
    return VARIABLE.sub(lambda found: put_in[found[1]], lines)


def _without_empty_lines(template: str, values: dict[str, str]) -> str:
    """Return the text of an e-mail without the lines whose values are all empty."""
    kept = [line for line in template.split("\n") if _has_value(VARIABLE.findall(line), values)]
    return _BLANK_LINES.sub("\n\n", "\n".join(kept))


def _has_value(names: list[str], values: dict[str, str]) -> bool:
    """Return whether one of these has a value; a line without variables always stays."""
    return not names or any(values[name] for name in names)
