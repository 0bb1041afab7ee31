"""What a site has stored and sent when a failure is over: requests, documents and messages."""

import time
from collections import Counter, defaultdict
from collections.abc import Collection
from contextlib import suppress

from devtools.fake_gateway.failure_modes import MAIL
from drill.outcomes import StoredRows
from drill.whole_site import WholeSite
from wss.gateways.documents import DocumentMissing, store_from_url

DELIVERED_WITHIN_S = 120.0
CHECKS = (("mis", "check"), ("audit", "verify"))
_PAUSE_S = 0.5
_WAITING = "state IN ('waiting', 'sending', 'temporary_failure')"
_REQUESTS = "SELECT consumer_id, complaint_no FROM service_request"
_DOCUMENTS = "SELECT consumer_id, storage_key FROM document"
_MESSAGES = (
    f"SELECT r.consumer_id, m.id, m.channel, m.{_WAITING} "
    "FROM message m JOIN service_request r ON r.id = m.service_request_id"
)


def wait_until_delivered(site: WholeSite) -> None:
    """Wait until no message waits any longer, or too long."""
    until = time.monotonic() + DELIVERED_WITHIN_S
    while time.monotonic() < until and site.server.run(
        f"SELECT 1 FROM message WHERE {_WAITING} LIMIT 1", site.name
    ):
        time.sleep(_PAUSE_S)


def stored_rows(site: WholeSite, consumers: Collection[int], with_photo: Collection[int]) -> StoredRows:
    """Return what is stored, and what the consumers whose registration was confirmed miss of it."""
    numbers = defaultdict[int, list[str]](list)
    for consumer, complaint_no in site.server.run(_REQUESTS, site.name):
        numbers[consumer].append(complaint_no)
    arrived = {(message.gateway == MAIL, message.key) for message in site.gateway.received.all()}
    messages = [each for each in site.server.run(_MESSAGES, site.name) if each[0] in consumers]
    # Whether each one that the gateways have not received still waits.
    missed = [waits for _, key, channel, waits in messages if (channel == "email", key) not in arrived]
    texts = Counter((message.to, message.text) for message in site.gateway.received.all())
    return StoredRows(
        numbers,
        lost_documents=_lost_documents(site, with_photo),
        lost_messages=missed.count(False) + len(set(consumers) - {consumer for consumer, *_ in messages}),
        late_messages=missed.count(True),
        repeated_messages=sum(count - 1 for count in texts.values()),
        failed_checks=[" ".join(words) for words in CHECKS if not site.command(*words)],
    )


def _lost_documents(site: WholeSite, with_photo: Collection[int]) -> int:
    """Return how many consumers whose photo was accepted have none that can be read."""
    store = store_from_url(site.documents.as_uri())
    readable = set[int]()
    for consumer, key in site.server.run(_DOCUMENTS, site.name):
        with suppress(DocumentMissing):
            store.get(key)
            readable.add(consumer)
    return len(set(with_photo) - readable)
