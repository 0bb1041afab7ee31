"""The export of everything stored about a consumer: one archive of JSON lists and documents."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.domain.lifecycle import visible_to_consumer
from wss.domain.masking import masked_mobile
from wss.domain.rate_limits import Limit, LimitResult
from wss.domain.uploads import ScanState
from wss.gateways.documents import DocumentMissing, DocumentStore
from wss.models import Consent
from wss.queries import access, alerts, my_data
from wss.queries.consumers import holds_of
from wss.services.shared import rate_limits
from wss.services.shared.audit import record

Rows = Iterable[dict[str, Any]]
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def write_export(actor: Actor, file: IO[bytes], store: DocumentStore) -> LimitResult:
    """Write the archive into the file, a page of rows or a document at a time; refused after a few exports a day."""
    consumer_id = actor.consumer_id
    if consumer_id is None:
        raise NotFound
    with transaction():
        limit_result = rate_limits.consume(Limit.EXPORT, f"consumer {consumer_id}")
        if limit_result.allowed:
            record(actor, "export", f"consumer:{consumer_id}")
    if limit_result.allowed:
        with reading(), ZipFile(file, "w", ZIP_DEFLATED) as archive:
            connections = my_data.connections_now(consumer_id, now())
            on_hold = not connections and bool(holds_of(consumer_id, now()))
            for name, rows in _of_the_person(consumer_id, includes_reason=not on_hold):
                _write_list(archive, name, rows)
            if not on_hold:
                for name, rows in _of_the_connections(consumer_id, connections):
                    _write_list(archive, name, rows)
                _write_documents(archive, consumer_id, store)
    return limit_result


def _of_the_person(consumer_id: int, *, includes_reason: bool) -> Iterator[tuple[str, Rows]]:
    """Yield the lists about the person that need no connection. The reason why staff looked may be about another
    person while it is not settled whose the connection is."""
    yield "consumer", [dict(my_data.own_row(consumer_id)._mapping)]
    yield "ownerships", (dict(row._mapping) for row in my_data.ownerships_of(consumer_id))
    yield "messages", (_message(row._mapping) for row in my_data.all_messages(consumer_id))
    yield "call_backs", (dict(row._mapping) for row in my_data.call_backs_of(consumer_id))
    yield "consents", (_consent(row) for row in my_data.consents_of(consumer_id))
    yield (
        "access_by_staff",
        _audit_rows(access.actions_of_staff, consumer_id, includes_reason=includes_reason),
    )
    yield "own_actions", _audit_rows(access.own_actions, consumer_id)


def _of_the_connections(consumer_id: int, connections: Sequence[Any]) -> Iterator[tuple[str, Rows]]:
    """Yield the lists about the connections: bills, requests, forms, documents."""
    yield "connections", (_connection(row._mapping) for row in connections)
    yield "bills", (dict(row._mapping) for row in my_data.all_bills([row.account_no for row in connections]))
    yield "generated_bills", (dict(row._mapping) for row in my_data.generated_bills_of(consumer_id))
    yield "requests", _requests(consumer_id)
    yield "drafts", (dict(row._mapping) for row in my_data.drafts_kept(consumer_id))
    yield "alert_choices", (dict(row._mapping) for row in alerts.choices_of(consumer_id))
    yield "alerts_sent", (dict(row._mapping) for row in alerts.sent_to(consumer_id))
    yield "documents", (_document(row._mapping) for row in my_data.all_documents(consumer_id))


def _requests(consumer_id: int) -> Rows:
    """Yield the requests with their timelines, without remarks between officers and without names."""
    for row, events in my_data.all_requests(consumer_id):
        visible = visible_to_consumer([event.action for event in events])
        lines = [_line(event._mapping, is_visible) for event, is_visible in zip(events, visible, strict=True)]
        yield dict(row._mapping) | {"events": lines}


def _line(event: Any, is_visible: bool) -> dict[str, Any]:
    line = {name: value for name, value in event.items() if name != "service_request_id"}
    return line if is_visible else line | {"remark": ""}


def _connection(row: Any) -> dict[str, Any]:
    """Return the billing data; its numbers may be another person's, so they are masked as on the pages."""
    facts = {name: value for name, value in row.items() if name != "email_on_record"}
    return facts | {name: masked_mobile(row[name]) for name in ("mobile_on_record", "former_mobile")}


def _message(row: Any) -> dict[str, Any]:
    """Return a message without its text; the number it went to may be the one on record."""
    return dict(row) | ({"recipient": masked_mobile(row["recipient"])} if row["channel"] == "sms" else {})


def _document(row: Any) -> dict[str, Any]:
    facts = {name: value for name, value in row.items() if name != "storage_key"}
    return facts | {"file": _file_name(row)}


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "subject": row.subject,
        "version": row.version,
        "given": row.given_at,
        "withdrawn": row.withdrawn_at,
    }


def _audit_rows(
    asked: Callable[..., list[access.AccessEntry]], consumer_id: int, *, includes_reason: bool = True
) -> Rows:
    """Yield the audit trail page by page: roles and offices, never the person."""
    before = None
    while True:
        page = asked(consumer_id, before, my_data.AT_A_TIME)
        for entry in page:
            names = ("at", "role", "office_code", "deed", "subject")
            reason = (
                {"reason": entry.details["reason"]} if includes_reason and "reason" in entry.details else {}
            )
            yield {name: getattr(entry, name) for name in names} | reason
        if len(page) < my_data.AT_A_TIME:
            return
        before = page[-1].id


def _write_list(archive: ZipFile, name: str, rows: Rows) -> None:
    with archive.open(f"{name}.json", "w") as file:
        file.write(b"[")
        for number, row in enumerate(rows):
            text = json.dumps(row, ensure_ascii=False, default=_as_text)
            file.write((",\n" if number else "\n").encode() + text.encode())
        file.write(b"\n]\n")


def _write_documents(archive: ZipFile, consumer_id: int, store: DocumentStore) -> None:
    """Write the documents that may be served; their formats are compressed, so they are stored uncompressed."""
    archive.compression = ZIP_STORED
    for row in my_data.all_documents(consumer_id):
        if ScanState(row.scan).is_served:
            try:
                content = store.get(row.storage_key)
            except DocumentMissing:
                continue
            archive.writestr(_file_name(row._mapping), content)


def _file_name(row: Any) -> str:
    """Return a generated file name; the consumer's name of the document is in the list."""
    return f"documents/{row['id']}.{_ENDINGS.get(row['media_type'], 'bin')}"


def _as_text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
