"""A loan as a fold over its entries: the state on a day, and what would close the loan then.

Nothing is kept between two questions: the entries are replayed in the order of their value dates,
so a back-dated entry, an undo and an arrival in another order all end in the same state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.relief import folding
from forbear.loans.state import State
from forbear.loans.terms import Terms


def fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    """What ``entries`` amount to on ``as_of``."""
    return folding.fold(terms, entries, as_of)


def payoff(terms: Terms, entries: Sequence[Entry], on: date) -> Parts:
    """What closes the loan on ``on``."""
    return folding.payoff(terms, entries, on)
