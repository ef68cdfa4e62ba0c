"""How one debtor stands: events in any order, what was known when, and what is read again."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import SHANGHAI, call, china, rule, tiny

from forbear.base.clock import instant_of, parse_moment
from forbear.base.contact import Contact, ContactId, Fact, Outcomes
from forbear.base.errors import CaseError
from forbear.base.words import Outcome
from forbear.law.book import Book
from forbear.law.case import read_contact, read_fact
from forbear.law.deciding import verdict
from forbear.law.standing import Standing, order_of

TWO = rule('kind = "limit"\nat_most = 2\nof = { outcome = "conversation" }\nwithin = "day"')


def instant(time: str) -> int:
    return instant_of(parse_moment(china("2026-03-10", time), where=""))


def made(time: str, ident: str = "x", **more: Any) -> Contact:
    table = call(china("2026-03-10", time), **{"outcome": "conversation", **more})
    return read_contact(table, where="", ident=ident)


def fact(kind: str, time: str, **more: Any) -> Fact:
    table = {"kind": kind, "since": china("2026-03-10", time), **more}
    return read_fact(table, where="", ident="f")


def asked(time: str) -> Contact:
    return read_contact(call(china("2026-03-10", time)), where="", ident="asked")


def refused(standing: Standing, time: str) -> bool:
    return bool(verdict(standing, asked(time)).because)


def new(book: Book, **keys: Any) -> Standing:
    return Standing(book, zone=SHANGHAI, **keys)


# ── order ──


def test_contacts_may_arrive_in_any_order(tmp_path: Path) -> None:
    book = tiny(tmp_path, TWO)
    events = [made("09:00:00", "a"), made("10:00:00", "b"), made("11:00:00", "c")]
    for order in permutations(events):
        standing = new(book)
        for event in order:
            standing.see(event)
            verdict(standing, asked("12:00:00"))
        assert [each.id for each in standing.contacts] == ["a", "b", "c"]
        assert not refused(standing, "10:00:00")
        assert refused(standing, "10:00:01")


def test_a_history_is_ordered_by_second_then_number_and_the_unnumbered_come_last() -> None:
    contacts = [made("10:00:00", "d"), made("10:00:00", "b", seq=2), made("09:59:59", "a", seq=9),
                made("10:00:00", "c", seq=11)]  # fmt: skip
    assert [each.id for each in sorted(contacts, key=order_of)] == ["a", "b", "c", "d"]


def test_what_counts_as_earlier_within_one_second(tmp_path: Path) -> None:
    history = [made("10:00:00", "1", seq=1), made("10:00:00", "2", seq=2), made("10:00:00", "3")]
    standing = new(tiny(tmp_path, TWO), contacts=history)
    assert standing.earlier(made("10:00:00", seq=2)) == 1
    assert standing.earlier(made("10:00:00", seq=3)) == 2
    assert standing.earlier(made("10:00:00")) == 0
    assert standing.earlier(made("10:00:01")) == 3
    assert standing.earlier(made("09:59:59", seq=9)) == 0


def test_contacts_of_one_second_stand_each_before_what_is_truly_earlier(tmp_path: Path) -> None:
    history = [made("10:00:00", str(n)) for n in range(3)]
    standing = new(tiny(tmp_path, TWO), contacts=[made("09:00:00", "first"), *history])
    assert [standing.view_of(place).upto for place in range(4)] == [0, 1, 1, 1]
    assert [standing.view_of(place).place for place in range(4)] == [0, 1, 2, 3]


# ── outcomes ──


def test_an_outcome_told_later_counts_from_then_on(tmp_path: Path) -> None:
    standing = new(tiny(tmp_path, TWO))
    standing.see(made("09:00:00", "a"))
    standing.see(made("10:00:00", "b", outcome=None))
    assert verdict(standing, asked("12:00:00")).missing == ("outcome",)
    told = Outcomes(about=ContactId("b"), outcome=Outcome.BUSY, at=instant("10:01:00"))
    standing.see(told)
    assert verdict(standing, asked("12:00:00")).missing == ()
    assert not refused(standing, "12:00:00")
    standing.see(Outcomes(about=ContactId("b"), outcome=Outcome.CONVERSATION, at=told.at))
    assert refused(standing, "12:00:00")


def test_an_outcome_of_a_contact_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="outcome about contact 'z': there is no such contact"):
        new(tiny(tmp_path, TWO)).see(
            Outcomes(about=ContactId("z"), outcome=Outcome.BUSY, at=instant("10:00:00"))
        )


# ── what was known when ──

STOP = rule('on = { fact = "stop_request" }', "stop")


def test_only_what_was_known_then_counts(tmp_path: Path) -> None:
    recorded = china("2026-03-10", "12:00:00")
    late = fact("stop_request", "09:00:00", recorded_at=recorded)
    standing = new(tiny(tmp_path, STOP), facts=[late])
    assert not refused(standing, "11:59:59")
    assert refused(standing, "12:00:00")
    # And going back in time forgets it again, and only then.
    assert not refused(standing, "11:59:59")
    assert not refused(standing, "11:00:00")
    assert refused(standing, "13:00:00")
    assert refused(standing, "12:30:00")
    assert not refused(standing, "11:59:59")
    # Asked now about a contact of the morning, it is known.
    assert verdict(standing, asked("10:00:00"), instant("12:00:00")).because


def test_a_fact_that_comes_late_is_seen_at_once(tmp_path: Path) -> None:
    standing = new(tiny(tmp_path, STOP))
    assert not refused(standing, "10:00:00")
    standing.see(fact("stop_request", "09:00:00"))
    assert refused(standing, "10:00:00")


def test_a_late_fact_about_what_was_counted_makes_the_history_be_read_again(
    tmp_path: Path,
) -> None:
    counted = rule(
        'kind = "limit"\nat_most = 1\nof = { no_fact = "wrong_number" }\nper = "debtor"\n'
        'within = "day"'
    )
    standing = new(tiny(tmp_path, counted), contacts=[made("09:00:00", address="line-1")])
    assert refused(standing, "12:00:00")
    late = fact("wrong_number", "08:00:00", recorded_at=china("2026-03-10", "13:00:00"))
    standing.see(late)
    assert refused(standing, "12:59:59")
    assert not refused(standing, "13:00:00")


def test_so_does_a_late_fact_from_which_follows_what_was_counted_by(tmp_path: Path) -> None:
    derive = '[[derive]]\nfact = "given"\nfrom = "consent"'
    counted = rule(
        'kind = "limit"\nat_most = 1\nof = { no_fact = "given" }\nper = "debtor"\nwithin = "day"'
    )
    standing = new(tiny(tmp_path, counted, top=derive), contacts=[made("09:00:00")])
    assert refused(standing, "12:00:00")
    standing.see(fact("consent", "08:00:00", recorded_at=china("2026-03-10", "13:00:00")))
    assert refused(standing, "12:59:59")
    assert not refused(standing, "13:00:00")


def test_the_standing_knows_of_which_kinds_there_are_facts(tmp_path: Path) -> None:
    hourly = fact("consent", "09:00:00", window=["18:00", "20:00"])
    standing = new(tiny(tmp_path, STOP), facts=[fact("stop_request", "10:00:00"), hourly])
    standing.at(instant("09:30:00"))
    assert (standing.kinds, standing.hourly) == ({"consent"}, {"consent"})
    standing.at(instant("10:00:00"))
    assert standing.kinds == {"consent", "stop_request"}
    assert not standing.timeless(frozenset({"consent"}))
    assert standing.timeless(frozenset({"stop_request"}))
    assert standing.epoch(instant("09:00:00")) < standing.epoch(instant("10:00:00"))


# ── zones ──


def test_the_plausible_zones_are_those_that_facts_name_while_they_hold(tmp_path: Path) -> None:
    until = china("2026-03-10", "12:00:00")
    zones = [
        fact("possible_timezone", "09:00:00", value="America/Denver", until=until),
        fact("possible_timezone", "10:00:00", value="America/New_York", until=until),
        fact("possible_timezone", "10:00:00", value="America/New_York", until=until),
    ]
    standing = new(tiny(tmp_path, STOP), facts=zones).at(instant("23:00:00"))

    def names(time: str) -> list[str]:
        return [zone.name for zone in standing.zones_at(instant(time))]

    assert names("08:59:59") == [SHANGHAI]
    assert names("09:00:00") == ["America/Denver"]
    assert names("10:00:00") == ["America/Denver", "America/New_York"]
    assert names("12:00:00") == [SHANGHAI]
    assert standing.next_zones(instant("10:00:00")) == instant("12:00:00")


def test_a_standing_needs_a_zone_that_exists(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="write an IANA name"):
        Standing(tiny(tmp_path, STOP), zone="Mars")
