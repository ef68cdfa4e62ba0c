"""Questions about instalments as rows of JSON: a kind, its inputs, and the values that are asked.

Each kind reads its own inputs and offers named values; only those that are asked are worked out.
``row_4`` is the principal, the interest and the balance of the fourth instalment, and
``balance_after_1``, ``interest_1``, ``principal_1`` and ``instalment_1`` are those alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.loans import annuity
from forbear.loans.annuity import Split
from forbear.loans.annuity_inputs import MOST_PERIODS, RATE, TERM, Inputs
from forbear.loans.cost.flows import EXACT, Flow
from forbear.loans.cost.judge import solve
from forbear.loans.cost.rates import NoRate, Rate
from forbear.loans.fields import day_of, known_only, number, ratio, shown

Value = Fraction | Decimal | int | str | None | Sequence["Value"]
Values = Mapping[str, Callable[[], Value]]

_ABOUT: Final = frozenset({"computed", "expect", "meta", "note", "rounding", "source"})
_KEYS: Final = ("asked", "id", "inputs", "kind", "source_seen", *_ABOUT)
_OF_A_ROW: Final = re.compile(r"(row|balance_after|interest|principal|instalment)_(\d{1,4})")
_NO_NUMBER: Final = ("why", "found")


def answer(row: Mapping[str, Any]) -> dict[str, Value]:
    """The values that a row asks for; all that its kind offers where it names none.

    Raises LoanError with the field that cannot be read.
    """
    known_only(row, _KEYS)
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise LoanError(f"kind: {shown(kind)} is not known; known are {', '.join(KINDS)}")
    keys, ask = KINDS[kind]
    given = row.get("inputs")
    if not isinstance(given, dict):
        raise LoanError("inputs: write them as an object, in braces")
    known_only(given, keys, "inputs.")
    inputs = Inputs(given)
    values, rows = ask(inputs), inputs.rows
    asked = row.get("asked", list(values))
    if not isinstance(asked, list):
        raise LoanError("asked: write a list of names")
    # Why there is no number is told whether asked or not.
    names = [str(name) for name in asked] + [name for name in _NO_NUMBER if name in values]
    return {name: _value(name, values, rows) for name in names}


def _value(name: str, values: Values, rows: Callable[[], Sequence[Split]] | None) -> Value:
    if name in values:
        return values[name]()
    told = _OF_A_ROW.fullmatch(name) if rows is not None else None
    if told is None or rows is None:
        more = ", row_4, balance_after_1" if rows is not None else ""
        raise LoanError(f"asked: {shown(name)} is not known; known are {', '.join(values)}{more}")
    plan, place = rows(), int(told[2])
    if not 1 <= place <= len(plan):
        raise LoanError(f"asked: {name}: the plan has {len(plan)} instalments, from 1")
    row = plan[place - 1]
    parts: Mapping[str, Value] = {
        "row": [row.principal, row.interest, row.balance],
        "balance_after": row.balance,
        "interest": row.interest,
        "principal": row.principal,
        "instalment": row.total,
    }
    return parts[told[1]]


# ── kinds ──


def _equal_instalment(given: Inputs) -> Values:
    principal, rate, periods = given.principal, given.rate, given.periods
    when = given.raw("when") if given.has("when") else "end"
    if when not in ("begin", "end"):
        raise LoanError(f"inputs.when: {shown(when)} is not known; known are begin, end")
    if when == "begin":
        each = annuity.instalment(principal, rate, periods, at_start=True)
        return {
            "instalment": lambda: each,
            "total_paid": lambda: each * periods,
            "total_interest": lambda: each * periods - principal,
        }
    each = annuity.instalment(principal, rate, periods)
    given.rows = lambda: annuity.equal_instalments(principal, rate, periods)
    return {
        "instalment": lambda: each,
        "total_paid": lambda: each * periods,
        "total_interest": lambda: each * periods - principal,
        "first_interest": lambda: principal * rate,
        "first_principal": lambda: each - principal * rate,
        "rows": lambda: table(annuity.equal_instalments(principal, rate, periods)),
    }


def _whole_instalment(given: Inputs) -> Values:
    fixed = given.positive("fixed_instalment") if given.has("fixed_instalment") else None
    periods = None if fixed is not None else given.periods
    rows = annuity.whole_instalments(given.principal, given.rate, periods=periods, payment=fixed)
    given.rows = lambda: rows
    total = sum((row.total for row in rows), Fraction(0))
    return {
        "instalment": lambda: rows[0].total,
        "n": lambda: len(rows),
        "total_paid": lambda: total,
        "total_interest": lambda: total - given.principal,
        "last": lambda: rows[-1].total,
        "rows": lambda: table(rows),
    }


def _equal_principal(given: Inputs) -> Values:
    rows = annuity.equal_principal(given.principal, given.rate, given.periods)
    given.rows = lambda: rows
    interest = sum((row.interest for row in rows), Fraction(0))
    return {
        "first": lambda: rows[0].total,
        "last": lambda: rows[-1].total,
        "decrease": lambda: rows[0].principal * given.rate,
        "principal_part": lambda: rows[0].principal,
        "first_interest": lambda: rows[0].interest,
        "total_paid": lambda: given.principal + interest,
        "total_interest": lambda: interest,
        "rows": lambda: table(rows),
    }


def _split(given: Inputs) -> Values:
    number_of = given.count("period", given.periods)
    row = annuity.split(given.principal, given.rate, given.periods, number_of)
    return {
        "principal_part": lambda: row.principal,
        "interest": lambda: row.interest,
        "instalment": lambda: row.total,
        "balance": lambda: row.balance,
    }


def _cumulative(given: Inputs) -> Values:
    first = given.count("from", given.periods)
    last = given.count("to", given.periods, first)
    part, interest = annuity.split_of_many(given.principal, given.rate, given.periods, first, last)
    each = annuity.instalment(given.principal, given.rate, given.periods)
    return {
        "interest": lambda: interest,
        "principal_part": lambda: part,
        "balance": lambda: annuity.balance_after(given.principal, given.rate, each, last),
    }


def _sinking_fund(given: Inputs) -> Values:
    target = given.positive("target")
    each = annuity.sinking_fund(target, given.rate, given.periods)
    return {
        "deposit": lambda: each,
        "total_deposited": lambda: each * given.periods,
        "total_interest": lambda: target - each * given.periods,
    }


def _number_of_periods(given: Inputs) -> Values:
    payment = given.positive("payment")
    return {"periods": lambda: annuity.number_of_periods(given.principal, given.rate, payment)}


def _growth(given: Inputs) -> Values:
    periods = given.positive("periods", Fraction(MOST_PERIODS))
    rate = annuity.growth_rate(given.positive("present"), given.positive("future"), periods)
    return {"rate": lambda: rate, "rate_percent": lambda: _hundredfold(rate)}


def _irr(given: Inputs) -> Values:
    flows = [Flow(each, Fraction(at)) for at, each in enumerate(given.amounts("flows"))]
    found: Rate | NoRate = solve(flows)
    if isinstance(found, NoRate) and found.found and given.has("guess"):
        # A guess says which of several rates is meant, as it does in spreadsheets.
        near = number(given.raw("guess"), "inputs.guess")
        found = min(found.found, key=lambda each: abs(each.value - near))
    # Where there are several, those found are told as shares, as irr is.
    return _rates("irr_percent", found.mapped(_hundredfold)) | _rates("irr", found)


def _aprc(given: Inputs) -> Values:
    pairs = given.raw("flows_years")
    if not isinstance(pairs, list) or not pairs:
        raise LoanError('inputs.flows_years: write a list of [years, amount], ["0.5", "272"]')
    flows = []
    for at, pair in enumerate(pairs):
        where = f"inputs.flows_years[{at}]"
        if not isinstance(pair, list) or len(pair) != 2:
            raise LoanError(f'{where}: {shown(pair)} is no pair; write ["0.5", "272"]')
        years = ratio(pair[0], where)
        if abs(years) > 100:
            raise LoanError(f"{where}: it is more than 100 years away; correct it")
        flows.append(Flow(number(pair[1], where), years))
    return _rates("aprc_percent", solve(flows, of_a_loan=True).mapped(_hundredfold))


def _actuarial(given: Inputs) -> Values:
    odd = ratio(given.raw("odd_days_fraction"), "inputs.odd_days_fraction")
    per_year = ratio(given.raw("unit_periods_per_year"), "inputs.unit_periods_per_year")
    if not 0 <= odd < 1:
        raise LoanError("inputs.odd_days_fraction: it is a part of a unit period, 0 up to below 1")
    if not 0 < per_year <= 366:
        raise LoanError("inputs.unit_periods_per_year: write how many a year has, up to 366")
    runs = given.raw("payments_at_unit_periods")
    if not isinstance(runs, list) or not runs:
        raise LoanError("inputs.payments_at_unit_periods: write a list of from, to and amount")
    flows = [Flow(-given.amount("advance"), Fraction(0))]
    for at, run in enumerate(runs):
        where = f"inputs.payments_at_unit_periods[{at}]"
        if not isinstance(run, dict):
            raise LoanError(f"{where}: {shown(run)} is no run; write from, to and amount")
        known_only(run, ("amount", "from", "to"), f"{where}.")
        one = Inputs(run)
        first = one.count("from", 12_000, 0)
        last = one.count("to", 12_000, first)
        amount = one.amount("amount")
        flows += [Flow(amount, Fraction(period), odd) for period in range(first, last + 1)]
    found = solve(flows)
    rates = _rates("unit_period_rate_percent", found.mapped(_hundredfold))
    return rates | _rates("apr_percent", found.times(per_year).mapped(_hundredfold))


def _bullet(given: Inputs) -> Values:
    advance, payment = given.amount("advance"), given.amount("payment")
    named = [name for name in ("days", "months", "years") if given.has(name)]
    if len(named) != 1:
        raise LoanError("inputs.months: write months, days or years, one of them")
    a_year = {"days": 365, "months": 12, "years": 1}[named[0]]
    term = Fraction(given.count(named[0], 100 * a_year), a_year)
    # Under a year the term is the unit period; from a year on it is the year, and the rest of one
    # bears simple interest: 12 CFR 1026 Appendix J, (b)(4)(ii) and (b)(5)(v) to (vii).
    whole, odd = (1, Fraction(0)) if term < 1 else divmod(term, 1)
    found = solve([Flow(-advance, Fraction(0)), Flow(payment, Fraction(whole), odd)])
    yearly = found.times(1 / term) if term < 1 else found
    return _rates("apr_percent", yearly.mapped(_hundredfold))


def _days_past_due(given: Inputs) -> Values:
    due = day_of(given.raw("oldest_unpaid_due"), "inputs.oldest_unpaid_due")
    as_of = day_of(given.raw("as_of"), "inputs.as_of")
    return {"dpd": lambda: annuity.days_past_due_inclusive(due, as_of)}


Kind = tuple[tuple[str, ...], Callable[[Inputs], Values]]
KINDS: Final[Mapping[str, Kind]] = {
    "equal_installment": (("principal", "when", *RATE, *TERM), _equal_instalment),
    "equal_installment_ceil": (
        ("fixed_instalment", "principal", *RATE, *TERM), _whole_instalment,
    ),
    "equal_principal": (("principal", *RATE, *TERM), _equal_principal),
    "instalment_split": (("period", "principal", *RATE, *TERM), _split),
    "cumulative_split": (("from", "principal", "to", *RATE, *TERM), _cumulative),
    "sinking_fund": (("target", *RATE, *TERM), _sinking_fund),
    "number_of_periods": (("payment", "principal", *RATE), _number_of_periods),
    "growth_rate": (("future", "periods", "present"), _growth),
    "irr": (("flows", "guess"), _irr),
    "aprc_effective": (("flows_years",), _aprc),
    "apr_actuarial": (
        (
            "advance", "odd_days_fraction", "payments_at_unit_periods", "unit_periods_per_year",
        ),
        _actuarial,
    ),
    "apr_bullet": (("advance", "days", "months", "payment", "years"), _bullet),
    "days_past_due_inclusive": (("as_of", "oldest_unpaid_due"), _days_past_due),
}  # fmt: skip


def table(rows: Sequence[Split]) -> list[Value]:
    """A plan as rows: number, principal, interest, what is left."""
    return [[row.number, row.principal, row.interest, row.balance] for row in rows]


def _rates(name: str, found: Rate | NoRate) -> dict[str, Callable[[], Value]]:
    """A rate under its name, or nothing with the reason and what was found instead."""
    if isinstance(found, Rate):
        value = found.value
        return {name: lambda: value}
    why, several = str(found.why), [each.value for each in found.found]
    return {name: lambda: None, "why": lambda: why, "found": lambda: several}


def _hundredfold(share: Decimal) -> Decimal:
    return EXACT.multiply(share, Decimal(100))
