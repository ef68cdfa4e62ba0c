"""Reading a question about annual cost from JSON, one field at a time, and having it answered.

A row names its ``method``, the ``time_basis`` of its times, and what was advanced and paid, each
with ``at`` and ``amount``. Numbers come as text or as decimals; a binary fraction or NaN is
refused, and so is a field that no method knows, since a slip in its name would change the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import digits_of
from forbear.loans.cost import methods
from forbear.loans.cost.flows import Flow
from forbear.loans.cost.judge import Propose, solve
from forbear.loans.cost.methods import Cost, Dated, Length, Timed
from forbear.loans.cost.unit_periods import Base, UnitPeriod, turns
from forbear.loans.fields import day_of, known_only, number, ratio, shown

# Fields that say where a row comes from; they are read past.
_ABOUT: Final = frozenset({"expect_apr_percent", "id", "meta", "note", "source", "tolerance"})
_KEYS: Final = (
    "advances", "begins", "costs", "currency", "method", "payments", "simple", "time_basis",
    "unit_period", "unit_periods_per_year",
)  # fmt: skip
_FLOW_KEYS: Final = ("amount", "at", "currency", "name", "odd")
_PER_YEAR: Final = {"years": 1, "months": 12, "weeks": 52, "days": 365}
_UNIT: Final = re.compile(
    r"(?:(\d{1,3})[ -])?(day|week|fortnight|semi-?month|month|quarter|half[- ]year|year)s?"
)
_UNITS: Final = {
    "day": (Base.DAY, 1), "week": (Base.WEEK, 1), "fortnight": (Base.WEEK, 2),
    "semimonth": (Base.SEMIMONTH, 1), "month": (Base.MONTH, 1), "quarter": (Base.MONTH, 3),
    "half-year": (Base.MONTH, 6), "year": (Base.MONTH, 12),
}  # fmt: skip
_MOST_MONEY: Final = Decimal(10) ** 15
_MOST_YEARS: Final = 100
_MOST_FLOWS: Final = 20_000


def cost_of(row: Mapping[str, Any], propose: Propose | None = None) -> Cost:
    """The annual cost that a row asks for. Raises LoanError or MoneyError with the field.

    ``propose`` only makes it faster (:func:`~forbear.loans.cost.judge.solve`).
    """
    known_only({key: row[key] for key in row if key not in _ABOUT}, _KEYS)
    method = row.get("method")
    if not isinstance(method, str) or method not in METHODS:
        raise LoanError(f"method: {shown(method)} is not known; known are {', '.join(METHODS)}")
    return METHODS[method](row, propose)


# ── methods ──


def _regz(row: Mapping[str, Any], propose: Propose | None) -> Cost:
    if row.get("time_basis") == "unit_periods":
        return _periodic(row, propose, effective=False)
    advances, payments = _dated(row)
    begins = day_of(row["begins"], "begins") if "begins" in row else None
    told = row.get("unit_period")
    # For a single payment the term is the unit, and its length follows from the dates.
    unit = unit_of(told) if told not in (None, "term") else None
    return methods.regz_actuarial(advances, payments, unit=unit, begins=begins, propose=propose)


def _eu(row: Mapping[str, Any], propose: Propose | None) -> Cost:
    return methods.eu_aprc(*_timed(row), propose=propose)


def _cn(row: Mapping[str, Any], propose: Propose | None) -> Cost:
    simple = row.get("simple", False)
    if not isinstance(simple, bool):
        raise LoanError("simple: write true for 单利, or leave it out")
    return methods.cn_all_in(*_timed(row), simple=simple, propose=propose)


def _xirr(row: Mapping[str, Any], propose: Propose | None) -> Cost:
    if row.get("time_basis") != "date":
        raise LoanError("time_basis: xirr is over dates; write date, and a date in each at")
    advances, payments = _dated(row)
    flows = [Dated(-each.amount, each.on) for each in advances] + list(payments)
    found = methods.xirr(flows, propose=propose)
    nominal = found.compounded(Fraction(1, 12)).times(Fraction(12))
    return Cost(found, nominal, found, "year", Fraction(1))


def _nominal(row: Mapping[str, Any], propose: Propose | None) -> Cost:
    return _periodic(row, propose, effective=False)


def _effective(row: Mapping[str, Any], propose: Propose | None) -> Cost:
    return _periodic(row, propose, effective=True)


METHODS: Final[Mapping[str, Callable[[Mapping[str, Any], Propose | None], Cost]]] = {
    "regz_actuarial": _regz,
    "eu_aprc": _eu,
    "cn_all_in": _cn,
    "xirr": _xirr,
    "nominal": _nominal,
    "effective": _effective,
}


def _periodic(row: Mapping[str, Any], propose: Propose | None, *, effective: bool) -> Cost:
    """Times in unit periods, with the number of them in a year beside."""
    if row.get("time_basis") != "unit_periods":
        raise LoanError(
            "time_basis: write unit_periods, and unit_periods_per_year; known are unit_periods"
        )
    per_year = ratio(row.get("unit_periods_per_year"), "unit_periods_per_year")
    if not 0 < per_year <= 366:
        raise LoanError("unit_periods_per_year: write how many periods a year has, above 0 to 366")
    flows = []
    for sign, stream in zip((-1, 1), _streams(row), strict=True):
        for where, flow, amount in stream:
            at = ratio(flow["at"], f"{where}.at")
            odd = ratio(flow.get("odd", 0), f"{where}.odd")
            if not 0 <= odd < 1 or (odd and at.denominator != 1) or abs(at) > 366 * _MOST_YEARS:
                raise LoanError(
                    f"{where}: at counts whole periods where odd, a part of one below 1, is beside"
                )
            flows.append(Flow(sign * amount, at, odd))
    if any(flow.odd for flow in flows) and any(flow.time.denominator != 1 for flow in flows):
        raise LoanError("odd: where one flow has odd days, at counts whole periods for all")
    found = solve(flows, propose=propose, of_a_loan=True)
    nominal, yearly = found.times(per_year), found.compounded(per_year)
    return Cost(yearly if effective else nominal, nominal, yearly, "period", per_year)


def unit_of(given: Any) -> UnitPeriod:
    """A unit period as a person writes it: ``month``, ``2 weeks``, ``quarter``."""
    told = _UNIT.fullmatch(given.strip().lower()) if isinstance(given, str) else None
    if told is None or told[1] in ("0", "00", "000"):
        raise LoanError(
            f"unit_period: {shown(given)} is not a standard interval; known are "
            f"{', '.join(_UNITS)}, and multiples such as 2 weeks"
        )
    base, every = _UNITS[told[2].replace("semi-", "semi").replace(" ", "-")]
    unit = UnitPeriod(base, every * int(told[1] or 1))
    if (base is Base.SEMIMONTH and unit.every != 1) or unit.days > 366 or unit.per_year < 1:
        raise LoanError(f"unit_period: {given} is no unit period; it is a year at most")
    return unit


# ── flows ──


def _streams(row: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Advances and payments, costs among them, each with its field, the row of it, its amount."""
    advances = _stream(row, "advances")
    payments = _stream(row, "payments")
    if "costs" in row:
        payments += _stream(row, "costs")
    for name, stream in (("advances", advances), ("payments", payments)):
        if not stream:
            raise LoanError(f"{name}: there are none; a cost needs what was advanced and what paid")
    if len(advances) + len(payments) > _MOST_FLOWS:
        raise LoanError(f"payments: there are more than {_MOST_FLOWS:,}; no loan has so many")
    seen = [flow["currency"] for _, flow, _ in (*advances, *payments) if "currency" in flow]
    seen += [row["currency"]] if "currency" in row else []
    for each in seen:
        if each != seen[0]:
            raise LoanError(
                f"currency: {shown(seen[0])} and {shown(each)} in one loan; convert one of them "
                "first"
            )
    if seen:
        digits_of(str(seen[0]))
    return advances, payments


def _stream(row: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any], Decimal]]:
    given = row.get(name)
    if not isinstance(given, list):
        raise LoanError(f'{name}: write a list of {{"at": …, "amount": …}}')
    read: list[tuple[str, Mapping[str, Any], Decimal]] = []
    for position, flow in enumerate(given):
        where = f"{name}[{position}]"
        if not isinstance(flow, dict):
            raise LoanError(f'{where}: {shown(flow)} is no flow; write {{"at": …, "amount": …}}')
        known_only(flow, _FLOW_KEYS, f"{where}.")
        for key in ("at", "amount"):
            if key not in flow:
                raise LoanError(f"{where}.{key}: it is missing; add it")
        amount = number(flow["amount"], f"{where}.amount")
        if amount < 0:
            raise LoanError(
                f"{where}.amount: {amount} is negative; money to the borrower is an advance, "
                "money from the borrower a payment"
            )
        if amount > _MOST_MONEY:
            raise LoanError(f"{where}.amount: it is beyond any loan; look for a slip of the hand")
        read.append((where, flow, amount))
    return read


def _dated(row: Mapping[str, Any]) -> tuple[list[Dated], list[Dated]]:
    if row.get("time_basis", "date") != "date":
        raise LoanError(
            f"time_basis: {shown(row['time_basis'])} does not go with this method; known are "
            "date, unit_periods"
        )
    advances, payments = _streams(row)
    return _on_days(advances), _on_days(payments)


def _on_days(stream: Sequence[Any]) -> list[Dated]:
    return [Dated(amount, day_of(flow["at"], f"{where}.at")) for where, flow, amount in stream]


def _timed(row: Mapping[str, Any]) -> tuple[list[Timed], list[Timed]]:
    basis = row.get("time_basis")
    if basis == "date":
        return _in_years(row)
    if not isinstance(basis, str) or basis not in _PER_YEAR:
        raise LoanError(
            f"time_basis: {shown(basis)} is not known; known are date, {', '.join(_PER_YEAR)}"
        )
    both = []
    for stream in _streams(row):
        timed = []
        for where, flow, amount in stream:
            years = ratio(flow["at"], f"{where}.at") / _PER_YEAR[basis]
            if abs(years) > _MOST_YEARS:
                raise LoanError(f"{where}.at: it is more than {_MOST_YEARS} years away; correct it")
            timed.append(Timed(amount, years))
        both.append(timed)
    return both[0], both[1]


def _in_years(row: Mapping[str, Any]) -> tuple[list[Timed], list[Timed]]:
    unit = unit_of(row["unit_period"]) if row.get("unit_period") is not None else None
    length: Length | None = None
    if unit is not None:
        weekly = unit.base is Base.WEEK
        length = "week" if weekly else "year" if unit.per_year == 1 else "month"
    advances, payments = _dated(row)
    drawdown = min(each.on for each in advances)
    both = []
    for stream in (advances, payments):
        anchor = turns([each.on for each in stream])
        both.append([
            Timed(each.amount, methods.eu_years(drawdown, each.on, length, anchor(each.on)))
            for each in stream
        ])  # fmt: skip
    return both[0], both[1]
