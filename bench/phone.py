"""A phone without scripts: it keeps cookies, follows redirects, and sends the forms that a page has."""

from collections.abc import Mapping
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from bench.load import Answer, Ask, Client

_REDIRECTS = (302, 303)


class PageForms(HTMLParser):
    """The forms of a page by their path, each with the values that it would send as it is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._path = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a value of the form that is open."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        elif tag == "input" and self.found and given.get("name"):
            is_choice = given.get("type") in ("radio", "checkbox", "file", "submit")
            if not is_choice or "checked" in given:
                self.found[-1][1][given["name"]] = given.get("value", "on" if is_choice else "")

    def values(self, ending: str) -> tuple[str, dict[str, str]]:
        """Return the address and the values of the first form whose path ends so."""
        for address, values in self.found:
            if urlsplit(address).path.endswith(ending):
                return address, values
        raise RuntimeError(f"no form of {ending} among {[address for address, _ in self.found]}")


class Phone:
    """One person's browser; `pages` counts what was asked for, redirects included."""

    def __init__(self, port: int) -> None:
        self._client = Client(port)
        self._cookies: dict[str, str] = {}
        self.pages = 0
        self.address = self.page = ""

    def open(self, address: str) -> None:
        """Open a page."""
        self._send(address, None)

    def submit(self, ending: str, typed: Mapping[str, str]) -> None:
        """Send a form of the page, with what was typed."""
        address, values = PageForms(self.page).values(ending)
        self._send(address or self.address, {**values, **typed})

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _send(self, address: str, form: Mapping[str, str] | None) -> None:
        answer = self._ask(address, form)
        while answer.status in _REDIRECTS:
            address = answer.headers["Location"]
            answer = self._ask(address, None)
        if answer.status != 200:
            raise RuntimeError(f"{address} answers {answer.status}: {answer.body[:300]!r}")
        self.address, self.page = address, answer.body.decode()

    def _ask(self, address: str, form: Mapping[str, str] | None) -> Answer:
        self.pages += 1
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._client.try_to_send(Ask(path, {"Cookie": cookies, "Accept-Language": "hi"}, form))
        for header in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self._cookies[name] = morsel.value
        return answer
