"""However a debtor's standing came about, it gives one answer."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.property.asking import book_of, case_of, told
from tests.property.worlds import PACKS, world

from forbear.base.contact import UNSAID, Contact, Fact, Outcomes
from forbear.base.words import Outcome
from forbear.law.book import Book
from forbear.law.case import Case
from forbear.law.deciding import decide, earliest, standing_of, verdict, when
from forbear.law.standing import Standing, order_of

SEEDED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def folded(book: Book, case: Case, rnd: Random) -> Standing:
    """The standing kept event by event: asked in between, outcomes told late, facts when known."""
    standing = Standing(book, zone=case.zone or book.zone, region=case.region)
    events: list[tuple[Any, ...]] = [(f.known_at, 1, n, f) for n, f in enumerate(case.facts)]
    made = sorted(case.history, key=order_of)
    events += [(c.instant, 0, n, c) for n, c in enumerate(made)]
    for _, _, _, event in sorted(events, key=lambda entry: entry[:3]):
        if isinstance(event, Fact):
            standing.see(event)
            continue
        assert isinstance(event, Contact)
        if isinstance(event.outcome, Outcome) and rnd.random() < 0.3:
            standing.see(replace(event, outcome=UNSAID))
            standing.see(Outcomes(about=event.id, outcome=event.outcome, at=event.instant))
        else:
            standing.see(event)
        if rnd.random() < 0.5:
            verdict(standing, case.proposed, event.instant)
            earliest(standing, event.moved_to(event.at), lenient=True)
    return standing


def check(pack: str, rnd: Random) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    for lenient in (False, True):
        over_history = told(decide(book, case, lenient=lenient))
        kept = folded(book, case, rnd)
        over_fold = told(verdict(kept, case.proposed, lenient=lenient))
        shuffled = replace(
            case,
            facts=tuple(rnd.sample(case.facts, len(case.facts))),
            history=tuple(rnd.sample(case.history, len(case.history))),
        )
        rebuilt = told(verdict(standing_of(book, shuffled), case.proposed, lenient=lenient))
        assert over_history == over_fold
        assert over_history == rebuilt
        assert earliest(kept, case.proposed, lenient=lenient) == when(book, case, lenient=lenient)


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_history_fold_and_rebuild_agree(pack: str, rnd: Random) -> None:
    check(pack, rnd)


@pytest.mark.parametrize("pack", PACKS)
def test_history_fold_and_rebuild_agree_on_five_hundred_worlds(pack: str) -> None:
    for seed in range(500):
        check(pack, Random(seed))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("pack", PACKS)
def test_history_fold_and_rebuild_agree_on_twenty_thousand_worlds(pack: str, part: int) -> None:
    for seed in range(1_000 + part * 1_700, 1_000 + (part + 1) * 1_700):
        check(pack, Random(seed))


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_listed_does_not_matter(pack: str, rnd: Random) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    turned = replace(case, facts=tuple(reversed(case.facts)))
    assert told(decide(book, case)) == told(decide(book, turned))
