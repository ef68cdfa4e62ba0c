"""What an amount consists of: principal, interest, fees and penalties, each kept apart always."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Component(StrEnum):
    """What an owed or a paid amount is for."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    PENALTY = "penalty"


class Parts(NamedTuple):
    """An amount by component, in minor units of the loan's currency."""

    principal: int = 0
    interest: int = 0
    fee: int = 0
    penalty: int = 0

    @property
    def total(self) -> int:
        """The four together."""
        return self.principal + self.interest + self.fee + self.penalty

    def plus(self, other: Parts) -> Parts:
        """The sum, component by component."""
        return Parts(
            self.principal + other.principal,
            self.interest + other.interest,
            self.fee + other.fee,
            self.penalty + other.penalty,
        )

    def minus(self, other: Parts) -> Parts:
        """The difference, component by component."""
        return Parts(
            self.principal - other.principal,
            self.interest - other.interest,
            self.fee - other.fee,
            self.penalty - other.penalty,
        )

    def of(self, component: Component) -> int:
        """The amount of one component."""
        amount: int = getattr(self, component.value)
        return amount


NOTHING = Parts()
