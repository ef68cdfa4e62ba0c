"""What was agreed anew about a fixed plan: a due day, a longer term, grace, another rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forbear.loans.entries import Entry


@dataclass(frozen=True, slots=True)
class Change:
    """One rescheduling, from the instalment that is due on ``from_due`` (or the next one)."""

    from_due: date
    new_due: date | None = None
    extra_terms: int = 0
    grace_principal: int = 0
    grace_interest: int = 0
    rate: Decimal | None = None

    @property
    def further_terms(self) -> int:
        """The instalments that the term grows by: a month without principal is one more."""
        return self.extra_terms + self.grace_principal


def change_of(entry: Entry) -> Change:
    """The change that a ``reschedule`` entry stands for."""
    told = entry.details
    rate = told.get("new_annual_rate_percent")
    return Change(
        _day(told.get("from")) or entry.on,
        _day(told.get("new_due")),
        int(told.get("extra_terms") or 0),
        int(told.get("grace_principal_periods") or 0),
        int(told.get("grace_interest_periods") or 0),
        None if rate is None else Decimal(str(rate)),
    )


def moved(changes: Sequence[Change], due: date) -> date:
    """``due`` after every move of a due day that applies to it."""
    for change in changes:
        if change.new_due is not None and change.from_due == due:
            due = change.new_due
    return due


def _day(told: object) -> date | None:
    if told is None or isinstance(told, date):
        return told
    return date.fromisoformat(str(told))
