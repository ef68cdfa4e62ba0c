"""The bucket that is kept, the history of its moves, and the pauses that hold it still."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.ageing import Ageing, Move
from forbear.loans.entries import Entry
from forbear.loans.lateness import NO_DELINQUENCY, Moving, Rules
from forbear.loans.parts import Parts
from forbear.loans.state import Row, State
from forbear.loans.terms import Allocation, Terms

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def feb(day: int) -> date:
    return date(2026, 2, day)


def mar(day: int) -> date:
    return date(2026, 3, day)


def loan(paid: int = 0, second: int = 0) -> State:
    rows = (
        Row(1, JAN, FEB, Parts(10_000), Parts(paid)),
        Row(2, FEB, MAR, Parts(10_000), Parts(second)),
    )
    return State(JAN, "CNY", rows, (), status="closed" if paid + second == 20_000 else "active")


def entry(kind: str, recorded_on: date, on: date | None = None, **details: Any) -> Entry:
    return Entry(f"{kind}-{recorded_on}", kind, on or recorded_on, recorded_on, 0, 0, details)


def fresh(moving: Moving = Moving.BOTH_WAYS, *, grace: int = 0) -> Ageing:
    rules = Rules(grace_days=grace, by_instalment=True, moving=moving)
    return Ageing(rules, "CNY").see(entry("disburse", JAN), loan())


def told(ageing: Ageing) -> list[tuple[str, date, date | None]]:
    return [(move.bucket, move.since, move.until) for move in ageing.moves]


def test_the_days_are_live_and_the_bucket_waits_for_the_end_of_the_day() -> None:
    ageing = fresh()
    assert ageing.on(feb(11))["loan"] == {
        "bucket": NO_DELINQUENCY, "amount": "100.00", "since": "2026-02-01",
        "delinquent_days": 10, "past_due_days": 10,
    }  # fmt: skip
    assert ageing.see(entry("cob", feb(11)), loan()).on(feb(11))["loan"]["bucket"] == "RANGE_3"


def test_a_new_loan_has_no_state_and_no_delinquency() -> None:
    assert Ageing(Rules(), "JPY").on(feb(11)) == {
        "loan": {"bucket": NO_DELINQUENCY, "since": None},
        "live": {"amount": "0", "delinquent_days": 0, "past_due_days": 0},
        "installments": [], "pauses": [], "history": [],
    }  # fmt: skip


def test_the_live_figures_stand_beside_the_bucket_of_every_loan() -> None:
    plain = Ageing(Rules(grace_days=3), "CNY").see(entry("cob", feb(11)), loan()).on(feb(12))
    assert plain["loan"] == {"bucket": "RANGE_3", "since": "2026-02-04"}
    assert plain["live"] == {"amount": "100.00", "delinquent_days": 8, "past_due_days": 11}
    each = fresh().on(feb(12))
    assert each["loan"].items() >= each["live"].items()


def test_seeing_an_entry_leaves_the_ageing_before_it_as_it_was() -> None:
    before = fresh()
    after = before.see(entry("cob", feb(11)), loan())
    assert (before.bucket, after.bucket) == (NO_DELINQUENCY, "RANGE_3")
    assert before == fresh()


def test_a_late_run_dates_the_arrears_to_the_day_on_which_they_began() -> None:
    ageing = fresh(grace=3).see(entry("cob", feb(11)), loan())
    assert told(ageing) == [
        ("RANGE_1", feb(5), feb(10)),
        ("RANGE_3", feb(11), None),
    ]


def test_days_left_out_since_the_last_run_are_caught_up_one_by_one() -> None:
    ageing = fresh().see(entry("cob", FEB), loan()).see(entry("cob", feb(11)), loan())
    assert told(ageing) == [("RANGE_1", feb(2), feb(4)), ("RANGE_3", feb(5), None)]


def test_what_a_movement_of_money_looked_at_is_not_looked_at_again() -> None:
    ageing = fresh().see(entry("cob", FEB), loan())
    ageing = ageing.see(entry("repayment", feb(6)), loan(1))
    ageing = ageing.see(entry("cob", feb(8)), loan(1))
    assert told(ageing) == [("RANGE_1", feb(2), feb(5)), ("RANGE_3", feb(6), None)]


def test_a_run_of_one_day_may_be_repeated() -> None:
    once = fresh().see(entry("cob", feb(11)), loan())
    assert once.see(entry("cob", feb(11)), loan()) == once
    assert once.see(entry("cob", feb(10)), loan()).closed_on == feb(11)


def test_a_payment_ends_the_stay_in_a_bucket_on_its_day() -> None:
    ageing = fresh().see(entry("cob", feb(11)), loan())
    paid = ageing.see(entry("repayment", feb(13)), loan(10_000))
    assert paid.bucket == NO_DELINQUENCY
    assert paid.moves[-1] == Move("RANGE_3", feb(11), feb(13))
    assert paid.instalments == ()


def test_arrears_between_two_runs_are_told_by_the_history() -> None:
    paid = fresh().see(entry("repayment", feb(3)), loan(10_000))
    assert told(paid) == [("RANGE_1", feb(2), feb(3))]


def test_a_payment_undone_on_its_day_starts_no_stay_in_the_future() -> None:
    ageing = fresh().see(entry("cob", feb(11)), loan())
    ageing = ageing.see(entry("repayment", feb(13)), loan(10_000))
    ageing = ageing.see(entry("undo", feb(13), what="repayment"), loan())
    assert ageing.bucket == "RANGE_3"
    assert ageing.moves[-1] == Move("RANGE_3", feb(13))


def test_arrears_after_an_undo_begin_after_the_stay_that_ended() -> None:
    ageing = fresh().see(entry("cob", feb(11)), loan())
    ageing = ageing.see(entry("repayment", feb(13)), loan(10_000))
    ageing = ageing.see(entry("undo", feb(20), what="repayment"), loan())
    assert ageing.moves[-1] == Move("RANGE_3", feb(14))


def test_a_pause_freezes_the_bucket_while_the_overdue_amount_grows() -> None:
    ageing = fresh().see(entry("cob", feb(4)), loan())
    ageing = ageing.see(entry("delinquency_pause", feb(5), start=feb(5), end=mar(4)), loan())
    for day in (feb(5), feb(20), mar(4)):
        ageing = ageing.see(entry("cob", day), loan())
        assert ageing.bucket == "RANGE_1"
    said = ageing.on(mar(4))
    assert said["loan"]["delinquent_days"] == 4
    assert (said["loan"]["past_due_days"], said["loan"]["amount"]) == (31, "200.00")
    assert said["pauses"] == [{"active": True, "from": "2026-02-05", "to": "2026-03-04"}]
    after = ageing.see(entry("cob", mar(5)), loan())
    assert after.bucket == "RANGE_3"
    assert after.on(mar(5))["pauses"][0]["active"] is False


def test_a_pause_holds_the_bucket_of_the_day_before_it_even_where_no_run_came_between() -> None:
    ageing = fresh().see(entry("cob", FEB), loan())
    ageing = ageing.see(entry("delinquency_pause", feb(11), start=feb(11), end=feb(28)), loan())
    assert ageing.see(entry("cob", feb(11)), loan()).bucket == "RANGE_3"


def test_a_pause_dated_back_lowers_the_bucket_at_once() -> None:
    ageing = fresh().see(entry("cob", feb(11)), loan())
    pause = entry("delinquency_pause", feb(12), start="2026-02-03", end="2026-02-20")
    assert ageing.see(pause, loan()).bucket == "RANGE_1"


def test_pauses_may_follow_each_other_and_be_resumed_early() -> None:
    ageing = fresh()
    ageing = ageing.see(entry("delinquency_pause", feb(2), start=feb(2), end=feb(20)), loan())
    ageing = ageing.see(entry("delinquency_resume", feb(10), start=feb(10)), loan())
    ageing = ageing.see(entry("delinquency_pause", feb(15), start=feb(15), end=feb(18)), loan())
    assert ageing.on(feb(28))["pauses"] == [
        {"active": False, "from": "2026-02-02", "to": "2026-02-10"},
        {"active": False, "from": "2026-02-15", "to": "2026-02-18"},
    ]
    assert ageing.standing(feb(28)).delinquent_days == 27 - 8 - 3


def test_a_pause_that_is_undone_never_was() -> None:
    plain = fresh().see(entry("cob", feb(11)), loan())
    paused = plain.see(entry("delinquency_pause", feb(12), start=feb(3), end=feb(20)), loan())
    undone = paused.see(entry("undo", feb(12), what="delinquency_pause"), loan())
    assert (undone.pauses, undone.bucket) == ((), "RANGE_3")
    assert undone.standing(feb(12)) == plain.standing(feb(12))


def test_a_pause_of_a_grant_goes_with_the_grant_and_no_other() -> None:
    plain = fresh().see(entry("cob", feb(11)), loan())
    mine = entry("delinquency_pause", feb(12), start=feb(3), end=feb(7), grant="g1")
    other = entry("delinquency_pause", feb(13), start=feb(8), end=feb(9), grant="g2")
    paused = plain.see(mine, loan()).see(other, loan())
    assert paused.standing(feb(13)).delinquent_days == 12 - 4 - 1
    undone = paused.see(entry("relief_undo", feb(13), grant="g1"), loan())
    assert [(pause.start, pause.grant) for pause in undone.pauses] == [(feb(8), "g2")]
    assert undone.standing(feb(13)).delinquent_days == 12 - 1
    assert undone.bucket == "RANGE_3"


def test_an_undo_may_name_the_entry_of_a_pause() -> None:
    first = entry("delinquency_pause", feb(2), start=feb(2), end=feb(4))
    second = entry("delinquency_pause", feb(5), start=feb(5), end=feb(8))
    paused = fresh().see(first, loan()).see(second, loan())
    undone = paused.see(entry("undo", feb(9), entry=first.id), loan())
    assert [pause.start for pause in undone.pauses] == [feb(5)]


def test_rows_are_bucketed_only_where_the_loan_as_a_whole_is_delinquent() -> None:
    ageing = fresh(grace=3).see(entry("cob", feb(4)), loan())
    assert ageing.on(feb(4))["installments"] == []
    ageing = ageing.see(entry("cob", feb(5)), loan())
    assert ageing.on(feb(5))["installments"] == [{"bucket": "RANGE_3", "amount": "100.00"}]


def test_by_default_a_movement_of_money_moves_the_bucket_both_ways() -> None:
    ageing = fresh().see(entry("cob", feb(4)), loan())
    assert ageing.see(entry("repayment", feb(20)), loan(1)).bucket == "RANGE_3"


def test_where_better_comes_at_once_no_payment_makes_the_bucket_worse() -> None:
    ageing = fresh(Moving.BETTER_AT_ONCE).see(entry("cob", feb(4)), loan())
    paid = ageing.see(entry("repayment", feb(20)), loan(4_000))
    assert paid.bucket == "RANGE_1"
    assert paid.on(feb(20))["installments"] == [{"bucket": "RANGE_1", "amount": "60.00"}]
    assert paid.see(entry("cob", feb(20)), loan(4_000)).bucket == "RANGE_3"


def test_where_better_comes_at_once_a_payment_counts_from_its_value_date() -> None:
    ageing = fresh(Moving.BETTER_AT_ONCE).see(entry("cob", feb(11)), loan())
    ageing = ageing.see(entry("cob", feb(25)), loan())
    paid = ageing.see(entry("repayment", feb(26), on=feb(15)), loan(10_000))
    assert paid.bucket == NO_DELINQUENCY
    assert paid.moves[-1] == Move("RANGE_3", feb(11), feb(15))


def test_the_stays_of_a_history_follow_each_other_without_overlap() -> None:
    ageing = fresh()
    for day in range(1, 29):
        ageing = ageing.see(entry("cob", feb(day)), loan())
    for day in range(1, 28):
        ageing = ageing.see(entry("cob", mar(day)), loan())
    for before, after in zip(ageing.moves, ageing.moves[1:], strict=False):
        assert before.until is not None
        assert after.since == before.until + timedelta(1)


def terms(**options: object) -> Terms:
    return Terms(
        "CNY", 20_000, Decimal(0), 2, 1, "months", JAN, Allocation("advanced"),
        arrears_grace_days=3, options=options,
    )  # fmt: skip


def test_the_terms_say_how_a_loan_ages() -> None:
    ageing = Ageing.of(
        terms(installment_level_delinquency=True, buckets="months", bucket_moving="better_at_once")
    )
    assert ageing.rules.bucket_of(31) == "M2"
    assert ageing.rules.grace_days == 3
    assert ageing.rules.by_instalment
    assert ageing.rules.moving is Moving.BETTER_AT_ONCE
    assert Ageing.of(terms()).rules == Rules(grace_days=3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"buckets": "weeks"}, "buckets: «weeks» is not known; known are range, months"),
        (
            {"bucket_moving": "never"},
            "bucket_moving: «never» is not known; known are both_ways, better_at_once",
        ),
    ],
)
def test_a_word_that_is_not_known_is_refused_with_those_that_are(
    options: dict[str, object], said: str
) -> None:
    with pytest.raises(LoanError) as raised:
        Ageing.of(terms(**options))
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (entry("delinquency_pause", feb(2), start=feb(9), end=feb(2)), "before it starts"),
        (entry("delinquency_pause", feb(2), start=feb(9)), "end: «None» is not a day"),
        (
            entry("delinquency_pause", feb(2), start=feb(9), end="2026-02-31"),
            "end: «2026-02-31» is not a day; write it as 2026-03-10",
        ),
        (entry("delinquency_resume", feb(2), start=feb(2)), "no pause runs on 2026-02-02"),
        (entry("undo", feb(2), what="delinquency_pause"), "no pause to undo"),
    ],
)
def test_a_pause_that_cannot_be_is_refused_in_one_line_with_its_entry(
    refused: Entry, said: str
) -> None:
    with pytest.raises(LoanError, match=said) as raised:
        fresh().see(refused, loan())
    assert str(raised.value).startswith(f"entry {refused.id}, ")
    assert "\n" not in str(raised.value)
