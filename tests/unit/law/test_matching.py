"""Which facts bear on a contact: what they say of themselves narrows them, and doubt protects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import broken, call, china, first, rule, tiny

from forbear.base.clock import parse_moment
from forbear.base.errors import PackError

TEN = china("2026-03-10", "10:00:00")
MARCH = china("2026-03-01", "00:00:00")


def fact(kind: str = "consent", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "since": MARCH, **more}


def refuses(tmp_path: Path, spec: str, proposed: dict[str, Any], *facts: dict[str, Any]) -> bool:
    """Whether a rule that refuses where the fact bears on the contact refuses it."""
    return broken(tiny(tmp_path, rule(f"on = {{ fact = {spec} }}")), proposed, (), facts) == ["r"]


def lifts(tmp_path: Path, spec: str, proposed: dict[str, Any], *facts: dict[str, Any]) -> bool:
    """Whether a rule that refuses everything unless the fact bears on the contact lets it be."""
    law = tiny(tmp_path, rule(f"unless = {{ fact = {spec} }}"))
    return broken(law, proposed, (), facts) == []


# ── time ──


@pytest.mark.parametrize(
    ("time", "holds", "past"),
    [
        ("09:59:59", False, False),
        ("10:00:00", True, False),
        ("11:59:59", True, False),
        ("12:00:00", False, True),
    ],
)
def test_a_fact_holds_from_its_first_second_until_just_before_its_end(
    tmp_path: Path, time: str, holds: bool, past: bool
) -> None:
    told = fact(since=TEN, until=china("2026-03-10", "12:00:00"))
    asked = call(china("2026-03-10", time))
    assert refuses(tmp_path, '"consent"', asked, told) is holds
    assert refuses(tmp_path / "p", '{ fact = "consent", state = "past" }', asked, told) is past
    ever = refuses(tmp_path / "e", '{ fact = "consent", state = "ever" }', asked, told)
    assert ever is (holds or past)


def test_a_fact_without_an_end_is_never_past(tmp_path: Path) -> None:
    assert not refuses(tmp_path, '{ fact = "consent", state = "past" }', call(TEN), fact())


def test_a_fact_recorded_later_than_it_holds_counts_from_when_it_was_known(tmp_path: Path) -> None:
    told = fact("stop_request", since=TEN, recorded_at=china("2026-03-10", "12:00:00"))
    law = tiny(tmp_path, rule('on = { fact = "stop_request" }'))
    assert broken(law, call(china("2026-03-10", "11:59:59")), (), [told]) == []
    assert broken(law, call(china("2026-03-10", "12:00:00")), (), [told]) == ["r"]


# ── what narrows ──


@pytest.mark.parametrize(
    ("debts", "refused", "lifted"),
    [(["A"], True, True), (["B"], False, False), (["A", "B"], True, False), ([], True, False)],
)
def test_a_fact_about_one_debt_refuses_where_it_may_and_lifts_only_where_it_must(
    tmp_path: Path, debts: list[str], refused: bool, lifted: bool
) -> None:
    told, asked = fact(debts=["A"]), call(TEN, debts=debts)
    assert refuses(tmp_path, '"consent"', asked, told) is refused
    assert lifts(tmp_path / "l", '"consent"', asked, told) is lifted


def test_a_fact_about_no_named_debt_is_about_all(tmp_path: Path) -> None:
    for number, debts in enumerate(([], ["A"], ["A", "B"])):
        asked = call(TEN, debts=debts)
        assert refuses(tmp_path / f"{number}", '"consent"', asked, fact())
        assert lifts(tmp_path / f"l{number}", '"consent"', asked, fact())


def test_facts_about_each_debt_lift_together(tmp_path: Path) -> None:
    asked = call(TEN, debts=["A", "B"])
    assert lifts(tmp_path, '"consent"', asked, fact(debts=["A"]), fact(id="2", debts=["B"]))


@pytest.mark.parametrize(
    ("narrow", "same", "other"),
    [
        ({"address": "line-1"}, {"address": "line-1"}, {"address": "line-2"}),
        ({"channel": "call"}, {"channel": "call"}, {"channel": "sms"}),
        ({"channel": "call"}, {"channel": "voicemail"}, {"channel": "email"}),
        ({"channel": "voicemail"}, {"channel": "voicemail"}, {"channel": "call"}),
        ({"party": "spouse"}, {"party": "spouse"}, {"party": "debtor"}),
        ({"relation": "heir"}, {"relation": "heir"}, {"relation": "guardian"}),
        ({"address": "line-1"}, {"address": "line-1"}, {}),
        ({"relation": "heir"}, {"relation": "heir"}, {}),
    ],
)
def test_a_narrowed_fact_bears_on_such_contacts_alone(
    tmp_path: Path, narrow: dict[str, Any], same: dict[str, Any], other: dict[str, Any]
) -> None:
    told = fact(**narrow)
    assert refuses(tmp_path, '"consent"', call(TEN) | same, told)
    assert not refuses(tmp_path / "o", '"consent"', call(TEN) | other, told)
    assert not lifts(tmp_path / "l", '"consent"', call(TEN) | other, told)


def test_a_scope_says_which_narrowings_count(tmp_path: Path) -> None:
    told, asked = fact(address="line-1", debts=["A"]), call(TEN, address="line-2", debts=["A"])
    assert not refuses(tmp_path, '"consent"', asked, told)
    assert refuses(tmp_path / "s", '{ fact = "consent", scope = ["debts"] }', asked, told)


def test_a_search_may_ask_for_facts_that_are_narrowed_and_for_those_that_are_not(
    tmp_path: Path,
) -> None:
    narrow, wide = fact(address="line-1"), fact()
    asked = call(TEN, address="line-1")
    spec = '{ fact = "consent", narrowed_by = ["address"] }'
    assert refuses(tmp_path / "1", spec, asked, narrow)
    assert not refuses(tmp_path / "2", spec, asked, wide)
    spec = '{ fact = "consent", not_narrowed_by = ["address"] }'
    assert not refuses(tmp_path / "3", spec, asked, narrow)
    assert refuses(tmp_path / "4", spec, asked, wide)


def test_a_value_must_be_as_asked_and_a_fact_without_one_is_not(tmp_path: Path) -> None:
    spec = '{ fact = "consent", value = { given = "directly" } }'
    assert refuses(tmp_path / "1", spec, call(TEN), fact(value={"given": "directly"}))
    assert not refuses(tmp_path / "2", spec, call(TEN), fact(value={"given": "to_creditor"}))
    assert not refuses(tmp_path / "3", spec, call(TEN), fact())


# ── hours ──


@pytest.mark.parametrize(
    ("time", "inside"),
    [("18:59:59", False), ("19:00:00", True), ("20:59:59", True), ("21:00:00", False)],
)
def test_a_window_bears_inside_and_an_outside_search_outside(
    tmp_path: Path, time: str, inside: bool
) -> None:
    told, asked = fact(window=["19:00", "21:00"]), call(china("2026-03-10", time))
    assert refuses(tmp_path, '"consent"', asked, told) is inside
    outside = refuses(tmp_path / "o", '{ fact = "consent", hour = "outside" }', asked, told)
    assert outside is not inside
    assert refuses(tmp_path / "a", '{ fact = "consent", hour = "any" }', asked, told)


def test_a_window_over_midnight_bears_on_both_sides_of_it(tmp_path: Path) -> None:
    told = fact(window=["22:00", "02:00"])
    for number, (time, inside) in enumerate(
        [("22:00:00", True), ("23:59:59", True), ("00:00:00", True), ("02:00:00", False)]
    ):
        asked = call(china("2026-03-10", time))
        assert refuses(tmp_path / str(number), '"consent"', asked, told) is inside


def test_weekdays_bear_on_the_debtor_s_own_days(tmp_path: Path) -> None:
    told = fact(weekdays=["sat", "sun"])
    for number, (day, inside) in enumerate(
        [("2026-03-13", False), ("2026-03-14", True), ("2026-03-15", True), ("2026-03-16", False)]
    ):
        for time in ("00:00:00", "23:59:59"):
            asked = call(china(day, time))
            where = tmp_path / f"{number}{time[:2]}"
            assert refuses(where, '"consent"', asked, told) is inside


def test_with_two_plausible_zones_one_refuses_and_only_both_lift(tmp_path: Path) -> None:
    zones = [
        fact("possible_timezone", id=zone, value=zone)
        for zone in ("America/New_York", "America/Los_Angeles")
    ]
    hours = fact(window=["18:00", "21:00"])
    # 20:00 in New York is 17:00 in Los Angeles; 21:00 is 18:00.
    for number, (time, one, both) in enumerate(
        [("17:59:59", False, False), ("20:00:00", True, False), ("23:59:59", True, False)]
    ):
        asked = call(f"2026-03-10T{time}-04:00")
        facts = (*zones, hours)
        assert refuses(tmp_path / f"r{number}", '"consent"', asked, *facts) is one
        assert lifts(tmp_path / f"l{number}", '"consent"', asked, *facts) is both
    wide = fact(window=["17:00", "21:00"])
    assert lifts(tmp_path / "w", '"consent"', call("2026-03-10T20:00:00-04:00"), *zones, wide)


def test_a_fact_settled_by_a_later_one_no_longer_bears(tmp_path: Path) -> None:
    spec = '{ fact = "dispute", unless_later = "verification_sent" }'
    dispute = fact("dispute", debts=["A"])
    for number, (since, debts, refused) in enumerate(
        [
            (TEN, ["A"], False),
            (TEN, None, False),
            (TEN, ["B"], True),
            (china("2026-03-10", "10:00:01"), ["A"], True),
            (china("2026-02-28", "00:00:00"), ["A"], True),
        ]
    ):
        sent = fact("verification_sent", since=since, debts=debts)
        asked = call(TEN, debts=["A"])
        assert refuses(tmp_path / str(number), spec, asked, dispute, sent) is refused


# ── when it may change ──


@pytest.mark.parametrize(
    ("told", "opens"),
    [
        ({"until": china("2026-03-12", "15:00:00")}, china("2026-03-12", "15:00:00")),
        ({"window": ["09:00", "18:00"]}, china("2026-03-10", "18:00:00")),
        ({"window": ["09:00", "02:00"]}, china("2026-03-11", "02:00:00")),
        ({"weekdays": ["tue", "wed"]}, china("2026-03-12", "00:00:00")),
        ({"weekdays": ["tue"], "window": ["09:00", "24:00"]}, china("2026-03-11", "00:00:00")),
    ],
)
def test_the_earliest_moment_is_the_first_at_which_the_fact_no_longer_bears(
    tmp_path: Path, told: dict[str, Any], opens: str
) -> None:
    law = tiny(tmp_path, rule('on = { fact = "inconvenient_time" }'))
    found = first(law, call(TEN), (), [fact("inconvenient_time", **told)])
    assert found.at == parse_moment(opens, where="")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ('"agreement"', "fact 'agreement' is undefined"),
        ("{ state = 'holds' }", "no key 'fact'"),
        ("{ fact = 'consent', hours = 'any' }", "unknown key 'hours'"),
        ("{ fact = 'consent', state = 'held' }", "state 'held' is unknown"),
        ("{ fact = 'consent', hour = 'in' }", "hour 'in' is unknown"),
        ("{ fact = 'consent', scope = ['debt'] }", "scope 'debt' is unknown"),
        ("{ fact = 'consent', narrowed_by = ['hour'] }", "narrowed_by 'hour' is unknown"),
        ("{ fact = 'dispute', unless_later = 'x' }", "fact 'x' is undefined"),
    ],
)
def test_a_search_that_means_nothing_is_refused(tmp_path: Path, spec: str, said: str) -> None:
    with pytest.raises(PackError, match=said) as caught:
        tiny(tmp_path, rule(f"on = {{ fact = {spec} }}"))
    assert str(caught.value).startswith("tiny/act/rules.toml: rule r: ")


# ── the last second of hours ──


@pytest.mark.parametrize(
    ("window", "time", "inside", "through"),
    [
        (["09:00", "17:00"], "08:59:59", False, False),
        (["09:00", "17:00"], "09:00:00", True, True),
        (["09:00", "17:00"], "16:59:59", True, True),
        (["09:00", "17:00"], "17:00:00", False, True),
        (["09:00", "17:00"], "17:00:01", False, False),
        (["22:00", "06:00"], "06:00:00", False, True),
        (["22:00", "06:00"], "06:00:01", False, False),
        (["17:00", "00:00"], "00:00:00", False, True),
    ],
)
def test_through_takes_in_the_second_that_ends_the_hours(
    tmp_path: Path, window: list[str], time: str, inside: bool, through: bool
) -> None:
    told = fact("working_hours", window=window)
    asked = call(china("2026-03-10", time))
    for hour, expected in (("inside", inside), ("through", through)):
        spec = f'{{ fact = "working_hours", hour = "{hour}" }}'
        assert refuses(tmp_path / hour, spec, asked, told) is expected
        assert lifts(tmp_path / f"{hour}-lifts", spec, asked, told) is expected


def test_a_refusal_through_the_last_second_clears_one_second_later(tmp_path: Path) -> None:
    law = tiny(tmp_path, rule('on = { fact = { fact = "working_hours", hour = "through" } }'))
    told = fact("working_hours", window=["09:00", "17:00"])
    for time in ("16:00:00", "17:00:00"):
        found = first(law, call(china("2026-03-10", time)), (), [told])
        assert found.at == parse_moment(china("2026-03-10", "17:00:01"), where="here")
