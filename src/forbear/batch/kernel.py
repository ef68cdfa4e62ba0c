"""One pass over contacts grouped by debtor, for any book.

The kernel knows no rule. It looks up the class of each contact, which says what the plain form has
settled for its situation and what is left, and evaluates what is left over the debtor's history.
Numba compiles it once, whatever the packs, and keeps the result on disk.

Rows come in the order in which contacts count: by instant, unnumbered last, then ``seq``.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from forbear.batch.jit import compiled
from forbear.batch.layout import (
    BEGAN,
    BEGINS,
    CLASS,
    DAY,
    DEBTS_MAX,
    DONE,
    FALSE,
    FOREVER,
    LOW,
    LOW_BITS,
    MANY,
    OPEN,
    PLAIN,
    SEVERAL,
    SEVERAL_MAX,
    TO_DO,
    TRUE,
    UNSAID_SEQ,
    UNSURE,
    Array,
    Classes,
    Columns,
    Debtors,
    Machines,
    Out,
    Parted,
    Scratch,
    State,
    Time,
)  # fmt: skip
from forbear.batch.machines import atom_truth, formula, offset, see_row

# Nothing is allocated after the parting, so that no array needs its references counted.
_compiled = compiled(counted=False)
_inlined = compiled(counted=False, inline=True)
_SMALL: Final = 1 << 22


def state_of(mach: Machines, entries: int) -> State:
    """Room for the history of a debtor with so many contacts."""
    limits, runs = len(mach.limit_way), len(mach.run_clock)
    return State(
        room("entries", 8 * limits * entries, np.int64).reshape(2 * limits, entries, 4),
        np.zeros(2 * limits, np.int64),
        np.empty((runs, entries, 3), np.int64),
        np.zeros(runs, np.int64),
        np.zeros((runs, 3), np.int64),
        np.zeros(64, np.uint8),
    )


def scratch_of(parted: Parted, mach: Machines, rules: int, entries: int) -> Scratch:
    """What the kernel works on, for debtors of so many contacts at most."""
    size = int(np.diff(parted.start).max(initial=0))
    return Scratch(
        room("bucket_at", size, np.int64),
        *(room(f"bucket_{name}", size, np.int32) for name in ("shape", "debt", "row", "class")),
        np.empty(LOW + 1, np.int64),
        np.zeros(rules, np.int64),
        np.empty(DEBTS_MAX, np.int32),
        state_of(mach, entries),
    )


_arena = threading.local()


def room(name: str, size: int, kind: Any) -> Array:
    """An array of so many elements, whatever is in them.

    Each thread keeps its memory for the next chunk: to have fresh pages costs as much as to judge.
    """
    kept: Array | None = getattr(_arena, name, None)
    if kept is None or kept.size < size:
        # Half as much again, so that chunks that grow a little need no new one.
        kept = np.empty(size + size // 2 if size < _SMALL else size, kind)
        setattr(_arena, name, kept)
    return kept[:size]


def part(at: Array, debtor: Array, shape: Array, debt: Array, debtors: int) -> Parted:
    """Contacts of one bucket of debtors beside each other; layout decides, not the language."""
    rows = at.size
    made = Parted(
        np.zeros((debtors >> LOW_BITS) + 2, np.int64),
        room("at", rows, np.int64),
        room("debtor", rows, np.int32),
        room("shape", rows, np.int32),
        room("debt", rows, np.int32),
        room("row", rows, np.int32),
    )
    _part(at, debtor, shape, debt, made)
    return made


@_compiled
def _part(at: Array, debtor: Array, shape: Array, debt: Array, made: Parted) -> None:
    # Each start first serves as the place of the next contact of the bucket before it.
    start = made.start
    for i in range(at.size):
        start[(debtor[i] >> LOW_BITS) + 1] += 1
    for b in range(1, start.size):
        start[b] += start[b - 1]
    for b in range(start.size - 1, 0, -1):
        start[b] = start[b - 1]
    for i in range(at.size):
        b = (debtor[i] >> LOW_BITS) + 1
        k = start[b]
        start[b] = k + 1
        made.at[k] = at[i]
        made.debtor[k] = debtor[i]
        made.shape[k] = shape[i]
        made.debt[k] = debt[i]
        made.row[k] = i


@_compiled
def merged(parted: Parted, debtor: Array, found: Array, mask: Array) -> None:
    """Put what was found of each place in ``parted`` back into the order of rows."""
    # Each start is the place of the next contact of its bucket, and in the end that of the next.
    start = parted.start
    for i in range(debtor.size):
        b = debtor[i] >> LOW_BITS
        mask[i] = found[start[b]]
        start[b] += 1
    for b in range(start.size - 1, 0, -1):
        start[b] = start[b - 1]
    start[0] = 0


@compiled()
def ties(parted: Parted, seq: Array) -> Any:
    """Contacts of one debtor in one second that nothing numbers: places in ``parted``, and groups.

    The places of a group rise, and groups may lie between one another.
    """
    numbered = seq.size > 0
    places = np.empty(parted.at.size, np.int64)
    groups = np.empty(parted.at.size, np.int64)
    size, known = 0, 0
    last = np.empty(LOW, np.int64)
    group = np.empty(LOW, np.int64)
    for b in range(parted.start.size - 1):
        last[:] = -1
        for k in range(parted.start[b], parted.start[b + 1]):
            d = parted.debtor[k] & (LOW - 1)
            before = last[d]
            last[d] = k
            tied = before >= 0 and parted.at[before] == parted.at[k]
            if tied and numbered:
                tied = seq[parted.row[before]] == seq[parted.row[k]]
            if not tied:
                group[d] = -1
                continue
            if group[d] < 0:
                group[d] = known
                known += 1
                places[size], groups[size] = before, group[d]
                size += 1
            places[size], groups[size] = k, group[d]
            size += 1
    return places[:size], groups[:size]


@_compiled
def find(hashed: Array, hashed_class: Array, key: int) -> int:
    """The class of a key, or -1."""
    within = hashed.size - 1
    k = ((key * -7046029254386353131) >> 20) & within
    while hashed[k] != -1:
        if hashed[k] == key:
            return hashed_class[k]
        k = (k + 1) & within
    return -1


@_compiled
def put(hashed: Array, hashed_class: Array, key: int, number: int) -> None:
    """Keep the class of a key; the table must have room."""
    within = hashed.size - 1
    k = ((key * -7046029254386353131) >> 20) & within
    while hashed[k] != -1 and hashed[k] != key:
        k = (k + 1) & within
    hashed[k] = key
    hashed_class[k] = number


@_inlined
def _key(deb: Debtors, col: Columns, who: int, signature: int, era: int, shape: int, debt: int,
         row: int) -> tuple[int, bool]:  # fmt: skip
    """The key of a situation of which facts are known, and whether only the plain form can tell."""
    debts, address_code = 0, 0
    m0, m1 = deb.debts_from[who, 0], deb.debts_from[who, 1]
    if m1 > m0 and debt >= 0:
        debts = _named(deb.debts, m0, m1, debt) + 1
    elif m1 > m0 and debt < -1:
        first, last = col.several_from[-debt - 2], col.several_from[-debt - 1]
        if last - first > SEVERAL_MAX:
            return 0, True
        for m in range(first, last):
            debts = (debts << 5) | (_named(deb.debts, m0, m1, col.several[m]) + 1)
    m0, m1 = deb.addresses_from[who, 0], deb.addresses_from[who, 1]
    if m1 > m0 and col.address.size > 0:
        address_code = _named(deb.addresses, m0, m1, col.address[row])
    key = (np.int64(signature) << 41) | (np.int64(era) << 36) | (np.int64(shape) << 20)
    return key | np.int64(debts << 5) | np.int64(address_code), False


@_compiled
def _named(among: Array, first: int, last: int, wanted: int) -> int:
    """The number of a debt or an address among those that facts name, from 1; 0 for another."""
    found = 0
    for m in range(first, last):
        if among[m] == wanted:
            found = 1 + m - first
    return found


@_compiled
def _miss(out: Out, key: int, row: int, who: int) -> None:
    """Tell of a situation that is not known; near ones of the same kind are told once."""
    n = out.state[1]
    for m in range(max(0, n - 64), n):
        if out.miss_key[m] == key:
            return
    if n < out.miss_key.size:
        out.miss_key[n], out.miss_row[n], out.miss_debtor[n] = key, row, who
        out.state[1] = n + 1


@_inlined
def _classify(
    parted: Parted, col: Columns, deb: Debtors, time: Time, cls: Classes, out: Out,
    scratch: Scratch, begin: int, end: int, who: int,
) -> tuple[bool, int, int]:  # fmt: skip
    """The class of each contact of a debtor.

    Gives whether one is unknown, why only the plain form can judge the debtor, or -1, and how many
    findings there may be.
    """
    zone, base = deb.zone[who], deb.base[who]
    event, event_end = 0, 0
    if deb.events_from.size > 0:
        event, event_end = deb.events_from[who, 0], deb.events_from[who, 1]
    signature = -1
    missed, plain, findings = False, -1, 0
    eras = time.borders.size
    for i in range(begin, end):
        at, shape = scratch.at[i], scratch.shape[i]
        era = 0
        if eras > 0:
            day = (at + offset(time, zone, at)) // DAY
            while era < eras and time.borders[era] <= day:
                era += 1
        while event < event_end and deb.event_at[event] <= at:
            signature = deb.event_signature[event]
            event += 1
        if signature < 0:
            found = cls.dense[base, era, shape]
            if found < 0:
                key = (np.int64(base) << 32) | (np.int64(era) << 24) | np.int64(shape)
                _miss(out, -1 - key, parted.row[scratch.place[i]], who)
        else:
            row = parted.row[scratch.place[i]]
            key, only_plain = _key(
                deb, col, who, signature, era + time.era0, shape, scratch.debt[i], row
            )
            if only_plain:
                plain = SEVERAL
                continue
            found = find(cls.hashed, cls.hashed_class, key)
            if found < 0:
                _miss(out, key, row, who)
        scratch.classes[i] = found
        if found < 0:
            missed = True
        else:
            if cls.plain[found] == 1:
                plain = CLASS + found
            findings += cls.findings_max[found]
    return missed, plain, findings


@_compiled
def _debts(col: Columns, debt: int, local: Array, known: int) -> tuple[int, int]:
    """The debts of a contact as bits of the debtor's own numbering; -1 where they are too many."""
    first, last = 0, 1
    if debt < -1:
        first, last = col.several_from[-debt - 2], col.several_from[-debt - 1]
    about = np.int64(0)
    for m in range(first, last):
        wanted = debt if debt >= 0 else col.several[m]
        q = 0
        while q < known and local[q] != wanted:
            q += 1
        if q == known:
            if q == DEBTS_MAX:
                return -1, known
            local[q] = wanted
            known += 1
        about |= np.int64(1) << q
    return about, known


@_compiled
def _debt_bit(col: Columns, debt: int, own: int, local: Array) -> int:
    """One of several debts of a contact, as a bit of the debtor's own numbering."""
    wanted = col.several[col.several_from[-debt - 2] + own]
    bit = 0
    while local[bit] != wanted:
        bit += 1
    return np.int64(1) << bit


@_inlined
def _fold(
    parted: Parted, col: Columns, time: Time, cls: Classes, mach: Machines, out: Out,
    scratch: Scratch, begin: int, end: int, zone: int,
) -> tuple[int, int, bool]:  # fmt: skip
    """Judge each contact of a debtor on the ones before it, and take it into the history.

    Gives why only the plain form can judge the debtor, or -1, how many findings stand in ``out``
    now, and whether any rule could not be answered.
    """
    masked, numbered = out.mask.size > 0, col.seq.size > 0
    local, state = scratch.local, scratch.state
    for s in range(state.size.size):
        state.size[s] = 0
    for m in range(state.held.size):
        state.held[m] = 0
        state.row[m, 0], state.row[m, 1], state.row[m, 2] = 0, 0, -FOREVER
    for m in range(state.begun.size):
        state.begun[m] = 0
    written, known, some_unknown = out.state[0], 0, False
    upto, second, last_at, last_seq = 0, 0, -FOREVER, UNSAID_SEQ
    for i in range(end - begin):
        k = begin + i
        at, debt, c = scratch.at[k], scratch.debt[k], scratch.classes[k]
        row = parted.row[scratch.place[k]]
        # How many count as earlier: by instant, then by number where both have one.
        seq = col.seq[row] if numbered else UNSAID_SEQ
        if at != last_at:
            second, upto = i, i
        elif seq == UNSAID_SEQ:
            upto = second
        elif seq != last_seq:
            upto = i
        last_at, last_seq = at, seq
        about = np.int64(0)
        if debt >= 0:
            bit = 0
            while bit < known and local[bit] != debt:
                bit += 1
            if bit == DEBTS_MAX:
                return MANY, written, some_unknown
            if bit == known:
                local[bit] = debt
                known += 1
            about = np.int64(1) << bit
        elif debt < -1:
            about, known = _debts(col, debt, local, known)
            if about < 0:
                return MANY, written, some_unknown
        bits = cls.mask[c]
        if not masked:
            for f in range(cls.fixed_from[c], cls.fixed_from[c + 1]):
                out.row[written], out.rule[written] = row, cls.fixed_rule[f]
                out.breached[written], out.counted[written] = cls.fixed_breached[f], 0
                written += 1
        done, opened = -1, False
        for q in range(cls.left_from[c], cls.left_from[c + 1]):
            rule = cls.left_rule[q]
            if cls.left_atom[q, 0] >= 0 and debt >= -1:
                answer, counted, first, last = atom_truth(
                    cls.left_atom, q, time, col, state, at, row, zone, upto, about
                )
            elif cls.left_debt[q] < 0:
                answer, counted, first, last = formula(
                    cls, mach, time, col, state, q, at, row, zone, upto, about, debt, local
                )
            elif done == rule:
                continue
            else:
                # Facts tell the debts of this contact apart; the first that breaks the rule counts.
                one = _debt_bit(col, debt, cls.left_debt[q], local)
                answer, counted, first, last = formula(
                    cls, mach, time, col, state, q, at, row, zone, upto, one, 0, local
                )
                opened = opened or answer == OPEN
                more = q + 1 < cls.left_from[c + 1] and cls.left_rule[q + 1] == rule
                if answer != TRUE and more:
                    continue
                answer = OPEN if opened and answer == FALSE else answer
                opened = False
                done = rule if answer == TRUE else -1
            if masked and answer <= TRUE:
                bits |= np.uint64(answer) << np.uint64(rule)
            elif answer == FALSE:
                continue
            elif answer == TRUE:
                out.row[written], out.rule[written] = row, rule
                out.breached[written], out.counted[written] = cls.left_breached[q], counted
                out.first[written], out.last[written] = first, last
                written += 1
            elif answer == OPEN:
                some_unknown = True
                scratch.unknown[rule] += 1
            else:
                return BEGAN, written, some_unknown
        if masked:
            out.mask[scratch.place[k]] = bits
        rows = False
        for q in range(cls.see_from[c], cls.see_from[c + 1]):
            how, what = cls.see_how[q], cls.see_what[q]
            if how <= UNSURE:
                s = 2 * what + how
                n = state.size[s]
                way = mach.limit_way[what]
                state.entries[s, n, 0], state.entries[s, n, 1] = at, i
                state.entries[s, n, 2] = about
                state.entries[s, n, 3] = 0 if way < 0 else col.keys[way, row]
                state.size[s] = n + 1
            elif how == BEGINS:
                state.begun[what] = 1
            else:
                rows = True
        if rows:
            see_row(cls, mach, time, state, c, i, at, zone)
    return -1, written, some_unknown


@_compiled
def judge(
    parted: Parted, col: Columns, deb: Debtors, time: Time, cls: Classes, mach: Machines, out: Out,
    scratch: Scratch, first_bucket: int, last_bucket: int,
) -> None:  # fmt: skip
    """Judge the debtors still to do, as far as classes are known and there is room for findings.

    A debtor with an unknown class is left to do, and what is missing is told in ``out.miss_…``; so
    is one whose findings do not fit. A debtor whom only the plain form can judge is marked PLAIN.
    """
    ends, unknown = scratch.ends, scratch.unknown
    for b in range(first_bucket, last_bucket):
        lo, hi = parted.start[b], parted.start[b + 1]
        for d in range(LOW + 1):
            ends[d] = 0
        for k in range(lo, hi):
            ends[(parted.debtor[k] & (LOW - 1)) + 1] += 1
        for d in range(LOW):
            ends[d + 1] += ends[d]
        for k in range(lo, hi):
            d = parted.debtor[k] & (LOW - 1)
            n = ends[d]
            ends[d] = n + 1
            scratch.at[n], scratch.shape[n] = parted.at[k], parted.shape[k]
            scratch.debt[n], scratch.place[n] = parted.debt[k], k
        end = 0
        for d in range(LOW):
            begin, end = end, ends[d]
            who = (b << LOW_BITS) + d
            if end == begin or deb.todo[who] != TO_DO:
                continue
            missed, plain, findings = _classify(
                parted, col, deb, time, cls, out, scratch, begin, end, who
            )
            if missed:
                continue
            if plain < 0 and out.mask.size == 0 and out.state[0] + findings > out.row.size:
                out.state[3] = max(out.state[3], findings)
                continue
            some_unknown = False
            if plain < 0 and end - begin > scratch.state.entries.shape[1]:
                out.state[2] = max(out.state[2], end - begin)
                continue
            if plain < 0:
                plain, written, some_unknown = _fold(
                    parted, col, time, cls, mach, out, scratch, begin, end, deb.zone[who]
                )  # fmt: skip
            if plain >= 0:
                deb.todo[who] = PLAIN
                out.plain[plain] += 1
            else:
                deb.todo[who] = DONE
                out.state[0] = written
                if out.mask.size == 0:
                    for i in range(begin, end):
                        out.by_class[scratch.classes[i]] += 1
            if some_unknown:
                for r in range(unknown.size):
                    out.unknown[r] += unknown[r] if plain < 0 else 0
                    unknown[r] = 0
