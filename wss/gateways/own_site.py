"""A request of `flask doctor` to this site at its public address, by the way of a visitor."""

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 5
_LONGEST_ANSWER = 10_000


def ask_own_site(public_url: str, token: str) -> tuple[int, dict[str, Any]]:
    """Return status and JSON of the answer; no JSON: empty. Raises OSError or HTTPException."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    )
    try:
        connection.request("GET", "/doctor", headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        body = response.read(_LONGEST_ANSWER)
    finally:
        connection.close()
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return response.status, found if isinstance(found, dict) else {}
