"""The relay of a channel: sends a message by the first gateway that works, and skips those that fail or are slow."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Protocol

from wss.domain.breaker import Breaker, GatewayState
from wss.gateways.senders import Accepted, NoGatewayAvailable, Parcel, SendFailed
from wss.logs.outages import note_failure, note_success

log = logging.getLogger(__name__)


class RelayGateway(Protocol):
    """One gateway of a channel; the name is shown to staff."""

    name: str

    def send(self, parcel: Parcel) -> Accepted:
        """Send the message. Raises SendFailed."""


class _GatewayStatus:
    """A gateway and its circuit breaker; any number of threads may use it."""

    def __init__(self, gateway: RelayGateway) -> None:
        self.gateway = gateway
        self.breaker = Breaker()


class Relay:
    """The gateways of a channel in the order in which they are used.

    A refusal of the message itself is final. A gateway that does not work is skipped. A gateway that gets the
    message and does not answer may have accepted it: then a notice is not sent by another one, but a code is
    (better twice than never).
    """

    is_development = False

    def __init__(self, gateways: Sequence[RelayGateway], seconds: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self._watched = [_GatewayStatus(gateway) for gateway in gateways]
        self._lock = threading.Lock()

    def state(self) -> GatewayState:
        """Return whether it may be sent messages now: any, one as a probe, or none."""
        at = self.seconds()
        with self._lock:
            found = {each.breaker.state(at) for each in self._watched}
            if GatewayState.READY in found or any(each.breaker.is_only_slow for each in self._watched):
                return GatewayState.READY
            return GatewayState.PROBE if GatewayState.PROBE in found else GatewayState.SHUT

    def send(self, parcel: Parcel) -> Accepted:
        """Send the message.

        Raises NoGatewayAvailable if all breakers are open, otherwise SendFailed of the last gateway used.
        """
        last: SendFailed | None = None
        doubt: SendFailed | None = None
        for watched in self._available(parcel):
            try:
                return self._send_by(watched, parcel)
            except SendFailed as failure:
                failure.gateway = failure.gateway or watched.gateway.name
                last = failure
                if failure.in_doubt:
                    doubt = doubt or failure
                if not failure.again or failure.answered or (failure.in_doubt and not parcel.is_code):
                    break
        if last is None:
            raise NoGatewayAvailable(pinned=bool(parcel.only_by))
        raise doubt if doubt is not None and last.again else last

    def _available(self, parcel: Parcel) -> Iterator[_GatewayStatus]:
        """Yield the gateways that may be used, in their order; at the end those that are only slow."""
        may = [each for each in self._watched if parcel.only_by in ("", each.gateway.name)]
        # If the gateway that may have the message is not configured any more, any other may send it.
        may = may or self._watched
        postponed = []
        for watched in self._ready_first(may) if parcel.is_code else may:
            with self._lock:
                is_allowed = watched.breaker.allows(self.seconds())
            if is_allowed:
                yield watched
            else:
                postponed.append(watched)
        yield from (watched for watched in postponed if watched.breaker.is_only_slow)

    def _ready_first(self, may: list[_GatewayStatus]) -> list[_GatewayStatus]:
        """Return the working gateways first: a person waits for a code, so it should not be the probe of a gateway."""
        at = self.seconds()
        with self._lock:
            return sorted(may, key=lambda each: each.breaker.state(at) is not GatewayState.READY)

    def _send_by(self, watched: _GatewayStatus, parcel: Parcel) -> Accepted:
        """Send by one gateway, and record the result in its breaker."""
        began = self.seconds()
        works = False
        try:
            accepted = watched.gateway.send(parcel)
            works = True
        except SendFailed as failure:
            works = failure.answered or not failure.again
            raise
        finally:
            at = self.seconds()
            with self._lock:
                if works:
                    watched.breaker.note_answer(at, at - began)
                else:
                    watched.breaker.note_failure(at)
                state, is_slow = watched.breaker.state(at), watched.breaker.is_only_slow
            self._log_state(watched.gateway.name, state, is_slow)
        return accepted

    @staticmethod
    def _log_state(name: str, state: GatewayState, is_slow: bool) -> None:
        """Log that the breaker has opened or closed."""
        if state is GatewayState.READY:
            note_success(log, f"gateway {name}")
        else:
            why = (
                "slow, used only while no other works"
                if is_slow
                else "no answer, skipped until a probe succeeds"
            )
            note_failure(log, f"gateway {name}", why)
