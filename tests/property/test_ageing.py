"""What ageing promises of any loan: kindness never makes it worse, history never overlaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from tests.property.loans import DAY, SEEDS, THOUSANDS, Loan, kept, loan

from forbear.loans.ageing import Ageing
from forbear.loans.entries import Entry
from forbear.loans.lateness import Moving, Pause, Rules, paused_days, standing
from forbear.loans.ledger import fold

HUNDREDS = settings(THOUSANDS, max_examples=150)


def aged(of: Loan, moving: Moving = Moving.BOTH_WAYS, *, closing: int = 10) -> Ageing:
    """The ageing of a loan whose days are closed once in ``closing`` days."""
    rules = Rules(grace_days=of.terms.arrears_grace_days, by_instalment=True, moving=moving)
    ageing = Ageing(rules, of.terms.currency)
    days = range(0, (of.as_of - of.terms.starts_on).days + 1, closing)
    closes = [
        Entry(f"c{n}", "cob", day, day, 0)
        for n, day in enumerate(of.terms.starts_on + day * DAY for day in days)
    ]
    known: list[Entry] = []
    for entry in sorted([*of.entries, *closes], key=lambda e: (e.recorded_on, e.kind == "cob")):
        known.append(replace(entry, seq=len(known)))
        ageing = ageing.see(known[-1], fold(of.terms, known, entry.recorded_on))
    return ageing


@HUNDREDS
@given(SEEDS)
def test_the_stays_of_a_history_never_overlap_and_only_the_last_may_last(seed: int) -> None:
    def broken(of: Loan) -> bool:
        moves = aged(of).moves
        for before, after in pairwise(moves):
            if before.until is None or after.since < before.until or before.since > before.until:
                return True
        return False

    kept(loan(seed), broken)


@HUNDREDS
@given(SEEDS)
def test_a_bucket_that_gets_better_at_once_is_never_worse_than_one_that_moves_both_ways(
    seed: int,
) -> None:
    def broken(of: Loan) -> bool:
        both, kind = aged(of), aged(of, Moving.BETTER_AT_ONCE)
        return kind.rules.rank(kind.bucket) > both.rules.rank(both.bucket)

    kept(loan(seed), broken)


@HUNDREDS
@given(SEEDS)
def test_the_bucket_of_a_day_that_is_closed_is_that_of_its_days(seed: int) -> None:
    def broken(of: Loan) -> bool:
        cob = Entry("last", "cob", of.as_of, of.as_of, 1000)
        now = aged(of).see(cob, fold(of.terms, (*of.entries, cob), of.as_of))
        return now.bucket != now.rules.bucket_of(now.standing(of.as_of).delinquent_days)

    kept(loan(seed), broken)


@THOUSANDS
@given(SEEDS)
def test_a_payment_never_makes_a_loan_later(seed: int) -> None:
    def broken(of: Loan) -> bool:
        rnd = Random(seed)
        paid = Entry("more", "repayment", of.as_of, of.as_of, 1000, rnd.randint(1, 10_000))
        cob = Entry("cob", "cob", of.as_of, of.as_of, 1000)
        rules, day = Rules(), of.as_of + rnd.randrange(40) * DAY
        before = standing(fold(of.terms, (*of.entries, cob), of.as_of), day, (), rules)
        after = standing(fold(of.terms, (*of.entries, paid), of.as_of), day, (), rules)
        return after.past_due_days > before.past_due_days

    kept(loan(seed), broken)


@THOUSANDS
@given(SEEDS)
def test_a_pause_never_adds_a_day_and_a_day_in_none_is_counted(seed: int) -> None:
    rnd = Random(seed)
    of = loan(seed)
    state = fold(of.terms, of.entries, of.as_of)
    pauses: list[Pause] = []
    plain = standing(state, of.as_of, (), Rules())
    before = plain
    for _ in range(rnd.randint(1, 4)):
        start = of.as_of - rnd.randrange(120) * DAY
        pauses.append(Pause(start, start + timedelta(days=rnd.randrange(60))))
        after = standing(state, of.as_of, pauses, Rules())
        assert after.delinquent_days <= before.delinquent_days
        assert (after.amount, after.past_due_days) == (plain.amount, plain.past_due_days)
        before = after
    if plain.since is not None:
        days = (plain.since + n * DAY for n in range(plain.past_due_days))
        counted = sum(not any(p.start <= day < p.end for p in pauses) for day in days)
        assert before.delinquent_days == counted
        assert paused_days(pauses, plain.since, of.as_of) == plain.past_due_days - counted
