"""What a plan promises, on thousands of random loans. A failure names the seed of its loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from tests.property.plans import terms_of

from forbear.base.money import Rounding
from forbear.loans.bounds import checked
from forbear.loans.days import month_after, share_of_year, stepped, steps_until, year_share
from forbear.loans.entries import Entry
from forbear.loans.ledger import fold
from forbear.loans.plan import plan
from forbear.loans.state import Row

MANY = 2500


def own(rows: tuple[Row, ...]) -> list[Row]:
    """The instalments, down payments left out."""
    return [row for row in rows if not row.down_payment]


def interest(rows: tuple[Row, ...]) -> int:
    return sum(row.owed.interest for row in rows)


def ordinary(rnd: Random) -> dict[str, Any]:
    """Fields of loans such as people have: monthly, up to 36 % a year and 60 instalments.

    Beyond those one minor unit of an instalment grows to more than the loan in the end.
    """
    return {
        "n": rnd.randrange(2, 61),
        "every": 1,
        "unit": "months",
        "annual_rate_percent": Decimal(rnd.randrange(0, 3600)) / 100,
        "principal": rnd.randrange(100_000, 10**9),
        "multiple_of": None,
        "first_due": None,
    }


def test_the_principal_of_the_rows_is_the_money_paid_out_and_ends_at_nothing() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed))
        rows = plan(terms, paid_out)
        assert sum(row.owed.principal for row in rows) == sum(a for _, a in paid_out), seed
        assert rows[-1].balance == 0, seed
        assert [row.number for row in rows] == list(range(1, len(rows) + 1)), seed


def test_nothing_in_a_plan_is_negative() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed))
        for row in plan(terms, paid_out):
            assert min(*row.owed, row.balance) >= 0, (seed, row)


def test_due_days_go_forward_and_each_row_begins_where_the_last_one_ended() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed))
        rows = own(plan(terms, paid_out))
        assert rows[0].start == min(on for on, _ in paid_out), seed
        assert all(row.start < row.due for row in rows), seed
        assert all(a.due == b.start for a, b in pairwise(rows)), seed
        assert len(rows) == (1 if terms.amortization == "bullet" else terms.n), seed


def test_the_balance_is_what_was_paid_out_by_then_less_what_fell_due() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed))
        repaid = 0
        for row in plan(terms, paid_out):
            repaid += row.owed.principal
            if row.down_payment:
                out = sum(a for on, a in paid_out if on <= row.due)
            else:
                out = sum(a for on, a in paid_out if on < row.due)
            assert row.balance == out - repaid, (seed, row)


def test_a_loan_at_no_rate_bears_no_interest() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        free = rnd.choice(({"annual_rate_percent": Decimal(0)}, {"interest_method": "zero"}))
        assert interest(plan(*terms_of(rnd, **free))) == 0, seed


def test_interest_is_the_balance_times_the_rate_times_the_part_of_the_year() -> None:
    """Worked out a second time, in fractions, without the scaled rates of the plan."""
    for seed in range(MANY):
        terms, paid_out = terms_of(
            Random(seed), interest_method="declining_balance", interest_period="daily",
            down_payment=None, first_due=None, grace_interest_periods=0,
        )  # fmt: skip
        if len(paid_out) > 1:
            continue
        rows = plan(terms, paid_out)
        balance = paid_out[0][1]
        for row in rows:
            share = year_share(
                row.start, row.due, days_in_year=terms.days_in_year,
                days_in_month=terms.days_in_month, unit=terms.unit, of=terms.starts_on.day,
            )  # fmt: skip
            exact = balance * Fraction(terms.annual_rate_percent) / 100 * share
            off = row.owed.interest - exact
            # A rate of nineteen places may turn a tie, and no more than that.
            tie = Fraction(balance, 10**18)
            if terms.rounding is Rounding.DOWN:
                assert -1 - tie < off <= tie, (seed, row)
            else:
                assert abs(off) <= Fraction(1, 2) + tie, (seed, row)
            balance -= row.owed.principal


def test_equal_instalments_are_equal_and_the_last_takes_the_rest() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(
            Random(seed), amortization="equal_installment", down_payment=None, first_due=None,
            grace_interest_periods=0,
        )  # fmt: skip
        rows = plan(terms, paid_out)[terms.grace_principal_periods :]
        if len(paid_out) > 1 or any(row.owed.principal == 0 for row in rows):
            continue
        assert len({row.owed.total for row in rows[:-1]}) <= 1, seed


def test_the_last_instalment_is_close_to_the_others_where_a_loan_is_an_ordinary_one() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        terms, paid_out = terms_of(
            rnd, **ordinary(rnd), amortization="equal_installment",
            interest_method="declining_balance", down_payment=None, grace_principal_periods=0,
            grace_interest_periods=0, interest_period="daily",
        )  # fmt: skip
        if len(paid_out) > 1:
            continue
        rows = plan(terms, paid_out)
        # Where no instalment closes the gap any further, one unit more would overshoot it.
        assert abs(rows[-1].owed.total - rows[0].owed.total) <= 2 * terms.n, (seed, terms)


def test_equal_principal_is_equal_but_for_the_rest() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed), amortization="equal_principal")
        rows = own(plan(terms, paid_out))[terms.grace_principal_periods :]
        if len(paid_out) == 1:
            assert len({row.owed.principal for row in rows[:-1]}) <= 1, seed
            assert abs(rows[-1].owed.principal - rows[0].owed.principal) <= len(rows), seed


def test_a_longer_grace_on_principal_never_makes_an_ordinary_loan_cheaper() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        terms, paid_out = terms_of(
            rnd, **ordinary(rnd), interest_method="declining_balance", grace_principal_periods=0
        )
        costs = [
            interest(plan(replace(terms, grace_principal_periods=grace), paid_out))
            for grace in range(min(terms.n, 4))
        ]
        # Each row is rounded once, so a rest of half a unit a row may go either way.
        assert all(b - a >= -terms.n for a, b in pairwise(costs)), (seed, costs)


def test_a_grace_on_interest_moves_it_and_changes_no_sum() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed), grace_interest_periods=0)
        rows = plan(terms, paid_out)
        later = plan(replace(terms, grace_interest_periods=min(2, terms.n - 1)), paid_out)
        assert interest(rows) == interest(later), seed
        assert [r.owed.principal for r in rows] == [r.owed.principal for r in later], seed


def test_a_higher_rate_never_makes_an_ordinary_loan_cheaper() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        terms, paid_out = terms_of(rnd, **ordinary(rnd))
        dearer = replace(terms, annual_rate_percent=terms.annual_rate_percent + 1)
        assert interest(plan(dearer, paid_out)) >= interest(plan(terms, paid_out)) - terms.n, seed


def test_the_order_in_which_disbursements_are_told_changes_nothing() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        terms, paid_out = terms_of(rnd)
        told = plan(terms, paid_out)
        by_day = sorted(paid_out, key=lambda each: each.on)
        if len({each.on for each in paid_out}) == len(paid_out):
            assert plan(terms, by_day) == told, seed


def test_flat_interest_is_the_same_whatever_is_repaid_in_between() -> None:
    for seed in range(MANY):
        terms, paid_out = terms_of(Random(seed), interest_method="flat", down_payment=None)
        if terms.amortization != "bullet":
            ways = ("equal_installment", "equal_principal", "interest_first")
            sums = {interest(plan(replace(terms, amortization=way), paid_out)) for way in ways}
            assert len(sums) == 1, seed


def test_random_terms_are_within_the_bounds_of_loans() -> None:
    for seed in range(MANY):
        terms, _ = terms_of(Random(seed), multiple_of=None)
        assert checked(terms) is terms, seed


def test_the_ledger_opens_with_the_plan() -> None:
    """The rows before any payment are those that the borrower was shown."""
    for seed in range(800):
        rnd = Random(seed)
        terms, paid_out = terms_of(
            rnd, first_due=None, interest_period="daily", rounding=Rounding.HALF_EVEN,
            interest_method=rnd.choice(("declining_balance", "flat")),
            annual_rate_percent=Decimal(rnd.randrange(0, 3600)) / 100, multiple_of=None,
            principal=rnd.randrange(100_000, 10**8), n=rnd.randrange(8, 37),
            grace_principal_periods=rnd.choice((0, 0, 3)),
            grace_interest_periods=rnd.choice((0, 0, 2)),
        )  # fmt: skip
        if len(paid_out) > 1:
            continue
        ((on, amount),) = paid_out
        opened = fold(terms, [Entry("e1", "disburse", on, on, 0, amount)], on)
        assert shape(opened.rows) == shape(plan(terms, paid_out)), (seed, terms)


def shape(rows: tuple[Row, ...]) -> list[tuple[date, int, int, int]]:
    return [(row.due, row.owed.principal, row.owed.interest, row.balance) for row in rows]


# ── days ──


def test_due_days_never_drift_from_the_day_of_the_month() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        start = date(2000, 1, 1) + timedelta(days=rnd.randrange(20_000))
        for k in range(40):
            due = stepped(start, rnd.randrange(1, 7), "months", k)
            last = month_after(due.replace(day=1), 1) - timedelta(days=1)
            assert due.day == min(start.day, last.day), (seed, k)


def test_steps_are_counted_as_they_are_made() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        start = date(2000, 1, 1) + timedelta(days=rnd.randrange(20_000))
        every, unit = rnd.randrange(1, 20), rnd.choice(("days", "weeks", "months"))
        for k in range(5):
            due = stepped(start, every, unit, k)
            assert steps_until(start, every, unit, due) == k, (seed, k)
            before = due - timedelta(days=1)
            assert steps_until(start, every, unit, before) == max(k - 1, 0), (seed, k)


def test_parts_of_a_year_add_up_however_they_are_cut() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        days = sorted(date(2019, 1, 1) + timedelta(days=rnd.randrange(3000)) for _ in range(3))
        for year in ("365", "360", "actual"):
            parts = [Fraction(*share_of_year(a, b, days_in_year=year)) for a, b in pairwise(days)]
            whole = Fraction(*share_of_year(days[0], days[2], days_in_year=year))
            assert sum(parts) == whole, (seed, year)


def test_a_year_of_whole_months_is_one_whatever_its_days() -> None:
    for seed in range(MANY):
        rnd = Random(seed)
        start = date(2000, 1, 1) + timedelta(days=rnd.randrange(20_000))
        k = rnd.randrange(1, 30)
        share = year_share(
            month_after(start, k), month_after(start, k + 12, start.day), days_in_year="360",
            days_in_month="30", of=start.day,
        )  # fmt: skip
        assert share == 1, seed
