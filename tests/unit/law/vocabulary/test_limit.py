"""The kind ``limit``: so many within a time, or none for a time after something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import SHANGHAI, ask, broken, call, china, first, rule, tiny

from forbear.base.clock import as_day, clock, instant_of, parse_moment
from forbear.base.errors import PackError
from forbear.law.answers import Decision
from forbear.law.book import Book
from forbear.law.vocabulary.window import Window


def limit(tmp_path: Path, keys: str) -> Book:
    return tiny(tmp_path, rule(f'kind = "limit"\n{keys}'))


def calls(*times: str, **more: Any) -> list[dict[str, Any]]:
    """Calls on 10 March, or on a day written before the time."""
    return [call(moment(time), **{"outcome": "conversation", **more}) for time in times]


def moment(time: str) -> str:
    day, _, clock_time = time.rpartition(" ")
    return china(f"2026-{day or '03-10'}", clock_time)


THREE = """
at_most = 3
of = { channel = "call", outcome = "conversation" }
within = "day"
"""


# ── counting ──


def test_the_third_is_lawful_and_the_fourth_is_not(tmp_path: Path) -> None:
    book = limit(tmp_path, THREE)
    made = calls("09:00:00", "10:00:00", "11:00:00")
    assert broken(book, call(moment("12:00:00")), made[:2]) == []
    assert broken(book, call(moment("12:00:00")), made) == ["r"]


def test_a_day_is_the_debtor_s_calendar_date(tmp_path: Path) -> None:
    book = limit(tmp_path, THREE)
    made = calls("00:00:00", "12:00:00", "23:59:59")
    assert broken(
        book, call(moment("23:59:59"), seq=9), [m | {"seq": n} for n, m in enumerate(made)]
    )
    assert broken(book, call(moment("03-11 00:00:00")), made) == []
    late = calls("03-09 23:59:59", "12:00:00", "13:00:00")
    assert broken(book, call(moment("14:00:00")), late) == []


def test_only_what_is_counted_counts(tmp_path: Path) -> None:
    book = limit(tmp_path, THREE)
    made = calls("09:00:00", "10:00:00") + calls("11:00:00", outcome="busy")
    made += [{"at": moment("11:30:00"), "channel": "sms", "outcome": "delivered"}]
    assert broken(book, call(moment("12:00:00")), made) == []


def test_a_breach_rests_on_the_contacts_counted_and_says_when_they_were(tmp_path: Path) -> None:
    made = calls("09:00:00", "10:00:00", "11:00:00")
    (because,) = ask(limit(tmp_path, THREE), call(moment("12:00:00")), made).because
    assert because.rests_on == ("history-0", "history-1", "history-2")
    assert "此前计入3次:2026年3月10日09:00、2026年3月10日10:00" in because.says.zh
    assert because.says.en.endswith(
        "Counted before: 3 (2026-03-10 09:00, 2026-03-10 10:00, 2026-03-10 11:00)."
    )
    assert because.clears_at is not None
    assert because.clears_at.isoformat() == china("2026-03-11", "00:00:00")


def test_of_many_contacts_the_latest_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 10\nwithin = "day"')
    made = calls(*(f"{hour:02}:00:00" for hour in range(8, 18)))
    (because,) = ask(book, call(moment("20:00:00")), made).because
    assert "(略去更早的2次)" in because.says.zh
    assert "the latest: 2026-03-10 10:00" in because.says.en


def test_none_at_all_may_be_allowed(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 0\nwithin = "day"')
    assert broken(book, call(moment("12:00:00"))) == ["r"]
    assert first(book, call(moment("12:00:00"))).at is None


# ── order within a second ──


@pytest.mark.parametrize(
    ("numbers", "asked", "counted"),
    [((1, 2, 3), 4, True), ((1, 2, 3), 3, False), ((1, 2, 4), 3, False), ((None,) * 3, 4, False),
     ((1, 2, 3), None, False), ((None,) * 3, None, False)],
)  # fmt: skip
def test_of_contacts_within_one_second_only_lower_numbers_count(
    tmp_path: Path, numbers: tuple[int | None, ...], asked: int | None, counted: bool
) -> None:
    made = [call(moment("12:00:00"), outcome="conversation", seq=n) for n in numbers]
    found = broken(limit(tmp_path, THREE), call(moment("12:00:00"), seq=asked), made)
    assert (found == ["r"]) is counted


def test_a_second_later_all_of_them_count(tmp_path: Path) -> None:
    made = [call(moment("12:00:00"), outcome="conversation") for _ in range(3)]
    assert broken(limit(tmp_path, THREE), call(moment("12:00:01")), made) == ["r"]


# ── outcomes that nobody reported ──


def test_an_unknown_outcome_that_would_decide_leaves_it_unknown(tmp_path: Path) -> None:
    book = limit(tmp_path, THREE)
    made = [*calls("09:00:00", "10:00:00"), call(moment("11:00:00"))]
    found = ask(book, call(moment("12:00:00")), made)
    assert found.decision is Decision.DENY
    assert (found.because, found.missing) == ((), ("outcome",))


def test_an_unknown_outcome_that_decides_nothing_is_no_matter(tmp_path: Path) -> None:
    book = limit(tmp_path, THREE)
    one = [*calls("09:00:00"), call(moment("11:00:00"))]
    assert ask(book, call(moment("12:00:00")), one).decision is Decision.ALLOW
    full = [*calls("08:00:00", "09:00:00", "10:00:00"), call(moment("11:00:00"))]
    assert broken(book, call(moment("12:00:00")), full) == ["r"]


# ── spans of time ──


@pytest.mark.parametrize(
    ("within", "made", "last", "free"),
    [
        ('"day"', "03-10 09:00:00", "03-10 23:59:59", "03-11 00:00:00"),
        ("{ dates = 7 }", "03-10 09:00:00", "03-16 23:59:59", "03-17 00:00:00"),
        ("{ hours = 24 }", "03-10 09:00:00", "03-11 08:59:59", "03-11 09:00:00"),
        ("{ seconds = 90 }", "03-10 09:00:00", "03-10 09:01:29", "03-10 09:01:30"),
        ('"week"', "03-09 00:00:00", "03-15 23:59:59", "03-16 00:00:00"),
        ('"week"', "03-15 23:59:59", "03-15 23:59:59", "03-16 00:00:00"),
        ('"month"', "03-31 23:59:59", "03-31 23:59:59", "04-01 00:00:00"),
        ('"month"', "02-01 00:00:00", "02-28 23:59:59", "03-01 00:00:00"),
        ('"month"', "12-31 12:00:00", "12-31 23:59:59", "2027-01-01 00:00:00"),
    ],
)
def test_a_contact_leaves_its_window_at_the_first_free_second(
    tmp_path: Path, within: str, made: str, last: str, free: str
) -> None:
    book = limit(tmp_path, f"at_most = 1\nwithin = {within}")
    history = [{**calls(made)[0], "seq": 1}]
    opens = free if free.startswith("2027") else f"2026-{free}"
    opens = opens.replace(" ", "T") + "+08:00"
    asked = call(moment(last), seq=2)
    assert broken(book, asked, history) == ["r"]
    assert broken(book, call(opens), history) == []
    assert first(book, asked, history).at == parse_moment(opens, where="")


def test_ever_is_for_ever(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 1\nwithin = "ever"')
    made = [call("2020-01-01T00:00:00+08:00", outcome="busy")]
    assert broken(book, call(moment("12:00:00")), made) == ["r"]
    assert first(book, call(moment("12:00:00")), made).at is None


def test_a_day_of_twenty_three_hours_is_a_whole_day() -> None:
    new_york = clock("America/New_York")
    noon = instant_of(parse_moment("2026-03-08T12:00:00-04:00", where=""))
    day = Window("dates", 1)
    assert day.leaves(noon, new_york) - day.start(noon, new_york) == 23 * 3600
    autumn = instant_of(parse_moment("2026-11-01T12:00:00-05:00", where=""))
    assert day.leaves(autumn, new_york) - day.start(autumn, new_york) == 25 * 3600


@pytest.mark.parametrize("unit", ["dates", "seconds", "week", "month"])
def test_what_has_left_the_window_is_before_its_start_and_what_has_not_is_within(unit: str) -> None:
    window, here = Window(unit, 5), clock(SHANGHAI)
    for number in range(0, 200 * 86_400, 86_400 // 7):
        made = instant_of(parse_moment("2026-01-01T00:00:00Z", where="")) + number
        leaves = window.leaves(made, here)
        assert window.start(leaves, here) > made
        assert window.start(leaves - 1, here) <= made
    assert as_day(here.moment(0).date()) == 0


# ── for whom ──


def test_per_debtor_everybody_is_counted_together(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 1\nwithin = "day"')
    made = calls("09:00:00", party="third_party", address="x")
    assert broken(book, call(moment("12:00:00")), made) == ["r"]


@pytest.mark.parametrize(
    ("made", "asked", "same"),
    [
        ({"address": "line-1"}, {"address": "line-1"}, True),
        ({"address": "line-1"}, {"address": "line-2"}, False),
        ({"address": "line-1"}, {}, False),
        ({}, {}, True),
    ],
)
def test_per_address_each_is_counted_by_itself(
    tmp_path: Path, made: dict[str, Any], asked: dict[str, Any], same: bool
) -> None:
    book = limit(tmp_path, 'at_most = 1\nper = "address"\nwithin = "day"')
    found = broken(book, call(moment("12:00:00"), **asked), calls("09:00:00", **made))
    assert (found == ["r"]) is same


@pytest.mark.parametrize(
    ("made", "asked", "same"),
    [
        ({}, {"address": "line-2"}, True),
        ({"party": "spouse"}, {}, False),
        ({"party": "employer", "address": "a"}, {"party": "employer", "address": "a"}, True),
        ({"party": "employer", "address": "a"}, {"party": "employer", "address": "b"}, False),
        (
            {"party": "third_party", "relation": "x"},
            {"party": "third_party", "relation": "x"},
            True,
        ),
        (
            {"party": "third_party", "relation": "x"},
            {"party": "third_party", "relation": "y"},
            False,
        ),
    ],
)
def test_per_person_a_third_person_is_told_by_the_address_or_the_relation(
    tmp_path: Path, made: dict[str, Any], asked: dict[str, Any], same: bool
) -> None:
    book = limit(tmp_path, 'at_most = 1\nper = "person"\nwithin = "day"')
    found = broken(book, call(moment("12:00:00"), **asked), calls("09:00:00", **made))
    assert (found == ["r"]) is same


def test_per_channel_and_address_both_must_be_the_same(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 1\nper = ["channel", "address"]\nwithin = "day"')
    made = calls("09:00:00", address="x")
    asked = {"at": moment("12:00:00"), "address": "x"}
    assert broken(book, {**asked, "channel": "call"}, made) == ["r"]
    assert broken(book, {**asked, "channel": "sms"}, made) == []
    assert broken(book, {**asked, "channel": "call", "address": "y"}, made) == []


@pytest.mark.parametrize(
    ("made", "asked", "counted"),
    [
        (["A"], ["A"], True),
        (["A"], ["B"], False),
        (["A", "B"], ["B"], True),
        (["A"], ["A", "B"], True),
        ([], ["A"], True),
        (["A"], [], True),
    ],
)
def test_per_debt_a_contact_about_no_named_debt_may_be_about_any(
    tmp_path: Path, made: list[str], asked: list[str], counted: bool
) -> None:
    book = limit(tmp_path, 'at_most = 1\nper = "debt"\nwithin = "day"')
    found = broken(book, call(moment("12:00:00"), debts=asked), calls("09:00:00", debts=made))
    assert (found == ["r"]) is counted


def test_debts_that_a_fact_joins_are_counted_as_one(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 1\nper = "debt"\ngroups = "debt_group"\nwithin = "day"')
    made = calls("09:00:00", debts=["A"])
    joined = {"kind": "debt_group", "since": moment("00:00:00"), "debts": ["A", "B"]}
    asked = call(moment("12:00:00"), debts=["B"])
    assert broken(book, asked, made) == []
    assert broken(book, asked, made, [joined]) == ["r"]
    assert broken(book, call(moment("12:00:00"), debts=["C"]), made, [joined]) == []


def test_the_debts_talked_about_may_be_others_than_those_dialled_for(tmp_path: Path) -> None:
    keys = 'at_most = 1\nper = "debt"\ndebts_from = "discussed_debts"\nwithin = "day"'
    book = limit(tmp_path, keys)
    made = calls("09:00:00", debts=["A"], discussed_debts=["B"])
    assert broken(book, call(moment("12:00:00"), debts=["A"]), made) == []
    assert broken(book, call(moment("12:00:00"), debts=["B"]), made) == ["r"]


# ── exceptions from counting, and silence after something ──


def test_what_not_of_names_is_not_counted(tmp_path: Path) -> None:
    book = limit(tmp_path, 'at_most = 1\nnot_of = { consent = true }\nwithin = "day"')
    asked = call(moment("12:00:00"))
    assert broken(book, asked, calls("09:00:00", consent=True)) == []
    assert broken(book, asked, calls("09:00:00")) == ["r"]


def test_after_a_talk_there_is_silence_for_seven_dates(tmp_path: Path) -> None:
    book = limit(tmp_path, 'after = { outcome = "conversation" }\nwithin = { dates = 7 }')
    made = calls("03-03 23:59:59")
    assert broken(book, call(moment("03-09 23:59:59")), made) == ["r"]
    assert broken(book, call(moment("03-10 00:00:00")), made) == []
    assert (
        broken(book, call(moment("03-09 12:00:00")), calls("03-03 12:00:00", outcome="busy")) == []
    )


def test_without_of_what_the_rule_is_about_is_counted(tmp_path: Path) -> None:
    keys = 'on = { channel = "visit" }\nat_most = 1\nwithin = "day"'
    book = limit(tmp_path, keys)
    visit = {"at": moment("09:00:00"), "channel": "visit", "outcome": "no_answer"}
    asked = {"at": moment("12:00:00"), "channel": "visit"}
    assert broken(book, asked, [visit]) == ["r"]
    assert broken(book, asked, calls("09:00:00")) == []
    assert broken(book, asked, [visit | {"direction": "inbound"}]) == []


def test_on_two_plausible_clocks_the_one_that_counts_more_decides(tmp_path: Path) -> None:
    zones = [
        {"kind": "possible_timezone", "since": "2026-03-01T00:00:00Z", "value": zone, "id": zone}
        for zone in ("America/New_York", "America/Los_Angeles")
    ]
    book = limit(tmp_path, 'at_most = 1\nwithin = "day"')
    made = [call("2026-03-10T22:00:00-04:00", outcome="busy")]
    # On the 11th in New York, and still on the 10th in Los Angeles.
    assert broken(book, call("2026-03-11T02:59:59-04:00"), made, zones) == ["r"]
    assert broken(book, call("2026-03-11T03:00:00-04:00"), made, zones) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('within = "day"', "either at_most, a number, or after"),
        ('at_most = 1\nafter = { channel = "call" }\nwithin = "day"', "either at_most"),
        ('at_most = -1\nwithin = "day"', "at_most -1 is no count"),
        ('at_most = "3"\nwithin = "day"', "at_most '3' is no count"),
        ('at_most = true\nwithin = "day"', "at_most True is no count"),
        ("at_most = 1", "within is day"),
        ('at_most = 1\nwithin = "fortnight"', "within is day"),
        ("at_most = 1\nwithin = { dates = 0 }", "within is day"),
        ("at_most = 1\nwithin = { dates = 1, hours = 2 }", "within is day"),
        ('at_most = 1\nwithin = "day"\nper = "agent"', "per 'agent' is unknown"),
        ('at_most = 1\nwithin = "day"\ngroups = "x"', "groups 'x' is undefined"),
        ('at_most = 1\nwithin = "day"\ndebts_from = "x"', "debts_from 'x' is no key"),
        ('at_most = 1\nwithin = "day"\nclosed = ["22:00", "08:00"]', "key 'closed' has no meaning"),
    ],
)
def test_a_limit_that_means_nothing_is_refused(tmp_path: Path, keys: str, said: str) -> None:
    with pytest.raises(PackError, match=said) as caught:
        limit(tmp_path, keys)
    assert str(caught.value).startswith("tiny/act/rules.toml: rule r: ")


# ── contacts that are one ──

THREADS = """
at_most = 2
of = { channel = ["call", "email"], outcome = ["conversation", "delivered"] }
per = "debt"
within = { dates = 7 }
joins = "thread"
"""


def mail(time: str, direction: str = "outbound", **more: Any) -> dict[str, Any]:
    outcome = {"outcome": "delivered"} if direction == "outbound" else {}
    made = {"at": moment(time), "channel": "email", "direction": direction, "debts": ["A"]}
    return {**made, **outcome, **more}


def test_answers_in_a_thread_that_the_person_began_are_one_contact(tmp_path: Path) -> None:
    book = limit(tmp_path, THREADS)
    thread = [mail("09:00:00", "inbound", thread="t")]
    thread += [mail(f"09:{n}:00", thread="t") for n in (10, 20, 30)]
    asked = call(moment("12:00:00"), debts=["A"])
    assert broken(book, asked, thread) == []
    assert broken(book, asked, [*thread, *calls("10:00:00", debts=["A"])]) == ["r"]


def test_in_a_thread_that_we_began_each_counts(tmp_path: Path) -> None:
    book = limit(tmp_path, THREADS)
    thread = [mail("09:00:00", thread="t"), mail("09:05:00", "inbound", thread="t")]
    thread += [mail("09:10:00", thread="t")]
    assert broken(book, call(moment("12:00:00"), debts=["A"]), thread) == ["r"]


def test_a_contact_that_goes_on_with_one_that_was_counted_is_not_refused(tmp_path: Path) -> None:
    book = limit(tmp_path, THREADS)
    made = [mail("09:00:00", "inbound", thread="t"), mail("09:10:00", thread="t")]
    made += calls("10:00:00", debts=["A"])
    answer = mail("12:00:00", thread="t")
    del answer["outcome"]
    assert broken(book, answer, made) == []
    assert broken(book, answer | {"thread": "other"}, made) == ["r"]
    # Eight days later nothing of the thread is counted any more, so it would be a new contact.
    late = calls("03-17 10:00:00", "03-18 09:00:00", debts=["A"])
    assert broken(book, answer | {"at": moment("03-18 12:00:00")}, [*made, *late]) == ["r"]


def test_an_unanswered_opening_does_not_spare_the_first_answer(tmp_path: Path) -> None:
    book = limit(tmp_path, THREADS)
    made = [mail("11:00:00", "inbound", thread="t"), *calls("09:00:00", "10:00:00", debts=["A"])]
    answer = mail("12:00:00", thread="t")
    del answer["outcome"]
    assert broken(book, answer, made) == ["r"]


def test_what_joins_must_be_a_key_of_a_contact(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="joins 'subject' is no key of a contact"):
        limit(tmp_path, THREADS.replace('"thread"', '"subject"'))


def test_two_are_no_three_however_long_the_window(tmp_path: Path) -> None:
    book = limit(tmp_path, THREE.replace('"day"', '"ever"'))
    made = calls("09:00:00", "10:00:00", "11:00:00")
    assert broken(book, call(moment("12:00:00")), made[:2]) == []
    assert broken(book, call(moment("12:00:00")), made) == ["r"]
