"""The page shows the cards that the specification in Python names, whatever was answered."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.functional.pocket.conftest import Visit

from forbear.pocket.lands import LANDS
from forbear.pocket.triage import cards_for, load


def test_the_cards_of_the_page_are_those_of_the_specification(visit: Callable[..., Visit]):
    visitor, rnd, triage = visit(), Random(5), load()
    shown = 0
    for _ in range(200):
        country = rnd.choice(list(LANDS))
        answers = {
            question.id: rnd.sample(
                [answer.id for answer in question.answers],
                rnd.randrange(1, 4) if question.many else 1,
            )
            for question in triage.questions
            if rnd.random() < 0.8
        }
        on_page = visitor.page.evaluate(
            """async ([country, answers]) => {
                const { state } = await import('./js/store.js');
                const { cards } = await import('./js/cards.js');
                Object.assign(state, { country, answers });
                return cards().map((card) => card.id);
            }""",
            [country, answers],
        )
        expected = [card.id for card in cards_for(answers, country)]
        assert on_page == expected
        shown += len(on_page)
    assert shown > 200
