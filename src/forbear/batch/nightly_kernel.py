"""The nightly close in one pass over the rows of many loans: ``loans/close.py``, compiled.

Every step is that of the scalar form, in whole numbers of 64 bits. Where those would not hold a
product, and where a loan is no plan, the loan is marked as odd and left to the scalar form, which
counts without bounds and says what is wrong.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from forbear.batch.jit import compiled
from forbear.batch.layout import Array
from forbear.loans.close import AMOUNT_MAX, GRACE_DAYS_MAX, LATE_PPM_MAX, PPM

NEVER: Final = -(1 << 31)  # no earlier close, as a day
HALF_EVEN, HALF_UP, DOWN = 0, 1, 2
# Days since 1970 of 1900-01-01 and 2200-01-01: what lies beyond is left to the scalar form.
FIRST_DAY: Final = -25_567
LAST_DAY: Final = 84_006
_ROWS_MAX: Final = 4_096
_ROOM: Final = 1 << 62
_BOTH_YEARS: Final = 365 * 366
_AMOUNT_MAX: Final = AMOUNT_MAX
_GRACE_MAX: Final = GRACE_DAYS_MAX
_LATE_PPM_MAX: Final = LATE_PPM_MAX
_PPM: Final = PPM


class Loans(NamedTuple):
    """One entry a loan. ``row_from`` and ``pause_from`` have one more: where each one's begin.

    ``odd`` marks the loans that the scalar form must see, on the way in and on the way out.
    ``rank`` is last night's bucket, -1 for none; ``table`` the number of the bucket table.
    """

    row_from: Array
    pause_from: Array
    rounding: Array
    year: Array
    by_years: Array
    grace: Array
    late_ppm: Array
    late_interest_too: Array
    table: Array
    closed_on: Array
    rank: Array
    earned: Array
    late_rest: Array
    odd: Array


class Rows(NamedTuple):
    """One entry an instalment, loan after loan: days since 1970, and minor units by component."""

    start: Array
    due: Array
    owed_principal: Array
    owed_interest: Array
    owed_fee: Array
    owed_penalty: Array
    settled_principal: Array
    settled_interest: Array
    settled_fee: Array
    settled_penalty: Array


class Pauses(NamedTuple):
    """One entry a pause, loan after loan, in the order of their starts; days since 1970."""

    start: Array
    end: Array


class Scale(NamedTuple):
    """``weight`` is the sum of weighed days up to each from FIRST_DAY on; ``first`` of buckets."""

    weight: Array
    first: Array


class Out(NamedTuple):
    """What the close says, one entry a loan; ``amounts`` holds a row for each of AMOUNTS."""

    past_due: Array
    delinquent: Array
    rank: Array
    next_due: Array
    amounts: Array


class Night(NamedTuple):
    """All that one call works on: the loans of a chunk, the day ``on``, and room for the answer."""

    loans: Loans
    rows: Rows
    pauses: Pauses
    scale: Scale
    on: int
    out: Out


AMOUNTS: Final = (
    "interest_earned", "interest_receivable",
    "due_principal", "due_interest", "due_fee", "due_penalty",
    "overdue_principal", "overdue_interest", "overdue_fee", "overdue_penalty",
    "outstanding_principal", "outstanding_interest", "outstanding_fee", "outstanding_penalty",
    "next_amount", "late_interest", "late_rest",
)  # fmt: skip


_inlined = compiled(counted=False, inline=True)


@_inlined
def _rounded(numerator: int, denominator: int, how: int) -> int:
    """Neither is negative, and twice the denominator fits."""
    whole = numerator // denominator
    twice = 2 * (numerator - whole * denominator)
    if how == DOWN or twice < denominator:
        return whole
    if twice > denominator or how == HALF_UP:
        return whole + 1
    return whole + (whole & 1)


@_inlined
def _left(owed: Array, settled: Array, low: int, high: int) -> int:
    """What is outstanding of one component, over the rows from ``low`` up to ``high``.

    A slice begins at 0, so that the compiler need not think of places counted from the end.
    """
    owed, settled, total = owed[low:high], settled[low:high], 0
    for row in range(len(owed)):
        total += owed[row] - settled[row]
    return total


@_inlined
def _sound(owed: Array, settled: Array, low: int, high: int) -> bool:
    """Whether the amounts of one component are such as a plan has."""
    owed, settled, odd = owed[low:high], settled[low:high], 0
    for row in range(len(owed)):
        # Each of these is below 0 only where it must not be, so that their signs are gathered.
        odd |= owed[row] | settled[row] | (owed[row] - settled[row]) | (_AMOUNT_MAX - owed[row])
    return odd >= 0


@_inlined
def _in_order(rows: Rows, low: int, high: int) -> bool:
    """Whether rows start before they fall due, and fall due one after the other."""
    starts, dues, odd, before = rows.start[low:high], rows.due[low:high], False, FIRST_DAY
    for row in range(len(dues)):
        due = dues[row]
        odd |= (starts[row] < FIRST_DAY) | (due < starts[row]) | (due < before)
        before = due
    return not odd and before <= LAST_DAY


@_inlined
def _is_plan(rows: Rows, low: int, high: int) -> bool:
    return bool(
        high - low <= _ROWS_MAX
        and _in_order(rows, low, high)
        and _sound(rows.owed_principal, rows.settled_principal, low, high)
        and _sound(rows.owed_interest, rows.settled_interest, low, high)
        and _sound(rows.owed_fee, rows.settled_fee, low, high)
        and _sound(rows.owed_penalty, rows.settled_penalty, low, high)
    )


@_inlined
def _follows(loans: Loans, loan: int, unit: int, on: int) -> bool:
    """Whether the close of ``on`` can follow on last night's, under terms such as there are."""
    closed_on = loans.closed_on[loan]
    return bool(
        closed_on <= on
        and (closed_on == NEVER or closed_on >= FIRST_DAY)
        and 0 <= loans.grace[loan] <= _GRACE_MAX
        and 0 <= loans.late_rest[loan] < unit
        and 0 <= loans.late_ppm[loan] <= _LATE_PPM_MAX
    )


@_inlined
def _days(night: Night, loan: int, start: int, end: int) -> int:
    """The days between two days, each weighed by its year where the terms say so."""
    if night.loans.by_years[loan]:
        weight = night.scale.weight
        return int(weight[end - FIRST_DAY] - weight[start - FIRST_DAY])
    return end - start


@_inlined
def _running(night: Night, loan: int, row: int) -> int:
    """The interest earned of a row that runs; -1 where it does not fit."""
    rows, on = night.rows, night.on
    start, due, owed = rows.start[row], rows.due[row], rows.owed_interest[row]
    if owed == 0:
        return 0
    whole = _days(night, loan, start, due)
    if owed > _ROOM // whole:
        return -1
    part = _days(night, loan, start, on)
    return int(_rounded(owed * part, whole, night.loans.rounding[loan]))


@_inlined
def _interest(night: Night, loan: int, ahead: int, high: int) -> bool:
    """Write the interest earned and receivable; False where it does not fit.

    Rows before ``ahead`` have fallen due, so that all of theirs is earned; what is left of it has
    been written as due and overdue.
    """
    rows, low, put = night.rows, night.loans.row_from[loan], night.out.amounts
    owed, earned, receivable = rows.owed_interest[low:ahead], 0, put[3, loan] + put[7, loan]
    for row in range(len(owed)):
        earned += owed[row]
    for row in range(ahead, high):
        if rows.start[row] < night.on:
            interest = _running(night, loan, row)
            if interest < 0:
                return False
            earned += interest
            receivable += max(0, interest - rows.settled_interest[row])
    put[0, loan], put[1, loan] = earned, receivable
    return True


@_inlined
def _late(night: Night, loan: int, low: int, high: int) -> int:
    """Late interest of the rows past due, with what last night left; -1 where it does not fit."""
    rows, loans = night.rows, night.loans
    late, ppm = loans.late_rest[loan], loans.late_ppm[loan]
    if ppm == 0:
        return int(late)
    for row in range(low, high):
        since = max(rows.due[row] + loans.grace[loan], loans.closed_on[loan])
        if since >= night.on:
            continue
        base = rows.owed_principal[row] - rows.settled_principal[row]
        if loans.late_interest_too[loan]:
            base += rows.owed_interest[row] - rows.settled_interest[row]
        share = ppm * _days(night, loan, since, night.on)
        if base > (_ROOM - late) // share:
            return -1
        late += base * share
    return int(late)


@_inlined
def _whole(rows: Rows, row: int) -> int:
    """What is outstanding of a row, all components together."""
    owed = (
        rows.owed_principal[row]
        + rows.owed_interest[row]
        + rows.owed_fee[row]
        + rows.owed_penalty[row]
    )
    settled = (
        rows.settled_principal[row]
        + rows.settled_interest[row]
        + rows.settled_fee[row]
        + rows.settled_penalty[row]
    )
    return int(owed - settled)


@_inlined
def _put_left(night: Night, loan: int, low: int, high: int, place: int) -> None:
    """Write what is outstanding of some rows, by component, from ``place`` on."""
    rows, put = night.rows, night.out.amounts
    put[place, loan] = _left(rows.owed_principal, rows.settled_principal, low, high)
    put[place + 1, loan] = _left(rows.owed_interest, rows.settled_interest, low, high)
    put[place + 2, loan] = _left(rows.owed_fee, rows.settled_fee, low, high)
    put[place + 3, loan] = _left(rows.owed_penalty, rows.settled_penalty, low, high)


@_inlined
def _put_next(night: Night, loan: int, ahead: int, high: int) -> None:
    """Write on which day something falls due next, and how much falls due on it."""
    rows, next_due, amount = night.rows, NEVER, 0
    for row in range(ahead, high):
        left = _whole(rows, row)
        if left != 0:
            due = rows.due[row]
            if amount != 0 and due != next_due:
                break
            next_due = due
            amount += left
    night.out.next_due[loan], night.out.amounts[14, loan] = next_due, amount


@_inlined
def _paused(night: Night, loan: int, since: int) -> tuple[int, bool]:
    """The days since ``since`` that pauses take away, and whether one covers the day."""
    pauses, on = night.pauses, night.on
    days, reached, covered = 0, since, False
    for place in range(night.loans.pause_from[loan], night.loans.pause_from[loan + 1]):
        covered |= pauses.start[place] <= on <= pauses.end[place]
        begin, stop = max(pauses.start[place], reached), min(pauses.end[place], on)
        if begin < stop:
            days += stop - begin
            reached = stop
    return days, covered


@_inlined
def _age(night: Night, loan: int, oldest: int) -> None:
    """Write how late the loan is, since ``oldest`` (NEVER where nothing is past due)."""
    loans, out, on = night.loans, night.out, night.on
    since = on if oldest == NEVER else oldest
    taken, covered = _paused(night, loan, since)
    delinquent = max(0, on - since - taken - loans.grace[loan])
    first, rank = night.scale.first[loans.table[loan]], 0
    while rank < len(first) and first[rank] <= delinquent:
        rank += 1
    if covered and loans.rank[loan] >= 0:
        rank = loans.rank[loan]
    out.past_due[loan], out.delinquent[loan], out.rank[loan] = on - since, delinquent, rank


@_inlined
def _close(night: Night, loan: int) -> bool:
    """Close one loan; False where the scalar form must."""
    loans, rows, on, put = night.loans, night.rows, night.on, night.out.amounts
    low, high = loans.row_from[loan], loans.row_from[loan + 1]
    unit = _PPM * (_BOTH_YEARS if loans.by_years[loan] else loans.year[loan])
    if not (_follows(loans, loan, unit, on) and _is_plan(rows, low, high)):
        return False
    due = low
    while due < high and rows.due[due] < on:
        due += 1
    ahead = due
    while ahead < high and rows.due[ahead] == on:
        ahead += 1
    _put_left(night, loan, due, ahead, 2)
    _put_left(night, loan, low, due, 6)
    _put_left(night, loan, ahead, high, 10)
    for place in range(4):
        put[10 + place, loan] += put[2 + place, loan] + put[6 + place, loan]
    unpaid = due
    if put[6, loan] | put[7, loan] | put[8, loan] | put[9, loan]:
        unpaid = low
        while _whole(rows, unpaid) == 0:
            unpaid += 1
    late = _late(night, loan, unpaid, due)
    if late < 0 or not _interest(night, loan, ahead, high):
        return False
    _age(night, loan, rows.due[unpaid] if unpaid < due else NEVER)
    _put_next(night, loan, ahead, high)
    put[15, loan], put[16, loan] = late // unit, late % unit
    return True


@compiled(counted=False)
def close_all(night: Night) -> None:
    """Close every loan that is not odd, and mark those that turn out to be."""
    odd = night.loans.odd
    for loan in range(len(odd)):
        if odd[loan] == 0 and not _close(night, loan):
            odd[loan] = 1
