"""Three fixed orders in which a payment is put to what is owed, instalment by instalment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.cumulative.standing import Standing, nothing, parts_of
from forbear.loans.parts import Component, Parts

_PRINCIPAL, _INTEREST = Component.PRINCIPAL, Component.INTEREST
_FEE, _PENALTY = Component.FEE, Component.PENALTY


@dataclass(frozen=True, slots=True)
class Order:
    """Who gets a payment first within one instalment.

    ``due`` is the order once the due day has come. Before it, ``early`` comes first, in which fees
    and penalties get no more than those whose own day has come; what is left goes by ``rest``.
    """

    due: tuple[Component, ...]
    early: tuple[Component, ...]
    rest: tuple[Component, ...]


_STANDARD: Final = (_PENALTY, _FEE, _INTEREST, _PRINCIPAL)
_FEE_LAST: Final = (_PENALTY, _INTEREST, _PRINCIPAL, _FEE)

ORDERS: Final = {
    "mifos-standard": Order(_STANDARD, (), _STANDARD),
    "due_penalty_interest_principal_fee__in_advance_penalty_interest_principal_fee": Order(
        _FEE_LAST, (_PENALTY, _FEE), _FEE_LAST
    ),
    "due_penalty_fee_interest_principal__in_advance_principal_penalty_fee_interest": Order(
        _STANDARD, (_PENALTY, _FEE, _PRINCIPAL), _STANDARD
    ),
}


def order_of(strategy: str) -> Order:
    """The order of that name. Raises :class:`LoanError` where there is none."""
    try:
        return ORDERS[strategy]
    except KeyError:
        raise LoanError(
            f"allocation strategy «{strategy}» is not one of a fixed plan; "
            f"known are {', '.join(ORDERS)}"
        ) from None


def allocate(
    rows: Sequence[Standing], order: Order, on: date, amount: int, charges_due: dict[Component, int]
) -> tuple[Parts, int]:
    """Put ``amount`` to the oldest instalments first; returns what it went to and what is left.

    ``charges_due`` are the unpaid fees and penalties whose own day has come by ``on``.
    """
    took, left = nothing(), amount
    for row in rows:
        if left <= 0:
            break
        if row.outstanding <= 0:
            continue
        if on >= row.due:
            left = _pay(row, order.due, on, left, took)
            continue
        for component in order.early:
            most = left
            if component is not _PRINCIPAL:
                most = min(left, max(0, charges_due[component] - took[component]))
            left -= _took(row, component, on, most, took)
        left = _pay(row, order.rest, on, left, took)
    return parts_of(took), left


def _pay(
    row: Standing, order: Sequence[Component], on: date, left: int, took: dict[Component, int]
) -> int:
    for component in order:
        left -= _took(row, component, on, left, took)
    return left


def _took(
    row: Standing, component: Component, on: date, most: int, took: dict[Component, int]
) -> int:
    taken = row.pay(component, on, most)
    took[component] += taken
    return taken
