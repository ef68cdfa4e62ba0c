"""What of a count still matters, and what can be forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forbear.base.clock import instant_of
from forbear.base.contact import Contact
from forbear.law.case import read_contact
from forbear.law.vocabulary.counted import Counted, Entries, Entry, counted_read


def contact(ident: str, **more: Any) -> Contact:
    table = {"at": "2026-03-10T09:00:00+08:00", "channel": "call", **more}
    return read_contact(table, where="", ident=ident)


def entry(place: int, *debts: str, group: str | None = None) -> Entry:
    return Entry(place, 100 + place, contact(f"c-{place}"), debts, group)


def left(entries: list[Entry], since: int, needed: int | None) -> list[int]:
    counted = Counted({(): Entries(entries, [])})
    counted.forget(since, needed)
    return [each.place for found in counted.entries.values() for each in found.sure]


def test_the_newest_that_a_limit_needs_stay() -> None:
    assert left([entry(n) for n in range(6)], 0, 2) == [4, 5]
    assert left([entry(n) for n in range(6)], 0, None) == [0, 1, 2, 3, 4, 5]


def test_what_has_left_the_window_goes() -> None:
    assert left([entry(n) for n in range(6)], 103, None) == [3, 4, 5]
    assert left([entry(n) for n in range(6)], 200, None) == []


def test_each_debt_keeps_its_own_newest() -> None:
    entries = [entry(0, "A"), entry(1, "A"), entry(2, "A", "B"), entry(3, "B"), entry(4, "B")]
    assert left(entries, 0, 1) == [2, 4]
    assert left(entries, 0, 2) == [1, 2, 3, 4]


def test_one_about_no_named_debt_counts_beside_each() -> None:
    assert left([entry(0, "A"), entry(1), entry(2), entry(3, "A")], 0, 1) == [2, 3]


def test_of_contacts_that_are_one_the_newest_stays_however_many_follow() -> None:
    entries = [entry(0, group="t"), entry(1, group="t"), *(entry(n) for n in range(2, 6))]
    assert left(entries, 0, 2) == [1, 4, 5]


def test_a_copy_counts_on_by_itself() -> None:
    counted = Counted({("x",): Entries([entry(0)], [entry(1)])}, {"t": True})
    copy = counted.copy()
    copy.entries[("x",)].sure.append(entry(2))
    copy.theirs["u"] = False
    assert len(counted.entries[("x",)].sure) == 1
    assert counted.theirs == {"t": True}


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_written_is_read_again(whole: bool) -> None:
    key = (("debtor", ""), "line-1", "call")
    made = contact("a", debts=["A"], address="line-1")
    instant = instant_of(made.at)
    sure = [Entry(3, instant, made, ("A",), "t"), Entry(4, instant, made, ("A", "B"))]
    counted = Counted({key: Entries(sure, [Entry(5, instant, made, ())])}, {"t": True, "u": False})
    found = counted_read(json.loads(json.dumps(counted.written(whole=whole))))
    assert found.theirs == counted.theirs
    assert list(found.entries) == [key]
    entries = found.entries[key]
    for read, was in zip([*entries.sure, *entries.unsure], [*sure, entry_of(counted)], strict=True):
        assert (read.place, read.instant, read.debts) == (was.place, was.instant, was.debts)
        assert read.group == was.group
        assert (read.contact.id, read.contact.channel) == ("a", "call")
        assert (read.contact == made) is whole


def entry_of(counted: Counted) -> Entry:
    (found,) = counted.entries.values()
    return found.unsure[0]
