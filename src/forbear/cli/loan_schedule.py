"""``forbear loan schedule``: the rows of a loan, what it costs in all, and a chart on request."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError
from forbear.base.money import text
from forbear.cli.loan_asking import WHOLE_PERIODS, Asked, add_options, as_json, asked
from forbear.cli.loan_schedule_words import WORDS
from forbear.cli.loan_table import facts, table
from forbear.evidence.given import Language
from forbear.evidence.loan_chart import balance_and_cost
from forbear.evidence.svg import Caption
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.cost.judge import NoRate, Rate
from forbear.loans.ledger import fold
from forbear.loans.products.application import AMORTIZATION, Refused, step_said
from forbear.loans.products.quote import Quote, quote, shown_percent, within
from forbear.loans.state import Row

SCHEMA: Final = "forbear.schedule/1"
_PLACES: Final = 12
_LEDGERS_OWN: Final = {
    "days_in_year_custom", "fixed_length", "interest_recognition_on_disbursement_date",
}  # fmt: skip


def add_to(below: Any) -> None:
    """Add ``schedule``."""
    one = below.add_parser(
        "schedule",
        help="the instalments of a loan and what it costs in all",
        description="The rows of a loan: when each falls due, its principal and interest, what is "
        "left. With the all-in annual rate, fees included.",
        epilog="Exit status: 0 planned, 1 the product refuses and says why, 2 nothing was done.",
    )
    add_options(one)
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh for CNY, en otherwise")
    one.add_argument("--format", choices=("text", "csv", "json"), default="text", help="the form")
    one.add_argument("--svg", metavar="OUT", help="also write a chart of balance and cost")
    one.set_defaults(run=schedule)


def schedule(args: argparse.Namespace) -> int:
    """Print the plan of one loan. 1 where a product refuses it."""
    found: Asked | Refused | Quote = asked(args)
    if isinstance(found, Asked):
        given = found
        found = quote(given.terms, given.disbursements, dict(given.fees), _by_ledger(given))
        if given.product is not None:
            found = within(given.product, found)
    if isinstance(found, Refused):
        return _refuse(found, _language(args.lang, (args.currency or "CNY").upper()), args.format)
    assert isinstance(found, Quote), "it was planned or refused"
    language = _language(args.lang, found.terms.currency)
    if args.svg is not None:
        _write(Path(args.svg), chart(found, language))
    if args.format == "json":
        print(json.dumps(quote_json(given, found), ensure_ascii=False))
    elif args.format == "csv":
        _csv(found)
    else:
        sys.stdout.write("\n".join(page(given, found, language, args.svg)) + "\n")
    return 0


def _language(asked: Language | None, currency: str) -> Language:
    return asked or ("zh" if currency == "CNY" else "en")


def _by_ledger(given: Asked) -> tuple[Row, ...] | None:
    """The rows of a loan file whose terms only the ledger knows; None where it is planned here."""
    terms = given.terms
    if terms.engine == "progressive" and not _LEDGERS_OWN & set(terms.options):
        return None
    return fold(terms, given.entries, given.disbursements[-1].on).rows


def _refuse(found: Refused, language: Language, form: str) -> int:
    if form == "json":
        reasons = [
            {"limit": each.limit, "says": each.says.in_language(language),
             "says_zh": each.says.zh, "says_en": each.says.en}
            for each in found.reasons
        ]  # fmt: skip
        print(json.dumps({"schema": SCHEMA, "refused": reasons}, ensure_ascii=False))
        return 1
    voice = Voice(language, space=" ")
    where = sys.stdout if form == "text" else sys.stderr
    print(voice.put(WORDS["refused"]), file=where)
    for each in found.reasons:
        print(f"- {voice.sentence(each.says)}", file=where)
    return 1


def _write(file: Path, picture: str) -> None:
    try:
        file.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"--svg: {file} cannot be written ({error.strerror}); name another place"
        ) from error


# ── for programs ──


def quote_json(given: Asked, found: Quote) -> dict[str, Any]:
    """A planned loan as values that ``json.dumps`` takes; amounts are text."""
    currency = found.terms.currency
    owed = found.owed
    return {
        "schema": SCHEMA,
        "loan": as_json(given),
        "rows": [_row_json(row, currency) for row in found.rows],
        "totals": {
            "principal": text(owed.principal, currency),
            "interest": text(owed.interest, currency),
            "fees": text(sum(found.fees.values()), currency),
            "repaid": text(owed.total + sum(found.fees.values()), currency),
            "cost": text(found.charged, currency),
        },
        "all_in_annual_rate": {
            "effective_percent": _percent(found.cost.effective),
            "nominal_percent": _percent(found.cost.nominal),
            "why_none": str(found.cost.rate.why) if isinstance(found.cost.rate, NoRate) else None,
        },
    }


def _percent(rate: Rate | NoRate) -> str | None:
    """A rate in percent with ten places; None where there is no such number."""
    if isinstance(rate, NoRate):
        return None
    return f"{rate.value * 100:.{_PLACES - 2}f}"


def _row_json(row: Row, currency: str) -> dict[str, Any]:
    return {
        "number": row.number,
        "start": row.start.isoformat(),
        "due": row.due.isoformat(),
        "down_payment": row.down_payment,
        "total": text(row.owed.total, currency),
        "principal": text(row.owed.principal, currency),
        "interest": text(row.owed.interest, currency),
        "balance": text(row.balance, currency),
    }


def _csv(found: Quote) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    keys = ("number", "start", "due", "down_payment", "total", "principal", "interest", "balance")
    writer.writerow(keys)
    for row in found.rows:
        shown = _row_json(row, found.terms.currency)
        shown["down_payment"] = "yes" if row.down_payment else "no"
        writer.writerow([shown[key] for key in keys])


# ── for people ──


def page(given: Asked, found: Quote, language: Language, drawn: str | None) -> list[str]:
    """The lines of a schedule: what the loan is, its rows, what it costs."""
    voice = Voice(language, space=" ")
    say = WORDS
    currency = found.terms.currency
    heads = [
        voice.put(say[f"head.{name}"])
        for name in ("number", "due", "total", "principal", "interest", "balance")
    ]
    rows = [
        [
            voice.put(say["down"]) if row.down_payment else str(row.number),
            row.due.isoformat(),
            *(
                said.grouped(amount, currency)
                for amount in (
                    row.owed.total, row.owed.principal, row.owed.interest, row.balance,
                )
            ),
        ]
        for row in found.rows
    ]  # fmt: skip
    owed = found.owed
    sums = [said.grouped(each, currency) for each in (owed.total, owed.principal, owed.interest)]
    rows.append([voice.put(say["sum"]), "", *sums, ""])
    lines = [
        *facts(_facts(given, found, voice)),
        "",
        *table(heads, rows, [False, False, True, True, True, True]),
    ]
    if found.terms.amortization == "equal_installment" and _balloon(found.rows):
        lines += ["", voice.put(say["balloon"])]
    if drawn is not None:
        lines += ["", voice.put(say["drawn"], file=drawn)]
    return lines


def _facts(given: Asked, found: Quote, voice: Voice) -> list[tuple[str, str]]:
    terms, say = found.terms, WORDS
    money = _Money(terms.currency, voice)
    count = as_json(given)["day_count"]
    told: list[tuple[str, str]] = []
    if given.product is not None:
        told += [("lender", voice.sentence(given.product.lender))]
        told += [("product", voice.sentence(given.product.name))]
    told.append(("principal", money(sum(each.amount for each in found.disbursements))))
    if len(found.disbursements) > 1:
        told += [
            ("paid_out", f"{each.on.isoformat()}  {money(each.amount)}")
            for each in found.disbursements
        ]
    told.append(
        (
            "rate",
            voice.put(
                say["rate.of"],
                rate=said.rate(terms.annual_rate_percent),
                way=voice.put(say[f"way.{terms.interest_method}"]),
                days=voice.put(say["count.whole"]) if count == WHOLE_PERIODS else count,
            ),
        )
    )
    told.append(("repay", _way(found, voice)))
    if terms.grace_principal_periods:
        told.append(("grace", voice.put(say["grace.principal"], n=terms.grace_principal_periods)))
    if terms.grace_interest_periods:
        told.append(("grace", voice.put(say["grace.interest"], n=terms.grace_interest_periods)))
    called = (
        {fee.id: voice.sentence(fee.name) for fee in given.product.fees} if given.product else {}
    )
    for name, amount in found.fees.items():
        told.append(("fees", f"{called.get(name, name)}  {money(amount)}"))
    told.append(("total", money(found.owed.total + sum(found.fees.values()))))
    told.append(("cost", money(found.charged)))
    told.append(("all_in.compound", _rate_said(found.cost.effective, voice)))
    told.append(("all_in", _rate_said(found.cost.nominal, voice)))
    return [(voice.put(say[name]), what) for name, what in told]


def _way(found: Quote, voice: Voice) -> str:
    terms = found.terms
    way = voice.sentence(AMORTIZATION[terms.amortization])
    if terms.amortization == "bullet":
        return way
    n = sum(not row.down_payment for row in found.rows)
    step = voice.sentence(step_said(terms.every, terms.unit))
    return voice.put(WORDS["repay.of"], way=way, n=n, step=step)


class _Money:
    """Amounts of one currency in one language."""

    def __init__(self, currency: str, voice: Voice) -> None:
        self._currency, self._voice = currency, voice

    def __call__(self, minor: int) -> str:
        return self._voice.sentence(said.amount(minor, self._currency))


def _rate_said(rate: Rate | NoRate, voice: Voice) -> str:
    if isinstance(rate, NoRate):
        return voice.put(WORDS["all_in.none"], why=voice.put(WORDS[f"why.{rate.why}"]))
    return shown_percent(rate.value)


def _balloon(rows: tuple[Row, ...]) -> bool:
    """Whether the last of level rows is far larger than they are, which nobody asked for."""
    own = [row for row in rows if not row.down_payment]
    if len(own) < 3 or own[0].owed.principal * (len(own) - 1) >= own[-1].owed.principal:
        return False
    return own[-1].owed.total > 2 * own[-2].owed.total and own[-2].owed.principal == 0


def chart(found: Quote, language: Language) -> str:
    """The chart of balance and cost, a picture that stands by itself."""
    voice = Voice(language)
    money = _Money(found.terms.currency, voice)
    start, end = found.disbursements[0].on, found.rows[-1].due
    values = {
        "principal": money(sum(each.amount for each in found.disbursements)),
        "total": money(found.owed.total + sum(found.fees.values())),
        "cost": money(found.charged),
    }
    title = "chart.title" if found.charged else "chart.title.free"
    caption = Caption(
        title=voice.put(WORDS[title], **values),
        desc=voice.put(
            WORDS["chart.desc"],
            **values,
            start=voice.day(start, year=True),
            end=voice.day(end, year=True),
            n=len(found.rows),
        ),
    )
    return balance_and_cost(
        found.rows,
        [(each.on, each.amount) for each in found.disbursements],
        sum(found.fees.values()),
        currency=found.terms.currency,
        voice=voice,
        caption=caption,
        labels=(voice.put(WORDS["chart.balance"]), voice.put(WORDS["chart.cost"])),
        heads=(
            voice.put(WORDS["head.due"]),
            voice.put(WORDS["head.total"]),
            voice.put(WORDS["head.interest"]),
            voice.put(WORDS["head.balance"]),
        ),
    )
