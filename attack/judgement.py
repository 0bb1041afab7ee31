"""Checks of one response that hold for every person and request."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from attack.exchange import Answer
from attack.odd_values import FOREIGN, HEADER, MARKUP, WORD

SLOW_S = 2.0
_TRACES = ("Traceback (most recent call last)", "werkzeug.debugger", "sqlalchemy.exc.", "sqlite3.")
_NEEDED = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy")
_HIDDEN = {"script", "style"}
# The readiness check answers 503 on purpose.
_MAY_BE_BUSY = "/readyz"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: what, where, for whom, and the request that caused it."""

    kind: str
    place: str
    person: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}, {self.person}: {self.detail}"


class _Words(HTMLParser):
    """Collects what a page shows as text; attributes are not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in _HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown.append(data)


def shown_text(page: str) -> str:
    """Return the text of a page as a reader sees it."""
    parser = _Words()
    parser.feed(page)
    return " ".join(parser.shown)


def faults_of_response(answer: Answer, path: str, base: str) -> Iterator[tuple[str, str]]:
    """Yield every kind of fault of a response, with its detail."""
    if answer.status == 0:
        yield "no answer", "the connection was closed"
        return
    if answer.status >= 500 and path != _MAY_BE_BUSY:
        yield "server error", str(answer.status)
    text = answer.text
    yield from (("traceback", trace) for trace in _TRACES if trace in text)
    if MARKUP in text and answer.is_html:
        yield "unescaped markup", MARKUP
    yield from _header_wrongs(answer, base)


def _header_wrongs(answer: Answer, base: str) -> Iterator[tuple[str, str]]:
    if answer.header(HEADER) or any(HEADER in value for _, value in answer.headers if "\n" in value):
        yield "header injection", HEADER
    if is_foreign(answer.location, base):
        yield "open redirect", answer.location
    if answer.status not in (204, 304):
        missing = [name for name in _NEEDED if not answer.header(name)]
        if missing:
            yield "missing header", ", ".join(missing)
        if not answer.header("Cache-Control"):
            yield "missing header", "Cache-Control"
    for cookie in answer.all_of("Set-Cookie"):
        flags = cookie.lower()
        lacking = [flag for flag in ("httponly", "samesite=") if flag not in flags]
        if lacking:
            yield "cookie flags", f"{cookie.partition('=')[0]} lacks {' and '.join(lacking)}"


def is_foreign(location: str, base: str) -> bool:
    """Return whether a browser that follows this address leaves the site."""
    if not location:
        return False
    followed = location.strip().replace("\\", "/").replace("\t", "")
    host = urlsplit(followed).netloc
    return (bool(host) and host != urlsplit(base).netloc) or FOREIGN in host


def shows_word(answer: Answer) -> bool:
    """Return whether the page shows text from the address as its own, with or without spaces between its parts."""
    is_read = answer.is_html and not 300 <= answer.status < 400
    return is_read and WORD in "".join(shown_text(answer.text).split())
