"""Whether the site lives, and whether it can work."""

import hmac
import shutil
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, jsonify, request

from wss import clock, schema
from wss.queries.billing_posts import oldest_post_waiting
from wss.queries.messages import oldest_waiting, unsettled_by_channel

health = Blueprint("health", __name__)
DISK_AT_LEAST = 100 * 1024 * 1024


@health.get("/livez")
def livez() -> Response:
    """The process answers; no database is asked."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers and is migrated, there is room on the disk; how long the oldest message and bill wait."""
    parts = current_app.extensions["wss"]
    at = clock.now()
    oldest = oldest_waiting(at)
    checks = {
        "migrated": schema.is_current(parts.database),
        "disk": shutil.disk_usage(parts.config.instance).free >= DISK_AT_LEAST,
    }
    ready = all(checks.values())
    waiting = {
        "oldest_waiting_message_s": _seconds(at, oldest),
        "oldest_waiting_revised_bill_s": _seconds(at, oldest_post_waiting(at)),
    }
    return jsonify(ready=ready, **waiting, **checks), 200 if ready else 503


@health.get("/metrics")
def metrics() -> Response:
    """How the outbox stands, as Prometheus reads it; with the token only, and not there when none is configured."""
    token = current_app.extensions["wss"].config.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    at = clock.now()
    oldest = oldest_waiting(at)
    lines = [
        "# HELP wss_messages_unsettled Messages that wait to be sent or are being sent.",
        "# TYPE wss_messages_unsettled gauge",
        *(
            f'wss_messages_unsettled{{channel="{channel}"}} {count}'
            for channel, count in unsettled_by_channel()
        ),
        "# HELP wss_message_oldest_seconds For how long the oldest message has been due.",
        "# TYPE wss_message_oldest_seconds gauge",
        f"wss_message_oldest_seconds {_seconds(at, oldest)}",
        "# HELP wss_revised_bill_oldest_seconds How long the oldest revised bill has waited for the billing system.",
        "# TYPE wss_revised_bill_oldest_seconds gauge",
        f"wss_revised_bill_oldest_seconds {_seconds(at, oldest_post_waiting(at))}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _seconds(at: datetime, since: datetime | None) -> int:
    return round((at - since).total_seconds()) if since else 0
