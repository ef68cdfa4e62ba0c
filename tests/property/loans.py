"""Random loans: terms of each engine, and what may happen to a loan, at any time in its life.

A loan is drawn from a seed. One that breaks a promise is made small before it is shown: entries
are left out as long as the promise stays broken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, reject, settings
from hypothesis import strategies as st

from forbear.base.errors import LoanError
from forbear.loans.cumulative.orders import ORDERS
from forbear.loans.entries import Entry
from forbear.loans.terms import Allocation, DownPayment, Recalculation, Terms

SEEDS = st.integers(0, 2**48)
# Each promise is put to so many loans of each kind. They are the same loans each time: what fails
# was broken by a change, and not by the dice.
THOUSANDS = settings(
    max_examples=1000, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)

COMPONENTS = ("penalty", "fee", "interest", "principal")
AMORTIZATIONS = ("equal_installment", "equal_installment", "equal_principal", "interest_first",
                 "bullet")  # fmt: skip
FUTURE = ("next_installment", "last_installment", "reamortization", "next_last_installment")
DAY = timedelta(days=1)
# What lowers a debt as a payment does.
PAYMENTS = ("repayment", "merchant_refund", "goodwill", "payout_refund")


class Loan(NamedTuple):
    """Terms, what happened, and the day that is asked about."""

    terms: Terms
    entries: tuple[Entry, ...]
    as_of: date

    def __str__(self) -> str:
        """Readable in a report of a broken promise; only what is unlike the default is told."""
        named = ((each.name, getattr(self.terms, each.name)) for each in fields(Terms))
        defaults = {each.name: each.default for each in fields(Terms)}
        told = [f"{name}={value}" for name, value in named if value != defaults[name]]
        entries = [
            f"  {e.id} {e.on} {e.kind} {e.amount} {dict(e.details) or ''}" for e in self.entries
        ]
        return "\n".join([", ".join(told), *entries, f"  as of {self.as_of}"])


def allocation(rnd: Random, *, follows: bool) -> Allocation:
    """The order of a product: past due before due before in advance, components in any order."""
    order: list[str] = []
    for time in ("past_due", "due", "in_advance"):
        order += [f"{time}_{name}" for name in rnd.sample(COMPONENTS, 4)]
    return Allocation(
        "advanced",
        "horizontal" if follows else rnd.choice(["horizontal", "vertical"]),
        tuple(order),
        {"default": rnd.choice(FUTURE), "goodwill_credit": rnd.choice(FUTURE)},
    )


def terms(rnd: Random, engine: str | None = None) -> Terms:
    """Terms of one engine that go together, as the reading of a loan file wants them."""
    engine = engine or rnd.choice(["progressive", "progressive", "cumulative"])
    rate = rnd.choice([Decimal(0), Decimal(rnd.randint(1, 3600)) / 100])
    unit, every = rnd.choice([("months", 1), ("months", 1), ("weeks", 1), ("days", 15)])
    days = rnd.choice([("360", "30"), ("actual", "actual"), ("365", "actual")])
    progressive = engine == "progressive"
    follows = progressive and bool(rate) and rnd.random() < 0.6
    method = "declining_balance" if rate else "zero"
    return Terms(
        currency=rnd.choice(["CNY", "USD", "JPY"]),
        principal=rnd.choice([rnd.randint(1_000, 20_000), 100 * rnd.randint(100, 200_000)]),
        annual_rate_percent=rate,
        n=rnd.choice([1, 2, 3, 4, 6, 12]),
        every=every,
        unit=unit,
        starts_on=date(2024, 1, 1) + rnd.randrange(400) * DAY,
        allocation=allocation(rnd, follows=follows)
        if progressive
        else Allocation(rnd.choice(list(ORDERS))),
        interest_method=method,
        amortization="equal_installment" if follows else rnd.choice(AMORTIZATIONS),
        interest_period=rnd.choice(["daily", "same_as_repayment"]),
        days_in_year=days[0],
        days_in_month=days[1],
        engine=engine,
        recalculation=Recalculation() if follows else None,
        down_payment=DownPayment(Decimal(25), rnd.random() < 0.5)
        if progressive and rnd.random() < 0.2
        else None,
        arrears_grace_days=rnd.choice([0, 3]),
    )


def _length(given: Terms) -> int:
    return given.n * given.every * {"days": 1, "weeks": 7, "months": 30}[given.unit]


def _what(rnd: Random, given: Terms, number: int, on: date, before: Sequence[Entry]) -> Entry:
    """One thing that may happen on ``on``."""
    name, charges = f"e{number}", [entry for entry in before if entry.kind == "charge"]
    paid = [entry for entry in before if entry.kind == "repayment"]
    kind = rnd.choice(
        ["repayment"] * 6 + ["charge"] * 2 + [*PAYMENTS, "chargeback", "waive_charge"]
    )
    amount = rnd.choice([
        rnd.randint(1, given.principal), given.principal // given.n or 1, rnd.randint(1, 500),
    ])  # fmt: skip
    if kind == "charge":
        details = {"charge": rnd.choice(["fee", "penalty"]), "due": on + rnd.randrange(20) * DAY}
        return Entry(name, kind, on, on, number, rnd.randint(1, 5_000), details)
    if kind == "waive_charge":
        free = [c for c in charges if c.id not in {e.details.get("charge_entry") for e in before}]
        if free:
            return Entry(name, kind, on, on, number, 0, {"charge_entry": rnd.choice(free).id})
        kind = "repayment"
    if kind == "chargeback":
        if paid:
            of = rnd.choice(paid)
            amount = rnd.randint(1, of.amount)
            return Entry(name, kind, on, on, number, amount, {"payment": of.id, "of_repayment": 1})
        kind = "repayment"
    return Entry(name, kind, on, on, number, amount)


def _change(rnd: Random, given: Terms, number: int, on: date) -> Entry:
    """One change of the plan, of a loan whose plan may change."""
    changes: dict[str, dict[str, object]] = {
        "reage": {
            "start": on + rnd.randint(1, 40) * DAY, "every": 1, "n": rnd.randint(1, 6),
            "unit": rnd.choice(["months", "weeks"]),
        },
        "reamortize": {},
        "interest_pause": {"start": on, "end": on + rnd.randint(0, 60) * DAY},
        "reschedule": {"from": on, "new_annual_rate_percent": Decimal(rnd.randint(0, 30))},
    }  # fmt: skip
    kind = rnd.choice(list(changes))
    return Entry(f"e{number}", kind, on, on, number, 0, changes[kind])


def _ending(rnd: Random, number: int, on: date) -> Entry:
    kind = rnd.choice(["prepay", "prepay", "charge_off", "writeoff", "contract_termination"])
    return Entry("end", kind, on, on, number)


def loan(seed: int, *, engine: str | None = None, changes: bool = False) -> Loan:
    """A loan that was paid out, with up to ten entries, each on a day of its own.

    With ``changes`` its plan may be changed, and it may end in other ways than by being paid off.
    """
    rnd = Random(seed)
    given = terms(rnd, engine)
    entries = [Entry("e0", "disburse", given.starts_on, given.starts_on, 0, given.principal)]
    span = range(1, _length(given) + 60)
    # Only a plan that follows what happens, or one without interest, is changed in place.
    plain = given.amortization == "equal_installment"
    follows = given.recalculation is not None or given.interest_method == "zero"
    changeable = changes and given.engine == "progressive" and plain and follows
    for number, day in enumerate(sorted(rnd.sample(span, min(rnd.randint(0, 10), len(span)))), 1):
        on = given.starts_on + day * DAY
        if changeable and rnd.random() < 0.2:
            entries.append(_change(rnd, given, number, on))
        else:
            entries.append(_what(rnd, given, number, on, entries))
    last = entries[-1].on
    if rnd.random() < 0.15:
        last += DAY
        end = _ending(rnd, len(entries), last)
        entries.append(end if changeable else replace(end, kind="prepay"))
    return Loan(given, tuple(entries), last + rnd.choice([0, 1, rnd.randrange(60)]) * DAY)


def told_in_amounts(given: Loan) -> Loan:
    """Without a payoff that asks what is owed when it arrives: that does hang on the arrival."""
    kept = tuple(e for e in given.entries if e.kind != "prepay" or e.amount)
    return given._replace(entries=kept)


def arrived_anew(given: Loan, rnd: Random) -> Loan:
    """The same entries, known in another order; an entry still follows the one that it names."""
    order = list(range(len(given.entries)))
    rnd.shuffle(order)
    moved = [replace(entry, seq=seq) for entry, seq in zip(given.entries, order, strict=True)]
    rnd.shuffle(moved)
    return given._replace(entries=tuple(moved))


def without(entries: Sequence[Entry], gone: Entry) -> tuple[Entry, ...]:
    """The entries without one, and without those that name it."""
    return tuple(e for e in entries if e.id != gone.id and gone.id not in e.details.values())


def smallest(given: Loan, broken: Callable[[Loan], bool]) -> Loan:
    """``given`` without the entries that a broken promise does not need."""
    shrunk = True
    while shrunk:
        shrunk = False
        for entry in reversed(given.entries[1:]):
            less = given._replace(entries=without(given.entries, entry))
            try:
                if broken(less):
                    given, shrunk = less, True
            except Exception:  # noqa: BLE001, S112 - a loan that cannot be played is no example
                continue
    return given


def kept(given: Loan, broken: Callable[[Loan], bool]) -> None:
    """Fail with the smallest loan that breaks a promise, unless it is kept.

    What the ledger refuses in one line breaks nothing; such a loan is passed over.
    """
    try:
        wrong = broken(given)
    except LoanError:
        reject()
    if wrong:
        raise AssertionError(f"broken by\n{smallest(given, broken)}")
