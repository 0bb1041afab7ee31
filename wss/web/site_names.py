"""The two names of the site: with `WSS_STAFF_URL` staff pages have a name of their own; neither has pages of the other.

Each name has its own map of addresses, so that an address of the other one is as unknown as any other: 404 for every
method, no redirect. A link to the other name is built with that name.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request
from werkzeug.routing import BuildError, Map, MapAdapter, Rule

IsForStaff = Callable[[str | None], bool]
# What both names need: files, checks by programs, pictures of captchas.
_BOTH = (
    "static",
    "health.",
    "csp_reports.",
    "dev.",
    "public.captcha_",
    "public.robots",
    "public.security_txt",
)
_MAPS = "wss.url_maps"


def init_app(app: Flask, staff_url: str, is_for_staff: IsForStaff) -> None:
    """Give each name its addresses; called when all are registered. Without a second name nothing changes."""
    if not staff_url:
        return
    app.config["STAFF_HOST"] = urlsplit(staff_url).hostname
    rules = list(app.url_map.iter_rules())
    # The start page; as an alias it is found, and no link is built with it.
    start = Rule("/", endpoint="staff.begin", alias=True, methods=["GET"])
    of_staff = [rule for rule in rules if is_for_staff(rule.endpoint) or rule.endpoint.startswith(_BOTH)]
    of_others = [rule for rule in rules if not is_for_staff(rule.endpoint)]
    app.extensions[_MAPS] = {True: _map_of(app, [*of_staff, start]), False: _map_of(app, of_others)}
    _match_by_name(app)
    _link_to_other_name(app, is_for_staff)


def _match_by_name(app: Flask) -> None:
    """Have each request find its page, and build its links, by the addresses of its name."""
    adapter_of = app.create_url_adapter

    def adapter_of_name(asked: Request | None) -> MapAdapter | None:
        adapter = adapter_of(asked)
        if adapter is not None and asked is not None:
            adapter.map = app.extensions[_MAPS][is_staff_request(app, asked)]
        return adapter

    app.create_url_adapter = adapter_of_name  # type: ignore[assignment,method-assign]


def _link_to_other_name(app: Flask, is_for_staff: IsForStaff) -> None:
    """Build links to pages of the other name with that name."""

    def absolute_address(error: Exception, endpoint: str, values: dict[str, object]) -> str:
        arguments = {name: value for name, value in values.items() if not name.startswith("_")}
        try:
            path = app.url_map.bind("own.invalid").build(endpoint, arguments, force_external=False)
        except BuildError:
            raise error from None
        config = app.extensions["wss"].config
        return f"{config.staff_url if is_for_staff(endpoint) else config.public_url}{path}"

    app.url_build_error_handlers.append(absolute_address)


def is_staff_request(app: Flask, asked: Request) -> bool:
    """Return whether a request is for the name of staff; never when they have none of their own."""
    staff_host = app.config.get("STAFF_HOST")
    # Not asked.host, which raises for a host that is not ours.
    return bool(staff_host) and asked.headers.get("Host", "").lower().partition(":")[0] == staff_host


def is_staff_name() -> bool:
    """Return whether the current request is for the name of staff."""
    return is_staff_request(current_app, request)


def has_staff_name() -> bool:
    """Return whether staff pages have a name of their own."""
    return bool(current_app.config.get("STAFF_HOST"))


def own_url_map() -> Map:
    """Return the addresses of the name that the current request is for."""
    maps: dict[bool, Map] = current_app.extensions.get(_MAPS, {})
    return maps[is_staff_name()] if maps else current_app.url_map


def _map_of(app: Flask, rules: list[Rule]) -> Map:
    """Return a map with copies of rules: a rule belongs to one map only."""
    copies = []
    for rule in rules:
        copy = rule.empty()
        # Flask's own mark, which decides whether it answers OPTIONS.
        copy.provide_automatic_options = getattr(rule, "provide_automatic_options", False)  # type: ignore[attr-defined]
        copies.append(copy)
    return Map(copies, redirect_defaults=False, converters=app.url_map.converters)
