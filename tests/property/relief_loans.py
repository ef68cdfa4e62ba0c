"""Random loans with payments and charges on them, and random requests for relief."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from forbear.loans.days import month_after
from forbear.loans.entries import Entry
from forbear.loans.parts import Component
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
    Request,
    Settlement,
    Termination,
    Waiver,
)
from forbear.loans.terms import Allocation, Recalculation, Terms

START: Final = date(2026, 1, 31)
_ORDER: Final = tuple(
    f"{when}_{what}"
    for when in ("past_due", "due", "in_advance")
    for what in ("penalty", "fee", "interest", "principal")
)
_ADVANCED: Final = Allocation("advanced", order=_ORDER)
_FIXED: Final = Allocation("mifos-standard")


@dataclass(frozen=True)
class Lent:
    """A loan, the day on which relief is asked for, and what happened until then."""

    terms: Terms
    entries: tuple[Entry, ...]
    on: date

    def more(self, kind: str, on: date, amount: int = 0, **details: object) -> Entry:
        """A further entry, the last to arrive."""
        seq = max(each.seq for each in self.entries) + 1
        return Entry(f"more{seq}", kind, on, on, seq, amount, details)

    def with_entries(self, *entries: Entry) -> Lent:
        """The same loan with more on it."""
        return replace(self, entries=(*self.entries, *entries))


@st.composite
def lent(draw: st.DrawFn) -> Lent:
    """A loan that was paid out, with some payments and charges, on some later day."""
    cumulative = draw(st.booleans())
    terms = Terms(
        currency=draw(st.sampled_from(["CNY", "CNY", "JPY", "USD"])),
        principal=draw(st.integers(20_000, 5_000_000)),
        annual_rate_percent=draw(st.sampled_from(["0", "7.2", "18", "24", "35.99"]).map(Decimal)),
        n=draw(st.integers(1, 18)),
        every=1,
        unit=draw(st.sampled_from(["months", "months", "weeks"])),
        starts_on=START,
        allocation=_FIXED if cumulative else _ADVANCED,
        engine="cumulative" if cumulative else "progressive",
        recalculation=None if cumulative or draw(st.booleans()) else Recalculation(),
        amortization="equal_installment",
    )
    on = START + timedelta(days=draw(st.integers(0, 500)))
    entries = [Entry("out", "disburse", START, START, 0, terms.principal)]
    days = (on - START).days
    for number in range(draw(st.integers(0, 4))):
        paid_on = START + timedelta(days=draw(st.integers(0, days)))
        amount = draw(st.integers(1, terms.principal // 3))
        entries.append(Entry(f"paid{number}", "repayment", paid_on, paid_on, 0, amount))
    for number in range(draw(st.integers(0, 2))):
        due = START + timedelta(days=draw(st.integers(0, days)))
        what = {"charge": draw(st.sampled_from(["fee", "penalty"])), "due": due}
        amount = draw(st.integers(1, 20_000))
        entries.append(Entry(f"charged{number}", "charge", due, due, 0, amount, what))
    entries.sort(key=lambda each: each.on)
    return Lent(terms, tuple(replace(each, seq=at) for at, each in enumerate(entries)), on)


def measures(on: date) -> st.SearchStrategy[Measure]:
    """A measure asked for on a day; not all of them can be granted."""
    later = st.integers(1, 90).map(lambda days: on + timedelta(days=days))
    around = st.integers(-120, 200).map(lambda days: on + timedelta(days=days))
    amounts = st.dictionaries(
        st.sampled_from(list(Component)), st.none() | st.integers(1, 30_000), min_size=1
    )
    pause = st.tuples(around, st.integers(0, 120)).map(
        lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
    )
    moves = st.tuples(st.integers(1, 18), st.integers(1, 120)).map(
        lambda pair: DueMove(
            due=month_after(START, pair[0]),
            new_due=month_after(START, pair[0]) + timedelta(days=pair[1]),
        )
    )
    return st.one_of(
        st.builds(
            ReAge,
            n=st.integers(1, 60),
            first_due=later,
            unit=st.sampled_from(["months", "weeks"]),
            interest=st.sampled_from(list(Kept)),
        ),
        st.just(Reamortize()),
        pause.map(lambda pair: InterestPause(start=pair[0], end=pair[1])),
        st.builds(
            RateChange, annual_rate_percent=st.sampled_from(["0", "3.65", "12"]).map(Decimal)
        ),
        moves,
        st.builds(ExtraTerms, n=st.integers(1, 24)),
        st.builds(Termination, deadline=later),
        amounts.map(lambda chosen: Waiver(amounts=chosen)),
        st.builds(Settlement, amount=st.integers(1, 2_000_000), deadline=later),
        st.builds(
            PersonalPlan,
            n=st.integers(1, 60),
            first_due=later,
            annual_rate_percent=st.sampled_from(["0", "5", "18"]).map(Decimal),
        ),
        pause.map(lambda pair: DelinquencyPause(start=pair[0], end=pair[1])),
    )


@st.composite
def asked(draw: st.DrawFn) -> tuple[Lent, Request]:
    """A loan and a request for relief of it, of one to three measures."""
    loan = draw(lent())
    chosen = draw(st.lists(measures(loan.on), min_size=1, max_size=3))
    product = draw(st.sampled_from(["online_consumer", "credit_card", "private_loan"]))
    return loan, Request(measures=tuple(chosen), product=product)
