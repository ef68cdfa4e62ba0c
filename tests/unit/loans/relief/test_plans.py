"""What each measure makes of one plan, followed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.loans.relief.plain import DUES, PLAN, TERMS, TODAY, dues

from forbear.loans.parts import Component, Parts
from forbear.loans.relief.measures import (
    DelinquencyPause,
    DueMove,
    ExtraTerms,
    InterestPause,
    Kept,
    Measure,
    PersonalPlan,
    RateChange,
    ReAge,
    Reamortize,
    Settlement,
    Termination,
    Waiver,
)
from forbear.loans.relief.plans import reshape

OPEN = Parts(90_000, 1_820, 0, 500)
CLOSING = Parts(90_000, 1_100, 0, 500)


def test_the_plan_is_what_the_tests_say() -> None:
    assert PLAN.open == OPEN
    assert PLAN.closing == CLOSING
    assert PLAN.running == 720


def reage(interest: Kept, n: int = 3) -> ReAge:
    return ReAge(n=n, first_due=date(2026, 4, 30), interest=interest)


def test_a_frozen_re_age_pays_the_principal_first_in_level_instalments() -> None:
    made = reshape(PLAN, reage(Kept.FROZEN), TERMS).plan
    assert dues(made) == [("2026-04-30", 30_534), ("2026-05-30", 30_533), ("2026-06-30", 30_533)]
    assert [line.row.owed for line in made.lines[1:]] == [
        Parts(30_534),
        Parts(30_533),
        Parts(28_933, 1_100, 0, 500),
    ]
    assert made.running == 0


def test_accrued_interest_is_spread_and_future_interest_given_up() -> None:
    made = reshape(PLAN, reage(Kept.ACCRUED), TERMS).plan
    assert made.open == CLOSING
    assert [line.row.owed.interest for line in made.lines[1:]] == [367, 367, 366]
    assert [line.row.owed.penalty for line in made.lines[1:]] == [167, 167, 166]


def test_all_interest_can_be_kept_and_paying_early_still_saves_it() -> None:
    made = reshape(PLAN, reage(Kept.ALL), TERMS).plan
    assert made.open == OPEN
    assert made.running == 720


def test_what_was_paid_stays_on_its_row_and_unpaid_rows_go() -> None:
    made = reshape(PLAN, reage(Kept.FROZEN), TERMS).plan
    assert [line.row.due for line in made.lines] == [
        DUES[0], date(2026, 4, 30), date(2026, 5, 30), date(2026, 6, 30),
    ]  # fmt: skip
    assert made.lines[0].row.paid == Parts(30_000, 1_200)
    assert [line.row.number for line in made.lines] == [1, 2, 3, 4]
    assert [line.row.balance for line in made.lines] == [90_000, 59_466, 28_933, 0]


def test_a_re_age_from_the_31st_comes_back_to_the_31st() -> None:
    asked = ReAge(n=3, first_due=date(2026, 12, 31))
    made = reshape(PLAN, asked, TERMS).plan
    assert [day for day, _ in dues(made)] == ["2026-12-31", "2027-01-31", "2027-02-28"]


def test_reamortising_moves_what_is_due_into_the_rest_and_keeps_the_last_day() -> None:
    made = reshape(PLAN, Reamortize(), TERMS).plan
    assert dues(made) == [("2026-04-10", 46_320), ("2026-05-10", 46_000)]
    assert made.open == OPEN
    assert made.running == 720


def test_an_interest_pause_counts_both_of_its_ends() -> None:
    one_day = InterestPause(start=date(2026, 4, 15), end=date(2026, 4, 15))
    made = reshape(PLAN, one_day, TERMS).plan
    # 3.00 for 30 days: one of them is 0.10.
    assert made.lines[3].row.owed.interest == 290
    two_days = replace(one_day, end=date(2026, 4, 16))
    assert reshape(PLAN, two_days, TERMS).plan.lines[3].row.owed.interest == 280


def test_a_pause_dated_back_takes_accrued_interest_as_well() -> None:
    march = InterestPause(start=date(2026, 3, 11), end=date(2026, 4, 10))
    made = reshape(PLAN, march, TERMS).plan
    assert made.lines[2].row.owed.interest == 0
    assert made.lines[1].row.owed.interest == 900


def test_a_pause_before_the_loan_takes_nothing() -> None:
    long_ago = InterestPause(start=date(2020, 1, 1), end=date(2020, 12, 31))
    assert reshape(PLAN, long_ago, TERMS).plan.open == OPEN


def test_a_lower_rate_lowers_what_still_runs_in_its_proportion() -> None:
    made = reshape(PLAN, RateChange(annual_rate_percent=Decimal(6)), TERMS).plan
    assert [line.row.owed.interest for line in made.lines] == [1_200, 900, 410, 150]
    assert made.rate == 6


def test_a_higher_rate_is_no_relief_and_changes_nothing() -> None:
    made = reshape(PLAN, RateChange(annual_rate_percent=Decimal(13)), TERMS).plan
    assert made.open == OPEN
    assert made.rate == 12


def test_a_due_day_moves_with_those_after_it_and_costs_nothing() -> None:
    asked = DueMove(due=DUES[1], new_due=date(2026, 4, 25))
    made = reshape(PLAN, asked, TERMS)
    assert dues(made.plan) == [
        ("2026-04-25", 31_400), ("2026-05-25", 30_620), ("2026-06-25", 30_300),
    ]  # fmt: skip
    assert made.plan.open == OPEN
    # 36 days of 900.00 at 12 % are 10.65, which is not asked.
    assert made.added == 1_065


def test_moving_a_later_instalment_leaves_what_is_overdue_where_it_is() -> None:
    asked = DueMove(due=DUES[2], new_due=date(2026, 4, 20))
    made = reshape(PLAN, asked, TERMS).plan
    assert [day for day, _ in dues(made)] == ["2026-03-10", "2026-04-20", "2026-05-20"]


def test_extra_terms_make_smaller_rows_at_the_interest_there_was() -> None:
    made = reshape(PLAN, ExtraTerms(n=2), TERMS)
    assert dues(made.plan) == [
        ("2026-04-10", 23_080), ("2026-05-10", 23_080), ("2026-06-10", 23_080),
        ("2026-07-10", 23_080),
    ]  # fmt: skip
    assert made.plan.open == OPEN
    assert made.added > 0


def test_extra_terms_after_the_last_day_begin_in_the_future() -> None:
    later = replace(
        PLAN, on=date(2026, 7, 1), lines=tuple(replace(x, running=0) for x in PLAN.lines)
    )
    made = reshape(later, ExtraTerms(n=2), TERMS).plan
    assert [day for day, _ in dues(made)] == ["2026-07-10", "2026-08-10"]


def test_ending_the_contract_stops_interest_and_makes_one_row() -> None:
    made = reshape(PLAN, Termination(deadline=date(2026, 4, 30)), TERMS).plan
    assert dues(made) == [("2026-04-30", CLOSING.total)]


def test_a_waiver_takes_the_oldest_first_and_shows_on_the_row() -> None:
    made = reshape(PLAN, Waiver(amounts={Component.INTEREST: 1_000}), TERMS)
    assert made.waived == Parts(interest=1_000)
    assert [line.row.waived.interest for line in made.plan.lines] == [0, 900, 100, 0]
    assert made.plan.running == 720


def test_waiving_all_interest_leaves_none_to_run() -> None:
    made = reshape(PLAN, Waiver(amounts={Component.INTEREST: None}), TERMS).plan
    assert made.open == Parts(90_000, 0, 0, 500)
    assert made.running == 0


def test_forgiven_principal_bears_no_interest_any_more() -> None:
    made = reshape(PLAN, Waiver(amounts={Component.PRINCIPAL: 60_000}), TERMS)
    # Rows two and three are forgiven: the third row ran on 600.00, half of which is gone.
    assert made.plan.open.principal == 30_000
    assert [line.running for line in made.plan.lines] == [0, 0, 210, 300]


def test_penalties_past_due_are_waived_in_the_step_that_re_ages() -> None:
    waived = reshape(PLAN, Waiver(amounts={Component.PENALTY: None}), TERMS).plan
    made = reshape(waived, reage(Kept.ACCRUED), TERMS).plan
    assert made.open == Parts(90_000, 1_100)
    assert [line.row.waived.penalty for line in made.lines] == [0, 500, 0, 0, 0]


def test_a_settlement_asks_principal_first_and_forgives_the_rest() -> None:
    made = reshape(PLAN, Settlement(amount=91_000, deadline=date(2026, 4, 1)), TERMS)
    assert dues(made.plan) == [("2026-04-01", 91_000)]
    last = made.plan.lines[-1].row
    assert last.owed == CLOSING
    assert last.waived == Parts(0, 100, 0, 500)
    assert made.conditional == Parts(0, 820, 0, 500)


def test_a_plan_without_interest_asks_no_more_than_is_owed_today() -> None:
    asked = PersonalPlan(n=60, first_due=date(2026, 4, 20))
    made = reshape(PLAN, asked, TERMS)
    assert made.plan.open == CLOSING
    assert len(dues(made.plan)) == 60
    assert made.added == 0


def test_a_plan_at_a_rate_bears_no_more_interest_than_was_to_come() -> None:
    asked = PersonalPlan(n=24, first_due=date(2026, 4, 20), annual_rate_percent=Decimal(10))
    made = reshape(PLAN, asked, TERMS)
    assert made.plan.open == OPEN
    assert made.plan.running == 720
    assert made.added > 0
    amounts = [amount for _, amount in dues(made.plan)]
    assert max(amounts) - min(amounts) <= 4


@pytest.mark.parametrize(
    "measure",
    [
        DelinquencyPause(start=DUES[1], end=TODAY),
        RateChange(annual_rate_percent=Decimal(12)),
    ],
)
def test_what_moves_no_row_leaves_the_plan_as_it_is(measure: Measure) -> None:
    made = reshape(PLAN, measure, TERMS)
    assert dues(made.plan) == dues(PLAN)


def test_a_plan_with_nothing_open_is_left_alone() -> None:
    paid = replace(PLAN, lines=PLAN.lines[:1])
    assert reshape(paid, reage(Kept.ALL), TERMS).plan == paid
