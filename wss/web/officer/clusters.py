"""The page of a cluster: its requests, the report of an EE to the circle, and the circle's acknowledgement."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import ClassVar

from flask import Response, request
from flask_babel import lazy_gettext as _l

from wss.domain.clusters import GETS_REPORTS, REPORTS_CLUSTERS, SENTENCE_LENGTH
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.masking import masked_address
from wss.domain.todo_filter import parse_cursor
from wss.queries.clusters import ClusterLine, cluster_addresses, cluster_of
from wss.queries.reference import reference
from wss.services.requests.clusters import acknowledge_cluster, addressee, bounds_of, report_cluster
from wss.web.access import current_actor, current_staff
from wss.web.action_form import ActionForm
from wss.web.fields import row_id
from wss.web.officer.blueprint import officer
from wss.web.officer.cluster_lines import cluster_filter, cluster_title, report_words, usual_words
from wss.web.officer.lists import forwarded_number, lines_context
from wss.web.pages import redirect_to, render

_FAULTS = {
    "sentence_required": _l("Write a sentence for the circle: what you have seen, and what you need"),
    "sentence_too_long": _l("Use 500 characters or fewer"),
    "no_post_above": _l("No senior post above your office is filled, so there is no one to report to."),
    "already_reported": _l("This cluster has already been reported."),
}
# The localities that are named.
_LOCALITIES = 5


class ReportForm(ActionForm):
    """The report of a cluster."""

    field_lengths: ClassVar = {"sentence": None}
    has_own_names: ClassVar = True


@officer.get("/todo/cluster")
def cluster() -> Response:
    """Show a cluster of the reader's offices with its open requests."""
    return _page(_asked(request.args.get("number", 0, type=row_id)), ReportForm())


@officer.post("/todo/cluster/report")
def report() -> Response:
    """Report a cluster to the circle, once."""
    seen, form = _asked(request.form.get("number", 0, type=row_id)), ReportForm.sent()
    try:
        report_cluster(current_actor(), seen.id, form.typed["sentence"])
    except Forbidden as no:
        return _page(seen, form.with_error("sentence", _FAULTS[no.code]), 422)
    except Outdated as no:
        return _page(_asked(seen.id), form.with_error("", _FAULTS[no.code]), 409)
    return redirect_to("officer.cluster", number=seen.id)


@officer.post("/todo/cluster/acknowledge")
def acknowledge() -> Response:
    """Acknowledge a report that was made to the reader's post."""
    seen = _asked(request.form.get("number", 0, type=row_id))
    acknowledge_cluster(current_actor(), seen.id)
    return redirect_to("officer.cluster", number=seen.id)


def _asked(number: int) -> ClusterLine:
    found = cluster_of(number, current_staff().office_code)
    if found is None:
        raise NotFound
    return found


def _page(seen: ClusterLine, form: ReportForm, status: int = 200) -> Response:
    me, tables = current_staff(), reference()
    todo_filter = replace(cluster_filter(seen), after=parse_cursor(request.args.get("after", "")))
    is_addressee = (seen.report_office, seen.report_role) == (me.office_code, me.role.value)
    places = Counter(masked_address(each) for each in cluster_addresses(seen, *bounds_of(seen.week)))
    post = addressee(seen.office_code, tables)
    return render(
        "officer/cluster.html",
        status=status,
        seen=seen,
        form=form,
        title=cluster_title(seen, tables),
        usual=usual_words(seen.usual_tenths),
        reported=report_words(seen, tables),
        localities=places.most_common(_LOCALITIES),
        may_report=me.role in REPORTS_CLUSTERS and seen.reported_at is None,
        may_acknowledge=me.role in GETS_REPORTS and is_addressee and seen.seen_at is None,
        post=post,
        sentence_length=SENTENCE_LENGTH,
        forwarded=forwarded_number(),
        **lines_context(todo_filter, tables, is_wrong=False),
    )
