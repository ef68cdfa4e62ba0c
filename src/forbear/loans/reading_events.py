"""The events of a loan file as entries, each checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import parse
from forbear.loans.bounds import count, day, percent
from forbear.loans.entries import Entry

_PAYS: Final = ("repayment", "merchant_refund", "payout_refund", "goodwill", "waive_interest")
_NEED_AMOUNT: Final = (
    "disburse", *_PAYS, "chargeback", "credit_balance_refund", "charge_adjustment",
)  # fmt: skip
KINDS: Final = (
    *_NEED_AMOUNT, "prepay", "charge", "waive_charge", "undo", "reage", "reamortize",
    "reschedule", "interest_pause", "delinquency_pause", "delinquency_resume", "charge_off",
    "writeoff", "contract_termination", "cob", "classify", "accrue",
)  # fmt: skip
_MONEY_IN: Final = (*_PAYS, "prepay")
# What needs a debt to be there before it.
_NEED_DEBT: Final = (
    *_MONEY_IN, "chargeback", "credit_balance_refund", "charge_off", "writeoff", "reage",
    "reamortize", "contract_termination",
)  # fmt: skip
_DAYS: Final = ("due", "start", "end", "from", "new_due", "made_on", "charge_due")
_NEED: Final[Mapping[str, tuple[str, ...]]] = {
    "reage": ("start", "n", "every", "unit"),
    "interest_pause": ("start", "end"),
    "delinquency_pause": ("start", "end"),
    "reschedule": ("from",),
    "chargeback": ("of_repayment",),
    "waive_charge": ("event",),
}
_CHANGES: Final = (
    "new_due", "new_annual_rate_percent", "extra_terms", "grace_principal_periods",
    "grace_interest_periods",
)  # fmt: skip
# Whole numbers, and the most that each may be.
_COUNTS: Final = {
    "n": 600, "every": 366, "nth": 100_000, "extra_terms": 600, "grace_principal_periods": 600,
    "grace_interest_periods": 600,
}  # fmt: skip
_HANDLINGS: Final = {
    "reage": (
        "default", "equal_amortization_payable_interest", "equal_amortization_full_interest",
    ),
    "reamortize": ("default", "equal_amortization_interest_split"),
}  # fmt: skip
_PLAIN: Final = ("kind", "on", "amount", "business_date", "id", "currency")


def read_entries(raw: Mapping[str, Any], currency: str) -> tuple[Entry, ...]:
    """The entries in the order of arrival. Raises LoanError or MoneyError for the first wrong one.

    A payment needs money that went out before: a loan that nobody paid out owes nothing.
    """
    events = raw.get("events") or ()
    if isinstance(events, (str, Mapping)) or not isinstance(events, Sequence):
        raise LoanError("events: is not a list; write one object for each thing that happened")
    entries: list[Entry] = []
    seen: set[str] = set()
    for index, event in enumerate(events):
        entry = _entry(event, index, entries, currency)
        if entry.id in seen:
            raise LoanError(f"events[{index}].id: «{entry.id}» stands twice; give each its own")
        seen.add(entry.id)
        entries.append(entry)
    _money_out_first(entries)
    return tuple(entries)


def _money_out_first(entries: Sequence[Entry]) -> None:
    paid_out = [entry.on for entry in entries if entry.kind == "disburse"]
    for entry in entries:
        if entry.kind in _NEED_DEBT and (not paid_out or entry.on < min(paid_out)):
            first = f"on {min(paid_out)} at the earliest" if paid_out else "in no event"
            raise LoanError(
                f"events[{entry.seq}].on: {entry.kind} on {entry.on}, but money was paid out "
                f"{first}; correct the day, or write the disbursement"
            )


def _entry(event: Any, index: int, before: Sequence[Entry], currency: str) -> Entry:
    where = f"events[{index}]"
    if not isinstance(event, Mapping):
        raise LoanError(f"{where}: is not an object; write kind, on and what the kind needs")
    kind = event.get("kind")
    on = day(event.get("on"), f"{where}.on")
    recorded = day(event.get("business_date") or event.get("on"), f"{where}.business_date")
    name = str(event.get("id", f"e{index + 1}"))
    if isinstance(kind, str) and kind.startswith("relief_"):
        told = {k: v for k, v in event.items() if k not in {"kind", "on", "business_date", "id"}}
        return Entry(name, kind, on, recorded, index, 0, told)
    if kind not in KINDS:
        raise LoanError(f"{where}.kind: «{kind}» is not known; known are {', '.join(KINDS)}")
    if recorded < on and kind != "charge":
        raise LoanError(
            f"{where}.on: {on} lies after {recorded}, the day on which it was entered; "
            "nothing is booked before it happens"
        )
    given = event.get("currency", currency)
    if given != currency:
        raise LoanError(
            f"{where}.currency: {given} in a loan of {currency}; convert it first, "
            "and say at what rate"
        )
    amount = _amount(event, kind, where, currency)
    details = _details(event, kind, where, on)
    _refer(details, kind, where, before)
    return Entry(name, kind, on, recorded, index, amount, details)


def _amount(event: Mapping[str, Any], kind: str, where: str, currency: str) -> int:
    given = event.get("amount")
    if kind not in _NEED_AMOUNT and given in (None, "payoff"):
        return 0
    amount = parse("" if given is None else given, currency, where=f"{where}.amount")
    if amount < 0 or (amount == 0 and kind in _NEED_AMOUNT):
        raise LoanError(f"{where}.amount: {given} is not more than nothing")
    return amount


def _details(event: Mapping[str, Any], kind: str, where: str, on: date) -> dict[str, Any]:
    details = {key: value for key, value in event.items() if key not in _PLAIN}
    for key in _NEED.get(kind, ()):
        if details.get(key) is None:
            raise LoanError(f"{where}.{key}: is missing; {kind} needs it")
    for key in _DAYS:
        if details.get(key) is not None:
            details[key] = day(details[key], f"{where}.{key}")
    for key, most in _COUNTS.items():
        if details.get(key) is not None:
            details[key] = _up_to(most, details[key], f"{where}.{key}")
    if (handling := details.get("interest_handling")) is not None:
        _known(handling, _HANDLINGS.get(kind, ()), f"{where}.interest_handling")
    check = _CHECKS.get(kind)
    if check is not None:
        check(details, where, event)
    if kind == "charge" and details.get("due") is None:
        details["due"] = on
    return details


def _up_to(most: int, given: object, where: str) -> int:
    found = count(given, where)
    if found > most:
        raise LoanError(f"{where}: {found} is not from 0 to {most}")
    return found


def _known(given: object, known: Sequence[str], where: str) -> None:
    if given not in known:
        raise LoanError(f"{where}: «{given}» is not known; known are {', '.join(known)}")


def _check_charge(details: dict[str, Any], where: str, event: Mapping[str, Any]) -> None:
    share = details.get("percent_of_principal_plus_interest")
    if share is not None:
        details["percent_of_principal_plus_interest"] = percent(
            share, f"{where}.percent_of_principal_plus_interest"
        )
    elif event.get("amount") is None:
        raise LoanError(f"{where}.amount: is missing; a charge has an amount or a percentage")
    if (charge := details.get("charge")) is not None:
        _known(charge, ("fee", "penalty"), f"{where}.charge")


def _check_pause(details: dict[str, Any], where: str, _: Mapping[str, Any]) -> None:
    if details["end"] < details["start"]:
        raise LoanError(f"{where}.end: {details['end']} lies before the start; turn them round")


def _check_reage(details: dict[str, Any], where: str, _: Mapping[str, Any]) -> None:
    for key in ("n", "every"):
        if not details[key]:
            raise LoanError(f"{where}.{key}: {details[key]} is not from 1 to {_COUNTS[key]}")
    _known(details["unit"], ("days", "weeks", "months"), f"{where}.unit")


def _check_reschedule(details: dict[str, Any], where: str, _: Mapping[str, Any]) -> None:
    if not any(details.get(key) is not None for key in _CHANGES):
        raise LoanError(f"{where}: says no change; write one of {', '.join(_CHANGES)}")
    if (rate := details.get("new_annual_rate_percent")) is not None:
        details["new_annual_rate_percent"] = read_rate(rate, f"{where}.new_annual_rate_percent")


def _check_undo(details: dict[str, Any], where: str, event: Mapping[str, Any]) -> None:
    if not event.get("what") and not event.get("entry"):
        raise LoanError(f"{where}.what: is missing; say what is undone, or the id in entry")
    if details.get("nth") == 0:
        raise LoanError(f"{where}.nth: the first one is number 1")


_CHECKS: Final[Mapping[str, Callable[[dict[str, Any], str, Mapping[str, Any]], None]]] = {
    "charge": _check_charge,
    "interest_pause": _check_pause,
    "delinquency_pause": _check_pause,
    "reage": _check_reage,
    "reschedule": _check_reschedule,
    "undo": _check_undo,
}


def _refer(details: dict[str, Any], kind: str, where: str, before: Sequence[Entry]) -> None:
    """Let an entry that speaks of an earlier one name it."""
    if kind == "waive_charge":
        at = details["event"]
        if not isinstance(at, int) or not 0 <= at < len(before) or before[at].kind != "charge":
            raise LoanError(f"{where}.event: {at} is not the place of an earlier charge")
        details["charge_entry"] = before[at].id
    elif kind == "chargeback":
        paid = [e for e in before if e.kind in {"repayment", "prepay"}]
        paid = paid or [e for e in before if e.kind in _MONEY_IN]
        nth = len(paid) if details["of_repayment"] == "last" else details["of_repayment"]
        if not isinstance(nth, int) or not 1 <= nth <= len(paid):
            raise LoanError(f"{where}.of_repayment: there is no repayment number {nth}")
        details["payment"] = paid[nth - 1].id


def read_rate(value: object, where: str) -> Any:
    """A yearly rate in percent, 0 to 1000, as a Decimal. Raises :class:`LoanError`."""
    rate = percent(value, where)
    if not 0 <= rate <= 1000:
        raise LoanError(f"{where}: {value} is not a yearly rate; write percent, 0 to 1000")
    return rate
