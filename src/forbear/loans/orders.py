"""Allocation orders as data: who gets a payment first, by lender and by country.

``orders.toml`` names each order with its source; a loan file names one of them, or writes its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.loans.instalment import NAMES
from forbear.loans.terms import Allocation

TIMES: Final = ("past_due", "due", "in_advance")
FUTURES: Final = (
    "next_installment", "last_installment", "next_last_installment", "reamortization",
)  # fmt: skip
FIXED: Final = (
    "mifos-standard",
    "due_penalty_interest_principal_fee__in_advance_penalty_interest_principal_fee",
    "due_penalty_fee_interest_principal__in_advance_principal_penalty_fee_interest",
)
WORDS: Final = tuple(f"{time}_{name}" for time in TIMES for name in NAMES)


@cache
def _orders() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("forbear.loans").joinpath("orders.toml").read_text("utf-8")
    orders: Mapping[str, Mapping[str, Any]] = tomllib.loads(text)["order"]
    return orders


def named(name: str, where: str = "product.allocation") -> Allocation:
    """The order of that name. Raises :class:`LoanError` where there is none."""
    known = _orders()
    if name not in known:
        raise LoanError(f"{where}: «{name}» is not known; known are {', '.join(known)}")
    order = known[name]
    words = tuple(f"{time}_{part}" for time in TIMES for part in order[time])
    return Allocation(strategy="advanced", order=words, future={"default": order["future"]})


def names() -> tuple[str, ...]:
    """The names of the orders that are shipped."""
    return tuple(_orders())


def written(raw: Mapping[str, Any], where: str = "product.allocation") -> Allocation:
    """An order as a loan file writes it out. Raises :class:`LoanError`."""
    strategy = raw.get("strategy", "advanced")
    if strategy in FIXED:
        return Allocation(strategy=strategy)
    if strategy != "advanced":
        raise LoanError(
            f"{where}.strategy: «{strategy}» is not known; known are "
            f"{', '.join(('advanced', *FIXED))}"
        )
    direction = raw.get("direction", "horizontal")
    if direction not in ("horizontal", "vertical"):
        raise LoanError(
            f"{where}.direction: «{direction}» is not known; known are horizontal, vertical"
        )
    future = dict(_object(raw.get("future"), f"{where}.future"))
    for kind, rule in future.items():
        if rule not in FUTURES:
            raise LoanError(
                f"{where}.future.{kind}: «{rule}» is not known; known are {', '.join(FUTURES)}"
            )
    return Allocation(
        strategy="advanced",
        direction=direction,
        order=_order(raw.get("order", WORDS), f"{where}.order"),
        future=future,
        order_for={
            kind: _order(order, f"{where}.order_for.{kind}")
            for kind, order in _object(raw.get("order_for"), f"{where}.order_for").items()
        },
    )


def _object(raw: Any, where: str) -> Mapping[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise LoanError(f"{where}: is not an object; write a kind of transaction and what it gets")
    return raw


def _order(raw: Any, where: str) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple):
        raise LoanError(f"{where}: is not a list; write the twelve words in their order")
    words = tuple(raw)
    for word in words:
        if word not in WORDS:
            raise LoanError(f"{where}: «{word}» is not known; known are {', '.join(WORDS)}")
    missing = [word for word in WORDS if word not in words]
    if missing:
        raise LoanError(f"{where}: {missing[0]} is missing; each of the twelve has its place")
    return words
