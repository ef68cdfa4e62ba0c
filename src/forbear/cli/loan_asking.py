"""What a person asks ``forbear loan schedule`` for, as terms; a slip is named by its option."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from forbear.base.errors import LoanError, MoneyError
from forbear.base.money import DIGITS, Rounding, digits_of, parse, text
from forbear.cli.loan_file import read_file
from forbear.loans.bounds import checked, count, day, percent
from forbear.loans.entries import Entry
from forbear.loans.periods import Disbursement
from forbear.loans.plan import AMORTIZATIONS
from forbear.loans.products.application import CHINA, Application, Refused, terms_for
from forbear.loans.products.product import DAY_COUNTS, Product, find, step
from forbear.loans.terms import DownPayment, Terms

# How the fields of terms are called on the command line.
OPTIONS: Final = {
    "principal": "--principal",
    "annual_rate_percent": "--rate",
    "n": "--instalments",
    "every": "--every",
    "unit": "--every",
    "starts_on": "--from",
    "first_due": "--first-due",
    "amortization": "--repay",
    "interest_method": "--interest",
    "grace_principal_periods": "--grace-principal",
    "grace_interest_periods": "--grace-interest",
    "down_payment": "--down-payment",
    "multiple_of": "--whole-units",
}
_REPAY: Final = {each.replace("_", "-"): each for each in AMORTIZATIONS}
_INTEREST: Final = {"declining": "declining_balance", "flat": "flat"}
_AMOUNT_OF: Final = re.compile(r"(?:([A-Za-z]{3})\s*)?([^A-Za-z]+?)(?:\s*([A-Za-z]{3}))?")
WHOLE_PERIODS: Final = "whole periods"
# What a loan file says itself.
_OWN: Final = (
    "product", "principal", "currency", "rate", "months", "weeks", "instalments", "every", "start",
    "first_due", "repay", "interest", "day_count", "rounding", "whole_units", "grace_principal",
    "grace_interest", "down_payment", "pay_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A loan to be planned: its terms, when its money goes out, and fees paid on the first day.

    ``entries`` are the disbursements of a loan file, which the ledger plans.
    """

    terms: Terms
    disbursements: tuple[Disbursement, ...]
    fees: tuple[tuple[str, int], ...] = ()
    product: Product | None = None
    entries: tuple[Entry, ...] = ()


def add_options(one: argparse.ArgumentParser) -> None:
    """The options that say what loan is meant."""
    one.add_argument("loan", metavar="LOAN.json", nargs="?", help="or a loan file; - is stdin")
    loan = one.add_argument_group("the loan")
    loan.add_argument("--product", metavar="ID", help="a product of ours, or a file.toml of yours")
    loan.add_argument("--principal", metavar="AMOUNT", help="the amount lent, 10000.00")
    loan.add_argument("--currency", metavar="ISO", help="three letters, CNY by default")
    loan.add_argument("--rate", metavar="PERCENT", help="interest, percent a year, 7.2")
    term = loan.add_mutually_exclusive_group()
    term.add_argument("--months", metavar="N", help="N monthly instalments")
    term.add_argument("--weeks", metavar="N", help="N weekly instalments")
    term.add_argument("--instalments", metavar="N", help="N instalments, see --every")
    loan.add_argument("--every", metavar="STEP", help="time between due days: 2 weeks, 10 days")
    loan.add_argument("--from", dest="start", metavar="DATE", help="paid out on (default: today)")
    loan.add_argument("--first-due", metavar="DATE", help="the first due day, where it is odd")
    loan.add_argument("--repay", choices=tuple(_REPAY), help="how it is repaid")
    loan.add_argument("--interest", choices=tuple(_INTEREST), help="on what is left, or flat")
    loan.add_argument("--day-count", choices=tuple(DAY_COUNTS), help="30/360 by default")
    loan.add_argument("--rounding", choices=tuple(Rounding), help="half_even by default")
    loan.add_argument("--whole-units", metavar="AMOUNT", help="instalments in multiples of this")
    loan.add_argument("--grace-principal", metavar="N", help="N instalments of interest only first")
    loan.add_argument("--grace-interest", metavar="N", help="interest of N falls due after them")
    loan.add_argument("--down-payment", metavar="PERCENT", help="due on the day of paying out")
    loan.add_argument(
        "--pay-out", metavar="DATE=AMOUNT", action="append", default=[],
        help="money goes out in several parts; repeat it",
    )  # fmt: skip
    loan.add_argument(
        "--fee", metavar="NAME=AMOUNT", action="append", default=[],
        help="paid on the first day, counted in the all-in annual rate; repeat it",
    )  # fmt: skip


def asked(args: argparse.Namespace) -> Asked | Refused:
    """The loan that the options describe, or which limits of the product it does not keep.

    Raises :class:`~forbear.base.errors.LoanError` or ``MoneyError`` for the first wrong word.
    """
    if args.loan is not None:
        return _of_file(args)
    product = None if args.product is None else find(args.product)
    currency = _currency(args, product)
    paid_out = _paid_out(args, currency)
    n, every, unit = _term(args)
    if args.rate is None:
        raise LoanError("--rate is missing; write percent a year, such as --rate 7.2")
    application = Application(
        currency=currency,
        amount=sum(each.amount for each in paid_out),
        annual_rate_percent=percent(args.rate, "--rate"),
        n=n,
        every=every,
        unit=unit,
        starts_on=paid_out[0].on,
        amortization=None if args.repay is None else _REPAY[args.repay],
        first_due=None if args.first_due is None else day(args.first_due, "--first-due"),
        grace_principal_periods=count(args.grace_principal or 0, "--grace-principal"),
        grace_interest_periods=count(args.grace_interest or 0, "--grace-interest"),
        down_payment_percent=percent(args.down_payment or "0", "--down-payment"),
        disbursements=len(paid_out),
        fees=_fees(args.fee, currency),
    )
    found = _free(args, application) if product is None else _within(args, product, application)
    if isinstance(found, Refused):
        return found
    return Asked(
        terms=found, disbursements=paid_out, fees=tuple(application.fees.items()), product=product
    )


def _of_file(args: argparse.Namespace) -> Asked:
    """The loan of a file: what was paid out, or the whole of it on the planned day."""
    for option in _OWN:
        if getattr(args, option):
            name = {"start": "from"}.get(option, option).replace("_", "-")
            raise LoanError(f"--{name}: the loan file says it; leave the option out")
    loan = read_file(args.loan)
    terms = loan.terms
    entries = tuple(entry for entry in loan.entries if entry.kind == "disburse")
    if not entries:
        planned = terms.options.get("planned_disbursement")
        on = planned if isinstance(planned, date) else terms.starts_on
        entries = (Entry("planned", "disburse", on, on, 0, terms.principal),)
    paid_out = sorted((Disbursement(each.on, each.amount) for each in entries), key=lambda e: e.on)
    return Asked(
        terms=terms,
        disbursements=tuple(paid_out),
        fees=tuple(_fees(args.fee, terms.currency).items()),
        entries=entries,
    )


def _within(
    args: argparse.Namespace, product: Product, application: Application
) -> Terms | Refused:
    for option in ("interest", "day_count", "rounding", "whole_units"):
        if getattr(args, option) is not None:
            raise LoanError(
                f"--{option.replace('_', '-')}: the product {product.id} says it; leave it out"
            )
    return terms_for(product, application)


def _free(args: argparse.Namespace, asked: Application) -> Terms:
    """Terms without a product: what is not said is what loans here mostly have."""
    year, month, period = DAY_COUNTS[args.day_count or "30/360"]
    down = asked.down_payment_percent
    terms = Terms(
        currency=asked.currency,
        principal=asked.amount,
        annual_rate_percent=asked.annual_rate_percent,
        n=asked.n,
        every=asked.every,
        unit=asked.unit,
        starts_on=asked.starts_on,
        allocation=CHINA,
        interest_method=_INTEREST[args.interest or "declining"],
        amortization=asked.amortization or "equal_installment",
        interest_period=period,
        days_in_year=year,
        days_in_month=month,
        rounding=Rounding(args.rounding or Rounding.HALF_EVEN),
        down_payment=DownPayment(down) if down else None,
        grace_principal_periods=asked.grace_principal_periods,
        grace_interest_periods=asked.grace_interest_periods,
        first_due=asked.first_due,
    )
    if args.whole_units is not None:
        terms = replace(
            terms, multiple_of=_amount(args.whole_units, asked.currency, "--whole-units")
        )
    return checked(terms, OPTIONS)


def _split(written: str) -> tuple[str, str]:
    """The currency that stands before or after an amount, and the amount."""
    found = _AMOUNT_OF.fullmatch(written.strip())
    if not found:
        return "", written
    return (found[1] or found[3] or "").upper(), found[2].strip()


def _currency(args: argparse.Namespace, product: Product | None) -> str:
    given: str | None = args.currency
    if given is None and args.principal is not None:
        given = _split(args.principal)[0] or None
    currency = (given or (product.currency if product else "CNY")).upper()
    if currency not in DIGITS:
        raise MoneyError(
            f"--currency: «{given}» is not known; use its three ISO 4217 letters, known are "
            f"{', '.join(DIGITS)}"
        )
    digits_of(currency)
    return currency


def _amount(written: str, currency: str, where: str) -> int:
    own, digits = _split(written)
    if own and own != currency:
        raise MoneyError(
            f"{where}: {written} is not in the currency of the loan, {currency}; convert it first, "
            "and say at what rate"
        )
    return parse(digits, currency, where=where)


def _paid_out(args: argparse.Namespace, currency: str) -> tuple[Disbursement, ...]:
    start = today() if args.start is None else day(args.start, "--from")
    principal = None if args.principal is None else _amount(args.principal, currency, "--principal")
    if principal is not None and principal <= 0:
        raise LoanError(
            f"--principal: {args.principal} is not an amount to lend; it is more than 0"
        )
    if not args.pay_out:
        if principal is None:
            raise LoanError("--principal is missing; write the amount lent, 10000.00")
        return (Disbursement(start, principal),)
    parts = sorted(_part(each, currency) for each in args.pay_out)
    if args.start is not None and parts[0].on != start:
        raise LoanError(
            f"--from: {start} is not the day of the first --pay-out, {parts[0].on}; leave one out"
        )
    total = sum(each.amount for each in parts)
    if principal is not None and principal != total:
        raise LoanError(
            f"--pay-out: the parts make {text(total, currency)}, --principal says "
            f"{text(principal, currency)}; let them agree, or leave --principal out"
        )
    return tuple(parts)


def _named(written: str, option: str, form: str) -> tuple[str, str]:
    name, sign, amount = written.partition("=")
    if not sign or not name.strip():
        raise LoanError(f"{option}: «{written}» has no name; write {form}")
    return name.strip(), amount


def _part(written: str, currency: str) -> Disbursement:
    on, amount = _named(written, "--pay-out", "2026-03-10=5000.00")
    part = Disbursement(day(on, "--pay-out"), _amount(amount, currency, "--pay-out"))
    if part.amount <= 0:
        raise LoanError(f"--pay-out: {written} is no money paid out; it is more than 0")
    return part


def _fees(given: Sequence[str], currency: str) -> dict[str, int]:
    fees: dict[str, int] = {}
    for each in given:
        name, amount = _named(each, "--fee", "processing=100.00")
        if name in fees:
            raise LoanError(f"--fee: «{name}» stands twice; add the two up")
        fees[name] = _amount(amount, currency, "--fee")
        if fees[name] < 0:
            raise LoanError(f"--fee: {each} is negative; a fee is 0 or more")
    return fees


def _term(args: argparse.Namespace) -> tuple[int, int, str]:
    for option, unit in (("months", "months"), ("weeks", "weeks")):
        given = getattr(args, option)
        if given is not None:
            if args.every is not None:
                raise LoanError(
                    f"--every: --{option} already says it; write --instalments {given} instead"
                )
            return _at_least_one(given, f"--{option}"), 1, unit
    if args.instalments is None:
        raise LoanError("--months is missing; write --months 12, or --instalments 12 --every …")
    every, unit = step(args.every or "1 months", "--every")
    return _at_least_one(args.instalments, "--instalments"), every, unit


def _at_least_one(given: str, where: str) -> int:
    n = count(given, where)
    if not 1 <= n <= 600:
        raise LoanError(f"{where}: {n} is not a number of instalments; it is 1 to 600")
    return n


def today() -> date:
    """The day that it is here."""
    return datetime.now().astimezone().date()


def as_json(given: Asked) -> dict[str, Any]:
    """What the loan is, as values that ``json.dumps`` takes."""
    terms, currency = given.terms, given.terms.currency
    counts = {words: name for name, words in DAY_COUNTS.items()}
    key = (terms.days_in_year, terms.days_in_month, terms.interest_period)
    return {
        "product": None if given.product is None else given.product.id,
        "currency": currency,
        "principal": text(sum(each.amount for each in given.disbursements), currency),
        "annual_rate_percent": f"{terms.annual_rate_percent:f}",
        "n": terms.n,
        "every": terms.every,
        "unit": terms.unit,
        "starts_on": terms.starts_on.isoformat(),
        "amortization": terms.amortization,
        "interest_method": terms.interest_method,
        "day_count": counts.get(key, WHOLE_PERIODS),
        "rounding": str(terms.rounding),
        "disbursements": [
            {"on": each.on.isoformat(), "amount": text(each.amount, currency)}
            for each in given.disbursements
        ],
        "fees": {name: text(amount, currency) for name, amount in given.fees},
    }
