"""Conditions on contacts: every key, true, false and unknown; terms, texts, hours and days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import ask, broken, call, china, first, rule, tiny

from forbear.base.clock import parse_moment
from forbear.base.errors import PackError
from forbear.law.answers import Decision
from forbear.law.book import Book

TEN = china("2026-03-10", "10:00:00")
LABELS = """
ignore_case = true
split = '[.]'
[[label]]
name = "threat"
says = "threatens"
any = ['we will sue']
[[label]]
name = "stop_offer"
says = "offers a way out"
any = ['reply stop']
"""


def law(tmp_path: Path, on: str, **keys: str) -> Book:
    return tiny(tmp_path, rule(f"on = {on}"), **keys)


def truth(book: Book, proposed: dict[str, Any], *facts: dict[str, Any]) -> bool | None:
    """Whether the rule breaks, None where it cannot be told."""
    found = ask(book, proposed, (), facts)
    if found.missing:
        assert found.decision is Decision.DENY
        return None
    return bool(found.because)


@pytest.mark.parametrize(
    ("on", "yes", "no"),
    [
        ('{ channel = "call" }', {}, {"channel": "sms"}),
        ('{ channel = ["sms", "call"] }', {}, {"channel": "email"}),
        ('{ channel = { not = "legal" } }', {}, {"channel": "legal"}),
        ('{ party = { not = ["debtor", "spouse"] } }', {"party": "employer"}, {"party": "spouse"}),
        ('{ purpose = "collect" }', {"purpose": "collect"}, {"purpose": "notice"}),
        ('{ outcome = { not = "busy" } }', {"outcome": "no_answer"}, {"outcome": "busy"}),
        ('{ address = { starts = "group:" } }', {"address": "group:1"}, {"address": "x"}),
        ("{ recorded = false }", {"recorded": False}, {"recorded": True}),
        ("{ consent = true }", {"consent": True}, {"consent": False}),
        ("{ agents = { fewer = 2 } }", {"agents": ["a"]}, {"agents": ["a", "b"]}),
        ("{ party_age = { below = 14 } }", {"party_age": 13}, {"party_age": 14}),
        (
            '{ agent_profile = { employer = { starts = "agency:" } } }',
            {"agent_profile": {"employer": "agency:a"}},
            {"agent_profile": {"employer": "lender"}},
        ),
        (
            '{ any = [{ channel = "sms" }, { consent = true }] }',
            {"consent": True},
            {"channel": "email"},
        ),
        ('{ channel = "call", party = "debtor" }', {}, {"party": "spouse"}),
    ],
)
def test_a_condition_tells_two_contacts_apart(
    tmp_path: Path, on: str, yes: dict[str, Any], no: dict[str, Any]
) -> None:
    book = law(tmp_path, on)
    assert truth(book, call(TEN) | yes) is True
    assert truth(book, call(TEN) | no) is False


@pytest.mark.parametrize(
    ("on", "key"),
    [
        ("{ recorded = false }", "recorded"),
        ('{ purpose = "collect" }', "purpose"),
        ('{ mode = "inform" }', "mode"),
        ('{ outcome = "busy" }', "outcome"),
        ("{ agents = { fewer = 2 } }", "agents"),
        ('{ text = ["threat"] }', "text"),
        ('{ text_lacks = ["stop_offer"] }', "text"),
        ("{ agent_profile = { listed = false } }", "agent_profile"),
    ],
)
def test_what_is_unsaid_and_matters_is_unknown_and_named(tmp_path: Path, on: str, key: str) -> None:
    found = ask(law(tmp_path, on, labels=LABELS), call(TEN))
    assert found.decision is Decision.DENY
    assert found.because == ()
    assert found.missing == (key,)


@pytest.mark.parametrize("key", ["consent", "same_call", "requested_by_debtor", "prerecorded"])
def test_what_nobody_mentions_and_would_be_mentioned_is_not_so(tmp_path: Path, key: str) -> None:
    book = law(tmp_path, f"{{ {key} = true }}")
    assert truth(book, call(TEN)) is False


def test_false_beside_unknown_is_false_and_true_beside_it_unknown(tmp_path: Path) -> None:
    book = law(tmp_path, '{ channel = "call", recorded = false }')
    assert truth(book, call(TEN, channel="sms")) is False
    assert truth(book, call(TEN)) is None
    book = law(tmp_path / "any", "{ any = [{ recorded = false }, { consent = true }] }")
    assert truth(book, call(TEN, consent=True)) is True
    assert truth(book, call(TEN, recorded=True)) is False
    assert truth(book, call(TEN)) is None


def test_a_rule_refuses_outbound_contacts_only(tmp_path: Path) -> None:
    book = law(tmp_path, "{}")
    assert broken(book, call(TEN)) == ["r"]
    assert broken(book, call(TEN, direction="inbound")) == []


# ── terms ──

TERMS = """
[[term]]
name = "licensed"
when = { fact = { fact = "lender_profile", value = { type = "bank" } } }
[[term]]
name = "asked"
when = { any = [{ consent = true }, { is = "licensed", requested_by_debtor = true }] }
[[term]]
name = "taped"
when = { recorded = true }
"""
BANK = {"kind": "lender_profile", "since": TEN, "value": {"type": "bank"}}


def test_a_term_stands_for_its_condition_also_within_another(tmp_path: Path) -> None:
    book = law(tmp_path, '{ is = "asked" }', top=TERMS)
    assert truth(book, call(TEN, consent=True)) is True
    assert truth(book, call(TEN, requested_by_debtor=True)) is False
    assert truth(book, call(TEN, requested_by_debtor=True), BANK) is True


def test_is_wants_every_term_and_is_not_none_of_them(tmp_path: Path) -> None:
    both = law(tmp_path, '{ is = ["asked", "licensed"] }', top=TERMS)
    none = law(tmp_path / "none", '{ is_not = ["asked", "licensed"] }', top=TERMS)
    for proposed, facts, all_of, none_of in (
        (call(TEN, consent=True), (BANK,), True, False),
        (call(TEN, consent=True), (), False, False),
        (call(TEN), (BANK,), False, False),
        (call(TEN), (), False, True),
    ):
        assert truth(both, proposed, *facts) is all_of
        assert truth(none, proposed, *facts) is none_of


def test_the_opposite_of_unknown_is_unknown(tmp_path: Path) -> None:
    book = law(tmp_path, '{ is_not = "taped" }', top=TERMS)
    assert truth(book, call(TEN, recorded=False)) is True
    assert truth(book, call(TEN, recorded=True)) is False
    assert truth(book, call(TEN)) is None


def test_no_fact_holds_where_none_bears_on_the_contact(tmp_path: Path) -> None:
    book = law(tmp_path, '{ no_fact = "consent" }')
    told = {"kind": "consent", "since": TEN, "debts": ["A"]}
    assert truth(book, call(TEN)) is True
    assert truth(book, call(TEN, debts=["A"]), told) is False
    assert truth(book, call(TEN, debts=["B"]), told) is True
    # Of two debts the fact covers one, and what lifts a refusal must cover both.
    assert truth(book, call(TEN, debts=["A", "B"]), told) is True


# ── words ──


def test_a_text_carries_a_label_or_lacks_it(tmp_path: Path) -> None:
    book = law(tmp_path, '{ text = ["threat"] }', labels=LABELS)
    assert truth(book, call(TEN, text="We will sue you.")) is True
    assert truth(book, call(TEN, text="Please call.")) is False
    assert truth(book, call(TEN, text="")) is False
    book = law(tmp_path / "l", '{ text_lacks = ["stop_offer"] }', labels=LABELS)
    assert truth(book, call(TEN, text="Please call.")) is True
    assert truth(book, call(TEN, text="Reply STOP to stop.")) is False


def test_an_envelope_that_nobody_describes_says_nothing(tmp_path: Path) -> None:
    book = law(tmp_path, '{ envelope = ["threat"] }', labels=LABELS)
    assert truth(book, call(TEN, channel="letter")) is False
    assert truth(book, call(TEN, channel="letter", envelope_text="We will sue you")) is True
    assert truth(book, call(TEN, channel="letter", envelope_text="To the owner")) is False


# ── hours and days ──


@pytest.mark.parametrize(
    ("time", "shut"),
    [("21:59:59", False), ("22:00:00", True), ("23:59:59", True), ("00:00:00", True),
     ("07:59:59", True), ("08:00:00", False)],
)  # fmt: skip
def test_hours_over_midnight_close_with_their_first_second_and_open_with_their_last(
    tmp_path: Path, time: str, shut: bool
) -> None:
    book = law(tmp_path, '{ local_time = ["22:00", "08:00"] }')
    assert truth(book, call(china("2026-03-10", time))) is shut


def test_hours_are_the_debtor_s_own_unless_the_pack_names_a_clock(tmp_path: Path) -> None:
    asked = call("2026-03-10T23:00:00-04:00")
    night = '{ local_time = ["22:00", "08:00"] }'
    assert broken(law(tmp_path, night), asked, zone="America/New_York") == ["r"]
    assert broken(law(tmp_path, night), asked, zone="Asia/Shanghai") == []
    fixed = law(tmp_path / "f", night, pack='clock = "Asia/Shanghai"')
    assert broken(fixed, asked, zone="America/New_York") == []


def test_a_contact_must_be_lawful_on_every_plausible_clock(tmp_path: Path) -> None:
    zones = [
        {"kind": "possible_timezone", "since": TEN, "id": zone, "value": zone}
        for zone in ("America/New_York", "America/Los_Angeles")
    ]
    book = law(tmp_path, '{ local_time = ["21:00", "08:00"] }')
    for time, shut in (("10:59:59", True), ("11:00:00", False), ("20:59:59", False),
                       ("21:00:00", True)):  # fmt: skip
        asked = call(f"2026-03-11T{time}-04:00")
        assert broken(book, asked, (), zones) == (["r"] if shut else [])


@pytest.mark.parametrize(
    ("day", "weekend", "rest", "holiday"),
    [
        ("2025-09-30", False, False, False),
        ("2025-10-01", False, False, True),
        ("2025-10-11", True, False, False),  # a Saturday that is worked
        ("2025-10-12", True, True, False),
        ("2035-03-14", False, True, True),  # a Wednesday of a year nobody has published
    ],
)
def test_days_are_weekdays_or_what_the_calendar_says_and_an_unknown_year_is_the_strictest(
    tmp_path: Path, day: str, weekend: bool, rest: bool, holiday: bool
) -> None:
    asked = call(china(day, "12:00:00"))
    for days, shut in ((["sat", "sun"], weekend), (["rest"], rest), (["holiday"], holiday)):
        book = law(tmp_path / days[0], f"{{ days = {days} }}", pack='calendar = "china"')
        assert truth(book, asked) is shut, days


def test_a_day_of_an_unknown_year_lifts_no_refusal(tmp_path: Path) -> None:
    lifted = rule('unless = { days = ["rest", "holiday"] }')
    book = tiny(tmp_path, lifted, pack='calendar = "china"')
    assert broken(book, call(china("2025-10-12", "12:00:00"))) == []
    assert broken(book, call(china("2035-03-14", "12:00:00"))) == ["r"]


def test_hours_in_the_hour_that_comes_twice_are_both_found(tmp_path: Path) -> None:
    book = law(tmp_path, '{ local_time = ["22:00", "01:30"] }')
    # The clocks go back from 02:00 to 01:00 at 06:00 UTC: 01:30 comes at 05:30 and at 06:30.
    second = call("2026-11-01T01:10:00-05:00")
    assert broken(book, second, zone="America/New_York") == ["r"]
    found = first(book, second, zone="America/New_York")
    assert found.at is not None
    assert found.at.isoformat() == "2026-11-01T01:30:00-05:00"


def test_hours_that_end_in_a_left_out_hour_open_when_the_clock_is_put_on(tmp_path: Path) -> None:
    book = law(tmp_path, '{ local_time = ["22:00", "02:30"] }')
    found = first(book, call("2026-03-08T01:00:00-05:00"), zone="America/New_York")
    assert found.at == parse_moment("2026-03-08T03:00:00-04:00", where="")


# ── what is refused when a pack is loaded ──


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ('{ chanel = "call" }', "unknown key 'chanel'"),
        ('{ channel = "cal" }', "channel 'cal' is unknown"),
        ('{ channel = { in = ["call"] } }', "channel takes a word"),
        ("{ party = { present = true } }", "party takes a word"),
        ("{ agents = { fewr = 2 } }", "'fewr' is no operator"),
        ('{ is = "x" }', "term 'x' is undefined"),
        ('{ fact = "x" }', "fact 'x' is undefined"),
        ('{ text = ["x"] }', "label 'x' is undefined"),
        ('{ envelope = ["x"] }', "label 'x' is undefined"),
        ("{ is = [['x']] }", "is takes a name"),
        ("{ is = [] }", "is takes a name"),
        ("{ text = [5] }", "text takes a name"),
        ("{ days = [{}] }", "days takes a name"),
        ("{ fact = [] }", "fact takes a kind of fact"),
        ("{ fact = [['x']] }", "a fact is named, or searched for"),
        ("{ fact = { fact = ['x'] } }", "is undefined"),
        ("{ any = [] }", "any takes a list"),
        ('{ any = ["x"] }', "a condition is a table"),
        ("{ any = [{}] }", "an empty condition"),
        ('{ days = ["moon"] }', "day 'moon' is unknown"),
        ('{ days = ["rest"] }', "need a calendar"),
        ('{ local_time = ["22:00"] }', "no pair of times"),
        ('{ local_time = ["22:00", "8"] }', "no time of day"),
    ],
)
def test_a_condition_that_means_nothing_is_refused_with_its_rule(
    tmp_path: Path, on: str, said: str
) -> None:
    with pytest.raises(PackError, match=said) as caught:
        law(tmp_path, on)
    assert str(caught.value).startswith("tiny/act/rules.toml: rule r")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "terms",
    [
        '[[term]]\nname = "a"\nwhen = { is = "a" }',
        '[[term]]\nname = "a"\nwhen = { is_not = "a" }',
        '[[term]]\nname = "a"\nwhen = { is = "b" }\n[[term]]\nname = "b"\n'
        'when = { any = [{ is = "a" }, { channel = "call" }] }',
    ],
)
def test_a_term_defined_by_itself_is_refused(tmp_path: Path, terms: str) -> None:
    with pytest.raises(PackError, match="term a: it is defined by itself; break the circle"):
        tiny(tmp_path, rule(), top=terms)


def test_whether_there_are_words_is_known_though_what_they_do_is_not(tmp_path: Path) -> None:
    without = law(tmp_path / "without", "{ text = { present = false } }")
    within = law(tmp_path / "within", "{ text = { present = true } }")
    assert (truth(without, call(TEN)), truth(within, call(TEN))) == (True, False)
    said = call(TEN, text="Good morning.")
    assert (truth(without, said), truth(within, said)) == (False, True)


@pytest.mark.parametrize("spec", ["{ present = 1 }", '{ not = "threat" }', "{}"])
def test_what_is_asked_of_words_otherwise_is_refused(tmp_path: Path, spec: str) -> None:
    with pytest.raises(PackError, match="text takes labels, or"):
        law(tmp_path, f"{{ text = {spec} }}")
