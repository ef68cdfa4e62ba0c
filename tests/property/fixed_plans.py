"""Random loans with a fixed plan, and what happens to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from forbear.loans.cumulative import fold
from forbear.loans.cumulative.orders import ORDERS
from forbear.loans.entries import Entry
from forbear.loans.state import State
from forbear.loans.terms import Allocation, DownPayment, Recalculation, Terms

FIRST: Final = date(2026, 1, 31)


@dataclass(frozen=True)
class Fixed:
    """A loan, and the day on which it is looked at."""

    terms: Terms
    entries: tuple[Entry, ...]
    on: date

    def state(self) -> State:
        return fold(self.terms, self.entries, self.on)

    def with_entry(self, kind: str, amount: int = 0, **details: object) -> Fixed:
        """The loan with one more entry, of its day."""
        seq = len(self.entries)
        more = Entry(f"e{seq}", kind, self.on, self.on, seq, amount, details)
        return replace(self, entries=(*self.entries, more))


@st.composite
def agreed(draw: st.DrawFn, *, recalculated: bool | None = None) -> Terms:
    """Terms of every kind that a fixed plan has."""
    method = draw(st.sampled_from(["declining_balance", "flat", "zero"]))
    recalculates = draw(st.booleans()) if recalculated is None else recalculated
    recalculates = recalculates and method == "declining_balance"
    every, unit = draw(st.sampled_from([(1, "months"), (2, "weeks"), (15, "days"), (2, "months")]))
    how = Recalculation(
        draw(st.sampled_from(["reduce_installment", "reschedule_next_repayments"])),
        draw(st.sampled_from(["none", "interest"])),
        draw(st.sampled_from(["till_preclose_date", "till_rest_frequency_date"])),
        draw(st.sampled_from(["daily", "same_as_repayment"])),
    )
    whole = ["equal_installment", "equal_principal"]
    ways = whole if recalculates else [*whole, "interest_first", "bullet"]
    rate = 0 if method == "zero" else draw(st.integers(1, 36))
    return Terms(
        "CNY",
        draw(st.integers(10_000, 10_000_00)),
        Decimal(rate),
        draw(st.integers(1, 12)),
        every,
        unit,
        FIRST - timedelta(days=draw(st.integers(0, 40))),
        Allocation(draw(st.sampled_from(sorted(ORDERS)))),
        method,
        draw(st.sampled_from(ways)),
        draw(st.sampled_from(["daily", "same_as_repayment"])),
        draw(st.sampled_from(["actual", "360", "365"])),
        draw(st.sampled_from(["actual", "30"])),
        partial_period_interest=recalculates or draw(st.booleans()),
        multiple_of=draw(st.sampled_from([None, 100])),
        engine="cumulative",
        recalculation=how if recalculates else None,
        down_payment=draw(
            st.sampled_from(
                [None, DownPayment(Decimal(25), auto=True), DownPayment(Decimal(20), auto=False)]
            )
        ),
    )


@st.composite
def lived(draw: st.DrawFn, *, recalculated: bool | None = None, charges: bool = True) -> Fixed:
    """A loan with up to six things that happened to it, seen at the end of a day."""
    terms = draw(agreed(recalculated=recalculated))
    loan = Fixed(terms, (), terms.starts_on).with_entry("disburse", terms.principal)
    kinds = ["repayment"] * 6 + ["charge"] * (2 * charges) + ["disburse", "goodwill"]
    for _ in range(draw(st.integers(0, 6))):
        loan = replace(loan, on=loan.on + timedelta(days=draw(st.integers(0, 40))))
        kind = draw(st.sampled_from(kinds))
        if kind == "charge":
            due = loan.on + timedelta(days=draw(st.integers(0, 20)))
            which = draw(st.sampled_from(["fee", "penalty"]))
            loan = loan.with_entry("charge", draw(st.integers(100, 5000)), charge=which, due=due)
        elif kind == "disburse":
            loan = loan.with_entry(kind, draw(st.integers(1_000, 50_000)))
        else:
            open_now = loan.state().outstanding.total
            if open_now:
                loan = loan.with_entry(kind, draw(st.integers(1, open_now)))
    loan = replace(loan, on=loan.on + timedelta(days=draw(st.integers(0, 30))))
    return loan.with_entry("cob")
