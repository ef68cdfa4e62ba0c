"""What ``forbear loan claim`` is asked: a loan file, and what the options say beyond it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import parse
from forbear.cli.rows import json_file
from forbear.loans.ceiling import LENDERS, Book, countries, load
from forbear.loans.claim import Claimed
from forbear.loans.claim_limits import Circumstances
from forbear.loans.claim_lines import PARTS
from forbear.loans.parts import Parts
from forbear.loans.reading import LoanFile, read_day, read_loan, read_rate
from forbear.loans.relief.folding import find
from forbear.loans.state import State
from forbear.loans.terms import Terms

_COUNTRY_OF: Final = {"CNY": "cn", "GBP": "uk", "USD": "us", "SGD": "sg", "AUD": "au"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A claim on one loan and what is known around it."""

    id: str
    state: State
    terms: Terms
    book: Book
    about: Circumstances
    claimed: Claimed | None
    owed: Parts | None
    by_months: bool | None


def add_options(one: argparse.ArgumentParser) -> None:
    """The loan file and the options."""
    one.add_argument("loan", metavar="LOAN.json", help="one loan with its events; - is stdin")
    one.add_argument("--as-of", metavar="DATE", help="the day of the claim (default: today)")
    one.add_argument(
        "--whole", action="store_true", help="the whole loan is called in, not only what is due"
    )
    one.add_argument("--lender-type", metavar="KIND", help=f"who lends: {', '.join(LENDERS)}")
    one.add_argument("--product", metavar="KIND", help="credit_card, online_consumer, private_loan")
    one.add_argument(
        "--contract-date", metavar="DATE", help="when the contract was made, or FROM..TO"
    )
    one.add_argument("--filed-on", metavar="DATE", help="the day of the suit, where there is one")
    one.add_argument(
        "--lpr", metavar="PERCENT", help="the one-year LPR at contract, if you know it"
    )
    one.add_argument("--received", metavar="AMOUNT", help="what the borrower really received")
    one.add_argument("--country", metavar="CODE", help="cn, uk, us, … (default: by the currency)")
    one.add_argument("--region", metavar="CODE", help="a part of the country, such as US-IL")
    one.add_argument("--borrower", metavar="KIND", help="military, where that is so")
    one.add_argument(
        "--day-count", choices=("actual/365", "months"),
        help="how a ceiling counts time (default: as the contract does)",
    )  # fmt: skip


def asked(args: argparse.Namespace) -> Asked:
    """The claim that the file and the options describe.

    Raises InputError for a file that cannot be read, LoanError or MoneyError for the first field or
    option that is wrong.
    """
    raw = json_file(args.loan)
    loan = read_loan(raw)
    as_of = _today() if args.as_of is None else read_day(args.as_of, "--as-of")
    first = min((entry.on for entry in loan.entries if entry.kind == "disburse"), default=None)
    if first is None:
        raise LoanError("events: nothing was paid out; add the disburse event first")
    if as_of < first:
        raise LoanError(
            f"--as-of: {as_of} lies before the first payout on {first}; name a later day"
        )
    terms, currency = loan.terms, loan.terms.currency
    country = args.country or raw.get("country") or _COUNTRY_OF.get(currency)
    if country not in countries():
        raise LoanError(
            f"country: no ceilings are held for «{country or currency}»; known are "
            f"{', '.join(countries())}"
        )
    found = find(terms, loan.entries, as_of)
    whole = found.closing if args.whole else None
    claimed = _claimed(raw.get("claim"), currency)
    if claimed is None and whole is not None:
        claimed = Claimed(
            principal=whole.principal, interest=whole.interest, penalty=whole.penalty, fee=whole.fee
        )
    return Asked(
        id=loan.id or "-",
        state=found.state,
        terms=terms,
        book=load(country),
        about=_about(args, loan, first),
        claimed=claimed,
        owed=whole,
        by_months=None if args.day_count is None else args.day_count == "months",
    )


def _today() -> date:
    return datetime.now().astimezone().date()


def _about(args: argparse.Namespace, loan: LoanFile, first: date) -> Circumstances:
    """What is known around a loan; an option speaks before the file."""
    raw = loan.raw
    profile = raw.get("lender_profile", {})
    if not isinstance(profile, Mapping):
        raise LoanError("lender_profile: it is no object; write lender_type and product in it")
    lender = _word(args.lender_type, profile.get("lender_type"), "lender_type")
    told, by_file = _contract(args, raw), _contract_by_the_file(raw, first)
    filed = args.filed_on or raw.get("filed_on")
    rate = args.lpr or profile.get("lpr_1y_at_contract")
    received = args.received or raw.get("received")
    return Circumstances(
        lender=lender,
        product=_word(args.product, profile.get("product"), "product"),
        borrower=_word(args.borrower, raw.get("borrower"), "borrower"),
        region=_word(args.region, raw.get("region"), "region"),
        contract=told or by_file,
        contract_told=told is not None or by_file == (first, first),
        filed=None if filed is None else read_day(filed, "filed_on"),
        lpr=None if rate is None else read_rate(rate, "lpr"),
        received=None if received is None else _amount(received, loan.terms.currency, "received"),
    )


def _word(option: str | None, given: object, where: str) -> str | None:
    word = option if option is not None else given
    if word is not None and not isinstance(word, str):
        raise LoanError(f"{where}: {word!r} is no word; write one in quotes")
    return word


def _contract(args: argparse.Namespace, raw: Mapping[str, Any]) -> tuple[date, date] | None:
    """The day of the contract as it was told, or the days between which it lies."""
    written = args.contract_date or raw.get("contract_date")
    if written is None:
        return None
    first, dots, last = str(written).partition("..")
    begun = read_day(first, "contract_date")
    ended = read_day(last, "contract_date") if dots else begun
    if ended < begun:
        raise LoanError(f"contract_date: {ended} lies before {begun}; write the earlier day first")
    return begun, ended


def _contract_by_the_file(raw: Mapping[str, Any], first: date) -> tuple[date, date] | None:
    """Between the application and the first payout; None where the file has no application."""
    submitted = raw.get("submitted_on")
    if submitted is None:
        return None
    day = read_day(submitted, "submitted_on")
    return min(day, first), first


def _claimed(given: object, currency: str) -> Claimed | None:
    """The amounts that the file says are claimed, part by part."""
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise LoanError('claim: it is no object; write {"principal": "1000.00", …}')
    if unknown := sorted(set(given) - set(PARTS)):
        raise LoanError(f"claim: unknown part «{unknown[0]}»; known are {', '.join(PARTS)}")
    return Claimed(**{part: _amount(given[part], currency, f"claim.{part}") for part in given})


def _amount(given: Any, currency: str, where: str) -> int:
    amount = parse(given, currency, where=where)
    if amount < 0:
        raise LoanError(f"{where}: {given} is negative; an amount is 0 or more")
    return amount
