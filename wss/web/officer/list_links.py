"""The list from which an officer opened a request, with its filter, passed on in the addresses of its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response, g, has_request_context, request, url_for

from wss.web.officer.blueprint import officer
from wss.web.officer.todo_filter import FILTER_FIELDS
from wss.web.pages import redirect_to_address

LIST = "list"
_OWN_REVISION_PAGES = ("officer.new_revision", "officer.work_out_own")
_STEPS_FROM_LISTS = ("officer.next_request", "officer.several", "officer.several_result")
_LISTS_OF_REVISIONS = ("officer.pending", "officer.approvals")
_LONGEST = 900
# The lists whose rows link to requests, and the query arguments that filter each.
_FILTERS = {
    "officer.todo": (*FILTER_FIELDS, "after"),
    "officer.approvals": ("after",),
    "officer.pending": ("account_no", "sort", "after", "waiting_after"),
    "officer.cluster": ("number", "after"),
    "mis.requests": ("office", "from", "to", "kind", "figure", "own", "after"),
}
# Codes, numbers, dates and moments; no text that a user typed.
_VALUE = re.compile(r"[A-Za-z0-9./:_+* -]{1,40}")


@officer.url_defaults
def keep_list(endpoint: str, values: dict[str, Any]) -> None:
    """Add the list to the address of every page and action of a request or of a revision."""
    if not has_request_context() or "document_id" in values:
        return
    is_of_request = "complaint_no" in values or endpoint in _STEPS_FROM_LISTS
    is_without_complaint = endpoint in _OWN_REVISION_PAGES or "revision_id" in values
    if not (is_of_request or is_without_complaint):
        return
    address = list_address()
    # A revision without a complaint is opened from the pending list, and leads back to it by default.
    if address and (is_of_request or "?" in address or is_from_queue()):
        values.setdefault(LIST, address)


@officer.context_processor
def kept_list() -> dict[str, str]:
    """Return the list for the back link of pages that do not belong to a request."""
    return {"kept_list": list_address() if requested_list()[0] in _LISTS_OF_REVISIONS else ""}


def list_address() -> str:
    """Return the list as an address of ours; empty for the To-Do without a filter, which is the default."""
    if "officers_list" not in g:
        g.officers_list = _address()
    return str(g.officers_list)


def remember_list(filter_args: Mapping[str, str]) -> None:
    """Pass on the To-Do list with its filter as it was read: an amount is typed with signs that no address has."""
    g.officers_list = _built("officer.todo", dict(filter_args))


def back_to(complaint_no: str) -> str:
    """Return the address of the list, scrolled to the row of this request."""
    return f"{list_address() or url_for('officer.todo')}#r-{complaint_no}"


def redirect_to_list(**arguments: str) -> Response:
    """Redirect the officer to their list with a message; to the To-Do if that list shows no messages."""
    path, filter_args = requested_list()
    endpoint = path if path != "mis.requests" else "officer.todo"
    values: dict[str, Any] = {**(filter_args if endpoint == path else {}), **arguments}
    return redirect_to_address(url_for(endpoint, **values))


def is_from_queue() -> bool:
    """Return whether the officer works through the approval queue."""
    return requested_list()[0] == "officer.approvals"


def requested_list() -> tuple[str, dict[str, str]]:
    """Return the endpoint of the list, and its filter."""
    found = urlsplit(list_address())
    paths = {url_for(endpoint): endpoint for endpoint in _FILTERS}
    return paths.get(found.path, "officer.todo"), dict(parse_qsl(found.query))


def _address() -> str:
    if request.endpoint in _FILTERS:
        return _built(request.endpoint, request.args.to_dict())
    sent = request.args.get(LIST, "")
    if not sent or len(sent) > _LONGEST:
        return ""
    path, _, query = sent.partition("?")
    # The address is rebuilt from our own URL map, never passed on: one that is not a known list is dropped.
    endpoint = next((each for each in _FILTERS if url_for(each) == path), None)
    return _built(endpoint, dict(parse_qsl(query))) if endpoint else ""


def _built(endpoint: str, args: dict[str, str]) -> str:
    kept = {name: args[name] for name in _FILTERS[endpoint] if _VALUE.fullmatch(args.get(name, ""))}
    is_plain = endpoint == "officer.todo" and not kept
    values: dict[str, Any] = kept
    return "" if is_plain else url_for(endpoint, **values)
