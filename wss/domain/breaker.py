"""When a gateway is left alone because it fails or is slow, and when it is tried again."""

from enum import StrEnum

# So many in a row, failures or slow answers, and it is left alone.
IN_A_ROW = 3
SLOW_S = 2.0
_FIRST_WAIT_S = 15.0
_LONGEST_WAIT_S = 120.0
# Whoever took the one try and is not heard of again (a stopped thread) must not keep the gateway shut for ever.
_PROBE_S = 30.0


class GatewayState(StrEnum):
    """Whether a gateway may be given messages: any, one to see how it fares, or none."""

    READY = "ready"
    PROBE = "probe"
    SHUT = "shut"


class Breaker:
    """Watches one gateway; every moment is an argument, in seconds of a clock that only goes forward.

    It shuts after three failures or slow answers in a row, lets one through after 15 seconds, after twice as long each
    time that one fares no better (two minutes at most), and is ready again upon a quick answer.
    """

    def __init__(self) -> None:
        self._bad_in_a_row = 0
        self._failures_in_a_row = 0
        self._wait_s = _FIRST_WAIT_S
        self._shut_until: float | None = None
        self._probe_until: float | None = None

    def standing(self, at: float) -> GatewayState:
        """What it may be given now."""
        if self._shut_until is None:
            return GatewayState.READY
        is_on_trial = self._probe_until is not None and at < self._probe_until
        return GatewayState.SHUT if is_on_trial or at < self._shut_until else GatewayState.PROBE

    @property
    def is_only_slow(self) -> bool:
        """Whether it is shut for its slowness: better than nothing, where nobody else takes the message."""
        return self._shut_until is not None and self._failures_in_a_row < IN_A_ROW

    def lets_through(self, at: float) -> bool:
        """Whether a message may be given to it now; of those that only try how it fares, one at a time."""
        standing = self.standing(at)
        if standing is GatewayState.PROBE:
            self._probe_until = at + _PROBE_S
        return standing is not GatewayState.SHUT

    def note_answer(self, at: float, took_s: float) -> None:
        """It has answered, whatever it said of the message."""
        self._failures_in_a_row = 0
        if took_s > SLOW_S:
            self._note_bad(at)
            return
        self._bad_in_a_row = 0
        self._shut_until = self._probe_until = None
        self._wait_s = _FIRST_WAIT_S

    def note_failure(self, at: float) -> None:
        """It could not be reached, gave no answer, or says that it does not work."""
        self._failures_in_a_row += 1
        self._note_bad(at)

    def _note_bad(self, at: float) -> None:
        self._bad_in_a_row += 1
        if self._shut_until is None:
            if self._bad_in_a_row >= IN_A_ROW:
                self._shut_until = at + self._wait_s
        elif self._probe_until is not None:
            # Only the one that was let through tells something new; others were on their way before it was shut.
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
            self._shut_until, self._probe_until = at + self._wait_s, None
