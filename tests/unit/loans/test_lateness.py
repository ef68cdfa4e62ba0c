"""Days past due, delinquent days, buckets and the days that pauses take away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forbear.loans.lateness import (
    NO_DELINQUENCY,
    TABLES,
    Bucket,
    Pause,
    Rules,
    Standing,
    by_bucket,
    paused_days,
    standing,
)
from forbear.loans.parts import Component, Parts
from forbear.loans.state import Posting, Row, State

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


def row(number: int, start: date, due: date, owed: int, paid: int = 0) -> Row:
    return Row(number, start, due, Parts(owed), Parts(paid))


def loan(
    *rows: Row, chargebacks: tuple[tuple[date, int], ...] = (), status: str = "active"
) -> State:
    postings = tuple(
        Posting(f"c{n}", on, "chargeback", amount, Parts(amount), 0)
        for n, (on, amount) in enumerate(chargebacks)
    )
    return State(JAN, "CNY", rows, postings, status=status)


THREE = (row(1, JAN, FEB, 100), row(2, FEB, MAR, 100), row(3, MAR, APR, 100))


@pytest.mark.parametrize("name", TABLES)
def test_the_buckets_of_a_table_hold_every_day_once_and_in_order(name: str) -> None:
    rules = Rules(TABLES[name])
    held = [rules.bucket_of(days) for days in range(1, 1000)]
    assert list(dict.fromkeys(held)) == [bucket.name for bucket in TABLES[name]]
    assert [rules.rank(each) for each in held] == sorted(rules.rank(each) for each in held)
    assert NO_DELINQUENCY not in held


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, NO_DELINQUENCY), (1, "RANGE_1"), (3, "RANGE_1"), (4, "RANGE_3"), (30, "RANGE_3"),
        (31, "RANGE_30"), (60, "RANGE_30"), (61, "RANGE_60"), (91, "RANGE_90"),
        (121, "RANGE_120"), (151, "RANGE_150"), (181, "RANGE_180"), (240, "RANGE_180"),
        (241, "RANGE_240"), (4000, "RANGE_240"),
    ],
)  # fmt: skip
def test_both_ends_of_a_bucket_belong_to_it(days: int, bucket: str) -> None:
    assert Rules().bucket_of(days) == bucket


def test_days_beyond_a_table_without_an_open_end_are_in_no_bucket() -> None:
    rules = Rules((Bucket("LATE", 1, 30),))
    assert rules.bucket_of(31) == NO_DELINQUENCY
    assert rules.rank(NO_DELINQUENCY) == 0


@pytest.mark.parametrize(
    ("on", "past_due", "delinquent"),
    [(FEB, 0, 0), (date(2026, 2, 2), 1, 0), (date(2026, 2, 4), 3, 0), (date(2026, 2, 5), 4, 1)],
)
def test_the_due_day_is_no_day_late_and_grace_is_not_counted(
    on: date, past_due: int, delinquent: int
) -> None:
    found = standing(loan(*THREE), on, (), Rules(grace_days=3))
    assert (found.past_due_days, found.delinquent_days) == (past_due, delinquent)


def test_what_is_due_on_the_day_itself_is_not_late_yet() -> None:
    assert standing(loan(*THREE), MAR, (), Rules()).amount == 100
    assert standing(loan(*THREE), MAR + timedelta(1), (), Rules()).amount == 200


def test_the_clock_starts_at_the_oldest_unpaid_row() -> None:
    paid = loan(row(1, JAN, FEB, 100, paid=100), *THREE[1:])
    assert standing(paid, date(2026, 3, 11), (), Rules()) == Standing(100, MAR, 10, 10)


def test_a_part_payment_does_not_move_the_clock() -> None:
    short = loan(row(1, JAN, FEB, 100, paid=99), *THREE[1:])
    assert standing(short, date(2026, 2, 11), (), Rules()) == Standing(1, FEB, 10, 10)


@pytest.mark.parametrize("status", ["proposed", "closed", "overpaid", "written_off"])
def test_a_loan_that_does_not_run_is_never_late(status: str) -> None:
    assert standing(loan(*THREE, status=status), APR, (), Rules()) == Standing()


def test_a_chargeback_starts_the_clock_before_the_due_day_of_its_row() -> None:
    charged = loan(
        row(1, JAN, FEB, 100, paid=100), row(2, FEB, MAR, 300, paid=0),
        chargebacks=((date(2026, 2, 10), 200),),
    )  # fmt: skip
    assert standing(charged, date(2026, 2, 10), (), Rules()) == Standing()
    assert standing(charged, date(2026, 2, 15), (), Rules()).since == date(2026, 2, 10)
    assert standing(charged, date(2026, 2, 15), (), Rules()).amount == 200
    late = standing(charged, date(2026, 3, 5), (), Rules())
    assert late == Standing(300, date(2026, 2, 10), 23, 23)


def test_a_chargeback_that_is_paid_for_again_leaves_the_due_day_as_the_start() -> None:
    repaid = loan(
        row(1, JAN, FEB, 100, paid=100), row(2, FEB, MAR, 300, paid=200),
        chargebacks=((date(2026, 2, 10), 200),),
    )  # fmt: skip
    assert standing(repaid, date(2026, 3, 5), (), Rules()) == Standing(100, MAR, 4, 4)


def test_a_chargeback_on_the_last_due_day_counts_from_that_day() -> None:
    charged = loan(row(1, JAN, FEB, 150, paid=0), chargebacks=((FEB, 50),))
    assert standing(charged, date(2026, 2, 11), (), Rules()).since == FEB


def test_pauses_take_their_days_away_and_none_twice() -> None:
    pauses = [
        Pause(date(2026, 2, 5), date(2026, 2, 10)),
        Pause(date(2026, 2, 8), date(2026, 2, 12)),
    ]
    assert paused_days(pauses, FEB, MAR) == 7
    assert paused_days(pauses[:1], FEB, date(2026, 2, 7)) == 2
    assert paused_days(pauses, date(2026, 2, 9), date(2026, 2, 11)) == 2
    assert paused_days(pauses, MAR, APR) == 0
    assert paused_days(list(reversed(pauses)), FEB, MAR) == 7


def test_a_pause_never_makes_days_negative() -> None:
    pauses = (Pause(JAN, APR),)
    assert standing(loan(*THREE), date(2026, 2, 11), pauses, Rules(grace_days=3)) == Standing(
        100, FEB, 10, 0
    )


def test_rows_are_aged_each_for_itself_and_without_grace() -> None:
    rules = Rules(grace_days=3)
    assert by_bucket(loan(*THREE), date(2026, 3, 3), (), rules) == (
        ("RANGE_1", 100),
        ("RANGE_3", 100),
    )
    assert by_bucket(loan(*THREE), date(2026, 4, 20), (), rules) == (
        ("RANGE_3", 100),
        ("RANGE_30", 100),
        ("RANGE_60", 100),
    )


def test_a_pause_counts_for_a_row_only_after_its_due_day() -> None:
    pauses = (Pause(date(2026, 2, 20), date(2026, 3, 10)),)
    assert by_bucket(loan(*THREE), date(2026, 3, 12), pauses, Rules()) == (
        ("RANGE_1", 100),  # due on 1 March: eleven days less nine
        ("RANGE_3", 100),  # due on 1 February: thirty-nine days less eighteen
    )


def test_an_amount_is_found_by_its_component() -> None:
    parts = Parts(1, 2, 3, 4)
    assert [parts.of(component) for component in Component] == [1, 2, 3, 4]
