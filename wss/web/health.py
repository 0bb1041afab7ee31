"""Whether the site lives, and whether it can work."""

import shutil

from flask import Blueprint, Response, current_app, jsonify

from wss import clock, schema
from wss.queries.messages import oldest_waiting

health = Blueprint("health", __name__)
DISK_AT_LEAST = 100 * 1024 * 1024


@health.get("/livez")
def livez() -> Response:
    """The process answers; no database is asked."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers and is migrated, there is room on the disk; how long the oldest message has been waiting."""
    parts = current_app.extensions["wss"]
    at = clock.now()
    oldest = oldest_waiting(at)
    checks = {
        "migrated": schema.is_current(parts.database),
        "disk": shutil.disk_usage(parts.config.instance).free >= DISK_AT_LEAST,
    }
    waiting = round((at - oldest).total_seconds()) if oldest else 0
    ready = all(checks.values())
    return jsonify(ready=ready, oldest_waiting_message_s=waiting, **checks), 200 if ready else 503
