"""Clusters: the worker counts complaints by week and announces each cluster once; an EE reports one to the circle."""

from datetime import date, datetime, time, timedelta

from wss.clock import local_date, now
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.calendar import IST
from wss.domain.clusters import (
    COUNTED_WEEKS,
    GETS_REPORTS,
    LEAST_LISTED,
    REPORTS_CLUSTERS,
    SENTENCE_LENGTH,
    USUAL_WEEKS,
    WEEK,
    WeekCounts,
    usual_tenths,
    week_of,
    weeks_known,
)
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.retention import RETENTION
from wss.domain.routing import Holder, Level, holder
from wss.queries import clusters
from wss.queries.clusters import ClusterLine
from wss.queries.reference import Reference, reference
from wss.services.shared.audit import record

# The number of old rows deleted by one statement.
AT_ONCE = 1_000


def find_clusters() -> int:
    """Count the complaints of the last weeks and announce new clusters; return how many there were."""
    week = week_of(local_date(now()))
    with reading():
        # The first run also counts the weeks by which the usual number is known.
        counted = COUNTED_WEEKS if clusters.first_week() else USUAL_WEEKS + COUNTED_WEEKS
    found = 0
    # The oldest week first: its counts are part of what is usual in a later one.
    for weeks_ago in reversed(range(counted)):
        _count(week - weeks_ago * WEEK)
    for weeks_ago in reversed(range(COUNTED_WEEKS)):
        with transaction():
            found += _announce(week - weeks_ago * WEEK)
    with transaction():
        clusters.delete_old_weeks(week - RETENTION, AT_ONCE)
    return found


def list_clusters(office_code: str) -> list[ClusterLine]:
    """Return the clusters of an office and those below it that still have open complaints, largest first."""
    since = week_of(local_date(now())) - (COUNTED_WEEKS - 1) * WEEK
    tables = reference()
    found = clusters.clusters_of(office_code, since, LEAST_LISTED)
    # Without a rule the office has no clusters: a discom can switch them off.
    return [one for one in found if tables.cluster_rule(one.office_code)]


def report_cluster(actor: Actor, cluster_id: int, sentence: str) -> None:
    """Report a cluster of the actor's offices to the circle, once.

    Raises Forbidden without a sentence and for one that is too long, Outdated for a cluster that was reported.
    """
    with transaction():
        seen = _own_cluster(actor, cluster_id)
        if actor.role not in REPORTS_CLUSTERS:
            raise NotFound
        if not sentence.strip():
            raise Forbidden("sentence_required")
        if len(sentence) > SENTENCE_LENGTH:
            raise Forbidden("sentence_too_long")
        post = addressee(seen.office_code, reference())
        if post is None:
            raise Forbidden("no_post_above")
        columns = {"office_code": post.office_code, "role": post.role.value, "sentence": sentence.strip()}
        author = {"cluster_id": seen.id, "reported_by": actor.id, "reported_at": now()}
        if not clusters.add_report(columns | author):
            raise Outdated("already_reported")
        record(actor, "report_cluster", f"cluster:{seen.id}", to_office=post.office_code)


def acknowledge_cluster(actor: Actor, cluster_id: int) -> None:
    """Acknowledge a report that was made to the actor's post; raises NotFound for any other."""
    with transaction():
        seen = _own_cluster(actor, cluster_id)
        if (seen.report_office, seen.report_role) != (actor.office_code, actor.role.value):
            raise NotFound
        if clusters.acknowledge_report(seen.id, actor.id, now()):
            record(actor, "acknowledge_cluster", f"cluster:{seen.id}")


def addressee(office_code: str, tables: Reference) -> Holder | None:
    """Return the post to which a cluster of an office is reported: the circle's SE, or the nearest senior post above.

    None where no such post is filled.
    """
    post = holder(Role.SE, Level.CIRCLE, tables.chain(office_code))
    is_filled = post.role in tables.posts.get(post.office_code, ())
    return post if is_filled and post.role in GETS_REPORTS else None


def bounds_of(week: date) -> tuple[datetime, datetime]:
    """Return the moments at which a week begins and ends, in the time zone of Uttar Pradesh."""
    begins = datetime.combine(week, time(), IST)
    return begins, begins + timedelta(days=7)


def _own_cluster(actor: Actor, cluster_id: int) -> ClusterLine:
    found = clusters.cluster_of(cluster_id, actor.office_code)
    if found is None:
        raise NotFound
    return found


def _count(week: date) -> None:
    """Store the counts of a week that have changed.

    Counted outside the transaction, in which other writers would wait; what changes until then is in the next counts.
    """
    with reading():
        counted = clusters.requests_of_week(week, *bounds_of(week))
        stored = clusters.stored_counts(week)
    # Of a group of which no complaint is left, nothing is counted.
    gone = dict.fromkeys(stored.keys() - counted.keys(), WeekCounts())
    changed = {key: counts for key, counts in (counted | gone).items() if stored.get(key) != counts}
    if changed:
        with transaction():
            clusters.store_counts(changed)


def _announce(week: date) -> int:
    """Announce the groups of a week that have become clusters; return how many."""
    tables, at = reference(), now()
    if not tables.cluster_rules:
        return 0
    waiting = clusters.unannounced(week, min(rule.least for rule in tables.cluster_rules.values()))
    earlier = clusters.registered_before(waiting, week)
    known = weeks_known(clusters.first_week(), week)
    announced = 0
    for key, counts in waiting.items():
        rule = tables.cluster_rule(key.office_code)
        usual = usual_tenths(earlier.get((key.office_code, key.reason, key.basis), 0), known)
        if rule and rule.is_met(counts.open, usual):
            announced += clusters.announce_if_new(key, usual, at)
    return announced
