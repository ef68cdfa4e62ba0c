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
        record=room("bucket", 2 * size, np.int64).reshape(-1, 2),
        place=room("bucket_place", size, np.int32),
        classes=room("bucket_class", size, np.int32),
        ends=np.empty(LOW + 1, np.int64),
        unknown=np.zeros(rules, np.int64),
        local=np.empty(DEBTS_MAX, np.int32),
        state=state_of(mach, entries),
    )


@_inlined
def _bit(debt: int, local: Array, known: int) -> tuple[int, int]:
    """The number of a debt in the debtor's own numbering, and how many have one; -1 for no room."""
    bit = 0
    while bit < known and local[bit] != debt:
        bit += 1
    if bit < known:
        return bit, known
    if bit == DEBTS_MAX:
        return -1, known
    local[bit] = debt
    return bit, known + 1


@_compiled
def _several(col: Columns, debt: int, local: Array, known: int) -> tuple[int, int]:
    """Several debts of a contact as bits of the debtor's own numbering; -1 for no room."""
    about = 0
    for m in range(col.several_from[-debt - 2], col.several_from[-debt - 1]):
        bit, known = _bit(col.several[m], local, known)
        if bit < 0:
            return -1, known
        about |= 1 << bit
    return about, known


@_inlined
def _answer(
    cls: Classes, mach: Machines, time: Time, col: Columns, state: State, q: int, at: int, row: int,
    zone: int, upto: int, about: int, debt: int, local: Array,
) -> tuple[int, int, int, int]:  # fmt: skip
    """The truth of what is left of a rule; of a limit also the count, the oldest and the newest."""
    if cls.left_atom[q, 0] >= 0 and debt >= -1:
        return atom_truth(cls.left_atom, q, time, col, state, at, row, zone, upto, about)
    own = cls.left_debt[q]
    if own < 0:
        return formula(cls, mach, time, col, state, q, at, row, zone, upto, about, debt, local)
    # Facts tell the debts of this contact apart, and this is about one of them.
    bit, _ = _bit(col.several[col.several_from[-debt - 2] + own], local, DEBTS_MAX)
    return formula(cls, mach, time, col, state, q, at, row, zone, upto, 1 << bit, 0, local)


@_inlined
def _remember(
    cls: Classes, mach: Machines, time: Time, col: Columns, state: State, c: int, place: int,
    at: int, row: int, zone: int, about: int,
) -> None:  # fmt: skip
    """Take a contact into the history."""
    rows = False
    for q in range(cls.see_from[c], cls.see_from[c + 1]):
        how, what = cls.see_how[q], cls.see_what[q]
        if how <= UNSURE:
            s = 2 * what + how
            n = state.size[s]
            way = mach.limit_way[what]
            state.entries[s, n, 0], state.entries[s, n, 1] = at, place
            state.entries[s, n, 2] = about
            state.entries[s, n, 3] = 0 if way < 0 else col.keys[way, row]
            state.size[s] = n + 1
        elif how == BEGINS:
            state.begun[what] = 1
        else:
            rows = True
    if rows:
        see_row(cls, mach, time, state, c, place, at, zone)


@_inlined
def _forget(state: State) -> None:
    """Begin with a debtor of whom nothing is known."""
    for s in range(state.size.size):
        state.size[s] = 0
    for m in range(state.held.size):
        state.held[m] = 0
        state.row[m, 0], state.row[m, 1], state.row[m, 2] = 0, 0, -FOREVER
    for m in range(state.begun.size):
        state.begun[m] = 0


@_inlined
def _settled(cls: Classes, out: Out, c: int, row: int, written: int) -> int:
    """Write down what the class of a contact has settled."""
    for f in range(cls.fixed_from[c], cls.fixed_from[c + 1]):
        out.row[written], out.rule[written] = row, cls.fixed_rule[f]
        out.breached[written], out.counted[written] = cls.fixed_breached[f], 0
        written += 1
    return written


@_inlined
def _fold(
    parted: Parted, col: Columns, time: Time, cls: Classes, mach: Machines, out: Out,
    scratch: Scratch, begin: int, end: int, zone: int,
) -> tuple[int, int, bool]:  # fmt: skip
    """Judge each contact of a debtor on the ones before it, and take it into the history.

    Gives why only the plain form can judge the debtor, or -1, how many findings stand in ``out``
    now, and whether any rule could not be answered.
    """
    # The row is far from what is worked on, and often nothing needs it.
    masked, numbered, rows = out.mask.size > 0, col.seq.size > 0, parted.row.size > 0
    local, state, known, some_unknown = scratch.local, scratch.state, 0, False
    _forget(state)
    written = out.state[0]
    upto, second, last_at, last_seq = 0, 0, -FOREVER, UNSAID_SEQ
    for i in range(end - begin):
        k = begin + i
        at, debt, c = scratch.record[k, 0], scratch.record[k, 1] >> 32, scratch.classes[k]
        row = parted.row[scratch.place[k]] if rows else 0
        # How many count as earlier: by instant, then by number where both have one.
        seq = col.seq[row] if numbered else UNSAID_SEQ
        if at != last_at:
            second, upto = i, i
        elif seq == UNSAID_SEQ:
            upto = second
        elif seq != last_seq:
            upto = i
        last_at, last_seq = at, seq
        about = 0
        if debt >= 0:
            bit, known = _bit(debt, local, known)
            about = -1 if bit < 0 else 1 << bit
        elif debt < -1:
            about, known = _several(col, debt, local, known)
        if about < 0:
            return MANY, written, some_unknown
        if not masked:
            written = _settled(cls, out, c, row, written)
        bits, done, opened = cls.mask[c], -1, False
        for q in range(cls.left_from[c], cls.left_from[c + 1]):
            rule = cls.left_rule[q]
            if done == rule:
                continue
            answer, counted, first, last = _answer(
                cls, mach, time, col, state, q, at, row, zone, upto, about, debt, local
            )
            if cls.left_debt[q] >= 0:
                # The first of several debts that breaks the rule counts.
                opened = opened or answer == OPEN
                if answer != TRUE and q + 1 < cls.left_from[c + 1] and cls.left_rule[q + 1] == rule:
                    continue
                answer = OPEN if opened and answer == FALSE else answer
                done, opened = rule if answer == TRUE else -1, False
            if masked and answer <= TRUE:
                bits |= np.uint64(answer) << np.uint64(rule)
            elif answer == TRUE:
                out.row[written], out.rule[written] = row, rule
                out.breached[written], out.counted[written] = cls.left_breached[q], counted
                out.first[written], out.last[written] = first, last
                written += 1
            elif answer == OPEN:
                some_unknown = True
                scratch.unknown[rule] += 1
            elif answer != FALSE:
                return BEGAN, written, some_unknown
        if masked:
            out.mask[scratch.place[k]] = bits
        _remember(cls, mach, time, col, state, c, i, at, row, zone, about)
    return -1, written, some_unknown


@_inlined
def _group(parted: Parted, scratch: Scratch, bucket: int) -> None:
    """The contacts of a bucket debtor by debtor, and where those of each debtor end."""
    lo, hi, ends = parted.start[bucket], parted.start[bucket + 1], scratch.ends
    for d in range(LOW + 1):
        ends[d] = 0
    for k in range(lo, hi):
        ends[(parted.record[k, 1] & (LOW - 1)) + 1] += 1
    for d in range(LOW):
        ends[d + 1] += ends[d]
    for k in range(lo, hi):
        word = parted.record[k, 1]
        d = word & (LOW - 1)
        n = ends[d]
        ends[d] = n + 1
        scratch.record[n, 0], scratch.record[n, 1] = parted.record[k, 0], word
        scratch.place[n] = k


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
        _group(parted, scratch, b)
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
