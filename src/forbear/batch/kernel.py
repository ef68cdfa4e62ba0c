"""One pass over contacts grouped by debtor, for any book.

The kernel knows no rule. It looks up the class of each contact, which says what the plain form has
settled for its situation and what is left, and evaluates what is left over the debtor's history.
Numba compiles it once, whatever the packs.

Rows come in the order in which contacts count: by instant, unnumbered last, then ``seq``.
"""

from __future__ import annotations

import numpy as np

from forbear.batch.classing import classify
from forbear.batch.jit import compiled
from forbear.batch.layout import (
    BEGAN,
    BEGINS,
    DEBTS_MAX,
    DONE,
    FALSE,
    FOREVER,
    LOW,
    LOW_BITS,
    MANY,
    OPEN,
    PLAIN,
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
from forbear.batch.machines import atom_truth, formula, see_row
from forbear.batch.parting import room

# Nothing is allocated here, so that no array needs its references counted.
_compiled = compiled(counted=False)
_inlined = compiled(counted=False, inline=True)


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
            missed, plain, findings = classify(
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
