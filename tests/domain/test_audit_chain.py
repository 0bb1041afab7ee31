"""The chain of the audit trail: verification reports every changed, deleted or inserted entry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest

from wss.domain.audit_chain import (
    BEGINNING,
    ChainCheck,
    ChainEntry,
    ChainFault,
    ChainFaultKind,
    ChainHead,
    hashed,
)

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def an_entry(number: int, **columns: Any) -> ChainEntry:
    facts: dict[str, Any] = {
        "id": number + 100,
        "at": AT + timedelta(seconds=number),
        "role": "helpdesk",
        "actor_id": "H1",
        "office_code": "UPPCL",
        "deed": "view",
        "subject": "connection:7950761921",
        "details": {"reason": "bill"},
        "chain": None,
    }
    return ChainEntry(number=number, **{**facts, **columns})


def a_chain(length: int = 9) -> list[ChainEntry]:
    """Return so many entries, each chained to the one before."""
    links, before = [], BEGINNING
    for number in range(1, length + 1):
        entry = an_entry(number)
        before = hashed(before, entry, number)
        links.append(replace(entry, chain=before))
    return links


def found(
    links: list[ChainEntry], head: ChainHead | None = None, noted: tuple[ChainHead, ...] = ()
) -> list[ChainFault]:
    """Return the faults that verification reports; the head is the end of the complete chain."""
    whole = a_chain()[-1]
    check = ChainCheck(noted)
    faults = list(check.faults(links))
    return [*faults, *check.finish(head or ChainHead(whole.number, whole.chain or ""))]


def test_a_whole_chain_is_right():
    assert found(a_chain()) == []


def test_the_hash_is_what_other_tools_reckon():
    text = (
        '{"actor_id":"H1","at":"2026-11-24T10:00:01.000000+00:00","deed":"view","details":{"reason":"bill"},'
        '"id":101,"number":1,"office_code":"UPPCL","role":"helpdesk","subject":"connection:7950761921"}'
    )

    assert a_chain()[0].chain == sha256(f"{'0' * 64}\n{text}".encode()).hexdigest()


def test_the_hash_is_the_same_in_every_zone_and_order():
    there = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    one, other = an_entry(0, details={"a": 1, "b": 2}), an_entry(0, at=there, details={"b": 2, "a": 1})

    assert hashed(BEGINNING, one, 1) == hashed(BEGINNING, other, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT - timedelta(days=1)},
        {"role": "sdo"},
        {"actor_id": "H2"},
        {"office_code": ""},
        {"deed": "open"},
        {"subject": "connection:7950761922"},
        {"details": {}},
        {"id": 999},
        {"chain": "0" * 64},
        {"chain": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_named(change: dict[str, Any]):
    links = a_chain()
    links[4] = replace(links[4], **change)

    assert ChainFault(ChainFaultKind.CHANGED, 5, entry_id=links[4].id) in found(links)


def test_of_one_changed_fact_only_its_entry_is_named():
    links = a_chain()
    links[4] = replace(links[4], deed="nothing")

    assert [(one.fault, one.number) for one in found(links)] == [(ChainFaultKind.CHANGED, 5)]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (5, 5), (2, 4)])
def test_missing_entries_are_named_by_their_places(first: int, last: int):
    links = [link for link in a_chain() if not first <= link.number <= last]

    assert found(links) == [ChainFault(ChainFaultKind.MISSING, first, last)]


def test_an_entry_put_in_between_is_named():
    links = a_chain()
    links.insert(5, an_entry(5, id=7, chain=links[4].chain))

    assert found(links) == [ChainFault(ChainFaultKind.INSERTED, 5, entry_id=7)]


@pytest.mark.parametrize("left", [0, 6])
def test_an_end_that_was_cut_off_is_named(left: int):
    assert found(a_chain()[:left]) == [ChainFault(ChainFaultKind.CUT_OFF, left + 1, 9)]


def test_entries_beyond_the_end_are_named():
    links = a_chain()

    assert found(links, ChainHead(7, links[6].chain or "")) == [ChainFault(ChainFaultKind.INSERTED, 8)]


def test_a_recomputed_chain_is_found_by_the_noted_head():
    """An attacker with full rights in the database can recompute all hashes, but cannot change a printed one."""
    noted = ChainHead(6, a_chain()[5].chain or "")
    links, before = [], BEGINNING
    for link in a_chain():
        entry = replace(link, deed="nothing") if link.number == 3 else link
        before = hashed(before, entry, entry.number)
        links.append(replace(entry, chain=before))
    head = ChainHead(9, before)

    assert found(links, head) == []
    assert found(links, head, (noted,)) == [ChainFault(ChainFaultKind.NOT_AS_NOTED, 6, entry_id=106)]


def test_a_shorter_chain_with_its_end_set_back_is_found_by_what_was_noted():
    links = a_chain()[:4]

    assert found(links, ChainHead(4, links[-1].chain or ""), (ChainHead(8, "f" * 64),)) == [
        ChainFault(ChainFaultKind.CUT_OFF, 5, 8)
    ]


def test_without_an_end_nothing_is_certain():
    check = ChainCheck()

    assert [one.fault for one in (*check.faults(a_chain()), *check.finish(None))] == [ChainFaultKind.NO_HEAD]
