"""催收太狠了，该如何应对: what the page asks first, and the cards that answers lead to.

All of it is data, in ``questions.toml`` and ``cards/``, so that a lawyer, a counsellor and an
editor can read and mend it without reading code.
"""

from forbear.pocket.triage.card import ACTS, PAPERS, Card, Contact, Kind, Triage
from forbear.pocket.triage.loading import as_data, cards_for, load
from forbear.pocket.triage.questions import QUESTIONS, Answer, Question

__all__ = [
    "ACTS",
    "PAPERS",
    "QUESTIONS",
    "Answer",
    "Card",
    "Contact",
    "Kind",
    "Question",
    "Triage",
    "as_data",
    "cards_for",
    "load",
]
