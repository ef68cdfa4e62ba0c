from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from forbear.cli import proposals
from forbear.loans.cost.flows import Curve, Flow


@pytest.fixture(autouse=True)
def _forgetting() -> Iterator[None]:
    proposals._library.cache_clear()
    yield
    proposals._library.cache_clear()


def proposed(*flows: tuple[int, str | int]) -> Decimal | None:
    return proposals.propose(Curve(Flow(a, Fraction(t)) for a, t in flows).terms)


@pytest.mark.parametrize(
    "flows",
    [
        ((-100, 0), (110, 1)),
        ((-100, "1/12"), (110, "13/12")),
        ((-100, 0), (50, "100/365"), (58, "300/365")),
    ],
)
def test_whole_periods_months_and_days_are_proposed(flows: tuple[tuple[int, str | int], ...]):
    found = proposed(*flows)
    assert found is not None
    assert abs(found - Decimal("0.1")) < Decimal("0.1")


def test_times_that_fit_no_grid_get_no_proposal():
    assert proposed((-100, 0), (110, "1/7")) is None
    assert proposed((-100, 0), (110, 90_000)) is None


def test_simple_interest_for_odd_days_gets_no_proposal():
    odd = Curve([Flow(-100, Fraction(0)), Flow(110, Fraction(1), Fraction(1, 2))])
    assert proposals.propose(odd.terms) is None


def test_without_the_library_nothing_is_proposed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyxirr", None)
    assert proposed((-100, 0), (110, 1)) is None
