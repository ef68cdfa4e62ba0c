"""Loan files: one JSON object a loan, with its product, its terms and its events.

The fields are documented in ``docs/reference/loan-file.md``. Everything is checked before anything
is computed: a wrong field becomes one :class:`LoanError` that names it and says how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, digits_of, parse
from forbear.loans.entries import Entry
from forbear.loans.terms import Allocation, DownPayment, Recalculation, Terms

KINDS: Final = (
    "disburse", "repayment", "prepay", "charge", "cob", "undo", "reage", "reamortize",
    "reschedule", "interest_pause", "delinquency_pause", "delinquency_resume", "charge_off",
    "writeoff", "contract_termination", "chargeback", "merchant_refund", "payout_refund",
    "goodwill", "credit_balance_refund", "charge_adjustment", "waive_charge", "waive_interest",
    "waiver", "classify", "accrue",
)  # fmt: skip
_DATES: Final = ("due", "start", "end", "from", "new_due", "made_on", "charge_due")
_NEED_AMOUNT: Final = (
    "disburse", "repayment", "chargeback", "merchant_refund", "payout_refund", "goodwill",
    "credit_balance_refund", "charge_adjustment", "waive_interest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoanFile:
    """A loan as it was read."""

    id: str
    terms: Terms
    entries: tuple[Entry, ...]
    raw: Mapping[str, Any]


def read_loan(raw: Mapping[str, Any]) -> LoanFile:
    """The terms and entries of one loan. Raises :class:`LoanError` or MoneyError."""
    terms = read_terms(raw)
    return LoanFile(str(raw.get("id", "")), terms, read_entries(raw, terms.currency), raw)


def read_day(value: object, where: str) -> date:
    """A day written 2026-03-10. Raises :class:`LoanError`."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise LoanError(f"{where}: «{value}» is not a day; write it as 2026-03-10") from None


def read_rate(value: object, where: str) -> Decimal:
    """A yearly rate in percent. Raises :class:`LoanError`."""
    try:
        rate = Decimal(str(value))
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate < 0 or rate > 1000:
        raise LoanError(f"{where}: «{value}» is not a yearly rate; write percent, 0 to 1000")
    return rate


def _whole(value: object, where: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise LoanError(f"{where}: «{value}» is not a whole number from {least} to {most}")
    return value


def _word(value: object, where: str, known: Sequence[str]) -> str:
    if value not in known:
        raise LoanError(f"{where}: «{value}» is not known; known are {', '.join(known)}")
    return str(value)


def read_terms(raw: Mapping[str, Any]) -> Terms:
    """The terms of a loan. Raises :class:`LoanError` or MoneyError."""
    product = raw.get("product")
    if not isinstance(product, Mapping):
        raise LoanError("product: is missing; say how the loan bears interest and is repaid")
    currency = str(raw.get("currency") or product.get("currency") or "USD")
    digits_of(currency)
    principal = parse(raw.get("principal", ""), currency, where="principal")
    if principal <= 0:
        raise LoanError(f"principal: {raw.get('principal')} is not more than nothing")
    submitted = read_day(raw.get("submitted_on") or raw.get("disbursed_on"), "submitted_on")
    starts = submitted
    if raw.get("first_due_counts_from") != "submitted_on" and raw.get("planned_disbursement"):
        starts = read_day(raw["planned_disbursement"], "planned_disbursement")
    options = {
        key: value for key, value in {**product, **raw}.items()
        if key in ("charge_off_behaviour", "chargeback_allocation", "interest_refund_on",
                   "days_in_year_custom", "interest_recognition_on_disbursement_date",
                   "fixed_length", "installment_level_delinquency", "global_config",
                   "accrual_activity_posting")
    }  # fmt: skip
    if raw.get("planned_disbursement"):
        options["planned_disbursement"] = read_day(raw["planned_disbursement"],
                                                   "planned_disbursement")  # fmt: skip
    if raw.get("applied_principal"):
        options["applied_principal"] = parse(raw["applied_principal"], currency,
                                             where="applied_principal")  # fmt: skip
    options["due_from_submission"] = raw.get("first_due_counts_from") == "submitted_on"
    rounding = product.get("rounding") or {}
    multiple = rounding.get("installment_multiple_of")
    down = raw.get("down_payment")
    recalculation = product.get("interest_recalculation")
    return Terms(
        currency=currency,
        principal=principal,
        annual_rate_percent=read_rate(product.get("annual_rate_percent", "0"),
                                      "product.annual_rate_percent"),
        n=_whole(raw.get("n"), "n", 1, 600),
        every=_whole(raw.get("every", 1), "every", 1, 366),
        unit=_word(raw.get("unit", "months"), "unit", ("days", "weeks", "months")),
        starts_on=starts,
        allocation=read_allocation(product.get("allocation") or {"strategy": "mifos-standard"}),
        interest_method=_word(product.get("interest_method", "declining_balance"),
                              "product.interest_method", ("declining_balance", "flat", "zero")),
        amortization=_word(product.get("amortization", "equal_installment"),
                           "product.amortization",
                           ("equal_installment", "equal_principal", "interest_first", "bullet")),
        interest_period=_word(product.get("interest_period", "daily"), "product.interest_period",
                              ("daily", "same_as_repayment")),
        days_in_year=_word(product.get("days_in_year", "365"), "product.days_in_year",
                           ("actual", "360", "364", "365")),
        days_in_month=_word(product.get("days_in_month", "actual"), "product.days_in_month",
                            ("actual", "30")),
        partial_period_interest=bool(product.get("partial_period_interest", False)),
        rounding=Rounding(_word(rounding.get("mode", "half_even"), "product.rounding.mode",
                                tuple(mode.value for mode in Rounding))),
        multiple_of=parse(str(multiple), currency, where="installment_multiple_of")
        if multiple else None,
        engine=_word(product.get("engine", "progressive"), "product.engine",
                     ("progressive", "cumulative")),
        recalculation=Recalculation(**recalculation) if recalculation else None,
        down_payment=DownPayment(read_rate(down.get("percent"), "down_payment.percent"),
                                 bool(down.get("auto_paid"))) if down else None,
        grace_principal_periods=_whole(raw.get("grace_principal_periods", 0),
                                       "grace_principal_periods", 0, 600),
        grace_interest_periods=_whole(raw.get("grace_interest_periods", 0),
                                      "grace_interest_periods", 0, 600),
        arrears_grace_days=_whole(product.get("grace_on_arrears_ageing_days", 0),
                                  "product.grace_on_arrears_ageing_days", 0, 366),
        options=options,
    )  # fmt: skip


def read_allocation(raw: Mapping[str, Any]) -> Allocation:
    """Who gets a payment first."""
    return Allocation(
        strategy=str(raw.get("strategy", "advanced")),
        direction=str(raw.get("direction", "horizontal")),
        order=tuple(raw.get("order", ())),
        future=dict(raw.get("future", {})),
        order_for={kind: tuple(order) for kind, order in raw.get("order_for", {}).items()},
    )


def read_entries(raw: Mapping[str, Any], currency: str) -> tuple[Entry, ...]:
    """The entries in the order of arrival. Raises :class:`LoanError` or MoneyError."""
    events = raw.get("events", ())
    entries: list[Entry] = []
    for index, event in enumerate(events):
        entries.append(_entry(event, index, entries, currency))
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            raise LoanError(f"events[{index}].id: «{entry.id}» stands twice; give each its own")
        seen.add(entry.id)
    return tuple(entries)


def _entry(event: Mapping[str, Any], index: int, before: Sequence[Entry], currency: str) -> Entry:
    where = f"events[{index}]"
    if not isinstance(event, Mapping):
        raise LoanError(f"{where}: is not an object; write kind, on and what the kind needs")
    kind = event.get("kind")
    if kind == "undo" and "what" not in event and "entry" not in event:
        raise LoanError(f"{where}.what: is missing; say what is undone")
    ours = isinstance(kind, str) and kind.startswith("relief_")
    kind = str(kind) if ours else _word(kind, f"{where}.kind", KINDS)
    on = read_day(event.get("on"), f"{where}.on")
    recorded = read_day(event.get("business_date", event.get("on")), f"{where}.business_date")
    if recorded < on and kind not in ("charge",):
        recorded = on
    given = event.get("currency", currency)
    if given != currency:
        raise LoanError(
            f"{where}.currency: {given} in a loan of {currency}; convert it first, "
            "and say at what rate"
        )
    if ours:
        told = {k: v for k, v in event.items() if k not in ("kind", "on", "business_date", "id")}
        return Entry(str(event.get("id", f"e{index + 1}")), kind, on, recorded, index, 0, told)
    amount = 0
    if kind in _NEED_AMOUNT or (event.get("amount") not in (None, "payoff")):
        amount = parse(event.get("amount", ""), currency, where=f"{where}.amount")
        if amount < 0 or (amount == 0 and kind in _NEED_AMOUNT):
            raise LoanError(f"{where}.amount: {event.get('amount')} is not more than nothing")
    details = {key: value for key, value in event.items()
               if key not in ("kind", "on", "amount", "business_date", "id", "currency")}  # fmt: skip
    for key in _DATES:
        if details.get(key) is not None:
            details[key] = read_day(details[key], f"{where}.{key}")
    if kind == "charge" and "due" not in details:
        details["due"] = on
    if kind == "waive_charge" and isinstance(details.get("event"), int):
        at = details["event"]
        if not 0 <= at < len(before) or before[at].kind != "charge":
            raise LoanError(f"{where}.event: {at} is not the place of an earlier charge")
        details["charge_entry"] = before[at].id
    if kind == "chargeback" and details.get("of_repayment") is not None:
        paid = [e for e in before if e.kind in ("repayment", "prepay")] or [
            e for e in before if e.kind in ("merchant_refund", "payout_refund", "goodwill")
        ]
        nth = len(paid) if details["of_repayment"] == "last" else details["of_repayment"]
        if not isinstance(nth, int) or not 1 <= nth <= len(paid):
            raise LoanError(f"{where}.of_repayment: there is no repayment number {nth}")
        details["payment"] = paid[nth - 1].id
    return Entry(str(event.get("id", f"e{index + 1}")), kind, on, recorded, index, amount, details)
