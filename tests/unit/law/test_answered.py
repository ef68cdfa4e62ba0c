"""How long an answer stands, and that it is given again until then and no longer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.law.small import SHANGHAI, call, china, rule, tiny

from forbear.base.clock import instant_of
from forbear.base.contact import Contact, Fact
from forbear.law.answers import Verdict
from forbear.law.case import read_contact, read_fact
from forbear.law.deciding import earliest, verdict
from forbear.law.standing import Standing

TWO = rule('kind = "limit"\nat_most = 2\nof = { channel = "call" }\nwithin = { hours = 1 }')
NIGHT = rule('kind = "hours"\nclosed = ["22:00", "08:00"]', "night")


def at(time: str, ident: str = "asked", **more: Any) -> Contact:
    return read_contact(call(china("2026-03-10", time), **more), where="", ident=ident)


def moment(time: str) -> int:
    return at(time).instant


def fact(kind: str, time: str, **more: Any) -> Fact:
    table = {"kind": kind, "since": china("2026-03-10", time), **more}
    return read_fact(table, where="", ident="f")


def twice(standing: Standing, time: str) -> Verdict:
    verdict(standing, at(time))
    return verdict(standing, at(time))


def until(standing: Standing) -> int:
    (found,) = standing.answered.values()
    return int(found.until)


def test_an_answer_given_twice_stands_until_a_rule_may_move(tmp_path: Path) -> None:
    made = [at("09:00:00", "a"), at("09:20:00", "b")]
    standing = Standing(tiny(tmp_path, TWO, NIGHT), zone=SHANGHAI, contacts=made)
    first = verdict(standing, at("09:30:00"))
    assert until(standing) == moment("09:30:00")
    assert verdict(standing, at("09:30:00")) == first
    assert until(standing) == moment("10:00:00")
    # The very same, and not one like it.
    assert verdict(standing, at("09:59:59")) is verdict(standing, at("09:45:00"))
    assert not verdict(standing, at("10:00:00")).because


def test_what_is_lawful_stands_until_hours_close(tmp_path: Path) -> None:
    standing = Standing(tiny(tmp_path, TWO, NIGHT), zone=SHANGHAI)
    assert not twice(standing, "09:30:00").because
    assert until(standing) == moment("22:00:00")
    late = at("21:59:59")
    assert earliest(standing, late).at == late.at
    assert verdict(standing, at("22:00:00")).because


def test_in_closed_hours_it_stands_for_the_minute_that_it_names(tmp_path: Path) -> None:
    standing = Standing(tiny(tmp_path, NIGHT), zone=SHANGHAI)
    assert "22:30" in twice(standing, "22:30:10").because[0].says.en
    assert until(standing) == moment("22:31:00")


def test_it_stands_no_longer_than_the_facts_do(tmp_path: Path) -> None:
    ends = china("2026-03-10", "12:00:00")
    stop = rule('on = { fact = "stop_request" }', "stop")
    told = fact("stop_request", "08:00:00", until=ends)
    standing = Standing(tiny(tmp_path, stop), zone=SHANGHAI, facts=[told])
    found = twice(standing, "09:00:00")
    assert until(standing) == moment("12:00:00")
    assert earliest(standing, at("09:00:00")).at == found.because[0].clears_at
    assert earliest(standing, at("11:00:00")) is earliest(standing, at("11:30:00"))


def test_every_event_ends_it(tmp_path: Path) -> None:
    standing = Standing(tiny(tmp_path, TWO), zone=SHANGHAI)
    for event in (at("09:01:00", "a"), fact("hardship", "09:02:00")):
        twice(standing, "09:03:00")
        assert standing.answered
        standing.see(event)
        assert not standing.answered


def test_what_lies_ahead_in_the_history_is_asked_about_each_time(tmp_path: Path) -> None:
    made = [at("09:00:00", "a"), at("09:30:00", "b")]
    standing = Standing(tiny(tmp_path, TWO), zone=SHANGHAI, contacts=made)
    twice(standing, "09:29:00")
    assert until(standing) == moment("09:29:00")
    # Within the second of a contact it stands for that second.
    twice(standing, "09:30:00")
    assert until(standing) == moment("09:30:01")


def test_who_asks_after_an_hour_asks_for_the_first_time(tmp_path: Path) -> None:
    standing = Standing(tiny(tmp_path, NIGHT), zone=SHANGHAI)
    verdict(standing, at("09:00:00"))
    verdict(standing, at("10:00:00"))
    assert until(standing) == moment("10:00:00")
    verdict(standing, at("10:59:59"))
    assert until(standing) == moment("22:00:00")
    assert instant_of(at("22:00:00").at) == moment("22:00:00")
