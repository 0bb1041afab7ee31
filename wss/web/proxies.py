"""Whether the proxies before the site tell from where requests come."""

from __future__ import annotations

from flask import Flask, request

# Asked by programs on this machine, without a proxy.
_PROBES = ("health.livez", "health.readyz", "health.metrics")


def init_app(app: Flask, *, trusted: int) -> None:
    """Warn once of a request on which fewer proxies have written than are trusted: its address is the proxy's."""
    warned: list[bool] = []

    @app.before_request
    def warn() -> None:
        if warned or request.endpoint in _PROBES:
            return
        told = [one for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
        if len(told) < trusted:
            warned.append(True)
            app.logger.warning(
                "WSS_TRUSTED_PROXIES=%d, but X-Forwarded-For had %d addresses: limits count all visitors as one",
                trusted,
                len(told),
            )
