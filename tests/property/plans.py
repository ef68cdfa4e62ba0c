"""Random terms of loans as lenders have them, and some as they should not; one seed, one loan."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from forbear.base.money import Rounding
from forbear.loans.periods import Disbursement
from forbear.loans.products.application import CHINA
from forbear.loans.terms import DownPayment, Terms

DAY_COUNTS = (("365", "actual"), ("360", "actual"), ("360", "30"), ("actual", "actual"))
STEPS = (
    (1, "months"), (2, "months"), (3, "months"), (1, "weeks"), (2, "weeks"), (10, "days"),
    (15, "days"), (30, "days"), (1, "days"),
)  # fmt: skip
# Ends of months and of years, and leap days, are where days go wrong.
SEEDS = (
    date(2024, 1, 31), date(2023, 12, 31), date(2024, 2, 29), date(2025, 2, 28), date(2026, 6, 15),
    date(2099, 12, 1),
)  # fmt: skip
_AMOUNTS = (1, 7, 99, 12_345, 1_000_000, 20_000_001, 999_999_999, 10**14)


def terms_of(rnd: Random, **fixed: Any) -> tuple[Terms, list[Disbursement]]:
    """The terms of a loan and when its money goes out; ``fixed`` are fields that stay."""
    every, unit = rnd.choice(STEPS)
    year, month = rnd.choice(DAY_COUNTS)
    n = rnd.choice((1, 2, 3, 6, 12, 24, 36, rnd.randrange(1, 120)))
    seed = rnd.choice(SEEDS) if rnd.random() < 0.6 else date(2023, 1, 1) + timedelta(
        days=rnd.randrange(1500)
    )  # fmt: skip
    grace = rnd.randrange(n) if rnd.random() < 0.2 else 0
    fields: dict[str, Any] = {
        "currency": "CNY",
        "principal": rnd.choice(_AMOUNTS) if rnd.random() < 0.3 else rnd.randrange(1, 10**8),
        "annual_rate_percent": Decimal(
            0 if rnd.random() < 0.1 else rnd.randrange(0, 3600 if rnd.random() < 0.9 else 100_000)
        ) / 100,
        "n": n,
        "every": every,
        "unit": unit,
        "starts_on": seed,
        "allocation": CHINA,
        "interest_method": rnd.choice(("declining_balance", "declining_balance", "flat", "zero")),
        "amortization": rnd.choice(
            ("equal_installment",) * 2 + ("equal_principal", "interest_first", "bullet")
        ),
        "interest_period": rnd.choice(("daily", "daily", "same_as_repayment")),
        "days_in_year": year,
        "days_in_month": month,
        "partial_period_interest": rnd.random() < 0.5,
        "rounding": rnd.choice(list(Rounding)),
        "multiple_of": rnd.choice((None, None, 100, 1000)),
        "down_payment": DownPayment(Decimal(rnd.choice((10, 25, 50))))
        if rnd.random() < 0.15 else None,
        "grace_principal_periods": grace,
        "grace_interest_periods": rnd.randrange(n) if rnd.random() < 0.2 else 0,
        "first_due": seed + timedelta(days=rnd.randrange(1, 70)) if rnd.random() < 0.2 else None,
    }  # fmt: skip
    fields |= fixed
    terms = Terms(**fields)
    return terms, _paid_out(rnd, terms) if rnd.random() < 0.25 else [
        Disbursement(terms.starts_on, terms.principal)
    ]


def _paid_out(rnd: Random, terms: Terms) -> list[Disbursement]:
    """Several disbursements, in any order, all before the last due day."""
    paid_out = [Disbursement(terms.starts_on, terms.principal)]
    if terms.first_due is None:
        within = (terms.n - 1) * terms.every * {"days": 1, "weeks": 7, "months": 28}[terms.unit]
        paid_out += [
            Disbursement(terms.starts_on + timedelta(days=rnd.randrange(within)), each)
            for each in (rnd.randrange(1, 10**7) for _ in range(rnd.randrange(1, 4)))
            if within > 0
        ]
    rnd.shuffle(paid_out)
    return paid_out
