"""One small plan, simple enough to be followed by hand, and the loan it comes from.

Four instalments of 300.00 on the tenth; the second is the oldest unpaid. On 20 March the interest
of February and March has accrued (9.00 and 10 of 31 days of 6.20), the rest still runs.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.relief.lines import Line, Plan
from forbear.loans.state import Row
from forbear.loans.terms import Allocation, Terms

TODAY: Final = date(2026, 3, 20)
DUES: Final = (date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 10), date(2026, 5, 10))
TERMS: Final = Terms(
    currency="CNY",
    principal=120_000,
    annual_rate_percent=Decimal(12),
    n=4,
    every=1,
    unit="months",
    starts_on=date(2026, 1, 10),
    allocation=Allocation("mifos-standard"),
    engine="cumulative",
)
PLAN: Final = Plan(
    on=TODAY,
    lines=(
        Line(Row(1, date(2026, 1, 10), DUES[0], Parts(30_000, 1_200), Parts(30_000, 1_200))),
        Line(Row(2, DUES[0], DUES[1], Parts(30_000, 900, 0, 500))),
        Line(Row(3, DUES[1], DUES[2], Parts(30_000, 620)), running=420),
        Line(Row(4, DUES[2], DUES[3], Parts(30_000, 300)), running=300),
    ),
    rate=Decimal(12),
    every=1,
    unit="months",
)
ENTRIES: Final = (
    Entry("out", "disburse", date(2026, 1, 10), date(2026, 1, 10), 0, 120_000),
    Entry("paid", "repayment", date(2026, 2, 10), date(2026, 2, 10), 1, 31_000),
    Entry(
        "late", "charge", date(2026, 3, 15), date(2026, 3, 15), 2, 500,
        {"charge": "penalty", "due": date(2026, 3, 15)},
    ),
)  # fmt: skip


def dues(plan: Plan) -> list[tuple[str, int]]:
    """The due days and amounts of what is open."""
    return [
        (line.row.due.isoformat(), line.row.outstanding.total)
        for line in plan.lines
        if line.row.outstanding.total
    ]
