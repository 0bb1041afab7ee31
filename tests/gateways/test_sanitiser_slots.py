"""The documents of one sender never delay all others."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from wss.domain.uploads import Refusal, UploadRefused
from wss.gateways.sanitiser_slots import SanitiserSlots


def is_refused(places: SanitiserSlots, sender: str) -> bool:
    try:
        with places.taken(sender):
            return False
    except UploadRefused as no:
        assert no.refusal is Refusal.STORAGE_FULL
        return True


@contextmanager
def one_waiting(places: SanitiserSlots, sender: str) -> Iterator[list[str]]:
    """Start a sender that waits for a slot until the block ends; yield the list of those that have got one."""
    came: list[str] = []

    def wait() -> None:
        with places.taken(sender):
            came.append(sender)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while sender not in places._waiting:
        pass
    yield came
    waiting.join(10)


def test_a_sender_at_work_leaves_the_other_place_to_others():
    places = SanitiserSlots(2, 0, 0)

    with places.taken("first"):
        assert is_refused(places, "first")
        assert not is_refused(places, "second")


def test_who_waits_comes_when_a_place_is_free():
    places, before = SanitiserSlots(1, 1, 10), ExitStack()
    before.enter_context(places.taken("first"))

    with one_waiting(places, "second") as came:
        before.close()

    assert came == ["second"]


@pytest.mark.parametrize(("waiting", "sender"), [(2, "second"), (1, "third")])
def test_one_that_waits_already_or_finds_too_many_waiting_is_refused_at_once(waiting, sender):
    places, before = SanitiserSlots(1, waiting, 10), ExitStack()
    before.enter_context(places.taken("first"))

    with one_waiting(places, "second"):
        refused = is_refused(places, sender)
        before.close()

    assert refused


def test_waiting_ends():
    places = SanitiserSlots(1, 1, 0.01)

    with places.taken("first"):
        assert is_refused(places, "second")
    assert not is_refused(places, "second")
