"""Health checks and metrics for monitoring."""

import dataclasses
import hmac
import logging
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from wss import clock, schema
from wss.database_connections import patience
from wss.db import Database, release_reading
from wss.disk_space import free_bytes
from wss.domain.delivery import Urgency
from wss.metrics import process_figures
from wss.queries.billing_posts import oldest_post_waiting, refusal_counts
from wss.queries.database_state import database_state
from wss.queries.deliveries import WaitingMessages, dead_letter_counts, due_since, waiting_messages
from wss.queries.reports import reports_by_directive
from wss.queries.worker_duties import duty_states
from wss.web.worker_figures import audit_figures, duty_figures, import_figures

log = logging.getLogger(__name__)
health = Blueprint("health", __name__)
ANSWER_WITHIN_S = 2.0
DISK_AT_LEAST = 100 * 1024 * 1024
_URGENCIES = {Urgency.CODE: "code", Urgency.NOTICE: "notice", Urgency.REMINDER: "reminder"}


@health.get("/livez")
def livez() -> Response:
    """Answer that the process runs; without a query.

    gunicorn's worker class answers by itself, so that no thread is needed (wss/connections.py).
    """
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Return 200 if this process can do its work, else 503: the body says which check failed.

    The database answers within seconds, is writable and the one of the first check, and is migrated; the disk has
    free space. The body has the age of the oldest waiting message and bill, and the worker's duties that are overdue:
    those are no reason to take a web process out of service.
    """
    parts = current_app.extensions["wss"]
    space = free_bytes(parts.config)
    checks = {"database": False, "disk": space is None or space >= DISK_AT_LEAST}
    waiting: dict[str, Any] = {}
    try:
        with patience(ANSWER_WITHIN_S):
            checks |= _database_checks(parts.database)
            checks["database"] = True
            if checks["migrated"]:
                waiting = _oldest_waiting()
            # Within the limit too: at the end of the request it would wait for a server that falls silent now.
            release_reading()
    except SQLAlchemyError as error:
        checks["database"] = False
        log.warning("not ready: %s", type(getattr(error, "orig", None) or error).__name__)
    ready = all(checks.values())
    answer = jsonify(ready=ready, **waiting, **checks)
    if not ready:
        answer.headers["Retry-After"] = "5"
    return answer, 200 if ready else 503


def _database_checks(database: Database) -> dict[str, bool]:
    state = database_state()
    database.identity = database.identity or state.identity
    return {
        "writable": state.is_writable,
        "same_database": state.identity == database.identity,
        "migrated": schema.is_current(database),
    }


def _oldest_waiting() -> dict[str, Any]:
    at = clock.now()
    by_urgency = {_URGENCIES[urgency]: _seconds(at, since) for urgency, since in due_since().items()}
    return {
        "oldest_waiting_message_s": max(by_urgency.values(), default=0),
        "oldest_waiting_by_urgency_s": by_urgency,
        "oldest_waiting_revised_bill_s": _seconds(at, oldest_post_waiting(at)),
        "overdue_duties": [state.duty for state in duty_states() if state.is_overdue(at)],
    }


@health.get("/metrics")
def metrics() -> Response:
    """Return the counts of all processes and the figures of the database in the Prometheus format.

    Requires the token; 404 if none is configured. While the database does not answer, the counts show what visitors
    see of that.
    """
    token = current_app.extensions["wss"].config.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    try:
        text = _of_database(clock.now())
        is_up = 1
    except SQLAlchemyError:
        text, is_up = "", 0
    text += _figure("wss_database_up", "1 when the database answered this question.", [({}, is_up)])
    text += process_figures()
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


Lines = list[tuple[dict[str, str], float]]
Figures = list[tuple[str, str, Lines]]


def _of_database(at: datetime) -> str:
    text = "".join(_figure(name, about, lines) for name, about, lines in [*_of_messages(at), *_of_bills(at)])
    text += _figure(
        "wss_csp_reports_total", "Reports about the Content-Security-Policy.", _of_reports(), "counter"
    )
    others = [*duty_figures(at), *import_figures(at), *audit_figures(at)]
    return text + "".join(_figure(name, about, samples, kind) for kind, name, about, samples in others)


def _of_messages(at: datetime) -> Figures:
    """Return each metric of messages: its name, its help text, and its lines."""
    groups, dead = waiting_messages(at), dead_letter_counts(at)
    alike = [_kind(group) | {"gateway": group.gateway, "state": group.state} for group in groups]
    oldest: dict[tuple[str, str], int] = {}
    for group in groups:
        kind = (_URGENCIES[group.urgency], group.channel)
        oldest[kind] = max(oldest.get(kind, 0), _seconds(at, group.due_since))
    return [
        (
            "wss_messages_unsettled",
            "Messages that wait to be sent or are being sent.",
            [(kind, group.how_many) for kind, group in zip(alike, groups, strict=True)],
        ),
        (
            "wss_messages_late",
            "Those of them that have been due for more than a minute.",
            [(kind, group.late) for kind, group in zip(alike, groups, strict=True)],
        ),
        (
            "wss_messages_dead",
            "Messages that were given up.",
            [(dataclasses.asdict(group.alike), group.how_many) for group in dead],
        ),
        (
            "wss_message_oldest_seconds",
            "For how long the oldest message has been due.",
            [({}, max(oldest.values(), default=0))],
        ),
        (
            "wss_message_oldest_of_kind_seconds",
            "For how long the oldest message of an urgency and a channel has been due.",
            [({"urgency": urgency, "channel": channel}, age) for (urgency, channel), age in oldest.items()],
        ),
    ]


def _of_bills(at: datetime) -> Figures:
    """Return the same for revised bills that wait for the billing system."""
    return [
        (
            "wss_revised_bill_oldest_seconds",
            "How long the oldest revised bill has waited for the billing system.",
            [({}, _seconds(at, oldest_post_waiting(at)))],
        ),
        (
            "wss_revised_bills_refused",
            "Revised bills that the billing system has refused.",
            [({"reason": reason}, how_many) for reason, how_many in refusal_counts()],
        ),
    ]


def _of_reports() -> Lines:
    return [({"directive": directive}, count) for directive, count in reports_by_directive()]


def _kind(group: WaitingMessages) -> dict[str, str]:
    return {"urgency": _URGENCIES[group.urgency], "channel": group.channel}


def _figure(name: str, about: str, samples: Lines, kind: str = "gauge") -> str:
    """Return a metric in the Prometheus text format."""
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    for labels, value in samples:
        marks = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"{name}{{{marks}}} {value}" if marks else f"{name} {value}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _seconds(at: datetime, since: datetime | None) -> int:
    """Return the seconds since a moment; 0 if it is None or in the future."""
    return max(0, round((at - since).total_seconds())) if since else 0
