"""Random households and loans for offers, drawn so that surpluses meet the borders of plans.

All from one ``random.Random``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random
from typing import Any

from forbear.base.money import text
from forbear.loans.days import month_after
from forbear.loans.offers.answering import Tried
from forbear.loans.offers.floors import regions
from forbear.loans.offers.offering import tried_of
from forbear.loans.reading import LoanFile, read_loan

ON = date(2026, 3, 10)
PRODUCTS = ("online_consumer", "credit_card", "cash_loan")
PLACES = [each for each in regions() if each.currency == "CNY"]


def loan(rnd: Random) -> LoanFile:
    """A loan with some instalments paid, some missed, and charges for it now and then."""
    principal, n = rnd.choice((80_000, 1_200_000, 5_000_000)), rnd.choice((3, 12, 24))
    begun = month_after(date(2025, 3, 1), rnd.randint(0, 8), rnd.choice((1, 10, 28, 31)))
    events: list[dict[str, Any]] = [
        {"kind": "disburse", "on": begun.isoformat(), "amount": text(principal, "CNY")}
    ]
    for month in range(1, rnd.randint(1, 5)):
        day = month_after(begun, month)
        if day < ON and rnd.random() < 0.7:
            paid = text(principal // n, "CNY")
            events.append({"kind": "repayment", "on": day.isoformat(), "amount": paid})
    events += [
        {
            "kind": "charge", "on": "2026-02-20", "due": "2026-02-20", "charge": charge,
            "amount": text(rnd.randint(1, 40_000), "CNY"),
        }
        for charge in ("penalty", "fee")
        if rnd.random() < 0.6
    ]  # fmt: skip
    events.sort(key=lambda each: each["on"])
    return read_loan(
        {
            "id": "L",
            "currency": "CNY",
            "product": {
                "annual_rate_percent": rnd.choice(("0", "7.2", "18", "24")),
                "interest_method": "declining_balance",
                "amortization": rnd.choice(("equal_installment", "equal_principal")),
                "interest_period": "same_as_repayment",
                "days_in_year": "360",
                "days_in_month": "30",
                "engine": "progressive",
            },
            "principal": text(principal, "CNY"),
            "submitted_on": begun.isoformat(),
            "n": n,
            "events": events,
        }
    )


@cache
def menus(seed: int, count: int) -> tuple[Tried, ...]:
    """The whole menus of so many random loans; previewing is the slow part, so it is done once."""
    rnd = Random(seed)
    made = []
    for _ in range(count):
        each = loan(rnd)
        made.append(
            tried_of(
                each.terms, each.entries, ON, product=rnd.choice(PRODUCTS),
                pay_day=rnd.choice((None, None, 1, 15, 31)),
            )
        )  # fmt: skip
    return tuple(made)


def household(rnd: Random, found: Tried) -> dict[str, Any]:
    """Circumstances as told; half of them so that the surplus lands on a plan's dearest month."""
    spending = rnd.randint(0, 900_000)
    told: dict[str, Any] = {
        "region": rnd.choice(PLACES).name.zh,
        "spending": text(spending, "CNY"),
        "other_debts": [text(rnd.randint(0, 60_000), "CNY") for _ in range(rnd.randint(0, 3))],
        "dependants": rnd.choice((0, 0, 1, 2, 5)),
        "irregular": rnd.random() < 0.3,
        "lump_sum": text(rnd.choice((0, 0, rnd.randint(0, 2_000_000))), "CNY"),
        "income": [text(rnd.randint(0, 1_500_000), "CNY") for _ in range(rnd.choice((1, 1, 6)))],
    }
    if rnd.random() < 0.5 and found.plans:
        target = rnd.choice(found.plans).monthly + rnd.choice((-1, 0, 1))
        told |= {"irregular": False, "other_debts": "0", "dependants": 0}
        told |= {"income": text(max(0, 900_000 + target), "CNY"), "spending": "9000.00"}
    return told
