"""The nightly close, as promises on thousands of random loans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.property.loans import loan as loan_of
from tests.property.plans import terms_of
from tests.property.portfolios import DAYS, Said, portfolio

from forbear.base.errors import LoanError
from forbear.batch import nightly_plain
from forbear.batch.nightly import close_table
from forbear.batch.nightly_schema import CLOSED, LOANS
from forbear.loans.close import Closed, Closing, close, closing_of, earned_of
from forbear.loans.lateness import TABLES, Rules
from forbear.loans.ledger import fold
from forbear.loans.parts import Parts
from forbear.loans.plan import plan
from forbear.loans.state import Row

DAY = timedelta(days=1)
LOANS_A_SEED = 150


def table_of(made: list[Said]) -> pa.Table:
    rates = [each["late_rate_percent"] for each in made]
    exact = [None if rate is None else Decimal(rate) for rate in rates]
    rows = [{**each, "late_rate_percent": rate} for each, rate in zip(made, exact, strict=True)]
    return pa.Table.from_pylist(rows, schema=LOANS)


def told(closed: Closed) -> dict[str, Any]:
    """What the scalar form says, by the names of the columns."""
    found = {
        f"{when}_{part}": amount
        for when in ("due", "overdue", "outstanding")
        for part, amount in getattr(closed, when)._asdict().items()
    }
    return found | {
        "closed_on": closed.on,
        "days_past_due": closed.days_past_due,
        "delinquent_days": closed.delinquent_days,
        "bucket": closed.bucket,
        "bucket_move": closed.move,
        "interest_earned": closed.earned,
        "interest_accrued": closed.accrued,
        "interest_receivable": closed.receivable,
        "next_due": closed.next_due,
        "next_amount": closed.next_amount,
        "late_interest": closed.late_interest,
        "late_rest": closed.late_rest,
    }


def scalar_of(said: Said, on: date) -> dict[str, Any] | str:
    """What the scalar form says of a row, or why it refuses it."""
    try:
        return told(nightly_plain.closed(said, on))
    except LoanError as error:
        return str(error)


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_a_portfolio_is_closed_as_each_of_its_loans_would_be(seed: int, wrong: bool):
    rnd = Random(seed)
    on = DAYS[seed % len(DAYS)] + rnd.choice((0, 0, 1, 17)) * DAY
    table = table_of(portfolio(rnd, LOANS_A_SEED, on, wrong=wrong))
    found, refused, scalar = close_table(table, on)
    assert found.schema == CLOSED
    assert scalar < LOANS_A_SEED // 10, "the compiled form is what is put to the test"
    why = {place: (ident, said) for place, ident, said in refused}
    rows = iter(found.to_pylist())
    for place, said in enumerate(table.to_pylist()):
        right = scalar_of(said, on)
        if isinstance(right, str):
            assert why.pop(place) == (said["id"], right)
            continue
        got = next(rows)
        assert {name: got[name] for name in right} == right, said
        assert (got["id"], got["currency"]) == (said["id"], said["currency"])
    assert not why
    assert next(rows, None) is None


def loans_of(seed: int) -> list[tuple[list[Row], Closing, date]]:
    """Loans as the scalar form reads them, with the day that they were drawn about."""
    rnd = Random(seed)
    on = rnd.choice(DAYS)
    made = []
    for said in portfolio(rnd, 60, on):
        rows = [nightly_plain._row(row, n, f"rows[{n}]") for n, row in enumerate(said["rows"], 1)]
        made.append((rows, nightly_plain._closing(said), on))
    return made


@pytest.mark.parametrize("seed", range(100, 106))
def test_nights_in_any_grouping_give_one_sum(seed: int):
    rnd = Random(seed)
    for rows, terms, on in loans_of(seed):
        first = close(rows, terms, on)
        at_once = close(rows, terms, on + 60 * DAY, first.night)
        day, night, late, accrued = on, first.night, 0, 0
        while day < on + 60 * DAY:
            day = min(day + rnd.choice((1, 1, 2, 13)) * DAY, on + 60 * DAY)
            closed = close(rows, terms, day, night)
            late, accrued, night = (
                late + closed.late_interest,
                accrued + closed.accrued,
                closed.night,
            )
        assert (late, night.late_rest) == (at_once.late_interest, at_once.late_rest)
        assert accrued == at_once.accrued
        assert night == at_once.night


@pytest.mark.parametrize("seed", range(200, 206))
def test_interest_grows_day_by_day_to_what_the_plan_says_and_no_further(seed: int):
    for rows, terms, on in loans_of(seed):
        whole = sum(row.owed.interest for row in rows)
        days = [rows[0].start - DAY, *(on + n * DAY for n in range(-40, 40)), rows[-1].due]
        earned = [close(rows, terms, day).earned for day in sorted(days)]
        assert earned == sorted(earned)
        assert earned[0] == sum(row.owed.interest for row in rows if row.due < rows[0].start)
        assert close(rows, terms, rows[-1].due + DAY).earned == whole
        assert all(0 <= earned_of(row, terms, on) <= row.owed.interest for row in rows)


@pytest.mark.parametrize("seed", range(300, 306))
def test_what_is_overdue_due_and_ahead_is_what_is_outstanding(seed: int):
    for rows, terms, on in loans_of(seed):
        closed = close(rows, terms, on)
        ahead = sum(row.outstanding.total for row in rows if row.due > on)
        assert closed.overdue.total + closed.due.total + ahead == closed.outstanding.total
        assert closed.next_amount <= ahead
        assert (closed.next_due is None) == (ahead == 0)
        assert (closed.days_past_due > 0) == (closed.overdue.total > 0)
        assert 0 <= closed.receivable <= closed.earned


@pytest.mark.parametrize("seed", range(400, 406))
def test_a_payment_makes_nothing_worse(seed: int):
    rnd = Random(seed)
    for rows, terms, on in loans_of(seed):
        before = close(rows, terms, on)
        open_rows = [n for n, row in enumerate(rows) if row.outstanding.total]
        if not open_rows:
            continue
        place = open_rows[0]
        left = rows[place].outstanding
        paid = Parts(*(rnd.choice((0, part // 2, part)) for part in left))
        after_rows = list(rows)
        after_rows[place] = replace(rows[place], paid=rows[place].paid.plus(paid))
        after = close(after_rows, terms, on)
        assert after.days_past_due <= before.days_past_due
        assert terms.ageing.rank(after.bucket) <= terms.ageing.rank(before.bucket)
        assert after.late_interest <= before.late_interest
        assert after.receivable <= before.receivable
        assert after.outstanding.total == before.outstanding.total - paid.total


@pytest.mark.parametrize("seed", range(500, 600))
def test_the_ledger_s_own_plans_are_plans_to_the_close(seed: int):
    terms, paid_out = terms_of(Random(seed))
    rows = plan(terms, paid_out)
    closing = closing_of(terms, Rules(buckets=TABLES["months"]))
    end = close(rows, closing, rows[-1].due + 400 * DAY)
    assert end.overdue == end.outstanding
    assert end.outstanding.total == sum(row.owed.total for row in rows)
    assert end.earned == end.outstanding.interest
    assert (end.bucket, end.next_due) == ("M7", None)


def test_the_ledger_s_own_loans_are_closed_alike_in_columns():
    found = [loan_of(seed) for seed in range(600, 900)]
    on = date(2025, 1, 2)
    states = [fold(each.terms, each.entries, on) for each in found]
    said = [
        nightly_plain.said_of(f"{n}", each.terms, state)
        for n, (each, state) in enumerate(zip(found, states, strict=True))
    ]
    table, refused, _ = close_table(pa.Table.from_pylist(said, schema=LOANS), on)
    assert not refused
    for got, each, state in zip(table.to_pylist(), found, states, strict=True):
        rules = Rules(
            buckets=TABLES[str(each.terms.options.get("buckets", "range"))],
            grace_days=each.terms.arrears_grace_days,
        )
        right = told(close(state.rows, closing_of(each.terms, rules), on))
        assert {name: got[name] for name in right} == right
