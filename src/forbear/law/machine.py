"""A machine folds a debtor's contacts, in order, into the little that a rule needs of them."""

from __future__ import annotations

from typing import Any, Protocol

from forbear.law.view import View


class Machine(Protocol):
    """What every stateful part of a pack offers; the state itself is kept by a Standing.

    ``key`` is unique within a book. ``kinds`` are the kinds of fact that its reading of a contact
    depends on: when such a fact becomes known late, the history is read again.
    """

    @property
    def key(self) -> str: ...

    @property
    def kinds(self) -> frozenset[str]: ...

    def start(self) -> Any:
        """The state before any contact."""
        ...

    def see(self, state: Any, view: View) -> None:
        """Take in one contact that was made; ``view.upto`` is its place in the history."""
        ...
