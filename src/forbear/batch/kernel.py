"""The machines, compiled: one pass over contacts grouped by debtor, for any book.

The kernel knows no rule. It looks up the class of each contact, which says what the plain form has
settled for its situation and what is left, and evaluates what is left over the debtor's history.
Numba compiles it once, whatever the packs, and keeps the result on disk.

All instants are seconds UTC, all days local days since 1970-01-01. Contacts come in the order in
which they count: by debtor, instant, unnumbered last, ``seq``.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

Array = Any  # numpy arrays whose element types are said beside them
LOW_BITS: Final = 10  # debtors to a bucket, as a power of two: their contacts fit the second cache
LOW: Final = 1 << LOW_BITS
FOREVER: Final = 1 << 62
UNSAID_SEQ: Final = -(1 << 62)
DEBTS_MAX: Final = 62

DONE, TO_DO, PLAIN = 0, 1, 2
UNKNOWN, IN_WINDOW, ON_DAY, IN_HOURS, REACHED, IN_A_ROW, BEGUN = range(7)
SECONDS, DATES, WEEK, MONTH, EVER = range(5)
SURE, UNSURE, ENDS, COUNTS, WAY, BEGINS = range(6)
INSIDE, THROUGH, OUTSIDE = range(3)
FALSE, TRUE, OPEN = 0, 1, 2
DAY: Final = 86_400


class Columns(NamedTuple):
    """Contacts by row. ``debt`` is a code, -1 none, below that -(k+2) for the k-th of ``several``.

    ``seq`` and ``keys`` (one row for each way of counting) are empty where nothing needs them.
    """

    at: Array  # int64
    debtor: Array  # int32
    shape: Array  # int32
    debt: Array  # int32
    address: Array  # int32, -1 unsaid; empty where no fact names one
    seq: Array  # int64
    keys: Array  # int64 [ways, rows]
    several_from: Array  # int64
    several: Array  # int32


class Debtors(NamedTuple):
    """Debtors by code: zone, base signature, and where their events and mentions lie."""

    zone: Array  # int32
    base: Array  # int32
    events_from: Array  # int64 [debtors, 2]; empty where there are no facts
    event_at: Array  # int64
    event_signature: Array  # int32
    debts_from: Array  # int64 [debtors, 2]
    debts: Array  # int32, those that facts name, in the order of their numbers
    addresses_from: Array  # int64 [debtors, 2]
    addresses: Array  # int32
    todo: Array  # uint8


class Time(NamedTuple):
    """Clocks by number, for the days of the ledger."""

    offsets_from: Array  # int64 [clocks + 1]
    since: Array  # int64
    offset: Array  # int32
    day0: int
    midnight: Array  # int64 [clocks, days]
    month: Array  # int32 [days], the local day that begins the month
    marked: Array  # uint8 [sets, days]
    borders: Array  # int32, local days on which other rules come into force


class Classes(NamedTuple):
    """What is known of contacts by class, and how a class is found."""

    dense: Array  # int32 [bases, eras, shapes], -1 unknown
    hashed: Array  # int64, -1 empty
    hashed_class: Array  # int32
    mask: Array  # uint64 [classes]
    fixed_from: Array  # int32 [classes + 1]
    fixed_rule: Array  # int32
    fixed_breached: Array  # uint8
    left_from: Array  # int32 [classes + 1]
    left_rule: Array  # int32
    left_breached: Array  # uint8
    clause_from: Array  # int32 [left + 1]
    literal_from: Array  # int32 [clauses + 1]
    literal: Array  # int32, the number of an atom
    wanted: Array  # uint8
    see_from: Array  # int32 [classes + 1]
    see_how: Array  # uint8
    see_what: Array  # int32
    plain: Array  # uint8
    inbound: Array  # uint8
    findings_max: Array  # int32


class Machines(NamedTuple):
    """Atoms, limits and derived facts, as the book has them."""

    atom: Array  # int64 [atoms, 6]: kind, then what the kind needs
    limit: Array  # int64 [limits, 6]: needed, unit, size, clock, way of counting, by debt
    run_clock: Array  # int64
    way_from: Array  # int32 [runs + 1]
    way: Array  # int64 [ways, 3]: run, by date, holds from the next date
    limit_of_rule: Array  # int32, -1 where the rule is none


class Out(NamedTuple):
    """What the kernel writes. ``state`` holds counters: findings, misses, judged."""

    state: Array  # int64 [4]
    mask: Array  # uint8, uint16, uint32 or uint64, by row; empty where findings are wanted
    row: Array  # int32
    rule: Array  # int32
    breached: Array  # uint8
    counted: Array  # int32
    first: Array  # int64
    last: Array  # int64
    unknown: Array  # int64 [rules]
    by_class: Array  # int64 [classes]
    miss_key: Array  # int64
    miss_row: Array  # int32
    miss_debtor: Array  # int32


class Parted(NamedTuple):
    """Contacts by bucket of debtors, in the order of rows within a bucket."""

    start: Array  # int64 [buckets + 1]
    at: Array
    debtor: Array
    shape: Array
    debt: Array
    row: Array


@njit(cache=True, nogil=True)
def part(at: Array, debtor: Array, shape: Array, debt: Array, debtors: int) -> Any:
    """Contacts of one bucket of debtors beside each other; layout decides, not the language."""
    buckets = (debtors >> LOW_BITS) + 1
    rows = at.size
    start = np.zeros(buckets + 1, np.int64)
    for i in range(rows):
        start[(debtor[i] >> LOW_BITS) + 1] += 1
    for b in range(buckets):
        start[b + 1] += start[b]
    place = start.copy()
    p_at = np.empty(rows, np.int64)
    p_debtor = np.empty(rows, np.int32)
    p_shape = np.empty(rows, np.int32)
    p_debt = np.empty(rows, np.int32)
    p_row = np.empty(rows, np.int32)
    for i in range(rows):
        b = debtor[i] >> LOW_BITS
        k = place[b]
        place[b] = k + 1
        p_at[k] = at[i]
        p_debtor[k] = debtor[i]
        p_shape[k] = shape[i]
        p_debt[k] = debt[i]
        p_row[k] = i
    return start, p_at, p_debtor, p_shape, p_debt, p_row


@njit(cache=True, nogil=True)
def find(hashed: Array, hashed_class: Array, key: int) -> int:
    """The class of a key, or -1."""
    within = hashed.size - 1
    k = ((key * -7046029254386353131) >> 20) & within
    while hashed[k] != -1:
        if hashed[k] == key:
            return hashed_class[k]
        k = (k + 1) & within
    return -1


@njit(cache=True, nogil=True)
def put(hashed: Array, hashed_class: Array, key: int, number: int) -> None:
    """Keep the class of a key; the table must have room."""
    within = hashed.size - 1
    k = ((key * -7046029254386353131) >> 20) & within
    while hashed[k] != -1 and hashed[k] != key:
        k = (k + 1) & within
    hashed[k] = key
    hashed_class[k] = number


@njit(cache=True, nogil=True, inline="always")
def _offset(time: Time, clock: int, at: int) -> int:
    k = time.offsets_from[clock]
    end = time.offsets_from[clock + 1] - 1
    while k < end and at >= time.since[k + 1]:
        k += 1
    return time.offset[k]


@njit(cache=True, nogil=True, inline="always")
def _window_start(time: Time, unit: int, size: int, clock: int, at: int) -> int:
    if unit == SECONDS:
        return at - size + 1
    if unit == EVER:
        return -FOREVER
    day = (at + _offset(time, clock, at)) // DAY
    if unit == DATES:
        day = day - size + 1
    elif unit == WEEK:
        day = day - (day + 3) % 7
    else:
        day = time.month[day - time.day0]
    return time.midnight[clock, day - time.day0]


@njit(cache=True, nogil=True, inline="always")
def _inside(second: int, start: int, end: int) -> bool:
    if start < end:
        return start <= second < end
    return second >= start or second < end


@njit(cache=True, nogil=True)
def _covers(time: Time, clock: int, at: int, start: int, end: int, weekdays: int) -> bool:
    local = at + _offset(time, clock, at)
    day = local // DAY
    if start >= 0:
        second = local % DAY
        if not _inside(second, start, end):
            return False
        if end <= start and second < end:
            day -= 1
    return ((weekdays >> ((day + 3) % 7)) & 1) == 1


@njit(cache=True, nogil=True)
def _within_hours(time: Time, atom: Array, clock: int, at: int) -> bool:
    start, end, weekdays, hour = atom[2], atom[3], atom[4], atom[5]
    found = _covers(time, clock, at, start, end, weekdays)
    if hour == OUTSIDE:
        return not found
    if not found and hour == THROUGH and start >= 0:
        return _covers(time, clock, at - 1, start, end, weekdays)
    return found


@njit(cache=True, nogil=True)
def _count(
    times: Array, places: Array, debts: Array, keys: Array, size: int, needed: int, start: int,
    before: int, debt: int, key: int,
) -> tuple[int, int, int]:  # fmt: skip
    """How many entries lie in the window, up to ``needed``, newest first; the oldest, the newest.

    ``debt`` 0 matches every entry, and an entry about none matches every debt.
    """
    found = 0
    first = 0
    last = 0
    k = size - 1
    while k >= 0 and times[k] >= start:
        if places[k] < before and keys[k] == key:
            about = debts[k]
            if debt == 0 or about == 0 or (debt & about) != 0:
                if found == 0:
                    last = times[k]
                first = times[k]
                found += 1
                if found == needed:
                    break
        k -= 1
    return found, first, last


@njit(cache=True, nogil=True)
def judge(
    parted: Parted, col: Columns, deb: Debtors, time: Time, cls: Classes, mach: Machines, out: Out,
    first_bucket: int, last_bucket: int,
) -> None:  # fmt: skip
    """Judge the debtors still to do, as far as classes are known and there is room for findings.

    A debtor with an unknown class is left to do, and what is missing is told in ``out.miss_…``; so
    is one whose findings do not fit. A debtor whom only the plain form can judge is marked PLAIN.
    """
    masked = out.mask.size > 0
    numbered = col.seq.size > 0
    facts = deb.events_from.size > 0
    named = col.address.size > 0
    eras = time.borders.size
    limits = mach.limit.shape[0]
    runs = mach.run_clock.size
    room = 0
    for b in range(first_bucket, last_bucket):
        room = max(room, parted.start[b + 1] - parted.start[b])
    u_count = np.zeros(out.unknown.size, np.int64)
    order = np.empty(room, np.int32)
    classes = np.empty(room, np.int32)
    counts = np.empty(LOW + 1, np.int64)
    entry_cap = 256
    e_at = np.empty((2 * limits, entry_cap), np.int64)
    e_place = np.empty((2 * limits, entry_cap), np.int32)
    e_debts = np.empty((2 * limits, entry_cap), np.int64)
    e_key = np.empty((2 * limits, entry_cap), np.int64)
    e_size = np.zeros(2 * limits, np.int64)
    r_since = np.empty((runs, entry_cap), np.int64)
    r_born = np.empty((runs, entry_cap), np.int64)
    r_died = np.empty((runs, entry_cap), np.int64)
    r_size = np.zeros(runs, np.int64)
    r_row = np.zeros(runs, np.int64)
    r_dates = np.zeros(runs, np.int64)
    r_day = np.zeros(runs, np.int64)
    begun = np.zeros(64, np.uint8)
    local_debts = np.empty(DEBTS_MAX, np.int32)
    low_mask = LOW - 1

    for b in range(first_bucket, last_bucket):
        lo, hi = parted.start[b], parted.start[b + 1]
        base_debtor = b << LOW_BITS
        counts[:] = 0
        for k in range(lo, hi):
            counts[(parted.debtor[k] & low_mask) + 1] += 1
        for d in range(LOW):
            counts[d + 1] += counts[d]
        for k in range(lo, hi):
            d = parted.debtor[k] & low_mask
            order[counts[d]] = k
            counts[d] += 1
        # Each count now stands at the end of its debtor.
        begin = 0
        for d in range(LOW):
            end = counts[d]
            if end == begin:
                continue
            who = base_debtor + d
            if deb.todo[who] != TO_DO:
                begin = end
                continue
            zone = deb.zone[who]
            base = deb.base[who]
            event, event_end = 0, 0
            if facts:
                event, event_end = deb.events_from[who, 0], deb.events_from[who, 1]
            has_events = event < event_end
            signature = -1
            missed = False
            plain = False
            findings = 0
            # ── which class each contact is of ──
            for i in range(begin, end):
                k = order[i]
                at = parted.at[k]
                era = 0
                if eras > 0:
                    day = (at + _offset(time, zone, at)) // DAY
                    while era < eras and time.borders[era] <= day:
                        era += 1
                while event < event_end and deb.event_at[event] <= at:
                    signature = deb.event_signature[event]
                    event += 1
                shape = parted.shape[k]
                if signature < 0:
                    found = cls.dense[base, era, shape]
                    key = -1 - ((np.int64(base) << 32) | (np.int64(era) << 24) | np.int64(shape))
                else:
                    debt_code, address_code = 0, 0
                    debt = parted.debt[k]
                    m0, m1 = deb.debts_from[who, 0], deb.debts_from[who, 1]
                    if m1 > m0 and debt != -1:
                        debt_code = 1
                        if debt < -1:
                            plain = True
                        for m in range(m0, m1):
                            if deb.debts[m] == debt:
                                debt_code = 2 + m - m0
                    m0, m1 = deb.addresses_from[who, 0], deb.addresses_from[who, 1]
                    if named and m1 > m0:
                        address = col.address[parted.row[k]]
                        for m in range(m0, m1):
                            if deb.addresses[m] == address:
                                address_code = 1 + m - m0
                    key = (
                        (np.int64(signature) << 36) | (np.int64(era) << 30)
                        | (np.int64(shape) << 10) | (debt_code << 5) | address_code
                    )  # fmt: skip
                    found = find(cls.hashed, cls.hashed_class, key)
                if found < 0:
                    missed = True
                    n = out.state[1]
                    if n < out.miss_key.size and (n == 0 or out.miss_key[n - 1] != key):
                        seen = False
                        for m in range(max(0, n - 64), n):
                            seen = seen or out.miss_key[m] == key
                        if not seen:
                            out.miss_key[n] = key
                            out.miss_row[n] = parted.row[k]
                            out.miss_debtor[n] = who
                            out.state[1] = n + 1
                else:
                    plain = plain or cls.plain[found] == 1
                    findings += cls.findings_max[found]
                classes[i] = found
            if plain and not missed:
                deb.todo[who] = PLAIN
            room_left = masked or out.state[0] + findings <= out.row.size
            if missed or plain or not room_left:
                if not missed and not plain:
                    out.state[3] = max(out.state[3], findings)
                begin = end
                continue

            # ── the fold ──
            if end - begin > entry_cap:
                entry_cap = 2 * (end - begin)
                e_at = np.empty((2 * limits, entry_cap), np.int64)
                e_place = np.empty((2 * limits, entry_cap), np.int32)
                e_debts = np.empty((2 * limits, entry_cap), np.int64)
                e_key = np.empty((2 * limits, entry_cap), np.int64)
                r_since = np.empty((runs, entry_cap), np.int64)
                r_born = np.empty((runs, entry_cap), np.int64)
                r_died = np.empty((runs, entry_cap), np.int64)
            e_size[:] = 0
            r_size[:] = 0
            r_row[:] = 0
            r_dates[:] = 0
            r_day[:] = -FOREVER
            begun[:] = 0
            debts_known = 0
            written = out.state[0]
            some_unknown = False
            upto = 0
            second = 0
            tie_runs = 0
            n = end - begin
            for i in range(n):
                k = order[begin + i]
                at = parted.at[k]
                row = parted.row[k]
                c = classes[begin + i]
                # How many count as earlier: by instant, then by number where both have one.
                if i == 0 or parted.at[order[begin + i - 1]] != at:
                    second = i
                    upto = i
                    tie_runs = 0
                elif numbered:
                    seq = col.seq[row]
                    if seq == UNSAID_SEQ:
                        upto = second
                    elif seq != col.seq[parted.row[order[begin + i - 1]]]:
                        upto = i
                        tie_runs = 0
                # The debts of the contact, as bits of the debtor's own numbering.
                about = np.int64(0)
                debt = parted.debt[k]
                several0, several1 = 0, 1
                if debt < -1:
                    several0 = col.several_from[-debt - 2]
                    several1 = col.several_from[-debt - 1]
                if debt != -1:
                    for m in range(several0, several1):
                        wanted_debt = debt if debt >= 0 else col.several[m]
                        q = 0
                        while q < debts_known and local_debts[q] != wanted_debt:
                            q += 1
                        if q == debts_known:
                            if q == DEBTS_MAX:
                                plain = True
                                q = 0
                            else:
                                local_debts[q] = wanted_debt
                                debts_known += 1
                        about |= np.int64(1) << q
                if plain:
                    break
                bits = cls.mask[c]
                if cls.inbound[c] == 0 and not masked:
                    for f in range(cls.fixed_from[c], cls.fixed_from[c + 1]):
                        out.row[written] = row
                        out.rule[written] = cls.fixed_rule[f]
                        out.breached[written] = cls.fixed_breached[f]
                        out.counted[written] = 0
                        written += 1
                # ── what is left of the rules ──
                for q in range(cls.left_from[c], cls.left_from[c + 1]):
                    rule = cls.left_rule[q]
                    answer = FALSE
                    counted, first, last = 0, np.int64(0), np.int64(0)
                    rest = about
                    while True:
                        # A contact about several debts breaks a rule if it does for one.
                        one = rest & -rest
                        rest = rest & (rest - 1)
                        value = TRUE
                        for clause in range(cls.clause_from[q], cls.clause_from[q + 1]):
                            best = FALSE
                            for lit in range(cls.literal_from[clause], cls.literal_from[clause + 1]):
                                a = cls.literal[lit]
                                kind = mach.atom[a, 0]
                                truth = FALSE
                                if kind == REACHED:
                                    lim = mach.atom[a, 1]
                                    needed = mach.limit[lim, 0]
                                    clock = mach.limit[lim, 3]
                                    start = _window_start(
                                        time, mach.limit[lim, 1], mach.limit[lim, 2],
                                        zone if clock < 0 else clock, at,
                                    )  # fmt: skip
                                    way = mach.limit[lim, 4]
                                    key = np.int64(0) if way < 0 else col.keys[way, row]
                                    debts = one if mach.limit[lim, 5] == 1 else np.int64(0)
                                    s = 2 * lim
                                    got, got_first, got_last = _count(
                                        e_at[s], e_place[s], e_debts[s], e_key[s], e_size[s],
                                        needed, start, upto, debts, key,
                                    )  # fmt: skip
                                    if got >= needed:
                                        truth = TRUE
                                        if mach.limit_of_rule[rule] == lim and answer != TRUE:
                                            counted, first, last = got, got_first, got_last
                                    elif e_size[s + 1] > 0:
                                        more, _, _ = _count(
                                            e_at[s + 1], e_place[s + 1], e_debts[s + 1],
                                            e_key[s + 1], e_size[s + 1], needed, start, upto,
                                            debts, key,
                                        )  # fmt: skip
                                        if got + more >= needed:
                                            truth = OPEN
                                elif kind == IN_WINDOW:
                                    clock = mach.atom[a, 1]
                                    local = at + _offset(time, zone if clock < 0 else clock, at)
                                    if _inside(local % DAY, mach.atom[a, 2], mach.atom[a, 3]):
                                        truth = TRUE
                                elif kind == ON_DAY:
                                    clock = mach.atom[a, 1]
                                    local = at + _offset(time, zone if clock < 0 else clock, at)
                                    truth = time.marked[mach.atom[a, 2], local // DAY - time.day0]
                                elif kind == IN_HOURS:
                                    clock = mach.atom[a, 1]
                                    clock = zone if clock < 0 else clock
                                    if _within_hours(time, mach.atom[a], clock, at):
                                        truth = TRUE
                                elif kind == IN_A_ROW:
                                    m = mach.atom[a, 1]
                                    for f in range(r_size[m]):
                                        if (
                                            r_born[m, f] < upto
                                            and r_died[m, f] >= upto
                                            and r_since[m, f] <= at
                                        ):
                                            truth = TRUE
                                elif kind == BEGUN:
                                    if begun[mach.atom[a, 1]]:
                                        plain = True
                                else:
                                    truth = OPEN
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
                            answer = TRUE
                            break
                        if value == OPEN:
                            answer = OPEN
                        if rest == 0:
                            break
                    if answer == TRUE:
                        bits |= np.uint64(1) << np.uint64(rule & 63)
                        if not masked:
                            out.row[written] = row
                            out.rule[written] = rule
                            out.breached[written] = cls.left_breached[q]
                            out.counted[written] = counted
                            out.first[written] = first
                            out.last[written] = last
                            written += 1
                    elif answer == OPEN:
                        some_unknown = True
                        u_count[rule] += 1
                if masked:
                    out.mask[row] = bits
                # ── the contact is taken into the history ──
                row_machines = False
                for q in range(cls.see_from[c], cls.see_from[c + 1]):
                    how, what = cls.see_how[q], cls.see_what[q]
                    if how <= UNSURE:
                        s = 2 * what + how
                        size = e_size[s]
                        way = mach.limit[what, 4]
                        e_at[s, size] = at
                        e_place[s, size] = i
                        e_debts[s, size] = about
                        e_key[s, size] = np.int64(0) if way < 0 else col.keys[way, row]
                        e_size[s] = size + 1
                    elif how == BEGINS:
                        begun[what] = 1
                    else:
                        row_machines = True
                if row_machines:
                    # Within one second the order of unnumbered contacts is that of their ids.
                    tie_runs += 1
                    if tie_runs > 1:
                        plain = True
                    _see_row(
                        cls, mach, time, c, i, at, zone, r_since, r_born, r_died, r_size, r_row,
                        r_dates, r_day,
                    )  # fmt: skip
                if plain:
                    break
            if plain:
                deb.todo[who] = PLAIN
            else:
                out.state[0] = written
                deb.todo[who] = DONE
                for i in range(begin, end):
                    out.by_class[classes[i]] += 1
                if some_unknown:
                    for r in range(u_count.size):
                        out.unknown[r] += u_count[r]
            if some_unknown:
                u_count[:] = 0
            begin = end


@njit(cache=True, nogil=True)
def _see_row(
    cls: Classes, mach: Machines, time: Time, c: int, place: int, at: int, zone: int,
    since: Array, born: Array, died: Array, size: Array, row: Array, dates: Array, last_day: Array,
) -> None:  # fmt: skip
    """Take a contact into the facts that contacts in a row begin."""
    for q in range(cls.see_from[c], cls.see_from[c + 1]):
        how, m = cls.see_how[q], cls.see_what[q]
        if how == ENDS:
            for f in range(size[m]):
                if died[m, f] == FOREVER:
                    died[m, f] = place
            row[m] = 0
            dates[m] = 0
            last_day[m] = -FOREVER
        elif how == COUNTS:
            clock = mach.run_clock[m]
            clock = zone if clock < 0 else clock
            day = (at + _offset(time, clock, at)) // DAY
            row[m] += 1
            if last_day[m] != day:
                dates[m] = dates[m] + 1 if last_day[m] == day - 1 else 1
                last_day[m] = day
            for w in range(mach.way_from[m], mach.way_from[m + 1]):
                needed = mach.way[w, 0]
                if needed == 0:
                    # A contact that begins the fact by itself is told apart by its class.
                    met = False
                    for q2 in range(cls.see_from[c], cls.see_from[c + 1]):
                        met = met or (cls.see_how[q2] == WAY and cls.see_what[q2] == w)
                elif mach.way[w, 1] == 1:
                    met = dates[m] >= needed
                else:
                    met = row[m] >= needed
                if met:
                    start = at
                    if mach.way[w, 2] == 1:
                        start = time.midnight[clock, day + 1 - time.day0]
                    held = False
                    for f in range(size[m]):
                        held = held or (died[m, f] == FOREVER and since[m, f] <= start)
                    if not held:
                        since[m, size[m]] = start
                        born[m, size[m]] = place
                        died[m, size[m]] = FOREVER
                        size[m] += 1
