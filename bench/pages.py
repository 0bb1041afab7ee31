"""Every page that a consumer can open, found in the site's URL map, and what it fetches."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bench.benchmark_data import LONG_AGO, account_no, bill_no
from bench.databases import configured
from bench.keys import signed_in
from bench.load import HOST, Answer, Ask, Client
from bench.rendered_pages import draft
from wss import create_app
from wss.config import Config
from wss.db import reading
from wss.models import ServiceRequest

NUMBER = 1
_LANGUAGE = "hi"
_ROOMS = ("public.", "auth.", "consumer.")
_FETCHED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Visit:
    """What opening a page transfers: bytes with headers, and the number of requests."""

    path: str
    page_bytes: int
    all_bytes: int
    requests: int


def paths(url: str, environ: Mapping[str, str]) -> list[str]:
    """Return the URLs that accept GET, filled in with what belongs to a synthetic consumer, including a draft."""
    app = create_app(Config.from_env(environ))
    with configured(url):
        draft(NUMBER)
        values = {
            "account_no": account_no(NUMBER),
            "bill_no": bill_no(NUMBER),
            "complaint_no": _complaint_no(),
        }
        with app.test_request_context(base_url=f"http://{HOST}"):
            adapter = app.create_url_adapter(None) or app.url_map.bind(HOST)
            return sorted(
                {
                    adapter.build(rule.endpoint, _needed(rule, values))
                    for rule in app.url_map.iter_rules()
                    if _is_page(rule, values)
                }
            )


def visit(port: int, path: str, seen: str = "", cached: Collection[str] = ()) -> Visit | None:
    """Open a page and fetch what it refers to; None for what is not a page.

    `seen` is the cookie of an earlier visit, `cached` are files that the phone has already.
    """
    client = Client(port)
    try:
        page = _open(client, path, seen)
        if page is None:
            return None
        size = _bytes(page)
        later = bool(seen)
        found = [] if later else dict.fromkeys(_FETCHED.findall(_text(page)))
        parts = [part for part in found if part not in cached]
        fetched = [_bytes(client.send(Ask(part, _headers(seen)))) for part in parts]
        return Visit(path, size, size + sum(fetched), 1 + len(parts))
    finally:
        client.close()


def files_of(port: int, path: str) -> set[str]:
    """Return the static files to which a page refers."""
    client = Client(port)
    text = _text(client.send(Ask(path, {"Accept-Encoding": "gzip"})))
    client.close()
    return {part for part in _FETCHED.findall(text) if part.startswith("/static/")}


def sheet_cookie(port: int) -> str:
    """Return the cookie by which the site knows that this phone has its style sheet."""
    client = Client(port)
    given = client.send(Ask("/")).headers.get_all("Set-Cookie") or []
    client.close()
    return next(cookie.partition(";")[0] for cookie in given if cookie.startswith("wss_seen="))


def _open(client: Client, path: str, seen: str) -> Answer | None:
    answer = client.try_to_send(Ask(path, _headers(seen)))
    is_page = answer.status == 200 and (answer.headers["Content-Type"] or "").startswith("text/html")
    return answer if is_page else None


def _headers(seen: str) -> dict[str, str]:
    cookies = "; ".join(part for part in (signed_in(NUMBER)["Cookie"], seen) if part)
    return {"Cookie": cookies, "Accept-Encoding": "gzip", "Accept-Language": _LANGUAGE}


def _bytes(answer: Answer) -> int:
    """Return the bytes of status line, headers and body as received."""
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
    return len(b"HTTP/1.1 200 OK\r\n") + head + len(b"\r\n") + len(answer.body)


def _text(answer: Answer) -> str:
    import gzip

    packed = answer.headers["Content-Encoding"] == "gzip"
    return (gzip.decompress(answer.body) if packed else answer.body).decode()


def _is_page(rule: Any, values: Mapping[str, str]) -> bool:
    is_open = rule.endpoint.startswith(_ROOMS) and "GET" in (rule.methods or ())
    return is_open and set(rule.arguments) <= set(values)


def _needed(rule: Any, values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in rule.arguments}


def _complaint_no() -> str:
    statement = select(ServiceRequest.complaint_no).where(
        ServiceRequest.consumer_id == NUMBER, ServiceRequest.registered_at > LONG_AGO
    )
    with reading() as session:
        return str(session.execute(statement.order_by(ServiceRequest.id)).scalars().first())


def form_paths(visits: Sequence[Visit], kind: str) -> list[str]:
    """Return the form of a kind, which is reached only by a choice."""
    return [f"{one.path}?request={kind}" for one in visits if one.path.endswith("/requests/new")]
