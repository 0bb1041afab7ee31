"""Metrics that are read from the database: duties of the worker, imports, the audit trail."""

from __future__ import annotations

from datetime import datetime

from wss.queries.audit_chain import oldest_unchained
from wss.queries.worker_duties import duty_states, last_imports

Sample = tuple[dict[str, str], float]
Figure = tuple[str, str, str, list[Sample]]


def duty_figures(at: datetime) -> list[Figure]:
    """Return the metrics of the worker's duties: kind, name, help text, samples."""
    states = duty_states()
    return [
        (
            "gauge",
            "wss_worker_duty_overdue",
            "1 when a duty of the worker has not succeeded for too long, or never.",
            [({"duty": state.duty}, int(state.is_overdue(at))) for state in states],
        ),
        (
            "gauge",
            "wss_worker_duty_failing",
            "1 when the last run of a duty failed.",
            [({"duty": state.duty}, int(state.is_failing)) for state in states],
        ),
        (
            "gauge",
            "wss_worker_duty_last_success_timestamp_seconds",
            "When a duty last succeeded.",
            [
                ({"duty": state.duty}, round(state.last_success_at.timestamp()))
                for state in states
                if state.last_success_at is not None
            ],
        ),
        (
            "gauge",
            "wss_worker_duty_duration_seconds",
            "How long the longest of the last runs of a duty took.",
            [({"duty": state.duty}, state.milliseconds / 1000) for state in states],
        ),
        (
            "counter",
            "wss_worker_duty_runs_total",
            "Runs of a duty by their result.",
            [
                ({"duty": state.duty, "result": result}, count)
                for state in states
                for result, count in (("success", state.successes), ("failure", state.failures))
            ],
        ),
    ]


def import_figures(at: datetime) -> list[Figure]:
    """Return the age of the last import of each table, and its rows."""
    imports = last_imports()
    return [
        (
            "gauge",
            "wss_import_age_seconds",
            "How long ago the last import of a table ended.",
            [({"table": each.table}, max(0, round((at - each.at).total_seconds()))) for each in imports],
        ),
        (
            "gauge",
            "wss_import_rows",
            "Rows of the last import of a table: written, and refused.",
            [
                ({"table": each.table, "result": result}, rows)
                for each in imports
                for result, rows in (("written", each.rows), ("refused", each.refused))
            ],
        ),
    ]


def audit_figures(at: datetime) -> list[Figure]:
    """Return how far the chain of the audit trail is behind."""
    since = oldest_unchained()
    lag = max(0, round((at - since).total_seconds())) if since else 0
    about = "How long the oldest entry of the audit trail has waited to be added to the chain."
    return [("gauge", "wss_audit_lag_seconds", about, [({}, lag)])]
