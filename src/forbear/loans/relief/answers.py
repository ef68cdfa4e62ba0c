"""What a request for relief is answered with: a preview, a refusal with reasons, or a grant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from forbear.base.reasons import Sentence
from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.relief.measures import Request
from forbear.loans.state import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a request is refused: a word for programs, the field it is about, a sentence for people.

    ``clause``, ``level`` and ``confidence`` are those of the limit where one stands behind it.
    """

    code: str
    field: str
    says: Sentence
    clause: str = ""
    level: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The request is not granted, and nothing of it is applied. Never without a reason."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a loan goes on from a day: what is still to pay, and when. Amounts are minor units.

    ``rows`` are those with anything outstanding; ``to_pay`` is their sum. ``payment`` is the
    most that falls due within one calendar month, what is past due on the day apart.
    ``annual_rate`` is the rate of the whole loan in percent a year, the payments made included
    and what is past due paid on the day; None where the flows have no rate,
    several, or one beyond a million percent.
    """

    rows: tuple[Row, ...]
    to_pay: Parts
    payment: int
    last_day: date
    days_past_due: int
    annual_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingStill:
    """What no relief at all would come to.

    ``owed_today``: what would close the loan today; ``to_pay``: contract interest and late
    charges by the terms up to today, then the plan as it stands, nothing paid late from here
    on. No charge of tomorrow is counted, so that relief is held against the lowest figure.
    """

    owed_today: Parts
    to_pay: Parts
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a request would do, before anybody signs; nothing is applied by it.

    ``forgiven`` and ``after.to_pay`` add up to ``before.to_pay``, component by component.
    ``postponed`` is what was due by today and falls due later. ``trimmed`` is the interest cut
    lest the relief cost more than standing still; it is part of ``forgiven``. ``share`` is the
    monthly payment over the borrower's monthly surplus; None where that is unknown or nothing.
    ``conditional`` is the part of ``forgiven`` that comes back where a deadline is missed.
    """

    request: Request
    as_of: date
    currency: str
    standing_still: StandingStill
    before: Course
    after: Course
    forgiven: Parts
    conditional: Parts
    postponed: Parts
    trimmed: int
    share: Fraction | None
    remarks: tuple[Sentence, ...] = ()

    @property
    def saved(self) -> int:
        """How much less is to pay than by standing still; never below nothing."""
        return self.standing_still.to_pay.total - self.after.to_pay.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The entries of one step, to be added together or not at all, and what they do."""

    id: str
    entries: tuple[Entry, ...]
    preview: Preview
