"""The measures of relief as values, and the request that puts several of them into one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from forbear.loans.parts import Component


class Kept(StrEnum):
    """What becomes of the interest when a loan is re-aged. It runs on in none of them.

    ``frozen``: level instalments pay the principal first, and what has accrued waits behind it
    (停息挂账); ``accrued``: it is spread over all instalments alike; ``all``: so is the interest
    that the old plan had still to come.
    """

    FROZEN = "frozen"
    ACCRUED = "accrued"
    ALL = "all"


class Excess(StrEnum):
    """What happens where a measure would cost more than standing still."""

    TRIM = "trim"  # the interest is cut until it does not, and the cut is shown
    REFUSE = "refuse"  # refused, with both figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ReAge:
    """Everything open goes over ``n`` new instalments; no interest runs from the day on."""

    n: int
    first_due: date
    every: int = 1
    unit: str = "months"  # days | weeks | months
    interest: Kept = Kept.FROZEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Reamortize:
    """What is past due moves into the instalments still to come; the last day stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestPause:
    """No interest from ``start`` to ``end``, both days included; instalments fall at once."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """A lower rate, in percent a year, on what is not due yet, from the day of the step on."""

    annual_rate_percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMove:
    """The instalment due on ``due`` moves to ``new_due``, and those after it follow in their step.

    The amounts stay as they are: the days that are gained bear no interest.
    """

    due: date
    new_due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTerms:
    """``n`` more instalments: everything open goes over those to come and these."""

    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """The contract ends: interest stops, and what is then owed is due by ``deadline``."""

    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Amounts forgiven for good, by component, oldest instalment first; None is all of it."""

    amounts: Mapping[Component, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """``amount`` by ``deadline`` closes the loan; missed, everything waived comes back."""

    amount: int
    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalPlan:
    """A plan made for one person: ``n`` monthly instalments (信用卡业务监督管理办法 第70条).

    Interest runs at ``annual_rate_percent``, nothing by default; what accrued so far is spread.
    """

    n: int
    first_due: date
    annual_rate_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DelinquencyPause:
    """The days from ``start`` to ``end`` do not count as days past due; may lie in the past."""

    start: date
    end: date


Measure = (
    ReAge
    | Reamortize
    | InterestPause
    | RateChange
    | DueMove
    | ExtraTerms
    | Termination
    | Waiver
    | Settlement
    | PersonalPlan
    | DelinquencyPause
)

# The word of each measure, in requests and, behind "relief_", as the kind of its entry.
WORD: Final[dict[type[Measure], str]] = {
    ReAge: "reage",
    Reamortize: "reamortize",
    InterestPause: "interest_pause",
    RateChange: "rate_change",
    DueMove: "due_move",
    ExtraTerms: "extra_terms",
    Termination: "termination",
    Waiver: "waiver",
    Settlement: "settlement",
    PersonalPlan: "personal_plan",
    DelinquencyPause: "delinquency_pause",
}
# The measures that move the last day, which the law counts.
EXTENDS: Final = (ReAge, DueMove, ExtraTerms, PersonalPlan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Measures that are granted together or not at all, in the order in which they act.

    A waiver before a re-age is how penalties past due are dealt with in the same step. ``product``
    is the word of ``limits.toml`` for what is lent (credit_card, online_consumer, …).
    """

    measures: tuple[Measure, ...]
    on_excess: Excess = Excess.TRIM
    product: str = "online_consumer"
    jurisdiction: str = "cn"
