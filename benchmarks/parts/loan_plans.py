"""Single plans of 36 rows: each of another principal, so that nothing can be kept of the last."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any, Final

from forbear.loans.plan import plan
from forbear.loans.terms import Allocation, Terms
from parts.measure import NOISE

_OPENED: Final = date(2026, 1, 31)
# Ways to repay that are in use, each with the words that differ from the first.
_WAYS: Final[dict[str, dict[str, Any]]] = {
    "equal instalments, 30/360": {},
    "equal instalments, actual/365": {
        "interest_period": "daily", "days_in_year": "365", "days_in_month": "actual"
    },
    "equal principal": {"amortization": "equal_principal"},
    "interest first": {"amortization": "interest_first"},
    "flat": {"interest_method": "flat"},
}  # fmt: skip


def rates(count: int, rounds: int) -> dict[str, float]:
    """Plans of 36 rows in a second of one core, for each way to repay; the ways take turns."""
    taken: dict[str, list[float]] = {name: [] for name in _WAYS}
    for _ in range(rounds):
        for name, words in _WAYS.items():
            terms = [_terms(1_000_000 + 7 * number, words) for number in range(count)]
            NOISE.feel()
            start = process_time()
            for each in terms:
                made = plan(each, [(_OPENED, each.principal)])
                assert len(made) == 36, "a plan of 36 rows was asked for"
            taken[name].append(process_time() - start)
    return {name: count / median(times) for name, times in taken.items()}


def _terms(principal: int, words: dict[str, Any]) -> Terms:
    usual = {
        "currency": "CNY", "principal": principal, "annual_rate_percent": Decimal(18), "n": 36,
        "every": 1, "unit": "months", "starts_on": _OPENED,
        "allocation": Allocation("mifos-standard"), "engine": "cumulative",
        "interest_period": "same_as_repayment", "days_in_year": "360", "days_in_month": "30",
    }  # fmt: skip
    return Terms(**{**usual, **words})
