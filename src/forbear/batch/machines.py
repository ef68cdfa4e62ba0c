"""The machines, compiled: limits, hours and facts that contacts begin, for any book.

These functions know no rule: what a book asks stands in tables (``layout.py``).
"""

from __future__ import annotations

from typing import Final

from forbear.batch.jit import compiled
from forbear.batch.layout import (
    BEGUN,
    COUNTS,
    DATES,
    DAY,
    ENDS,
    EVER,
    FALSE,
    FOREVER,
    IN_A_ROW,
    IN_HOURS,
    IN_WINDOW,
    ON_DAY,
    OPEN,
    OUTSIDE,
    REACHED,
    SECONDS,
    THROUGH,
    TRUE,
    WAY,
    WEEK,
    Array,
    Classes,
    Columns,
    Machines,
    State,
    Time,
)  # fmt: skip

# Nothing is allocated here, so that no array needs its references counted at every step.
_compiled = compiled(counted=False)
_inlined = compiled(counted=False, inline=True)
ASK_PLAIN: Final = 3  # beside the truths: only the plain form can tell


# ── time ──


@_inlined
def offset(time: Time, clock: int, at: int) -> int:
    """Seconds east of UTC at an instant, by the number of a clock."""
    k = time.offsets_from[clock]
    end = time.offsets_from[clock + 1] - 1
    while k < end and at >= time.since[k + 1]:
        k += 1
    return time.offset[k]


@_compiled
def _day_start(time: Time, unit: int, size: int, clock: int, at: int) -> int:
    """Where a window of dates, of the week or of the month begins."""
    day = (at + offset(time, clock, at)) // DAY
    if unit == DATES:
        day = day - size + 1
    elif unit == WEEK:
        day = day - (day + 3) % 7
    else:
        day = time.month[day - time.day0]
    return time.midnight[clock, day - time.day0]


@_inlined
def _inside(second: int, start: int, length: int) -> bool:
    """Whether a second of the day lies in a window, which may run over midnight; no branches."""
    since = second - start
    since += DAY if since < 0 else 0
    return since < length


@_compiled
def _covers(time: Time, clock: int, at: int, start: int, length: int, weekdays: int) -> bool:
    local = at + offset(time, clock, at)
    day = local // DAY
    if start >= 0:
        second = local % DAY
        if not _inside(second, start, length):
            return False
        if second < start:
            day -= 1
    return ((weekdays >> ((day + 3) % 7)) & 1) == 1


@_compiled
def _within_hours(time: Time, atom: Array, a: int, clock: int, at: int) -> bool:
    start, length, weekdays, hour = atom[a, 2], atom[a, 3], atom[a, 4], atom[a, 5]
    found = _covers(time, clock, at, start, length, weekdays)
    if hour == OUTSIDE:
        return not found
    if not found and hour == THROUGH and start >= 0:
        return _covers(time, clock, at - 1, start, length, weekdays)
    return found


# ── atoms and formulas ──


@_inlined
def _count(
    state: State, s: int, needed: int, start: int, upto: int, debt: int, key: int
) -> tuple[int, int, int]:
    """How many entries lie in the window, up to ``needed``, newest first; the oldest, the newest.

    ``debt`` 0 matches every entry, and an entry about none matches every debt.
    """
    found, first, last = 0, 0, 0
    k = state.size[s] - 1
    while k >= 0 and state.entries[s, k, 0] >= start:
        about = state.entries[s, k, 2]
        if (
            state.entries[s, k, 1] < upto
            and state.entries[s, k, 3] == key
            and (debt == 0 or about == 0 or (debt & about) != 0)
        ):
            first = state.entries[s, k, 0]
            if found == 0:
                last = first
            found += 1
            if found == needed:
                break
        k -= 1
    return found, first, last


@_inlined
def _reached(
    atom: Array, a: int, time: Time, col: Columns, state: State, at: int, row: int, zone: int,
    upto: int, debt: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    lim, needed, unit, size = atom[a, 1], atom[a, 2], atom[a, 3], atom[a, 4]
    if unit == SECONDS:
        start = at - size + 1
    elif unit == EVER:
        start = -FOREVER
    else:
        clock = atom[a, 5]
        start = _day_start(time, unit, size, zone if clock < 0 else clock, at)
    way = atom[a, 6]
    key = 0 if way < 0 else col.keys[way, row]
    about = debt & -atom[a, 7]
    found, first, last = _count(state, 2 * lim, needed, start, upto, about, key)
    if found >= needed:
        return TRUE, found, first, last
    if state.size[2 * lim + 1] > 0:
        more, _, _ = _count(state, 2 * lim + 1, needed, start, upto, about, key)
        if found + more >= needed:
            return OPEN, 0, 0, 0
    return FALSE, 0, 0, 0


@_compiled
def _moment(atom: Array, a: int, time: Time, state: State, at: int, zone: int, upto: int) -> int:
    """The truth of an atom that is no limit and no window of the day, or ASK_PLAIN."""
    kind, clock = atom[a, 0], atom[a, 1]
    if kind == ON_DAY:
        clock = zone if clock < 0 else clock
        day = (at + offset(time, clock, at)) // DAY
        return time.marked[atom[a, 2], day - time.day0]
    if kind == IN_HOURS:
        return int(_within_hours(time, atom, a, zone if clock < 0 else clock, at))
    if kind == IN_A_ROW:
        for f in range(state.held[clock]):
            since, born, died = (
                state.facts[clock, f, 0], state.facts[clock, f, 1], state.facts[clock, f, 2],
            )  # fmt: skip
            if born < upto and died >= upto and since <= at:
                return TRUE
        return FALSE
    if kind == BEGUN:
        return ASK_PLAIN if state.begun[clock] else FALSE
    return OPEN


@_inlined
def atom_truth(
    atom: Array, a: int, time: Time, col: Columns, state: State, at: int, row: int, zone: int,
    upto: int, debt: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """The truth of an atom; of a limit also how many were counted, the oldest and the newest."""
    kind = atom[a, 0]
    if kind == REACHED:
        return _reached(atom, a, time, col, state, at, row, zone, upto, debt)
    if kind == IN_WINDOW:
        clock = atom[a, 1]
        second = (at + offset(time, zone if clock < 0 else clock, at)) % DAY
        return int(_inside(second, atom[a, 2], atom[a, 3])), 0, 0, 0
    return _moment(atom, a, time, state, at, zone, upto), 0, 0, 0


@_compiled
def formula(
    cls: Classes, mach: Machines, time: Time, col: Columns, state: State, q: int, at: int, row: int,
    zone: int, upto: int, about: int, debt: int, local: Array,
) -> tuple[int, int, int, int]:  # fmt: skip
    """What is left of a rule, in Kleene's logic. The first debt for which it breaks is enough."""
    answer, counted, first, last = FALSE, 0, 0, 0
    limit = mach.limit_of_rule[cls.left_rule[q]]
    each, end = 0, 1
    if debt < -1:
        each, end = col.several_from[-debt - 2], col.several_from[-debt - 1]
    while True:
        one, value = about, TRUE
        if debt < -1:
            bit = 0
            while local[bit] != col.several[each]:
                bit += 1
            one = 1 << bit
        for clause in range(cls.clause_from[q], cls.clause_from[q + 1]):
            best = FALSE
            for lit in range(cls.literal_from[clause], cls.literal_from[clause + 1]):
                a = cls.literal[lit]
                truth, n, oldest, newest = atom_truth(
                    mach.atom, a, time, col, state, at, row, zone, upto, one
                )
                if truth == ASK_PLAIN:
                    return ASK_PLAIN, 0, 0, 0
                if n > 0 and mach.atom[a, 1] == limit:
                    counted, first, last = n, oldest, newest
                if truth != OPEN and cls.wanted[lit] == 0:
                    truth = TRUE - truth
                if truth == TRUE:
                    best = TRUE
                    break
                if truth == OPEN:
                    best = OPEN
            if best == FALSE:
                value = FALSE
                break
            if best == OPEN:
                value = OPEN
        if value == TRUE:
            return TRUE, counted, first, last
        if value == OPEN:
            answer = OPEN
        each += 1
        if each == end:
            return answer, 0, 0, 0


# ── taking a contact into the history ──


@_compiled
def see_row(
    cls: Classes, mach: Machines, time: Time, state: State, c: int, place: int, at: int, zone: int
) -> None:
    """Take a contact into the facts that contacts in a row begin."""
    for q in range(cls.see_from[c], cls.see_from[c + 1]):
        how, m = cls.see_how[q], cls.see_what[q]
        if how == ENDS:
            for f in range(state.held[m]):
                state.facts[m, f, 2] = min(state.facts[m, f, 2], place)
            state.row[m, 0], state.row[m, 1], state.row[m, 2] = 0, 0, -FOREVER
        elif how == COUNTS:
            clock = mach.run_clock[m]
            clock = zone if clock < 0 else clock
            day = (at + offset(time, clock, at)) // DAY
            state.row[m, 0] += 1
            if state.row[m, 2] != day:
                state.row[m, 1] = state.row[m, 1] + 1 if state.row[m, 2] == day - 1 else 1
                state.row[m, 2] = day
            for w in range(mach.way_from[m], mach.way_from[m + 1]):
                needed = mach.way[w, 0]
                met = needed > 0 and state.row[m, mach.way[w, 1]] >= needed
                if needed == 0:
                    # A contact that begins the fact by itself is told apart by its class.
                    for q2 in range(cls.see_from[c], cls.see_from[c + 1]):
                        met = met or (cls.see_how[q2] == WAY and cls.see_what[q2] == w)
                if met:
                    start = at
                    if mach.way[w, 2] == 1:
                        start = time.midnight[clock, day + 1 - time.day0]
                    _begin(state, m, start, place)


@_compiled
def _begin(state: State, m: int, since: int, place: int) -> None:
    """Begin a fact, unless one that is still open begins as early."""
    for f in range(state.held[m]):
        if state.facts[m, f, 2] == FOREVER and state.facts[m, f, 0] <= since:
            return
    n = state.held[m]
    state.facts[m, n, 0], state.facts[m, n, 1], state.facts[m, n, 2] = since, place, FOREVER
    state.held[m] = n + 1
