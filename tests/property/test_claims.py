"""What Forbear promises of every claim, on thousands of random loans under random ceilings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from random import Random

import pytest
from tests.property.claim_worlds import ALL, START, World, book, ceiling, lowered, world

from forbear.loans.ceiling import Book, Step, load
from forbear.loans.claim import Finding, claim
from forbear.loans.claim_limits import Circumstances
from forbear.loans.parts import Parts
from forbear.loans.room import flows_of
from forbear.loans.state import Posting

NOBODY = Circumstances(contract=(START, START))
DRAWS = 3_000
CHINA = load("cn")
LENDERS = ("bank", "consumer_finance", "microloan", "private", "unlicensed")


def answered(given: World, by: Book, about: Circumstances = NOBODY, **more: bool) -> Finding:
    return claim(given.state, given.terms, by, about, claimed=given.claimed, **more)


def drawn(seed: int, draws: int = DRAWS) -> list[tuple[Random, World, Book]]:
    found = []
    for number in range(draws):
        rnd = Random(f"{seed}-{number}")
        found.append((rnd, world(rnd), book(rnd)))
    return found


def test_claimable_and_refused_are_what_is_claimed_and_every_refusal_has_its_reason():
    for _, given, by in drawn(1):
        found = answered(given, by)
        for line in found.lines:
            assert line.claimed == getattr(given.claimed, line.part)
            assert 0 <= line.claimable <= line.claimed
            assert line.refused == sum(reason.amount for reason in line.reasons)
            assert all(reason.amount > 0 for reason in line.reasons)


# One yearly rate of the balance, for every day.
STEP = Step(yearly=Fraction(0))


def by_days(given: World, yearly: Fraction, *, at_the_end: bool) -> tuple[int, int]:
    """One ceiling on all costs, counted a day at a time: what was really lent and is owed, room."""
    balance, surplus, room = 0, 0, Fraction(0)

    def repay(amount: int) -> None:
        nonlocal balance, surplus
        surplus += max(0, amount - balance)
        balance = max(0, balance - amount)

    day = START
    money = flows_of(given.state)
    while day <= given.state.as_of:
        for flow in money:
            if flow.on == day:
                back = min(surplus, flow.out)
                surplus, balance = surplus - back, balance + flow.out - back
                cost = flow.parts.interest + flow.parts.fee + flow.parts.penalty
                kept = cost if at_the_end else min(cost, max(0, floor(room)))
                room -= kept
                repay(flow.parts.principal + flow.over + cost - kept)
        if day < given.state.as_of:
            room += balance * yearly / 365
        day += timedelta(1)
    if room < 0:
        repay(-floor(room))
        room += -floor(room)
    return balance, floor(room) - surplus


@pytest.mark.parametrize("settled", ["payment", "end"])
def test_no_amount_outside_its_ceiling_is_ever_claimable(settled: str):
    for number in range(1_000):
        rnd = Random(f"outside-{settled}-{number}")
        given, yearly = world(rnd), Fraction(rnd.randint(0, 500), 1000)
        one = replace(
            ceiling(rnd, 1, ALL), fixed=None, share=Fraction(0), settled=settled, steps=()
        )
        one = replace(one, steps=(replace(STEP, yearly=yearly),))
        found = answered(given, Book(country="cn", ceilings=(one,)))
        balance, room = by_days(given, yearly, at_the_end=settled == "end")
        # Interest that the books added to principal is cost, and needs room like all cost.
        assert found.claimable <= balance + max(0, room)
        costs = sum(line.claimable for line in found.lines if line.part != "principal")
        assert costs <= max(0, room)


def test_a_lower_ceiling_never_raises_a_claim():
    for rnd, given, by in drawn(3):
        months = rnd.random() < 0.3
        before = answered(given, by, by_months=months).claimable
        after = answered(given, lowered(rnd, by), by_months=months).claimable
        assert after <= before


def test_a_further_ceiling_never_raises_a_claim():
    for _, given, by in drawn(4, 1_500):
        whole = answered(given, by).claimable
        for place in range(len(by.ceilings)):
            fewer = replace(by, ceilings=by.ceilings[:place] + by.ceilings[place + 1 :])
            assert whole <= answered(given, fewer).claimable


def test_the_books_are_a_ceiling_too():
    for _, given, by in drawn(5, 1_000):
        found = {line.part: line.claimable for line in answered(given, by).lines}
        most = given.state.outstanding
        assert found["principal"] <= most.principal
        assert found["fee"] <= most.fee
        assert found["interest"] + found["penalty"] + found["overdue_interest"] <= (
            most.interest + most.penalty
        )


def test_splitting_a_payment_in_two_on_one_day_changes_nothing():
    for rnd, given, by in drawn(6, 1_500):
        postings: list[Posting] = []
        for posting in given.state.postings:
            if posting.kind == "disbursement":
                postings.append(posting)
                continue
            first = Parts(*(rnd.randint(0, each) for each in posting.parts))
            postings += [
                replace(posting, parts=first, amount=first.total, over=0),
                replace(posting, parts=posting.parts.minus(first)),
            ]
        split = replace(given, state=replace(given.state, postings=tuple(postings)))
        assert amounts(answered(given, by)) == amounts(answered(split, by))


def amounts(found: Finding) -> list[int]:
    return [line.claimable for line in found.lines]


def test_postings_in_any_order_of_arrival_give_one_answer():
    for rnd, given, by in drawn(7, 1_000):
        days: dict[date, list[Posting]] = {}
        for posting in given.state.postings:
            days.setdefault(posting.on, []).append(posting)
        order = list(days)
        rnd.shuffle(order)
        mixed = tuple(posting for day in order for posting in days[day])
        shuffled = replace(given, state=replace(given.state, postings=mixed))
        assert amounts(answered(given, by)) == amounts(answered(shuffled, by))


def dated(rnd: Random) -> date:
    return date(2019, 9, 1) + timedelta(rnd.randint(0, 2_300))


def moved(given: World, start: date) -> World:
    """The same loan, begun on another day."""
    by = start - START
    state = given.state
    return replace(
        given,
        state=replace(
            state,
            as_of=state.as_of + by,
            rows=tuple(replace(r, start=r.start + by, due=r.due + by) for r in state.rows),
            postings=tuple(replace(p, on=p.on + by) for p in state.postings),
        ),
        terms=replace(given.terms, starts_on=start),
    )


def test_a_lender_or_a_day_that_is_not_known_is_never_allowed_more_than_a_known_one():
    for number in range(600):
        rnd = Random(f"unknown-{number}")
        start = dated(rnd)
        given = moved(world(rnd), start)
        unknown = answered(given, CHINA, Circumstances()).claimable
        for lender in LENDERS:
            told = Circumstances(lender=lender, contract=(start, start))
            silent = Circumstances(contract=(start, start))
            assert (
                answered(given, CHINA, silent).claimable <= answered(given, CHINA, told).claimable
            )
        told = Circumstances(lender="unlicensed", contract=(start, start))
        assert unknown <= answered(given, CHINA, told).claimable


def test_less_received_never_raises_a_claim():
    for number in range(1_000):
        rnd = Random(f"received-{number}")
        start = dated(rnd)
        given = moved(world(rnd), start)
        lent = sum(p.amount for p in given.state.postings if p.kind == "disbursement")
        more = rnd.randint(0, lent)
        less = rnd.randint(0, more)
        lender = rnd.choice(LENDERS)
        got = [
            answered(
                given, CHINA, Circumstances(lender=lender, contract=(start, start), received=each)
            ).claimable
            for each in (less, more, lent)
        ]
        assert got == sorted(got)


def test_what_a_person_has_to_judge_is_a_part_of_what_may_be_claimed():
    seen = 0
    for number in range(1_000):
        rnd = Random(f"judge-{number}")
        start = dated(rnd)
        given = moved(world(rnd), start)
        given = replace(
            given,
            terms=replace(given.terms, annual_rate_percent=given.terms.annual_rate_percent / 9),
        )
        about = Circumstances(lender="bank", contract=(start, start))
        for line in answered(given, CHINA, about).lines:
            assert 0 <= line.to_judge <= line.claimable
            seen += line.to_judge > 0
    assert seen > 20, "nothing was ever in doubt, so nothing was tested"


def test_the_random_loans_meet_every_kind_of_refusal():
    """Worlds in which nothing is set off, taken in advance or owed back would prove little."""
    met: dict[str, int] = {}
    for _, given, by in drawn(8, 1_500):
        found = answered(given, by)
        met["set off"] = met.get("set off", 0) + bool(found.account.set_off)
        met["owed back"] = met.get("owed back", 0) + (found.owed_back > 0)
        met["whole"] = met.get("whole", 0) + (found.claimable == found.claimed)
        met["cut"] = met.get("cut", 0) + (0 < found.claimable < found.claimed)
        names = {reason.id for line in found.lines for reason in line.reasons}
        for name in ("not-in-the-books", "set-off"):
            met[name] = met.get(name, 0) + (name in names)
    assert all(count >= 10 for count in met.values()), met
