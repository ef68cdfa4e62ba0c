"""What every kind of rule answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from forbear.base.contact import Contact
from forbear.base.errors import PackError
from forbear.base.reasons import Sentence
from forbear.law.condition import Condition, Place
from forbear.law.view import Machine, Truth, View


class Kind(Protocol):
    """One kind of rule, with its own keys already read.

    A kind is asked only where the rule's ``on`` holds and no exception lifts it.
    """

    @property
    def timeless(self) -> bool:
        """Whether neither the hour nor the history changes its answer."""
        ...

    @property
    def machines(self) -> tuple[Machine, ...]:
        """What it folds over the history; empty for kinds that look at the contact alone."""
        ...

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of fact that it asks about by itself."""
        ...

    def breaks(self, view: View) -> Truth:
        """Whether the contact breaks the rule; None where something that matters is unsaid."""
        ...

    def next(self, view: View) -> int:
        """The first instant after the view's at which the answer may change by itself."""
        ...

    def stands(self, view: View) -> int | None:
        """When its answer ends by itself if nothing but time moves it; None where it is walked."""
        ...

    def rests_on(self, view: View) -> tuple[Contact, ...]:
        """The earlier contacts that a breach rests on, oldest first."""
        ...

    def limits(self, view: View) -> bool:
        """Whether the contact as made is itself what the rule limits, outcome and all."""
        ...

    def explain(self, view: View) -> Sentence:
        """What of the history or the clock makes it break, in one sentence; may be empty."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a kind is read from: the rule's table, its place, its ``on`` and its id."""

    table: Mapping[str, Any]
    place: Place
    on: Condition
    key: str


Reader = Callable[[Source], Kind]
EMPTY = Sentence(zh="", en="")


def only_keys(source: Source, known: tuple[str, ...]) -> None:
    """Raise PackError where the table has keys that neither every rule nor this kind knows."""
    if unknown := sorted(set(source.table) - set(known)):
        said = ", ".join(map(repr, unknown))
        message = f"{source.place.where}: key {said} has no meaning in this kind of rule; "
        message += f"mend kind or the key; known are {', '.join(known) or 'none'}"
        raise PackError(message)
