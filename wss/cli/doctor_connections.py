"""Checks of `flask doctor` that connect to gateways, and to the site itself by its public address."""

import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

from wss import clock
from wss.gateways.connection_faults import connection_fault
from wss.gateways.own_site import ask_own_site
from wss.gateways.senders import SendFailed
from wss.services.operations.site_probe import probe_proof, probe_token

Results = Iterator[tuple[str, str]]


def check_gateways(parts: Any) -> Results:
    """Connect to every gateway that is configured, in parallel; nothing is sent."""
    checks = parts.gateways.connection_checks
    with ThreadPoolExecutor(max(1, len(checks))) as threads:
        faults = list(threads.map(_fault_of, checks.values()))
    for name, fault in zip(checks, faults, strict=True):
        yield ("error", f"{name}: {fault}") if fault else ("ok", f"{name}: answers")


def _fault_of(check: Any) -> str:
    try:
        check()
    except (OSError, SendFailed, smtplib.SMTPException) as error:
        return connection_fault(error)
    return ""


def check_site(parts: Any) -> Results:
    """Ask the site at its public address how it sees this request: by which proxies, and from which address."""
    url, trusted = parts.config.public_url, parts.config.trusted_proxies or 0
    token = probe_token(clock.now())
    try:
        status, answer = ask_own_site(url, token)
    except (OSError, HTTPException) as error:
        yield (
            "warning",
            f"{url} does not answer this machine, so the proxies were not checked: {connection_fault(error)}",
        )
        return
    if answer.get("proof") != probe_proof(token):
        yield (
            "error",
            f"{url} answers {status} and not as this installation: another site, another WSS_SECRET_KEY, another "
            "version, or a clock that differs by minutes",
        )
        return
    proxies = answer["proxies"]
    if proxies == trusted:
        yield "ok", f"{url} answers through {proxies} proxies; it sees this machine as {answer['address']}"
    elif proxies < trusted:
        yield (
            "error",
            f"WSS_TRUSTED_PROXIES is {trusted}, but requests come with {proxies} addresses in X-Forwarded-For: have "
            f"the proxy set it (deploy/nginx.conf), or set WSS_TRUSTED_PROXIES={proxies}",
        )
    else:
        yield (
            "error",
            f"WSS_TRUSTED_PROXIES is {trusted}, but requests come through {proxies} proxies, so limits count the "
            f"visitors of a proxy as one: if all are yours, set WSS_TRUSTED_PROXIES={proxies}",
        )
