"""The failures that are tried, each with what happens to the site and for how long."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from devtools.fake_gateway.failure_modes import MAIL, SMS_GATEWAYS
from drill.whole_site import WholeSite

Happening = Callable[[WholeSite, float], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class DrillFailure:
    """A failure: entering `happens` begins it and lasts so many seconds, leaving it repairs it."""

    what: str
    seconds: float
    happens: Happening
    # Every tenth consumer adds a photo.
    with_photos: bool = False
    # The folder of documents is a disk of its own, which is small.
    with_small_disk: bool = False
    # Every consumer gets e-mail too.
    with_mail: bool = False
    # The site runs with a clock that can be moved.
    with_clock: bool = False


@contextmanager
def _nothing(_site: WholeSite, seconds: float) -> Iterator[None]:
    time.sleep(seconds)
    yield


FAILURES: dict[str, DrillFailure] = {
    "none": DrillFailure("nothing, to compare with", 10, _nothing),
    "postgresql-killed": DrillFailure(
        "PostgreSQL killed, then started", 12, lambda site, s: site.server.killed(s)
    ),
    "postgresql-frozen": DrillFailure(
        "PostgreSQL frozen by SIGSTOP", 25, lambda site, s: site.server.frozen(s)
    ),
    "read-only": DrillFailure("PostgreSQL read-only", 15, lambda site, s: site.server.read_only(s)),
    "connections": DrillFailure(
        "connections of PostgreSQL used up by others",
        15,
        lambda site, s: site.server.crowded(site.name, s),
    ),
    "web-killed": DrillFailure("web server killed, then started", 3, lambda site, s: site.web_killed(s)),
    "web-process": DrillFailure(
        "one of its two processes killed", 5, lambda site, s: site.web_process_killed(s)
    ),
    "reload": DrillFailure("web server reloaded (HUP)", 10, lambda site, s: site.web_reloaded(s)),
    "worker-killed": DrillFailure("worker killed, then started", 10, lambda site, s: site.worker_killed(s)),
    "documents-away": DrillFailure(
        "disk of the documents away",
        15,
        lambda site, s: site.documents_away(s),
        with_photos=True,
    ),
    "disk-full": DrillFailure(
        "disk of the documents full",
        15,
        lambda site, s: site.disk.full(s),
        with_photos=True,
        with_small_disk=True,
    ),
    "sms-hanging": DrillFailure(
        "both SMS gateways hanging",
        25,
        lambda site, s: site.gateways_hanging(SMS_GATEWAYS, s),
    ),
    "smtp-hanging": DrillFailure(
        "mail server hanging",
        25,
        lambda site, s: site.gateways_hanging([MAIL], s),
        with_mail=True,
    ),
    "clock": DrillFailure(
        "the site's clock a minute ahead, then back",
        15,
        lambda site, s: site.clock.ahead(s),
        with_clock=True,
    ),
}
