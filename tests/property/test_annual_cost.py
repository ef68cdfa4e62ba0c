"""What is promised of every annual rate, over made-up flows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forbear.batch.annual import ASK, FOUND, NO_RATE, Flows, annual_rates, judged, uncertified
from forbear.cli.proposals import propose
from forbear.loans.cost.flows import EXACT, Curve, Flow
from forbear.loans.cost.judge import NoRate, Rate, Why, certifies, solve
from forbear.loans.cost.rates import log_of

AMOUNTS = st.integers(1, 10**9)
EPOCH = date(2020, 1, 1)


@st.composite
def loans(draw: st.DrawFn) -> list[Flow]:
    """Advances within two months and payments a month later or more, in years of 365 days."""
    advances = draw(st.lists(st.tuples(st.integers(0, 60), AMOUNTS), min_size=1, max_size=3))
    payments = draw(st.lists(st.tuples(st.integers(90, 3650), AMOUNTS), min_size=1, max_size=40))
    flows = [Flow(-amount, Fraction(day, 365)) for day, amount in advances]
    return flows + [Flow(amount, Fraction(day, 365)) for day, amount in payments]


@st.composite
def any_flows(draw: st.DrawFn) -> list[Flow]:
    """Flows of either sign, as often as they like."""
    amounts = draw(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8))
    return [Flow(amount, Fraction(at, 4)) for at, amount in enumerate(amounts)]


def sign_at(flows: Sequence[Flow], rate: Decimal) -> int:
    with localcontext(EXACT):
        return Curve(flows).at(log_of(rate)).sign


@given(loans())
def test_a_loan_has_one_rate_and_its_bracket_proves_it(flows: list[Flow]):
    found = solve(flows)
    assert isinstance(found, Rate)
    assert found.high - found.low <= Decimal("1.001e-12") * max(1, 1 + found.high)
    if found.low > -1:
        assert sign_at(flows, found.low) * sign_at(flows, found.high) == -1


@given(loans())
def test_the_flows_discounted_at_the_rate_balance(flows: list[Flow]):
    found = solve(flows)
    assert isinstance(found, Rate)
    assume(found.low > Decimal("-0.99"))
    with localcontext(EXACT):
        sizes = Curve(flows).discounted(log_of(found.value))
        steep = abs(Curve(flows).at(log_of(found.value)).slope)
        assert abs(sum(sizes)) <= steep * Decimal("1e-12") + sum(map(abs, sizes)) * Decimal("1e-28")


@given(loans(), st.integers(1, 10**6))
def test_the_unit_of_the_amounts_does_not_change_the_rate(flows: list[Flow], times: int):
    assert solve([Flow(flow.amount * times, flow.time) for flow in flows]) == solve(flows)


@given(loans(), st.integers(-100, 100))
def test_the_day_that_time_is_counted_from_does_not_change_the_rate(flows: list[Flow], by: int):
    moved = [Flow(flow.amount, flow.time + Fraction(by, 7)) for flow in flows]
    assert solve(moved) == solve(flows)


@given(loans(), st.randoms(use_true_random=False))
def test_the_order_in_which_flows_are_told_does_not_change_the_rate(flows: list[Flow], rng: object):
    told = list(flows)
    rng.shuffle(told)  # type: ignore[attr-defined]
    assert solve(told) == solve(flows)


@given(loans(), AMOUNTS)
def test_a_further_charge_never_makes_a_loan_cheaper(flows: list[Flow], charge: int):
    before = solve(flows)
    after = solve([*flows, Flow(charge, max(flow.time for flow in flows))])
    assert isinstance(before, Rate)
    assert isinstance(after, Rate)
    assert after.value >= before.value


@given(loans())
def test_an_answer_does_not_depend_on_who_proposes(flows: list[Flow]):
    assert solve(flows, propose=propose) == solve(flows)


@given(loans())
def test_the_judge_certifies_what_pyxirr_finds_and_nothing_beside_it(flows: list[Flow]):
    days = [EPOCH + timedelta(days=int(flow.time * 365)) for flow in flows]
    found = pyxirr.xirr(days, [float(flow.amount) for flow in flows], silent=True)
    mine = solve(flows)
    assert isinstance(mine, Rate)
    assume(found is not None and -0.9 < found < 100)
    near = Decimal("1e-7") * max(1, 1 + Decimal(found))
    assume(abs(Decimal(found) - mine.value) < near)  # it stops early now and then
    assert certifies(flows, Decimal(found), Decimal("1e-7"))
    assert not certifies(flows, Decimal(found) + 10 * near, Decimal("1e-7"))


@given(any_flows())
def test_every_rate_that_is_named_balances_the_flows(flows: list[Flow]):
    found = solve(flows)
    rates = [found] if isinstance(found, Rate) else found.found
    for each in rates:
        if each.low > -1:
            assert sign_at(flows, each.low) * sign_at(flows, each.high) == -1
    if isinstance(found, NoRate):
        assert (found.why is Why.SEVERAL) == (len(rates) > 1)


@given(any_flows(), st.fractions(Fraction(-9, 10), 10, max_denominator=1000))
def test_no_rate_is_missed(flows: list[Flow], rate: Fraction):
    """Flows made to balance at a chosen rate: it is among those that are found."""
    time = Fraction(len(flows), 4)
    with localcontext(EXACT):
        growth = log_of(Decimal(rate.numerator) / rate.denominator)
        at = [(time - flow.time) for flow in flows]
        grown = sum(
            (flow.amount * (growth * t.numerator / t.denominator).exp())
            for flow, t in zip(flows, at, strict=True)
        )
        last = Flow(-grown, time)
    assume(any(flow.amount for flow in flows))
    found = solve([*flows, last])
    assume(not (isinstance(found, NoRate) and found.why in (Why.TOUCHES, Why.NOTHING, Why.BEYOND)))
    rates = [found] if isinstance(found, Rate) else found.found
    asked = Decimal(rate.numerator) / rate.denominator
    assert any(abs(each.value - asked) < Decimal("1e-9") * (1 + abs(asked)) for each in rates)


@settings(deadline=None)
@given(st.lists(st.one_of(loans(), any_flows()), min_size=1, max_size=20))
def test_many_rates_at_once_are_the_rates_one_by_one(many: list[list[Flow]]):
    starts, days, amounts = [0], list[int](), list[int]()
    for flows in many:
        told = sorted((int(flow.time * 365), int(flow.amount)) for flow in flows)
        days += [day for day, _ in told]
        amounts += [amount for _, amount in told]
        starts.append(len(days))
    columns = Flows(np.array(starts), np.array(days, np.int32), np.array(amounts, np.int64))
    found = annual_rates(columns, workers=1)
    for loan, state in enumerate(found.state.tolist()):
        alone = judged(columns, loan)
        if state == FOUND:
            assert isinstance(alone, Rate)
            assert abs(Decimal(float(found.rate[loan])) - alone.value) < Decimal("1e-9") * (
                1 + abs(alone.value)
            )
        elif state == NO_RATE:
            assert isinstance(alone, NoRate)
            assert alone.why in (Why.NO_RATE, Why.NOTHING)
        else:
            assert state == ASK
    certain = [loan for loan, state in enumerate(found.state) if state == FOUND]
    assert uncertified(columns, found, certain) == []
