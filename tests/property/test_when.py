"""The next lawful moment is lawful, and nothing lawful lies before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.asking import book_of, case_of
from tests.property.test_one_answer import SEEDED
from tests.property.worlds import PACKS, world

from forbear.base.clock import instant_of
from forbear.law.answers import Decision
from forbear.law.case import Case
from forbear.law.deciding import standing_of, verdict, when

_DAYS = 2


def so_far(case: Case) -> Case:
    """The case without what happens after the proposal: nobody knows it when asking."""
    return replace(
        case, history=tuple(c for c in case.history if c.instant <= case.proposed.instant)
    )


def check(pack: str, rnd: Random) -> None:
    book = book_of(pack)
    case = so_far(case_of(world(rnd, pack), book))
    standing = standing_of(book, case)
    known = case.proposed.instant
    found = when(book, case, lenient=True)

    def allowed(at: int) -> bool:
        if at == known:
            return verdict(standing, case.proposed, known, lenient=True).decision is Decision.ALLOW
        moved = case.proposed.moved_to(standing.zone.moment(at))
        answer = verdict(standing, moved, known, lenient=True)
        return answer.decision is Decision.ALLOW

    end = known + _DAYS * 86_400
    if found.at is not None:
        first = instant_of(found.at)
        end = min(end, first)
        assert first >= known
        assert allowed(first), "the moment that was named is not lawful"
        # The borders are on whole minutes but for a second after nine, so look just before as well.
        assert first == known or not allowed(first - 1), "the second before was lawful already"
    else:
        assert found.why_not is not None
    for at in range(known, end, 60):
        assert not allowed(at), f"lawful at {standing.zone.moment(at)}, before {found.at}"


@pytest.mark.parametrize("pack", PACKS)
def test_nothing_lawful_lies_before_the_moment_named(pack: str) -> None:
    for seed in range(15):
        check(pack, Random(seed))


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_the_moment_named_is_lawful(pack: str, rnd: Random) -> None:
    book = book_of(pack)
    case = so_far(case_of(world(rnd, pack), book))
    found = when(book, case, lenient=True)
    if found.at is not None:
        assert found.at - case.proposed.at <= timedelta(days=401)
        known = case.proposed.instant
        now = instant_of(found.at) == known
        moved = case.proposed if now else case.proposed.moved_to(found.at)
        answer = verdict(standing_of(book, case), moved, known, lenient=True)
        assert answer.decision is Decision.ALLOW


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS)
def test_nothing_lawful_lies_before_the_moment_named_in_sixty_more_worlds(pack: str) -> None:
    for seed in range(1_000, 1_060):
        check(pack, Random(seed))
