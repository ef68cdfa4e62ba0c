"""A standing in little room: what it holds, what it writes, and when it asks to be built again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import SHANGHAI, call, china, rule, tiny

from forbear.base.clock import instant_of, parse_moment
from forbear.base.contact import Contact, ContactId, Event, Fact, Outcomes
from forbear.base.words import Outcome
from forbear.law.book import Book, load
from forbear.law.case import read_contact, read_fact
from forbear.law.kept import FORM, WAITING, Kept, Rebuild, Why, keep, read
from forbear.law.kept_needs import needs_of
from forbear.law.standing import Standing
from forbear.law.view import NO_CHANGE
from forbear.law.vocabulary.limit import Tally

TWO = rule('kind = "limit"\nat_most = 2\nof = { outcome = "conversation" }\nwithin = "day"')
NOT_WRONG = rule(
    'kind = "limit"\nat_most = 1\nof = { no_fact = "wrong_number" }\nper = "address"\n'
    'within = "day"'
)
DAY = 86_400


def instant(time: str) -> int:
    return instant_of(parse_moment(china("2026-03-10", time), where=""))


def made(time: str, ident: str = "x", **more: Any) -> Contact:
    table = call(china("2026-03-10", time), **{"outcome": "conversation", **more})
    return read_contact(table, where="", ident=ident)


def fact(kind: str, time: str, **more: Any) -> Fact:
    table = {"kind": kind, "since": china("2026-03-10", time), **more}
    return read_fact(table, where="", ident="f")


def new(book: Book, *events: Event) -> Kept:
    kept = keep(book, zone=SHANGHAI, now=0)
    for event in events:
        assert kept.see(event) is None
    return kept


def refused(kept: Kept, time: str) -> bool | Why:
    asked = read_contact(call(china("2026-03-10", time)), where="", ident="asked")
    found = kept.verdict(asked)
    return found.why if isinstance(found, Rebuild) else bool(found.because)


def told(kept: Kept) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kept.written())
    return found


# ── what is held ──


def test_what_no_event_is_awaited_for_is_folded_away(tmp_path: Path) -> None:
    kept = new(tiny(tmp_path, TWO), made("09:00:00", "a"), made("10:00:00", "b"))
    assert [each["id"] for each in told(kept)["contacts"]] == ["b"]
    assert told(kept)["folded"][:2] == [1, instant("09:00:00")]
    assert refused(kept, "12:00:00") is True


def test_the_contacts_of_the_latest_second_stay(tmp_path: Path) -> None:
    same = [made("10:00:00", name, seq=n) for n, name in ((3, "c"), (5, "d"))]
    kept = new(tiny(tmp_path, TWO), made("09:00:00", "a"), *same)
    assert kept.see(made("10:00:00", "b", seq=1)) is None
    assert [each["id"] for each in told(kept)["contacts"]] == ["b", "c", "d"]


def test_a_contact_waits_for_its_outcome_and_so_do_those_after_it(tmp_path: Path) -> None:
    open_one = made("09:00:00", "a", outcome=None)
    kept = new(tiny(tmp_path, TWO), open_one, made("10:00:00", "b"), made("11:00:00", "c"))
    assert len(told(kept)["contacts"]) == 3
    kept.see(Outcomes(about=ContactId("a"), outcome=Outcome.BUSY, at=instant("11:30:00")))
    assert [each["id"] for each in told(kept)["contacts"]] == ["c"]
    assert refused(kept, "12:00:00") is True


def test_no_more_than_so_many_wait(tmp_path: Path) -> None:
    book = tiny(tmp_path, TWO)
    kept = new(book, made("08:00:00", "open", outcome=None))
    for number in range(WAITING):
        assert kept.see(made(f"09:{number:02}:00", str(number))) is None
    assert len(told(kept)["contacts"]) == WAITING
    late = Outcomes(about=ContactId("open"), outcome=Outcome.BUSY, at=instant("12:00:00"))
    assert kept.see(late) == Rebuild(Why.LATE_OUTCOME)


def _year(book: Book, contacts: int) -> tuple[Kept, int]:
    """What is kept of so many contacts, and the seconds from one to the next."""
    kept, apart = keep(book, zone=SHANGHAI, now=0), 9_973
    start = instant("09:00:00")
    for number in range(contacts):
        at = start + number * apart
        moment = Standing(book, zone=SHANGHAI).zone.moment(at).isoformat()
        table = call(moment, address=f"line-{number % 3}", outcome="no_answer", mode="interactive")
        assert kept.see(read_contact(table, where="", ident=f"c-{number}")) is None
    return kept, start + contacts * apart


@pytest.mark.parametrize("pack", ["cn", "us"])
def test_room_and_work_do_not_grow_with_the_history(
    pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    seen = Tally.see
    book = load([pack])
    room, work = [], []
    for contacts in (300, 1_200):
        kept, now = _year(book, contacts)
        room.append(len(kept.written()))
        with monkeypatch.context() as patch:
            patch.setattr(Tally, "see", lambda *args: (reads.append(1), seen(*args))[1])
            before = len(reads)
            for number in range(20):
                at = Standing(book, zone=SHANGHAI).zone.moment(now + number * 600).isoformat()
                contact = read_contact(call(at), where="", ident=f"more-{number}")
                kept.verdict(contact)
                kept.see(contact)
            work.append(len(reads) - before)
    # A longer history has longer names and numbers in it, and nothing else.
    assert room[1] < room[0] * 1.05
    assert work[1] == work[0]


# ── what it cannot know ──


def test_a_contact_before_what_is_folded_needs_the_record(tmp_path: Path) -> None:
    events = made("09:00:00", "a"), made("10:00:00", "b")
    for time in ("08:00:00", "09:00:00"):
        kept = new(tiny(tmp_path, TWO), *events)
        assert kept.see(made(time, "late")) == Rebuild(Why.LATE_CONTACT)
        assert refused(kept, "12:00:00") is Why.LATE_CONTACT
        assert kept.see(made("11:00:00", "c")) == Rebuild(Why.LATE_CONTACT)
    kept = new(tiny(tmp_path, TWO), *events)
    assert kept.see(made("09:00:01", "not too late")) is None
    assert refused(kept, "10:00:00") is True


def test_a_question_about_what_is_folded_is_not_answered_and_the_next_one_is(
    tmp_path: Path,
) -> None:
    kept = new(tiny(tmp_path, TWO), made("09:00:00", "a"), made("10:00:00", "b"))
    assert refused(kept, "09:00:00") is Why.PAST
    assert refused(kept, "09:00:01") is False
    asked = read_contact(call(china("2026-03-10", "08:00:00")), where="", ident="asked")
    assert kept.earliest(asked) == Rebuild(Why.PAST)


def test_an_outcome_of_what_is_folded_needs_the_record(tmp_path: Path) -> None:
    book = tiny(tmp_path, TWO)
    kept = new(book, made("09:00:00", "a"), made("10:00:00", "b"))
    again = Outcomes(about=ContactId("a"), outcome=Outcome.BUSY, at=instant("11:00:00"))
    assert kept.see(again) == Rebuild(Why.LATE_OUTCOME)
    # And so it stays when it is written and read.
    found = read(book, kept.written())
    assert isinstance(found, Kept)
    assert refused(found, "12:00:00") is Why.LATE_OUTCOME


def test_a_late_fact_needs_the_record_only_where_it_bears_on_what_was_read(
    tmp_path: Path,
) -> None:
    book = tiny(tmp_path, NOT_WRONG)
    events = made("09:00:00", "a", address="line-1"), made("10:00:00", "b", address="line-2")
    told_late = china("2026-03-10", "11:00:00")
    kept = new(book, *events)
    assert kept.see(fact("stop_request", "08:00:00")) is None
    assert refused(kept, "12:00:00") is False
    assert kept.see(fact("wrong_number", "08:00:00", address="line-1")) == Rebuild(Why.LATE_FACT)
    kept = new(book, *events)
    assert kept.see(fact("wrong_number", "08:00:00", recorded_at=told_late)) is None
    assert refused(kept, "10:30:00") is False
    assert refused(kept, "12:00:00") is Why.LATE_FACT
    kept = new(book, *events)
    assert kept.see(fact("wrong_number", "11:00:00", address="line-1")) is None
    assert refused(kept, "12:00:00") is False


# ── what is written ──


def test_under_another_version_of_a_pack_it_is_to_be_built_again(tmp_path: Path) -> None:
    kept = new(tiny(tmp_path / "one", TWO), made("09:00:00", "a"))
    other = tiny(tmp_path / "two", TWO.replace("2\n", "3\n"))
    assert read(other, kept.written()) == Rebuild(Why.OTHER_PACKS)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"form": 0}', f'{{"form": {FORM + 1}}}'])
def test_what_is_no_kept_standing_is_to_be_built_again(text: str, tmp_path: Path) -> None:
    assert read(tiny(tmp_path, TWO), text) == Rebuild(Why.OTHER_FORM)


def test_what_is_written_is_written_again_from_what_is_read() -> None:
    book = load(["us"])
    kept, _ = _year(book, 40)
    kept.see(fact("consent", "09:00:00", weekdays=["mon"], window=["09:00", "11:00"]))
    found = read(book, kept.written())
    assert isinstance(found, Kept)
    assert found.written() == kept.written()


# ── how far back rules look ──


def test_a_rule_that_asks_for_facts_that_are_over_keeps_derived_ones_for_good(
    tmp_path: Path,
) -> None:
    derive = '[[derive]]\nfact = "heard"\nbegins_on = { direction = "inbound" }\n'
    lasting = f"{derive}lasts = {{ dates = 2 }}\n"
    holds = tiny(tmp_path / "a", rule('on = { fact = "heard" }'), top=lasting)
    over = tiny(
        tmp_path / "b", rule('on = { fact = { fact = "heard", state = "past" } }'), top=lasting
    )
    answered = tiny(
        tmp_path / "c",
        rule('kind = "hours"\nclosed = ["22:00", "08:00"]\nanswer = "heard"'),
        top=lasting,
    )
    assert needs_of(holds).looks_back == 0
    assert needs_of(over).looks_back == NO_CHANGE
    assert needs_of(answered).looks_back == 3 * DAY
