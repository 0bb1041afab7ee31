"""The circuit breaker of a gateway: when a gateway that fails or is slow is skipped, and when it is probed."""

from enum import StrEnum

# After so many failures or slow answers in a row the breaker opens.
IN_A_ROW = 3
SLOW_S = 2.0
_FIRST_WAIT_S = 15.0
_LONGEST_WAIT_S = 120.0
# If the thread that sent the probe has stopped, another probe is allowed after this time.
_PROBE_S = 30.0


class GatewayState(StrEnum):
    """Whether a gateway may be sent messages: any, one as a probe, or none."""

    READY = "ready"
    PROBE = "probe"
    SHUT = "shut"


class Breaker:
    """The circuit breaker of one gateway; every moment is an argument, in seconds of a monotonic clock.

    It opens after three failures or slow answers in a row, allows a probe after 15 seconds, after twice as long
    each time that a probe fails (two minutes at most), and closes after a quick answer.
    """

    def __init__(self) -> None:
        self._bad_in_a_row = 0
        self._failures_in_a_row = 0
        self._wait_s = _FIRST_WAIT_S
        self._shut_until: float | None = None
        self._probe_until: float | None = None

    def state(self, at: float) -> GatewayState:
        """Return the state at this moment."""
        if self._shut_until is None:
            return GatewayState.READY
        is_on_trial = self._probe_until is not None and at < self._probe_until
        return GatewayState.SHUT if is_on_trial or at < self._shut_until else GatewayState.PROBE

    @property
    def is_only_slow(self) -> bool:
        """Return whether it is open only because the gateway is slow.

        A slow gateway is used when no other is available.
        """
        return self._shut_until is not None and self._failures_in_a_row < IN_A_ROW

    def allows(self, at: float) -> bool:
        """Return whether a message may be sent now; as probes, one at a time."""
        state = self.state(at)
        if state is GatewayState.PROBE:
            self._probe_until = at + _PROBE_S
        return state is not GatewayState.SHUT

    def note_answer(self, at: float, took_s: float) -> None:
        """Record that the gateway has answered, whether or not it accepted the message."""
        self._failures_in_a_row = 0
        if took_s > SLOW_S:
            self._note_bad(at)
            return
        self._bad_in_a_row = 0
        self._shut_until = self._probe_until = None
        self._wait_s = _FIRST_WAIT_S

    def note_failure(self, at: float) -> None:
        """Record that the gateway could not be reached, gave no answer, or reported that it does not work."""
        self._failures_in_a_row += 1
        self._note_bad(at)

    def _note_bad(self, at: float) -> None:
        self._bad_in_a_row += 1
        if self._shut_until is None:
            if self._bad_in_a_row >= IN_A_ROW:
                self._shut_until = at + self._wait_s
        elif self._probe_until is not None:
            # Only the probe is new evidence; other messages were sent before the breaker opened.
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
            self._shut_until, self._probe_until = at + self._wait_s, None
