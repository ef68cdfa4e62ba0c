"""What ``forbear loan relief`` is asked: a loan file, and measures as options or as a file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from forbear.base.errors import InputError, LoanError, MoneyError
from forbear.base.money import parse
from forbear.cli.rows import json_file
from forbear.loans.reading import LoanFile, read_day, read_loan
from forbear.loans.relief.coding import measure_of, request_of
from forbear.loans.relief.measures import Excess, Measure, Request

_JURISDICTIONS: Final = {"CNY": "cn", "USD": "us", "GBP": "uk", "INR": "in"}
_SPANS: Final = {
    "delinquency_pause": ("delinquency_pause", "start", "end"),
    "interest_pause": ("interest_pause", "start", "end"),
    "move_due": ("due_move", "due", "new_due"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request about one loan on one day; None where steps are to be undone or listed."""

    raw: dict[str, Any]
    loan: LoanFile
    on: date
    request: Request | None
    surplus: int | None


def add_options(one: argparse.ArgumentParser) -> None:
    """The loan file and the options."""
    one.add_argument(
        "loan", metavar="LOAN.json",
        help="one loan with its product and events, as for replay; - is standard input",
    )  # fmt: skip
    one.add_argument("--on", metavar="DATE", help="the day of the step (default: today)")
    one.add_argument("--request", metavar="FILE.json", help="the measures as one object")
    _add_measures(one)
    group = one.add_argument_group("what it is held against")
    group.add_argument("--surplus", metavar="AMOUNT", help="what can be spared a month")
    group.add_argument("--product", metavar="WORD", help="credit_card, online_consumer, …")
    group.add_argument("--jurisdiction", metavar="WORD", help="by default that of the currency")
    group.add_argument(
        "--on-excess", choices=[each.value for each in Excess],
        help="where the contract's rate would make it dearer than standing still: the interest "
        "is cut (trim, the default), or the step is refused",
    )  # fmt: skip
    group = one.add_argument_group("granting and undoing; without these nothing is entered")
    group.add_argument("--grant", metavar="STEP", help="make the entries of a step of this name")
    group.add_argument("--undo", metavar="STEP", help="make the entry that takes this step back")
    group.add_argument("--steps", action="store_true", help="list the steps granted so far")
    group.add_argument("--out", metavar="FILE.json", help="write the loan with these entries")


def _add_measures(one: argparse.ArgumentParser) -> None:
    group = one.add_argument_group("measures; several are one step, in this order")
    for option, metavar, what in (
        ("--delinquency-pause", "D..D", "these days do not count as days past due"),
        ("--interest-pause", "D..D", "these days bear no interest, both ends included"),
        ("--rate", "PERCENT", "a lower yearly rate from now on"),
        ("--move-due", "DUE..NEW", "an instalment falls due later, and those after it"),
        ("--extra-terms", "N", "so many instalments more"),
        ("--reage", "N", "all that is open over N new instalments, no interest running on"),
        ("--plan", "N", "a plan for one person, N months, at --plan-rate"),
        ("--terminate-by", "DATE", "the contract ends, what is owed is due by then"),
        ("--settle", "AMOUNT", "this much by --by closes the loan"),
    ):
        if option == "--delinquency-pause":
            group.add_argument(
                "--waive", metavar="PART=AMOUNT", action="append", default=[],
                help="forgive principal, interest, fee or penalty: an amount or all; repeat it",
            )  # fmt: skip
        group.add_argument(option, metavar=metavar, help=what)
        if option == "--rate":
            group.add_argument(
                "--reamortize", action="store_true",
                help="what is past due moves into the instalments to come",
            )  # fmt: skip
    group.add_argument("--first-due", metavar="DATE", help="of --reage and --plan")
    group.add_argument("--every", metavar="STEP", help="of --reage: 1 months, 2 weeks, …")
    group.add_argument(
        "--interest", metavar="WORD", help="of --reage: frozen (default), accrued or all"
    )
    group.add_argument("--plan-rate", metavar="PERCENT", help="of --plan, 0 by default")
    group.add_argument("--by", metavar="DATE", help="the deadline of --settle")


def asked(args: argparse.Namespace) -> Asked:
    """What the command line asks for. Raises a ForbearError with the field and the mend."""
    if args.loan == "-" and args.request == "-":
        raise InputError("--request: standard input is the loan already; name a file")
    raw = json_file(args.loan)
    loan = read_loan(raw)
    currency = loan.terms.currency
    request = _request(args, currency)
    if args.steps:
        if request is not None or args.undo is not None or args.grant is not None:
            raise LoanError("--steps: it stands alone; it lists what was granted so far")
    elif (request is None) == (args.undo is None):
        raise LoanError(
            "relief: nothing is asked for; name a measure such as --reage 12, a --request, "
            "or --undo alone"
            if request is None
            else "--undo: it stands alone; take the step back first, then ask for another"
        )
    if args.out is not None and args.grant is None and args.undo is None:
        raise LoanError("--out: a preview enters nothing; add --grant with a name for the step")
    return Asked(
        raw=raw,
        loan=loan,
        on=datetime.now().astimezone().date() if args.on is None else read_day(args.on, "--on"),
        request=request,
        surplus=None if args.surplus is None else _amount(args.surplus, currency, "--surplus"),
    )


def _amount(written: str, currency: str, where: str) -> int:
    amount = parse(written, currency, where=where)
    if amount < 0:
        raise MoneyError(f"{where}: {written} is negative; write 0 or more")
    return amount


def _request(args: argparse.Namespace, currency: str) -> Request | None:
    given = tuple(_measures(args, currency))
    usual = _JURISDICTIONS.get(currency, "other")
    told = {
        name: getattr(args, name)
        for name in ("product", "jurisdiction", "on_excess")
        if getattr(args, name) is not None
    }
    if args.request is not None:
        if given:
            raise LoanError("--request: it holds the measures; leave the options for them out")
        return request_of({"jurisdiction": usual, **json_file(args.request), **told}, currency)
    if not given:
        return None
    return Request(
        measures=given,
        on_excess=Excess(told.get("on_excess", Excess.TRIM)),
        product=told.get("product", "online_consumer"),
        jurisdiction=told.get("jurisdiction", usual),
    )


def _measures(args: argparse.Namespace, currency: str) -> list[Measure]:
    found: list[Measure] = []

    def add(word: str, option: str, **fields: Any) -> None:
        found.append(measure_of(word, fields, currency, f"--{option.replace('_', '-')}"))

    if args.waive:
        add("waiver", "waive", amounts=_waived(args.waive))
    for option in ("delinquency_pause", "interest_pause"):
        _add_span(args, option, add)
    if args.rate is not None:
        add("rate_change", "rate", annual_rate_percent=args.rate)
    if args.reamortize:
        add("reamortize", "reamortize")
    _add_span(args, "move_due", add)
    if args.extra_terms is not None:
        add("extra_terms", "extra_terms", n=_count(args.extra_terms, "--extra-terms"))
    _add_plans(args, add)
    if args.terminate_by is not None:
        add("termination", "terminate_by", deadline=args.terminate_by)
    if args.settle is not None:
        if args.by is None:
            raise LoanError("--by: it is missing; --settle needs its deadline")
        add("settlement", "settle", amount=args.settle, deadline=args.by)
    elif args.by is not None:
        raise LoanError("--by: it is the deadline of --settle; add that, or leave it out")
    return found


def _add_plans(args: argparse.Namespace, add: Any) -> None:
    first = {} if args.first_due is None else {"first_due": args.first_due}
    if args.first_due is not None and args.reage is None and args.plan is None:
        raise LoanError("--first-due: it is that of --reage or --plan; add one of them")
    if args.reage is None and (args.every is not None or args.interest is not None):
        raise LoanError("--reage is missing; --every and --interest say more about it")
    if args.plan is None and args.plan_rate is not None:
        raise LoanError("--plan is missing; --plan-rate is the rate of it")
    for option, given in (("--reage", args.reage), ("--plan", args.plan)):
        if given is not None and args.first_due is None:
            raise LoanError(f"--first-due: it is missing; {option} needs the day of the first one")
    if args.reage is not None:
        more = {} if args.interest is None else {"interest": args.interest}
        if args.every is not None:
            number, _, unit = args.every.partition(" ")
            more |= {"every": _count(number, "--every"), "unit": unit.strip()}
        add("reage", "reage", n=_count(args.reage, "--reage"), **first, **more)
    if args.plan is not None:
        more = {} if args.plan_rate is None else {"annual_rate_percent": args.plan_rate}
        add("personal_plan", "plan", n=_count(args.plan, "--plan"), **first, **more)


def _add_span(args: argparse.Namespace, option: str, add: Any) -> None:
    written = getattr(args, option)
    if written is None:
        return
    word, start, end = _SPANS[option]
    first, sign, last = written.partition("..")
    if not sign:
        shown = option.replace("_", "-")
        raise LoanError(f"--{shown}: «{written}» is no span; write 2026-04-01..2026-05-31")
    add(word, option, **{start: first, end: last})


def _waived(given: list[str]) -> dict[str, str]:
    amounts: dict[str, str] = {}
    for each in given:
        name, sign, amount = each.partition("=")
        if not sign:
            raise LoanError(f"--waive: «{each}» has no amount; write penalty=all or fee=30.00")
        if name in amounts:
            raise LoanError(f"--waive: «{name}» stands twice; add the two up")
        amounts[name] = amount
    return amounts


def _count(written: str, where: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise LoanError(f"{where}: «{written}» is no whole number; write one such as 12") from None
