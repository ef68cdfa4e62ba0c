"""What ``forbear loan offers`` is asked, from options and files, and what is answered to it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from forbear.base.errors import ForbearError, InputError, LoanError
from forbear.cli.rows import json_file
from forbear.evidence.given import Language
from forbear.loans.offers.answering import Answer
from forbear.loans.offers.circumstances import NOT_READ, Circumstances, circumstances
from forbear.loans.offers.menu import kinds
from forbear.loans.offers.offering import offers
from forbear.loans.offers.policy import policy
from forbear.loans.offers.ranking import First
from forbear.loans.offers.signing import law_of, laws
from forbear.loans.offers.value import Valuation, valuation
from forbear.loans.reading import LoanFile, read_day, read_loan

_MOST: Final = 10_000
# Options that say the same as a field of the circumstances, and may be given more than once.
_LISTS: Final = ("income", "spending", "other_debts")
_SINGLE: Final = ("dependants", "region", "area", "floor", "lump_sum", "pay_day")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An answer with what it was asked of, for the page and for programs."""

    loan: LoanFile
    on: date
    law: str
    product: str
    lender_type: str
    told: Circumstances
    not_read: tuple[str, ...]
    values: Valuation
    first: First
    answer: Answer
    most: int
    language: Language


def asked(args: argparse.Namespace) -> Offered:
    """What the command line asks for, answered."""
    if args.loan == "-" and args.circumstances == "-":
        raise InputError("--circumstances: standard input is the loan already; name a file")
    raw = json_file(args.loan)
    loan = _within(args.loan, lambda: read_loan(raw))
    said = {} if args.circumstances is None else json_file(args.circumstances)
    where = "" if args.circumstances is None else args.circumstances
    currency = loan.terms.currency
    told = _within(where, lambda: circumstances({**said, **_flags(args)}, currency=currency))
    on = _today() if args.on is None else read_day(args.on, "--on")
    law = args.law or _law(told)
    values = _values(args)
    product = args.product or "online_consumer"
    return Offered(
        loan=loan,
        on=on,
        law=law,
        product=product,
        lender_type=args.lender_type or "",
        told=told,
        not_read=tuple(key for key in said if key in NOT_READ),
        values=values,
        first=First(args.first),
        answer=offers(
            loan.terms,
            loan.entries,
            on,
            told,
            product=product,
            law=law,
            first=First(args.first),
            values=values,
        ),
        most=_count(args.most),
        language=args.lang or ("zh" if currency == "CNY" else "en"),
    )


def _within(where: str, read: Callable[[], _Read]) -> _Read:
    """What ``read`` gives; an error of its own begins with the file that it is in."""
    try:
        return read()
    except ForbearError as error:
        if not where:
            raise
        raise type(error)(f"{where}: {error}") from error


def _flags(args: argparse.Namespace) -> dict[str, Any]:
    """The options as fields of the circumstances; they outrank those of a file."""
    told: dict[str, Any] = {}
    for name in _LISTS:
        given: Sequence[str] | None = getattr(args, name)
        if given:
            told[name] = given[0] if len(given) == 1 else list(given)
    for name in _SINGLE:
        if getattr(args, name) is not None:
            told[name] = getattr(args, name)
    if args.irregular:
        told["irregular"] = True
    return told


def _law(told: Circumstances) -> str:
    if told.region is not None:
        country = told.region.id.partition("-")[0].lower()
        if country in laws():
            return country
    return law_of(told.currency)


def _values(args: argparse.Namespace) -> Valuation:
    usual = policy().values
    cure: Any = None
    cure_of: dict[str, Any] = {}
    for each in args.cure:
        kind, sign, chance = each.rpartition("=")
        if sign and kind not in kinds():
            raise LoanError(f"--cure: «{kind}» is no kind of plan; known are {', '.join(kinds())}")
        if sign:
            cure_of[kind] = chance
        else:
            cure = each
    given = valuation(
        discount=args.discount or "0", cure=cure or "0", cure_of=cure_of,
        recovery=args.recovery or "0",
    )  # fmt: skip
    # A chance for all that the caller names leaves no house figure for single kinds.
    named: Mapping[str, Any] = given.cure_of if cure else {**usual.cure_of, **given.cure_of}
    return Valuation(
        discount=usual.discount if args.discount is None else given.discount,
        cure=usual.cure if cure is None else given.cure,
        cure_of=dict(named),
        recovery=usual.recovery if args.recovery is None else given.recovery,
    )


def _count(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) <= _MOST):
        raise LoanError(f"--most: «{written}» is no number of kinds; write 0 for all, or 5")
    return int(written)


def _today() -> date:
    return datetime.now().astimezone().date()
