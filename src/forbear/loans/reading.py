"""Loan files: one JSON object a loan, with its product, its terms and its events.

The fields are documented in ``docs/reference/loan-file.md``. Everything is checked before anything
is computed: a wrong field becomes one :class:`LoanError` that names it and says how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, digits_of, parse, text
from forbear.loans import orders
from forbear.loans.bounds import checked, count, day
from forbear.loans.entries import Entry
from forbear.loans.fields import shown
from forbear.loans.reading_events import KINDS, read_entries, read_rate
from forbear.loans.terms import Allocation, DownPayment, Recalculation, Terms

__all__ = [
    "KINDS", "LoanFile", "read_allocation", "read_day", "read_entries", "read_loan", "read_rate",
    "read_terms",
]  # fmt: skip
_AMORTIZATIONS: Final = ("equal_installment", "equal_principal", "interest_first", "bullet")
_OPTIONS: Final = (
    "charge_off_behaviour", "chargeback_allocation", "interest_refund_on", "days_in_year_custom",
    "interest_recognition_on_disbursement_date", "fixed_length", "installment_level_delinquency",
    "global_config", "accrual_activity_posting", "buckets", "bucket_moving",
)  # fmt: skip
_COMPONENTS: Final = ("principal", "interest", "fee", "penalty")
_OPTION_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "charge_off_behaviour": ("regular", "zero_interest", "accelerate_maturity"),
    "chargeback_allocation": _COMPONENTS,
    "interest_refund_on": ("merchant_issued_refund", "payout_refund"),
    "days_in_year_custom": ("feb_29_period_only",),
}
_EARLY: Final = ("interest_until_day", "whole_interest")
_RATE: Final = "product.annual_rate_percent"
_MISSING: Final = {
    "n": "write how many instalments there are",
    "annual_rate_percent": "write percent a year, 0 for none",
}
_LOAN: Final = (
    "id", "product", "principal", "applied_principal", "currency", "submitted_on", "disbursed_on",
    "n", "every", "unit", "first_due", "first_due_counts_from", "planned_disbursement",
    "down_payment", "grace_principal_periods", "grace_interest_periods", "events", "checkpoints",
    "global_config",
)  # fmt: skip
_PRODUCT: Final = (
    "annual_rate_percent", "interest_method", "amortization", "interest_period", "days_in_year",
    "days_in_month", "partial_period_interest", "allocation", "rounding", "engine", "currency",
    "interest_recalculation", "grace_on_arrears_ageing_days", "early_repayment", *_OPTIONS,
)  # fmt: skip
# How the fields of terms are called in a file.
_NAMES: Final = {
    "annual_rate_percent": _RATE,
    "amortization": "product.amortization",
    "interest_method": "product.interest_method",
    "interest_period": "product.interest_period",
    "days_in_year": "product.days_in_year",
    "days_in_month": "product.days_in_month",
    "starts_on": "submitted_on",
    "down_payment": "down_payment.percent",
    "multiple_of": "product.rounding.installment_multiple_of",
}
_RECALCULATION: Final[Mapping[str, tuple[str, ...]]] = {
    "advance_payment": (
        "adjust_last_unpaid_period", "reduce_installment", "reschedule_next_repayments",
    ),
    "compounding": ("none", "interest", "fee", "interest_and_fee"),
    "preclose": ("till_preclose_date", "till_rest_frequency_date"),
    "rest": ("daily", "same_as_repayment"),
}  # fmt: skip


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
    return day(value, where)


def _whole(value: object, where: str, least: int, most: int) -> int:
    found = count(value, where)
    if not least <= found <= most:
        raise LoanError(f"{where}: {value} is not from {least} to {most}")
    return found


def _word(value: object, where: str, known: Sequence[str]) -> str:
    if value not in known:
        raise LoanError(f"{where}: «{value}» is not known; known are {', '.join(known)}")
    return str(value)


def _object(value: object, where: str, example: str) -> Mapping[str, Any]:
    """An object, empty where nothing is said."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise LoanError(f"{where}: {shown(value)} is not an object; write one such as {example}")
    return value


def _flag(value: object, where: str) -> bool:
    """True or false; the text "false" is neither, and would otherwise count as true."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise LoanError(f"{where}: {shown(value)} is neither true nor false; write it unquoted")
    return value


def read_terms(raw: Mapping[str, Any]) -> Terms:
    """The terms of a loan. Raises :class:`LoanError` or MoneyError."""
    product = raw.get("product")
    if not isinstance(product, Mapping):
        raise LoanError("product: is missing; say how the loan bears interest and is repaid")
    _no_slips(raw, _LOAN, "")
    _no_slips(product, _PRODUCT, "product.")
    for where, told, field in (("n", raw, "n"), (_RATE, product, "annual_rate_percent")):
        if told.get(field) is None:
            raise LoanError(f"{where}: is missing; {_MISSING[field]}")
    currency = str(raw.get("currency") or product.get("currency") or "CNY")
    digits_of(currency)
    principal = parse(raw.get("principal", ""), currency, where="principal")
    if principal <= 0:
        raise LoanError(f"principal: {raw.get('principal')} is not more than nothing")
    terms = Terms(
        currency=currency,
        principal=principal,
        annual_rate_percent=read_rate(product["annual_rate_percent"], _RATE),
        n=_whole(raw.get("n"), "n", 1, 600),
        every=_whole(raw.get("every", 1), "every", 1, 366),
        unit=_word(raw.get("unit", "months"), "unit", ("days", "weeks", "months")),
        starts_on=_starts_on(raw),
        allocation=read_allocation(product.get("allocation", "cn-561")),
        first_due=day(raw["first_due"], "first_due") if raw.get("first_due") else None,
        options=_options(raw, product, currency),
        **_interest(raw, product),
        **_plan(raw, product, currency),
    )
    _fits(terms)
    return checked(terms, _NAMES)


def _no_slips(told: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Refuse a field that looks like another one that is missing: it would be passed over.

    Other fields are let through, since files of other programs carry more than we read.
    """
    for key in told:
        if key in known:
            continue
        near = get_close_matches(str(key), [name for name in known if name not in told], 1, 0.85)
        if near:
            raise LoanError(f"{where}{key}: is not known; did you mean {near[0]}?")


def _fits(terms: Terms) -> None:
    """Refuse words of a product that do not go together."""
    if terms.multiple_of is not None and terms.multiple_of > terms.principal:
        raise LoanError(
            "product.rounding.installment_multiple_of: "
            f"{text(terms.multiple_of, terms.currency)} is more than the amount lent; take a "
            "smaller one"
        )
    if terms.interest_method == "zero" and terms.annual_rate_percent:
        raise LoanError(
            f"product.interest_method: zero, but the rate is {terms.annual_rate_percent} percent; "
            "correct one of them"
        )
    fixed = terms.amortization != "equal_installment" or bool(
        terms.grace_principal_periods or terms.grace_interest_periods
    )
    if terms.engine == "cumulative":
        return
    if fixed and terms.recalculation is not None:
        raise LoanError(
            "product.interest_recalculation: goes with equal instalments without a grace alone, "
            "whose plan follows what happens; leave it out"
        )
    if terms.allocation.direction == "vertical" and terms.recalculation is not None:
        raise LoanError(
            "product.allocation.direction: vertical goes without interest recalculation; write "
            "horizontal, or leave the recalculation out"
        )
    if terms.allocation.strategy != "advanced":
        raise LoanError(
            f"product.allocation.strategy: {terms.allocation.strategy} goes with the engine "
            "cumulative; write advanced"
        )


def _starts_on(raw: Mapping[str, Any]) -> date:
    submitted = day(raw.get("submitted_on") or raw.get("disbursed_on"), "submitted_on")
    if raw.get("first_due_counts_from") != "submitted_on" and raw.get("planned_disbursement"):
        return day(raw["planned_disbursement"], "planned_disbursement")
    return submitted


def _options(
    raw: Mapping[str, Any], product: Mapping[str, Any], currency: str
) -> dict[str, object]:
    said = {**product, **raw}
    options: dict[str, object] = {key: said[key] for key in _OPTIONS if key in said}
    if raw.get("planned_disbursement"):
        options["planned_disbursement"] = day(raw["planned_disbursement"], "planned_disbursement")
    if raw.get("applied_principal"):
        options["applied_principal"] = parse(
            raw["applied_principal"], currency, where="applied_principal"
        )
    for key, known in _OPTION_WORDS.items():
        for word in _listed(options.get(key)):
            _word(word, f"product.{key}", known)
    early = "interest_until_day" if "interest_recalculation" not in product else "whole_interest"
    options["early_repayment"] = _word(
        product.get("early_repayment", early), "product.early_repayment", _EARLY
    )
    options["due_from_submission"] = raw.get("first_due_counts_from") == "submitted_on"
    return options


def _listed(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)


def _interest(raw: Mapping[str, Any], product: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "interest_method": _word(
            product.get("interest_method", "declining_balance"),
            "product.interest_method",
            ("declining_balance", "flat", "zero"),
        ),
        "interest_period": _word(
            product.get("interest_period", "daily"),
            "product.interest_period",
            ("daily", "same_as_repayment"),
        ),
        "days_in_year": _word(
            product.get("days_in_year", "365"),
            "product.days_in_year",
            ("actual", "360", "364", "365"),
        ),
        "days_in_month": _word(
            product.get("days_in_month", "actual"), "product.days_in_month", ("actual", "30")
        ),
        "partial_period_interest": _flag(
            product.get("partial_period_interest"), "product.partial_period_interest"
        ),
        "recalculation": _recalculation(_follows(raw, product)),
    }


def _follows(raw: Mapping[str, Any], product: Mapping[str, Any]) -> object:
    """The rules by which interest follows what happens.

    Where a file says nothing, equal instalments bear interest day by day on what is really out, so
    that early money saves interest (民法典 第677条); a file that says null wants a fixed plan.
    """
    grace = raw.get("grace_principal_periods") or raw.get("grace_interest_periods")
    whole = product.get("amortization", "equal_installment") == "equal_installment" and not grace
    daily = whole and product.get("engine", "progressive") == "progressive"
    declining = product.get("interest_method", "declining_balance") == "declining_balance"
    return product.get("interest_recalculation", {"rest": "daily"} if daily and declining else None)


def _recalculation(raw: object) -> Recalculation | None:
    where = "product.interest_recalculation"
    if not raw:
        return None
    if not isinstance(raw, Mapping):
        raise LoanError(f"{where}: is not an object; write {', '.join(_RECALCULATION)}")
    words = {
        key: _word(raw[key], f"{where}.{key}", known)
        for key, known in _RECALCULATION.items()
        if key in raw
    }
    name = "no_interest_on_past_due_principal"
    past = _flag(raw.get(name), f"{where}.{name}")
    return Recalculation(**words, no_interest_on_past_due_principal=past)


def _multiple(given: Any, currency: str) -> int | None:
    """The unit of which instalments are multiples, in minor units; None where there is none."""
    if given is None:
        return None
    where = "product.rounding.installment_multiple_of"
    multiple = parse(given, currency, where=where)
    if multiple <= 0:
        raise LoanError(f"{where}: {given} is not more than nothing")
    return multiple


def _plan(raw: Mapping[str, Any], product: Mapping[str, Any], currency: str) -> dict[str, Any]:
    rounding = _object(product.get("rounding"), "product.rounding", '{"mode": "half_even"}')
    down = _object(raw.get("down_payment"), "down_payment", '{"percent": "25"}')
    return {
        "amortization": _word(
            product.get("amortization", "equal_installment"), "product.amortization", _AMORTIZATIONS
        ),
        "rounding": Rounding(
            _word(
                rounding.get("mode", "half_even"),
                "product.rounding.mode",
                tuple(mode.value for mode in Rounding),
            )
        ),
        "multiple_of": _multiple(rounding.get("installment_multiple_of"), currency),
        "engine": _word(
            product.get("engine", "progressive"), "product.engine", ("progressive", "cumulative")
        ),
        "down_payment": DownPayment(
            read_rate(down.get("percent"), "down_payment.percent"),
            _flag(down.get("auto_paid"), "down_payment.auto_paid"),
        )
        if down
        else None,
        "grace_principal_periods": _whole(
            raw.get("grace_principal_periods", 0), "grace_principal_periods", 0, 600
        ),
        "grace_interest_periods": _whole(
            raw.get("grace_interest_periods", 0), "grace_interest_periods", 0, 600
        ),
        "arrears_grace_days": _whole(
            product.get("grace_on_arrears_ageing_days", 0),
            "product.grace_on_arrears_ageing_days",
            0,
            366,
        ),
    }


def read_allocation(raw: object) -> Allocation:
    """Who gets a payment first: the name of an order that is shipped, or one written out."""
    if isinstance(raw, str):
        return orders.named(raw)
    if not isinstance(raw, Mapping):
        raise LoanError(
            "product.allocation: is neither a name nor an object; known are "
            f"{', '.join(orders.names())}"
        )
    return orders.written(raw)
