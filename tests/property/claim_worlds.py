"""Random loans as their books show them, and random ceilings, for what is promised of claims."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from forbear.base.money import allocate
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Effect, Level
from forbear.loans.ceiling import Base, Book, Ceiling, Cost, Step
from forbear.loans.claim import Claimed
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.state import Posting, Row, State
from forbear.loans.terms import Allocation, Terms

ALL = frozenset(Cost)
# Families of covers in which any two are nested or share nothing, as the shipped ones are.
FAMILIES = (
    (ALL,),
    (frozenset({Cost.INTEREST}), ALL),
    (frozenset({Cost.PENALTY}), frozenset({Cost.INTEREST, Cost.FEE}), ALL),
    (frozenset({Cost.FEE}), frozenset({Cost.FEE, Cost.PENALTY}), ALL),
    (frozenset({Cost.OVERDUE_INTEREST}), frozenset({Cost.PENALTY, Cost.FEE})),
)
START = date(2021, 3, 1)


@dataclass(frozen=True, slots=True)
class World:
    """A loan's books, its terms, and what is claimed."""

    state: State
    terms: Terms
    claimed: Claimed


def terms_of(principal: int, rate: str = "18") -> Terms:
    """Terms that count actual days."""
    return Terms(
        currency="CNY",
        principal=principal,
        annual_rate_percent=Decimal(rate),
        n=12,
        every=1,
        unit="months",
        starts_on=START,
        allocation=Allocation("mifos-standard"),
    )


def world(rnd: Random) -> World:
    """A loan of one to three payouts, up to a dozen payments, and a claim of any size."""
    length = rnd.randint(1, 900)
    lent = [rnd.randint(1, 3_000_000) for _ in range(rnd.choice((1, 1, 1, 2, 3)))]
    days = [START + timedelta(rnd.randint(0, length) * (i > 0)) for i in range(len(lent))]
    postings = [
        Posting(f"d{i}", days[i], "disbursement", amount,
                NOTHING, 0)
        for i, amount in enumerate(lent)
    ]  # fmt: skip
    principal = sum(lent)
    owed = Parts(
        principal + rnd.choice((0, 0, 0, rnd.randint(0, 50_000))),
        rnd.randint(0, principal),
        rnd.choice((0, rnd.randint(0, principal // 5 + 1))),
        rnd.choice((0, rnd.randint(0, principal // 5 + 1))),
    )
    paid = NOTHING
    for number in range(rnd.randint(0, 12)):
        left = owed.minus(paid)
        parts = Parts(*(rnd.choice((0, rnd.randint(0, max(0, each) // 3))) for each in left))
        over = rnd.choice((0,) * 9 + (rnd.randint(0, 5_000),))
        kind = rnd.choice(("repayment",) * 8 + ("waiver", "payout_refund"))
        paid = paid.plus(parts)
        day = START + timedelta(rnd.choice((0, rnd.randint(0, length), rnd.randint(0, length))))
        total = parts.total + over
        postings.append(Posting(f"p{number}", day, kind, total, parts, 0, over))
    as_of = START + timedelta(length)
    rows = rows_of(rnd, owed, paid)
    state = State(as_of, "CNY", rows, tuple(postings))
    most = state.outstanding
    claimed = Claimed(
        principal=rnd.choice((most.principal, rnd.randint(0, most.principal + 10))),
        interest=rnd.choice((most.interest, rnd.randint(0, most.interest + 10))),
        overdue_interest=rnd.choice((0, 0, rnd.randint(0, most.interest + most.penalty + 10))),
        penalty=rnd.choice((most.penalty, rnd.randint(0, most.penalty + 10))),
        fee=rnd.choice((most.fee, rnd.randint(0, most.fee + 10))),
    )
    return World(state, terms_of(principal), claimed)


def rows_of(rnd: Random, owed: Parts, paid: Parts) -> tuple[Row, ...]:
    """What is owed spread over a few rows; what was paid spread alike."""
    n = rnd.randint(1, 4)
    shares = [[1] * n for _ in owed]
    due, settled = (
        [allocate(each, share) for each, share in zip(parts, shares, strict=True)]
        for parts in (owed, paid)
    )
    return tuple(
        Row(
            k + 1,
            START + timedelta(90 * k),
            START + timedelta(90 * (k + 1)),
            Parts(*(each[k] for each in due)),
            Parts(*(each[k] for each in settled)),
        )
        for k in range(n)
    )


def ceiling(rnd: Random, number: int, covers: frozenset[Cost]) -> Ceiling:
    """A ceiling of any kind on ``covers``; all of them refuse."""
    yearly = Fraction(rnd.randint(0, 400), 1000)
    day = START + timedelta(rnd.randint(0, 700))
    kept = rnd.choice((None, None, yearly + Fraction(rnd.randint(0, 200), 1000)))
    settled = rnd.choice(("payment", "end"))
    steps = rnd.choice(
        (
            (),
            (Step(yearly=yearly, kept=kept),),
            (
                Step(until=day, yearly=yearly, kept=kept),
                Step(since=day + timedelta(1), yearly=yearly / 2),
            ),
            (Step(yearly=yearly, base=rnd.choice(tuple(Base))),),
        )
    )
    return Ceiling(
        id=f"c{number}",
        clause=f"clause {number}",
        says=Sentence(zh="上限。", en="A ceiling."),
        level=Level.LAW,
        confidence=Confidence.TEXT,
        source="a test",
        effect=Effect.DENY,
        covers=covers,
        steps=steps,
        fixed=rnd.choice((None, f"{rnd.randint(0, 900)}.00")),
        share=Fraction(rnd.choice((0, 0, rnd.randint(0, 100))), 100),
        settled=settled,
    )


def book(rnd: Random) -> Book:
    """Ceilings of one family, inner ones first."""
    family = rnd.choice(FAMILIES)
    found = [ceiling(rnd, n, covers) for n, covers in enumerate(family) if rnd.random() < 0.8]
    return Book(country="cn", ceilings=tuple(found or [ceiling(rnd, 9, ALL)]))


def lowered(rnd: Random, given: Book) -> Book:
    """The same book with one of its ceilings lower, by a little or by much."""
    place = rnd.randrange(len(given.ceilings))
    by = Fraction(rnd.choice((0, 1, 50, 90, 99, 100)), 100)
    old = given.ceilings[place]
    steps = tuple(
        replace(
            step,
            yearly=None if step.yearly is None else step.yearly * by,
            kept=None if step.kept is None else step.kept * by,
        )
        for step in old.steps
    )
    fixed = (
        None if old.fixed is None else f"{int(Decimal(old.fixed) * by.numerator / by.denominator)}"
    )
    new = replace(old, steps=steps, share=old.share * by, fixed=fixed)
    ceilings = list(given.ceilings)
    ceilings[place] = new
    return replace(given, ceilings=tuple(ceilings))
