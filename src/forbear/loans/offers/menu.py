"""The menu: every request for relief that is tried, whatever the household's surplus may be.

Nothing here depends on what a borrower can pay. That is what makes the promises of the ranking
hold: more surplus opens further plans of one and the same menu, and never another menu.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.money import Rounding, rounded
from forbear.base.reasons import Sentence
from forbear.loans.days import month_after
from forbear.loans.offers.policy import Policy
from forbear.loans.parts import Component, Parts
from forbear.loans.relief.measures import (
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
    Waiver,
)

CARD: Final = "credit_card"
# A first instalment sooner than this leaves no time to prepare it.
_DAYS_BEFORE_FIRST: Final = 10
_CHARGES: Final = (Component.PENALTY, Component.FEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of plan: its place among equals, its name, and what it does to a loan."""

    id: str
    order: int
    name: Sentence
    does: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One request that is tried: of what kind, and with which figures (``reage_frozen-12``)."""

    id: str
    kind: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """What the menu reads of a loan: minor units of its currency, rates in percent a year.

    ``closing`` is what would close it on the day, ``running`` the interest still to come beyond
    that. ``next_due`` is the first due day after ``on``; None where the plan is at its end.
    ``pay_day`` is the day of the month on which money comes in, where that is known.
    """

    on: date
    closing: Parts
    running: int
    rate: Decimal
    next_due: date | None
    product: str
    jurisdiction: str
    pay_day: int | None = None

    @property
    def owed(self) -> int:
        """What would close the loan on the day, in all."""
        return self.closing.total


def menu(loan: Loan, by: Policy) -> tuple[Choice, ...]:
    """Every request that is tried for a loan, in one fixed order."""
    return tuple(
        Choice(
            id=name,
            kind=name.partition("-")[0],
            request=Request(
                measures=measures, product=loan.product, jurisdiction=loan.jurisdiction
            ),
        )
        for name, measures in (*_within_the_plan(loan, by), *_anew(loan, by), *_closing(loan, by))
    )


def first_due(loan: Loan) -> date:
    """The first day of a new plan: the pay day, or the day of the month that the loan has."""
    earliest = loan.on + timedelta(days=_DAYS_BEFORE_FIRST)
    day = loan.pay_day or (loan.next_due.day if loan.next_due else loan.on.day)
    found = month_after(earliest, 0, day)
    return found if found >= earliest else month_after(earliest, 1, day)


_Named = Iterator[tuple[str, tuple[Measure, ...]]]


def _waiver(loan: Loan, components: Iterable[Component]) -> tuple[Measure, ...]:
    """A waiver of whatever there is of ``components``; no measure where there is nothing."""
    there = [each for each in components if loan.closing.of(each)]
    return (Waiver(amounts=dict.fromkeys(there)),) if there else ()


def _within_the_plan(loan: Loan, by: Policy) -> _Named:
    """Relief that keeps the instalments there are."""
    spread = Reamortize()
    if loan.closing.penalty:
        yield "waiver_penalty", (*_waiver(loan, (Component.PENALTY,)), spread)
    if loan.closing.fee:
        yield "waiver_charges", (*_waiver(loan, _CHARGES), spread)
    yield "reamortize", (spread,)
    if loan.next_due is not None and loan.pay_day is not None:
        moved = month_after(loan.next_due, 0, loan.pay_day)
        if moved < loan.next_due:
            moved = month_after(loan.next_due, 1, loan.pay_day)
        if moved > loan.next_due:
            yield "due_move", (DueMove(due=loan.next_due, new_due=moved),)
    if loan.running:
        yield from _less_interest(loan, by, spread)
    for n in by.extra:
        yield f"extra_terms-{n}", (ExtraTerms(n=n),)


def _less_interest(loan: Loan, by: Policy, spread: Reamortize) -> _Named:
    """Relief that cuts the interest still to come."""
    for part in by.rates:
        rate = loan.rate * part.numerator / part.denominator
        yield f"rate_cut-{rate.normalize():f}", (RateChange(annual_rate_percent=rate), spread)
    for months in by.pause:
        until = month_after(loan.on, months) - timedelta(days=1)
        yield f"interest_pause-{months}", (InterestPause(start=loan.on, end=until), spread)


def _anew(loan: Loan, by: Policy) -> _Named:
    """Relief that makes new instalments, for each number of months."""
    first = first_due(loan)
    for n in by.months:
        if loan.running:
            yield f"reage_all-{n}", (ReAge(n=n, first_due=first, interest=Kept.ALL),)
        accrued = ReAge(n=n, first_due=first, interest=Kept.ACCRUED)
        yield f"reage_accrued-{n}", (accrued,)
        if loan.closing.interest:
            yield f"reage_frozen-{n}", (ReAge(n=n, first_due=first, interest=Kept.FROZEN),)
            everything = _waiver(loan, (*_CHARGES, Component.INTEREST))
            yield f"reage_principal-{n}", (*everything, accrued)
        if loan.closing.penalty or loan.closing.fee:
            yield f"reage_waived-{n}", (*_waiver(loan, _CHARGES), accrued)
        if loan.product == CARD:
            yield f"personal_plan-{n}", (PersonalPlan(n=n, first_due=first),)


def _closing(loan: Loan, by: Policy) -> _Named:
    """Relief that closes the loan at once, for a part of what is owed."""
    deadline = loan.on + timedelta(days=by.settle_days)
    for part in by.settle:
        asked = rounded(loan.owed * part, Rounding.DOWN)
        if asked:
            percent = part.numerator * 100 // part.denominator
            yield f"settlement-{percent}", (Settlement(amount=asked, deadline=deadline),)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of plan by its id, in the order of the file."""
    path = files("forbear.loans.offers").joinpath("kinds.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        each["id"]: Kind(
            id=each["id"], order=n, name=Sentence(**each["name"]), does=Sentence(**each["does"])
        )
        for n, each in enumerate(table["kind"])
    }
