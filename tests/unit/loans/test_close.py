"""The close of one loan, by figures that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from forbear.base.errors import LoanError
from forbear.base.money import Rounding
from forbear.loans.close import Closing, Night, close, closing_of, ppm_of
from forbear.loans.lateness import NO_DELINQUENCY, TABLES, Pause, Rules
from forbear.loans.parts import Parts
from forbear.loans.state import Row
from forbear.loans.terms import Allocation, Terms

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
DAY = timedelta(days=1)
PLAN = (
    Row(1, JAN, FEB, Parts(10_000, 310, 50)),
    Row(2, FEB, MAR, Parts(10_000, 280)),
    Row(3, MAR, APR, Parts(10_000, 155)),
)
LATE = Closing(late_ppm=ppm_of(Decimal("18.25")))


def test_interest_is_earned_by_the_days_of_its_period():
    closed = close(PLAN, Closing(), date(2026, 1, 11))
    assert (closed.earned, closed.receivable, closed.accrued) == (100, 100, 100)
    assert close(PLAN, Closing(), JAN).earned == 0
    assert close(PLAN, Closing(), FEB).earned == 310
    assert close(PLAN, Closing(), date(2026, 2, 8)).earned == 310 + 70


@pytest.mark.parametrize(
    ("rounding", "earned"), [(Rounding.HALF_EVEN, 2), (Rounding.HALF_UP, 3), (Rounding.DOWN, 2)]
)
def test_half_a_cent_is_rounded_as_the_terms_say(rounding: Rounding, earned: int):
    rows = [Row(1, JAN, JAN + 20 * DAY, Parts(100, 5))]
    assert close(rows, Closing(rounding=rounding), JAN + 10 * DAY).earned == earned


def test_a_day_of_a_leap_year_weighs_less_where_the_terms_count_actual_years():
    start, end = date(2023, 12, 21), date(2024, 1, 10)
    rows = [Row(1, start, end, Parts(0, 731 * 1_000))]
    # Ten nights of 2023 weigh 366 each, ten of 2024 weigh 365: together 7,310.
    assert close(rows, Closing(by_years=True), date(2023, 12, 31)).earned == 366 * 1_000
    assert close(rows, Closing(), date(2023, 12, 31)).earned == 365_500


def test_tonight_s_interest_is_what_last_night_did_not_know():
    night = close(PLAN, Closing(), date(2026, 1, 11)).night
    assert close(PLAN, Closing(), date(2026, 1, 12), night).accrued == 10
    frozen = [replace(row, owed=Parts(10_000, 0)) for row in PLAN]
    assert close(frozen, Closing(), date(2026, 1, 12), night).accrued == -100


def test_interest_that_was_paid_or_waived_is_receivable_no_more():
    rows = [replace(PLAN[0], paid=Parts(interest=60), waived=Parts(interest=50)), *PLAN[1:]]
    assert close(rows, Closing(), date(2026, 1, 11)).receivable == 0
    assert close(rows, Closing(), date(2026, 1, 21)).receivable == 200 - 110
    assert close(rows, Closing(), FEB).receivable == 200


def test_what_is_due_today_is_not_overdue():
    closed = close(PLAN, Closing(), FEB)
    assert closed.due == Parts(10_000, 310, 50)
    assert closed.overdue == Parts()
    assert (closed.days_past_due, closed.bucket) == (0, NO_DELINQUENCY)
    assert (closed.next_due, closed.next_amount) == (MAR, 10_280)
    assert closed.outstanding == Parts(30_000, 745, 50)


def test_what_fell_due_before_is_overdue_by_its_components():
    rows = [replace(PLAN[0], paid=Parts(4_000, 310)), *PLAN[1:]]
    closed = close(rows, Closing(), FEB + 7 * DAY)
    assert closed.overdue == Parts(6_000, 0, 50)
    assert (closed.days_past_due, closed.delinquent_days, closed.bucket) == (7, 7, "RANGE_3")


def test_a_loan_that_is_written_off_owes_nothing():
    rows = [replace(row, written_off=row.owed) for row in PLAN]
    closed = close(rows, LATE, APR + 300 * DAY)
    assert closed.outstanding == closed.overdue == Parts()
    assert (closed.days_past_due, closed.late_interest, closed.next_due) == (0, 0, None)


def test_grace_takes_days_from_the_ageing_and_no_days_past_due():
    terms = Closing(ageing=Rules(buckets=TABLES["months"], grace_days=3))
    inside, after = (close(PLAN, terms, FEB + days * DAY) for days in (3, 4))
    assert (inside.days_past_due, inside.delinquent_days, inside.bucket) == (3, 0, NO_DELINQUENCY)
    assert (after.days_past_due, after.delinquent_days, after.bucket) == (4, 1, "M1")


def test_a_bucket_moves_as_far_as_it_moved_since_last_night():
    worse = close(PLAN, Closing(), MAR + DAY, Night(closed_on=MAR, bucket=NO_DELINQUENCY))
    assert (worse.bucket, worse.move) == ("RANGE_3", 2)
    paid = [replace(row, paid=row.owed) for row in PLAN[:2]]
    better = close([*paid, PLAN[2]], Closing(), MAR + 2 * DAY, worse.night)
    assert (better.bucket, better.move) == (NO_DELINQUENCY, -2)
    assert close(PLAN, Closing(), MAR).move == 0


def test_a_pause_takes_its_days_away_and_holds_the_bucket():
    pause = Pause(FEB + 2 * DAY, FEB + 12 * DAY)
    night = Night(closed_on=FEB + 2 * DAY, bucket="RANGE_1")
    within = close(PLAN, Closing(), FEB + 9 * DAY, night, [pause])
    assert (within.days_past_due, within.delinquent_days) == (9, 2)
    assert (within.bucket, within.move) == ("RANGE_1", 0)
    after = close(PLAN, Closing(), FEB + 14 * DAY, within.night, [pause])
    assert (after.delinquent_days, after.bucket) == (4, "RANGE_3")


def test_late_interest_is_there_only_where_the_terms_name_its_rate():
    on = FEB + 10 * DAY
    assert close(PLAN, Closing(), on).late_interest == 0
    # 10,000 at 18.25 % for ten days of 365: 50.
    assert close(PLAN, LATE, on).late_interest == 50
    both = replace(LATE, late_on="principal_and_interest")
    assert close(PLAN, both, on).late_interest == 51
    assert close(PLAN, both, on).late_rest == both.late_unit * 55 // 100


def test_late_interest_is_counted_from_the_night_before_and_after_the_grace():
    night = close(PLAN, LATE, FEB + 9 * DAY).night
    assert close(PLAN, LATE, FEB + 10 * DAY, night).late_interest == 5
    graced = replace(LATE, ageing=Rules(grace_days=4))
    assert close(PLAN, graced, FEB + 10 * DAY).late_interest == 30
    assert close(PLAN, graced, FEB + 4 * DAY).late_interest == 0


def test_the_rate_of_late_interest_is_exact():
    assert ppm_of(Decimal("0.0001")) == 1
    assert ppm_of(Decimal(24)) == 240_000
    for wrong in ("-1", "0.00001", "1000.0001", "NaN"):
        with pytest.raises(LoanError, match="late_rate_percent"):
            ppm_of(Decimal(wrong))


@pytest.mark.parametrize(
    ("year", "month", "unit", "expected"),
    [
        ("365", "actual", "months", (365, False)),
        ("360", "actual", "months", (360, False)),
        ("360", "30", "months", (360, False)),
        ("actual", "actual", "months", (365, True)),
        ("actual", "30", "months", (365, False)),
        ("actual", "30", "weeks", (365, True)),
    ],
)
def test_the_close_counts_days_as_the_terms_do(
    year: str, month: str, unit: str, expected: tuple[int, bool]
):
    terms = Terms(
        "CNY", 1_000, Decimal(12), 3, 1, unit, JAN, Allocation("mifos-standard"),
        days_in_year=year, days_in_month=month,
    )  # fmt: skip
    found = closing_of(terms, Rules(), late_percent=Decimal("1.5"))
    assert (found.year, found.by_years) == expected
    assert found.late_ppm == 15_000


def wrong(**fields: object) -> tuple[Row, ...]:
    return (PLAN[0], replace(PLAN[1], **fields), PLAN[2])


@pytest.mark.parametrize(
    ("rows", "terms", "last", "said"),
    [
        (wrong(due=JAN), Closing(), Night(), "row 2: it falls due on 2026-01-01, before it starts"),
        ((PLAN[1], PLAN[0]), Closing(), Night(), "row 2: .*before the row above it"),
        (wrong(owed=Parts(-1)), Closing(), Night(), "row 2: principal owed is -1"),
        (wrong(owed=Parts(10**15 + 1)), Closing(), Night(), "row 2: principal owed is 10000"),
        (wrong(paid=Parts(10_001)), Closing(), Night(), "row 2: of 10000 .* 10001 are settled"),
        (wrong(paid=Parts(fee=-1)), Closing(), Night(), "row 2: of 0 .* fee owed -1 are settled"),
        (PLAN, Closing(), Night(closed_on=FEB + DAY), "closed_on: 2026-02-02 lies after"),
        (PLAN, Closing(), Night(bucket="M1"), "bucket: «M1» is not known; known are NO_DELINQ"),
        (PLAN, Closing(), Night(earned=-1), "interest_earned: -1"),
        (PLAN, Closing(), Night(late_rest=365 * 10**6), "late_rest: 365000000"),
        (PLAN, Closing(ageing=Rules(grace_days=-1)), Night(), "arrears_grace_days: -1"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused_with_its_place(
    rows: tuple[Row, ...], terms: Closing, last: Night, said: str
):
    with pytest.raises(LoanError, match=said):
        close(rows, terms, FEB, last)
