"""Parser of links and forms of pages, and a walk through a site that collects what its pages send."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from attack.exchange import Answer, Pair

_TYPED = {"input", "select", "textarea", "button"}


@dataclass
class Form:
    """A form of a page: its action, its method, and its fields."""

    action: str
    method: str
    pairs: list[Pair] = field(default_factory=list)


class _Parts(HTMLParser):
    """Collects the links and forms of one page."""

    def __init__(self, at: str) -> None:
        super().__init__(convert_charrefs=True)
        self.at, self.links, self.forms = at, list[str](), list[Form]()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.at, given["href"]))
        if tag == "form":
            action = urljoin(self.at, given.get("action") or self.at)
            self.forms.append(Form(action, given.get("method", "get").upper()))
        if tag in _TYPED and self.forms and given.get("name"):
            self._select = given["name"] if tag == "select" else ""
            self.forms[-1].pairs.append((given["name"], given.get("value", "").encode()))
        if tag == "option" and self._select and given.get("value"):
            self.forms[-1].pairs[-1] = (self._select, given["value"].encode())
            self._select = ""


def parts(at: str, page: str) -> tuple[list[str], list[Form]]:
    """Return the links and forms of a page at an address."""
    parser = _Parts(at)
    parser.feed(page)
    return parser.links, parser.forms


@dataclass
class CrawledPages:
    """The pages of a person: addresses with their queries, and forms."""

    seen: dict[str, set[str]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)


def crawl_pages(ask: Callable[[str], Answer], base: str, starts: list[str], most: int) -> CrawledPages:
    """Follow links from these addresses, one page for each address and set of names in its query."""
    found, waiting, asked = CrawledPages(), deque(starts), 0
    known: set[tuple[str, frozenset[str]]] = set()
    while waiting and asked < most:
        address = urlsplit(urljoin(base, waiting.popleft()))
        if address.netloc != urlsplit(base).netloc:
            continue
        names = {name for name, _ in parse_qsl(address.query, keep_blank_values=True)}
        found.seen.setdefault(address.path, set()).update(names)
        kind = (address.path, frozenset(names))
        if kind in known:
            continue
        known.add(kind)
        asked += 1
        answer = ask(address.path + (f"?{address.query}" if address.query else ""))
        if answer.location:
            waiting.append(answer.location)
        if answer.is_html:
            links, forms = parts(base + address.path, answer.text)
            waiting.extend(links)
            found.forms += forms
    return found
