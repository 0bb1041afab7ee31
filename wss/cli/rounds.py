"""The worker's rounds: messages as they come, housekeeping once a minute."""

import logging
import threading

from wss.gateways import Gateways
from wss.services.housekeeping import keep_house
from wss.services.mobile_change import change_due_mobiles
from wss.services.outbox import Outbox

log = logging.getLogger(__name__)
PAUSE_S = 0.5
KEEP_HOUSE_EVERY_S = 60.0


def work(outbox: Outbox, gateways: Gateways, stop: threading.Event) -> None:
    """Work until told to stop; a database that is away for a while is waited for."""
    waited = KEEP_HOUSE_EVERY_S
    while not stop.is_set():
        try:
            if waited >= KEEP_HOUSE_EVERY_S:
                waited = 0.0
                keep_house(gateways)
                change_due_mobiles()
            if outbox.deliver_batch():
                continue
        except Exception:
            # Whatever it was, the next round may fare better; a dead worker helps nobody.
            log.exception("a round of the worker failed")
        stop.wait(PAUSE_S)
        waited += PAUSE_S
