"""A row of a portfolio as the scalar close reads it: what is too large, or not well formed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from forbear.base.errors import LoanError, MoneyError
from forbear.base.money import Rounding, digits_of
from forbear.batch.nightly_schema import (
    DAY_COUNTS,
    LATE_ON_CODES,
    NEEDS,
    OWED,
    ROUNDINGS,
    ROW_NEEDS,
    SETTLED,
    TABLE_CODES,
)
from forbear.law.case import cut
from forbear.loans.close import Closed, Closing, Night, close, closing_of, ppm_of
from forbear.loans.lateness import TABLES, Pause, Rules
from forbear.loans.parts import Parts
from forbear.loans.state import Row, State
from forbear.loans.terms import Terms

Said = Mapping[str, Any]
_EPOCH: Final = date(1970, 1, 1).toordinal()


def closed(said: Said, on: date) -> Closed:
    """The scalar close of a loan as its row says it. Raises LoanError that names the field."""
    for name in NEEDS:
        if said.get(name) is None:
            raise LoanError(f"{name}: it is missing; add it")
    try:
        digits_of(said["currency"])
    except MoneyError as error:
        raise LoanError(str(error)) from error
    last = Night(
        closed_on=_maybe(said, "closed_on"),
        bucket=said.get("bucket"),
        earned=_whole(said, "interest_earned"),
        late_rest=_whole(said, "late_rest"),
    )
    rows = [_row(each, n, f"rows[{n}]") for n, each in enumerate(said["rows"], start=1)]
    pauses = [_pause(each, f"pauses[{n}]") for n, each in enumerate(said.get("pauses") or (), 1)]
    return close(rows, _closing(said), on, last, pauses)


def said_of(ident: str, terms: Terms, state: State) -> dict[str, Any]:
    """A loan of the ledger as its row of a portfolio; late interest and last night are not in it.

    What was paid, waived or written off is settled.
    """
    closing = closing_of(terms, Rules(grace_days=terms.arrears_grace_days))
    count = closing.year, closing.by_years
    return {
        "id": ident,
        "currency": terms.currency,
        "day_count": next(word for word, known in DAY_COUNTS.items() if known == count),
        "rounding": terms.rounding.value,
        "arrears_grace_days": terms.arrears_grace_days,
        "buckets": str(terms.options.get("buckets", "range")),
        "rows": [_said_row(row) for row in state.rows],
    }


def _said_row(row: Row) -> dict[str, Any]:
    settled = row.owed.minus(row.outstanding)
    return {
        "start": row.start,
        "due": row.due,
        **dict(zip(OWED, row.owed, strict=True)),
        **dict(zip(SETTLED, settled, strict=True)),
    }


def _closing(said: Said) -> Closing:
    count = _word(said, "day_count", DAY_COUNTS)
    year, by_years = DAY_COUNTS[count]
    buckets = _word(said, "buckets", TABLE_CODES, "range")
    return Closing(
        rounding=Rounding(_word(said, "rounding", ROUNDINGS, Rounding.HALF_EVEN.value)),
        year=year,
        by_years=by_years,
        ageing=Rules(buckets=TABLES[buckets], grace_days=_whole(said, "arrears_grace_days")),
        late_ppm=_ppm(said.get("late_rate_percent")),
        late_on=_word(said, "late_on", LATE_ON_CODES, "principal"),
    )


def _word(said: Said, name: str, known: Mapping[str, object], unsaid: str = "") -> str:
    given = said.get(name)
    word = unsaid if given is None else str(given)
    if word not in known:
        raise LoanError(f"{name}: {cut(given)} is not known; known are {', '.join(known)}")
    return word


def _ppm(given: object) -> int:
    if given is None:
        return 0
    try:
        return ppm_of(Decimal(str(given)))
    except InvalidOperation:
        raise LoanError(
            f"late_rate_percent: {cut(given)} is no rate; write percent a year, such as 18.25"
        ) from None


def _whole(said: Said, name: str, where: str = "") -> int:
    given = said.get(name)
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, int):
        raise LoanError(f"{where or name}: {cut(given)} is no whole number of minor units")
    return given


def _maybe(said: Said, name: str, where: str = "") -> date | None:
    given = said.get(name)
    if given is None or type(given) is date:
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise LoanError(
            f"{where or name}: {cut(given)} is not a day; write one that there is, as 2026-03-10"
        ) from None


def _day(said: Said, name: str, where: str) -> date:
    found = _maybe(said, name, where)
    if found is None:
        raise LoanError(f"{where}: it is missing; add a day such as 2026-03-10")
    return found


def _row(said: Said | None, number: int, where: str) -> Row:
    for name in ROW_NEEDS:
        if said is None or said.get(name) is None:
            raise LoanError(f"{where}.{name}: it is missing; add it")
    assert said is not None, "an empty row lacks its start"
    return Row(
        number=number,
        start=_day(said, "start", f"{where}.start"),
        due=_day(said, "due", f"{where}.due"),
        owed=_parts(said, OWED, where),
        paid=_parts(said, SETTLED, where),
    )


def _parts(said: Said, names: Sequence[str], where: str) -> Parts:
    return Parts(*(_whole(said, name, f"{where}.{name}") for name in names))


def _pause(said: Said | None, where: str) -> Pause:
    pause = Pause(
        _day(said or {}, "start", f"{where}.start"), _day(said or {}, "end", f"{where}.end")
    )
    if pause.end < pause.start:
        raise LoanError(
            f"{where}: the pause ends on {pause.end}, before it starts on {pause.start}; "
            "name the later day as its end"
        )
    return pause
