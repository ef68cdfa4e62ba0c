"""The cards of the triage, and which of them answers call for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence
from forbear.pocket.triage.questions import QUESTIONS, Question

# What a person can come to regret, and is warned of before any step that leads to it: paying,
# signing, asking for instalments, giving a code away, promising to pay.
ACTS: Final = ("pay", "sign", "offer", "code", "promise")
PAPERS: Final = (
    "complaint", "notice", "third_person", "dispute", "credit", "data", "offer", "timeline",
    "exhibit",
)  # fmt: skip
# The file of the cards that hold in every country.
ALL: Final = "all"


class Kind(StrEnum):
    """What a card is for; cards of one question are shown in this order."""

    URGENT = "urgent"
    WARNING = "warning"
    RIGHT = "right"
    STEP = "step"
    NEVER = "never"


_KINDS: Final = tuple(Kind)
_PLACES: Final = tuple(QUESTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A telephone number, as people write it, whose it is and what it is good for."""

    number: str
    name: Sentence
    what: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing to know or to do.

    It is shown with the question ``after`` where, for every question in ``when``, one of the
    answers named there was given; ``when`` always asks about ``after``. ``clauses`` are those of
    the shipped packs, which know their level and how sure we are of them; ``source`` and
    ``confidence`` speak for what no clause backs. ``leads`` are the ACTS that the card leads to,
    ``before`` those that it warns of. ``paper`` is the paper that can be written next.
    """

    id: str
    kind: Kind
    after: str
    when: Mapping[str, tuple[str, ...]]
    title: Sentence
    body: tuple[Sentence, ...]
    clauses: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    before: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    paper: str | None = None
    source: Sentence | None = None
    confidence: Confidence | None = None

    def called_for(self, answers: Mapping[str, Sequence[str]]) -> bool:
        """Whether these answers call for the card; a question without an answer never does."""
        return all(
            any(given in wanted for given in answers.get(question, ()))
            for question, wanted in self.when.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """All questions, and the cards of each file by its name: ``all``, or a country's id."""

    questions: tuple[Question, ...]
    cards: Mapping[str, tuple[Card, ...]] = field(default_factory=dict)

    def cards_for(
        self, answers: Mapping[str, Sequence[str]], country: str, *, after: str | None = None
    ) -> list[Card]:
        """The cards that ``answers`` call for, in the order in which they are shown.

        They follow the questions; with one question by their kind; of one kind those that hold
        everywhere come first. ``after`` keeps those of one question.
        """
        found = [
            card
            for card in (*self.cards[ALL], *self.cards[country])
            if after in (None, card.after) and card.called_for(answers)
        ]
        return sorted(found, key=_rank)


def _rank(card: Card) -> tuple[int, int]:
    return _PLACES.index(card.after), _KINDS.index(card.kind)
