"""A warning if the proxies in front of the site do not forward the client's address."""

from __future__ import annotations

from flask import Flask, request

# Called by programs on this machine, without a proxy.
_PROBES = ("health.livez", "health.readyz", "health.metrics", "doctor.probe")


def init_app(app: Flask, *, trusted: int) -> None:
    """Log one warning for a request with fewer X-Forwarded-For addresses than trusted proxies.

    The address of such a request is the proxy's.
    """
    warned: list[bool] = []

    @app.before_request
    def warn() -> None:
        if not trusted or warned or request.endpoint in _PROBES:
            return
        forwarded_for = [one for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
        if len(forwarded_for) < trusted:
            warned.append(True)
            app.logger.warning(
                "WSS_TRUSTED_PROXIES=%d, but X-Forwarded-For had %d addresses: limits count all visitors as one",
                trusted,
                len(forwarded_for),
            )
