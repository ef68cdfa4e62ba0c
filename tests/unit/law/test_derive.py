"""Facts that follow from others and from contacts: how long they last, what ends them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import ask, at, broken, call, china, first, rule, tiny

from forbear.base.clock import parse_moment
from forbear.base.errors import PackError
from forbear.law.book import Book
from forbear.law.case import read_contact
from forbear.law.derive import Derivation
from forbear.law.standing import Standing
from forbear.law.view import Ahead, View

TEN = china("2026-03-10", "10:00:00")
NIGHT = china("2026-03-31", "23:00:00")


def derive(tmp_path: Path, table: str) -> Book:
    """A book whose one rule refuses where the derived fact ``d`` holds."""
    return tiny(tmp_path, rule('on = { fact = "d" }'), top=f'[[derive]]\nfact = "d"\n{table}')


def consent(**more: Any) -> dict[str, Any]:
    return {"kind": "consent", "since": TEN, **more}


def holds(book: Book, when: str, *facts: dict[str, Any], history: Any = (), **more: Any) -> bool:
    return broken(book, call(when, **more), history, facts) == ["r"]


# ── from another fact ──


@pytest.mark.parametrize(
    ("lasts", "last", "over"),
    [
        ('{ dates = 7, first = "since" }', "2026-03-16", "2026-03-17"),
        ('{ dates = 7, first = "next" }', "2026-03-17", "2026-03-18"),
        ("{ dates = 1 }", "2026-03-10", "2026-03-11"),
    ],
)
def test_dates_are_counted_whole_from_the_day_itself_or_the_next(
    tmp_path: Path, lasts: str, last: str, over: str
) -> None:
    book = derive(tmp_path, f'from = "consent"\nlasts = {lasts}')
    assert not holds(book, china("2026-03-10", "09:59:59"), consent())
    assert holds(book, TEN, consent())
    assert holds(book, china(last, "23:59:59"), consent())
    assert not holds(book, china(over, "00:00:00"), consent())


def test_a_fact_that_ends_sooner_by_itself_ends_then(tmp_path: Path) -> None:
    book = derive(tmp_path, 'from = "consent"\nlasts = { dates = 7 }')
    told = consent(until=china("2026-03-11", "12:00:00"))
    assert holds(book, china("2026-03-11", "11:59:59"), told)
    assert not holds(book, china("2026-03-11", "12:00:00"), told)


def test_a_named_period_begins_and_ends_with_its_days(tmp_path: Path) -> None:
    book = derive(tmp_path, 'from = "consent"')
    told = consent(value={"from": "2026-03-12", "to": "2026-03-14"})
    for day, time, held in (
        ("2026-03-11", "23:59:59", False),
        ("2026-03-12", "00:00:00", True),
        ("2026-03-14", "23:59:59", True),
        ("2026-03-15", "00:00:00", False),
    ):
        assert holds(book, china(day, time), told) is held


def test_a_wish_withdrawn_has_business_days_of_grace_and_no_weekends_count(tmp_path: Path) -> None:
    book = derive(tmp_path, 'from = "consent"\ngrace = { business_days = 2 }')
    # Withdrawn on a Friday: Monday and Tuesday are the two days.
    told = consent(until=china("2026-03-13", "12:00:00"))
    assert holds(book, china("2026-03-17", "23:59:59"), told)
    assert not holds(book, china("2026-03-18", "00:00:00"), told)


def test_a_talk_ends_it_and_a_talk_about_another_debt_does_not(tmp_path: Path) -> None:
    table = 'from = "consent"\nends_on = { channel = "call", outcome = "conversation" }'
    book = derive(tmp_path, table)
    later = china("2026-03-12", "10:00:00")

    def after(made: str, **more: Any) -> bool:
        talk = {"outcome": "conversation", "debts": ["A"], **more}
        told = consent(debts=["A"])
        return holds(book, later, told, history=[call(made, **talk)], debts=["A"])

    assert not after(china("2026-03-11", "10:00:00"))
    assert after(china("2026-03-11", "10:00:00"), debts=["B"])
    assert after(china("2026-03-11", "10:00:00"), outcome="busy")
    # Consent given in the very second of a talk, or after it, outlives it.
    assert after(TEN)
    assert after(china("2026-03-10", "09:00:00"))


def test_a_call_whose_end_nobody_reported_may_have_ended_it(tmp_path: Path) -> None:
    table = 'from = "consent"\nends_on = { channel = "call", outcome = "conversation" }'
    book = derive(tmp_path, table)
    unknown = [call(china("2026-03-11", "10:00:00"))]
    assert not holds(book, china("2026-03-12", "10:00:00"), consent(), history=unknown)


@pytest.mark.parametrize(
    ("source", "told", "held"),
    [
        ('{ fact = "consent", channel = "voicemail" }', {"channel": "voicemail"}, True),
        ('{ fact = "consent", channel = "voicemail" }', {"channel": "email"}, False),
        ('{ fact = "consent", channel = ["call", "sms"] }', {"channel": "sms"}, True),
        ('{ fact = "consent", channel = ["call"] }', {}, True),
        ('{ fact = "consent", value = { given = "directly" } }', {"value": {"given": "x"}}, False),
        ('{ fact = "consent", value = { given = "directly" } }', {}, False),
        ('{ fact = "consent", not_narrowed_by = ["party"] }', {"party": "debtor"}, False),
        ('{ fact = "consent", not_narrowed_by = ["party"] }', {}, True),
    ],
)
def test_only_the_facts_asked_for_are_taken_over(
    tmp_path: Path, source: str, told: dict[str, Any], held: bool
) -> None:
    book = derive(tmp_path, f"from = {source}")
    channel = told.get("channel", "call")
    proposed = {"at": TEN, "channel": channel}
    assert (broken(book, proposed, (), [consent(**told)]) == ["r"]) is held


# ── from contacts in a row ──

RUN = """
any = [{ run = 3, unit = "attempt", holds_from = "next_date" },
       { run = 3, unit = "date", holds_from = "next_attempt" },
       { channel = "call", outcome = "out_of_service" }]
of = { channel = "call", outcome = ["no_answer", "busy", "out_of_service"] }
ends_on = [{ direction = "inbound" }, { channel = "call", outcome = "conversation" }]
"""


def missed(*times: str, day: str = "2026-03-10", **more: Any) -> list[dict[str, Any]]:
    return [call(china(day, time), **{"outcome": "no_answer", **more}) for time in times]


def test_three_attempts_in_a_row_hold_from_the_next_date_on(tmp_path: Path) -> None:
    book = derive(tmp_path, RUN)
    three = missed("09:00:00", "10:00:00", "11:00:00")
    assert not holds(book, china("2026-03-10", "23:59:59"), history=three)
    assert holds(book, china("2026-03-11", "00:00:00"), history=three)
    assert not holds(book, china("2026-03-11", "00:00:00"), history=three[:2])


def test_three_days_in_a_row_hold_at_once_and_a_day_left_out_begins_anew(tmp_path: Path) -> None:
    book = derive(tmp_path, RUN)
    days = [missed("09:00:00", day=f"2026-03-{n}")[0] for n in (10, 11, 12)]
    # Three calls on three days are three attempts in a row as well, so only the last day tells.
    assert holds(book, china("2026-03-12", "09:00:01"), history=days)
    gap = [missed("09:00:00", day=f"2026-03-{n}")[0] for n in (10, 12, 13)]
    assert not holds(book, china("2026-03-13", "09:00:01"), history=gap)
    assert holds(book, china("2026-03-14", "00:00:00"), history=gap)


def test_one_call_to_a_dead_line_holds_from_then_on(tmp_path: Path) -> None:
    book = derive(tmp_path, RUN)
    dead = missed("09:00:00", outcome="out_of_service")
    assert not holds(book, china("2026-03-10", "09:00:00"), history=dead)
    assert holds(book, china("2026-03-10", "09:00:01"), history=dead)


@pytest.mark.parametrize(
    "ending",
    [{"outcome": "conversation"}, {"direction": "inbound", "channel": "sms"}, {"outcome": None}],
)
def test_hearing_from_the_person_or_perhaps_hearing_ends_it(
    tmp_path: Path, ending: dict[str, Any]
) -> None:
    book = derive(tmp_path, RUN)
    three = missed("09:00:00", "10:00:00", "11:00:00")
    heard = call(china("2026-03-11", "09:00:00")) | ending
    asked = china("2026-03-11", "12:00:00")
    assert holds(book, asked, history=three)
    assert not holds(book, asked, history=[*three, heard])
    # And the row begins anew: two more are not three.
    more = missed("10:00:00", "11:00:00", day="2026-03-11")
    assert not holds(book, china("2026-03-12", "12:00:00"), history=[*three, heard, *more])


def test_of_contacts_within_one_second_only_a_number_tells_which_came_first(
    tmp_path: Path,
) -> None:
    book = derive(tmp_path, RUN)
    when = china("2026-03-10", "09:00:00")
    dead = call(when, outcome="out_of_service", seq=1)
    assert broken(book, call(when, seq=2), [dead]) == ["r"]
    assert broken(book, call(when, seq=1), [dead]) == []
    assert broken(book, call(when), [dead]) == []


def test_a_row_is_counted_on_the_debtor_s_own_days(tmp_path: Path) -> None:
    book = derive(tmp_path, RUN)
    # Three evenings in New York are three days there, and on another clock two share a day.
    new_york = "America/New_York"
    calls = [call(at(new_york, f"2026-03-{n}", "21:00:00"), outcome="busy") for n in (10, 11, 12)]
    asked = call(at(new_york, "2026-03-12", "21:00:01"))
    assert broken(book, asked, calls, zone=new_york) == ["r"]


# ── from one contact ──

OWED = """
begins_on = { direction = "inbound", channel = ["sms", "email"] }
carries = ["channel", "address", "debts"]
lasts = { dates = 1 }
ends_on = { direction = "outbound" }
"""


def letter(time: str, **more: Any) -> dict[str, Any]:
    base = {"channel": "sms", "direction": "inbound", "address": "line-1", "debts": ["A"]}
    return {"at": china("2026-03-10", time), **base, **more}


def answer(time: str, **more: Any) -> dict[str, Any]:
    return letter(time, direction="outbound", **more)


def owed(tmp_path: Path, proposed: dict[str, Any], *history: dict[str, Any]) -> bool:
    book = tiny(tmp_path, rule('unless = { fact = "d" }'), top=f'[[derive]]\nfact = "d"\n{OWED}')
    return broken(book, proposed, history) == []


def test_a_letter_opens_one_answer_in_the_same_medium_on_the_same_day(tmp_path: Path) -> None:
    asked = letter("09:00:00")
    assert owed(tmp_path, answer("09:00:01"), asked)
    assert owed(tmp_path, answer("23:59:59"), asked)
    assert not owed(tmp_path, answer("08:59:59"), asked)
    assert not owed(tmp_path, answer("09:00:01", channel="email"), asked)
    assert not owed(tmp_path, answer("09:00:01", address="line-2"), asked)
    assert not owed(tmp_path, answer("09:00:01", debts=["B"]), asked)
    assert not owed(tmp_path, answer("09:00:01", debts=["A", "B"]), asked)
    next_day = answer("09:00:00") | {"at": china("2026-03-11", "00:00:00")}
    assert not owed(tmp_path, next_day, asked)


def test_an_answer_closes_what_it_answered_and_none_in_another_medium_does(tmp_path: Path) -> None:
    asked = letter("09:00:00")
    assert not owed(tmp_path, answer("11:00:00"), asked, answer("10:00:00"))
    assert owed(tmp_path, answer("11:00:00"), asked, answer("10:00:00", channel="email"))
    assert owed(tmp_path, answer("11:00:00"), asked, answer("10:00:00", address="line-2"))
    assert owed(tmp_path, answer("11:00:00"), asked, answer("10:00:00"), letter("10:30:00"))


# ── what is refused, and what a derived fact rests on ──


def test_a_breach_names_the_contacts_that_a_derived_fact_came_from(tmp_path: Path) -> None:
    book = derive(tmp_path, RUN)
    three = missed("09:00:00", "10:00:00", "11:00:00")
    (because,) = ask(book, call(china("2026-03-11", "09:00:00")), three).because
    assert because.rests_on == ("tiny:d:history-0+history-1+history-2",)


def test_the_earliest_moment_sees_a_derived_fact_end(tmp_path: Path) -> None:
    book = derive(tmp_path, 'from = "consent"\nlasts = { dates = 7 }')
    found = first(book, call(TEN), (), [consent()])
    assert found.at == parse_moment(china("2026-03-17", "00:00:00"), where="")


def test_a_derived_fact_may_rest_on_one_defined_before_it(tmp_path: Path) -> None:
    chain = '[[derive]]\nfact = "early"\nfrom = "consent"\n'
    book = tiny(
        tmp_path,
        rule('on = { fact = "late" }'),
        top=chain
        + '[[derive]]\nfact = "late"\nbegins_on = { fact = "early", direction = "inbound" }\n',
    )
    heard = {"at": NIGHT, "channel": "sms", "direction": "inbound"}
    later = china("2026-04-01", "09:00:00")
    assert holds(book, later, consent(), history=[heard])
    assert not holds(book, later, history=[heard])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "needs one of"),
        ('from = "x"', "names a recorded fact"),
        ('from = "consent"\nlast = 3', "unknown key 'last'"),
        ('from = { fact = "consent", chanel = "call" }', "names a recorded fact"),
        ('from = { fact = "consent", channel = "cal" }', "channel 'cal' is unknown"),
        ('from = { fact = "consent", not_narrowed_by = ["x"] }', "not_narrowed_by 'x' is unknown"),
        ('from = { fact = "consent", value = { x = { passed = true } } }', "turn on the time"),
        ('from = "consent"\nlasts = { dates = 0 }', "lasts is written"),
        ('from = "consent"\nlasts = { dates = true }', "lasts is written"),
        ('from = "consent"\nlasts = 7', "lasts is written"),
        ('from = "consent"\nlasts = { dates = 7, first = "then" }', "first is since"),
        ('from = "consent"\ngrace = { business_days = "10" }', "grace is written"),
        ('from = "consent"\ngrace = { business_days = -1 }', "grace is written"),
        ('any = [{ run = 3 }]\nends_on = { channel = "call" }', "a run needs 'of'"),
        (
            'any = [{ run = "3" }]\nof = { channel = "call" }\nends_on = { channel = "sms" }',
            "a run",
        ),
        ('any = [{ run = 0 }]\nof = { channel = "call" }\nends_on = { channel = "sms" }', "a run"),
        (
            'any = [{ run = 3, unit = "week" }]\nof = { channel = "call" }\nends_on = {}',
            "a run|key",
        ),
        ('begins_on = { channel = "call" }\ncarries = ["party"]', "carries channel"),
        ('begins_on = { channel = "cal" }', "channel 'cal' is unknown"),
    ],
)
def test_a_derived_fact_that_means_nothing_is_refused_with_its_name(
    tmp_path: Path, table: str, said: str
) -> None:
    with pytest.raises(PackError, match=said) as caught:
        derive(tmp_path, table)
    assert str(caught.value).startswith("tiny: derive d: ")


def test_a_derived_fact_cannot_take_the_name_of_a_recorded_one(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="derived fact 'consent' is defined twice"):
        tiny(tmp_path, rule(), top='[[derive]]\nfact = "consent"\nfrom = "dispute"')


def test_no_derived_fact_can_run_in_a_circle(tmp_path: Path) -> None:
    circle = (
        '[[derive]]\nfact = "a"\nbegins_on = { fact = "b", channel = "call" }\n'
        '[[derive]]\nfact = "b"\nbegins_on = { fact = "a", channel = "call" }\n'
    )
    with pytest.raises(PackError, match="fact 'b' is undefined"):
        tiny(tmp_path, rule(), top=circle)


def test_a_run_that_nothing_ends_holds_once_there_are_so_many_in_all(tmp_path: Path) -> None:
    book = derive(tmp_path, 'any = [{ run = 2 }]\nof = { channel = "sms", direction = "outbound" }')
    made = [
        {"at": china("2026-03-01", "10:00:00"), "channel": "sms"},
        call(china("2026-03-02", "10:00:00"), outcome="conversation"),
        {"at": china("2026-03-03", "10:00:00"), "channel": "sms", "direction": "inbound"},
        {"at": china("2026-03-04", "10:00:00"), "channel": "sms"},
    ]
    assert not holds(book, TEN, history=made[:3])
    assert holds(book, TEN, history=made)


# ── what is kept of a history ──


def begun(tmp_path: Path, *letters: str, lasts: str = "") -> tuple[Standing, Derivation, list[Any]]:
    """A standing that heard from a person at these times of 10 March, and what it keeps of that."""
    table = f'[[derive]]\nfact = "d"\nbegins_on = {{ direction = "inbound" }}\n{lasts}'
    book = tiny(tmp_path, rule('on = { fact = "d" }'), top=f'{table}carries = ["channel"]\n')
    made = [
        {"at": china("2026-03-10", time), "channel": "letter", "direction": "inbound"}
        for time in letters
    ]
    contacts = [read_contact(each, where="", ident=str(n)) for n, each in enumerate(made)]
    standing = Standing(book, zone="Asia/Shanghai", contacts=contacts)
    machine = book.derivations["tiny:d"]
    return standing, machine, standing.state(machine, len(contacts))


def test_of_contacts_that_begin_the_same_for_good_the_first_and_the_latest_say_it_all(
    tmp_path: Path,
) -> None:
    times = ("09:00:00", "10:00:00", "11:00:00", "12:00:00")
    standing, machine, state = begun(tmp_path, *times)
    for upto, known in ((0, []), (1, ["0"]), (2, ["0", "1"]), (3, ["0", "2"]), (4, ["0", "3"])):
        asked = read_contact(call(NIGHT), where="", ident="asked")
        view = View(standing, asked, at=asked.instant, upto=upto, debts=())
        found = [
            fact.id.partition(":")[2].rpartition(":")[2] for fact in machine.facts(state, view)
        ]
        assert found == known
    machine.forget(state, Ahead(standing, at=asked.instant, since=asked.instant))
    assert len(state) == 2


def test_a_fact_that_is_over_is_forgotten_once_nobody_looks_back_so_far(tmp_path: Path) -> None:
    lasts = "lasts = { dates = 1 }\n"
    standing, machine, state = begun(tmp_path, "09:00:00", "10:00:00", lasts=lasts)
    (over,) = {derived.fact.until for derived in state}
    assert over is not None
    for since, left in ((over - 1, 2), (over, 0)):
        machine.forget(state, Ahead(standing, at=over, since=since))
        assert len(state) == left


def test_a_row_keeps_its_length_its_last_dates_and_names(tmp_path: Path) -> None:
    book = derive(tmp_path, 'any = [{ run = 2, unit = "date" }]\nof = { channel = "call" }')
    days = [call(china(f"2026-03-{day:02}", "10:00:00")) for day in range(1, 21)]
    contacts = [read_contact(each, where="", ident=str(n)) for n, each in enumerate(days)]
    standing = Standing(book, zone="Asia/Shanghai", contacts=contacts)
    state = standing.state(book.derivations["tiny:d"], len(contacts))
    assert state.row == 20
    assert len(state.dates) == 3
    assert state.contacts == ["17", "18", "19"]
