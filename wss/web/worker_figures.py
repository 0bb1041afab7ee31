"""Metrics that are read from the database: duties of the worker, imports, the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from wss.domain.worker_duties import DutyState
from wss.queries.audit_chain import oldest_unchained
from wss.queries.worker_duties import duty_states, last_imports

Sample = tuple[dict[str, str], float]
Figure = tuple[str, str, str, list[Sample]]


def duty_figures(at: datetime) -> list[Figure]:
    """Return the metrics of the worker's duties: kind, name, help text, samples."""
    states, name = duty_states(), "wss_worker_duty"
    overdue = _of_each(states, lambda state: state.is_overdue(at))
    failing = _of_each(states, lambda state: state.is_failing)
    seconds = _of_each(states, lambda state: state.milliseconds / 1000)
    succeeded = _of_each(
        [state for state in states if state.last_success_at],
        lambda state: state.last_success_at.timestamp() if state.last_success_at else 0,
    )
    runs: list[Sample] = [
        ({"duty": state.duty, "result": result}, count)
        for state in states
        for result, count in (("success", state.successes), ("failure", state.failures))
    ]
    return [
        ("gauge", f"{name}_overdue", "1 when a duty has not succeeded for too long, or never.", overdue),
        ("gauge", f"{name}_failing", "1 when the last run of a duty failed.", failing),
        ("gauge", f"{name}_last_success_timestamp_seconds", "When a duty last succeeded.", succeeded),
        ("gauge", f"{name}_duration_seconds", "How long the longest of its last runs took.", seconds),
        ("counter", f"{name}_runs_total", "Runs of a duty by their result.", runs),
    ]


def _of_each(states: Sequence[DutyState], value: Callable[[DutyState], float]) -> list[Sample]:
    # A number, as True is no value for Prometheus.
    return [({"duty": state.duty}, value(state) + 0) for state in states]


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
