"""A partial settlement as a small machine: offered, accepted, then met or broken, or lapsed.

A settlement forgives under a condition: the amount by the deadline. Until then it is neither met
nor broken. A payment after the deadline meets nothing, however large, unless a new settlement is
agreed; payments before it are kept whatever becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from forbear.base.errors import LoanError


class Stage(StrEnum):
    """Where a settlement stands on a day."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    MET = "met"
    BROKEN = "broken"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One settlement: ``amount`` minor units by ``deadline``, to be accepted by ``open_until``.

    ``paid`` are the days and amounts received since it was accepted.
    """

    amount: int
    deadline: date
    offered_on: date
    open_until: date
    accepted_on: date | None = None
    paid: tuple[tuple[date, int], ...] = ()

    def accept(self, on: date) -> Course:
        """The settlement, accepted. Raises :class:`LoanError` where that comes too late."""
        stage = self.stage(on)
        if stage is not Stage.OFFERED:
            raise LoanError(
                f"accepted_on: the settlement is {stage} on {on}; make a new offer to be accepted"
            )
        return replace(self, accepted_on=on)

    def receive(self, on: date, amount: int) -> Course:
        """The settlement with a payment. One before it was accepted does not count towards it."""
        return replace(self, paid=(*self.paid, (on, amount)))

    def received(self, until: date) -> int:
        """What was received from the acceptance to a day, neither later than the deadline."""
        begun = self.accepted_on
        last = min(until, self.deadline)
        return sum(amount for on, amount in self.paid if begun and begun <= on <= last)

    def stage(self, on: date) -> Stage:
        """Where it stands at the end of a day. What has become final stays so."""
        if self.accepted_on is None or on < self.accepted_on:
            return Stage.OFFERED if on <= min(self.open_until, self.deadline) else Stage.LAPSED
        if self.received(on) >= self.amount:
            return Stage.MET
        return Stage.ACCEPTED if on <= self.deadline else Stage.BROKEN
