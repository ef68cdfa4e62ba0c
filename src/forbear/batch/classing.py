"""Which class each contact of a debtor is of: situations, looked up by number."""

from __future__ import annotations

from forbear.batch.jit import compiled
from forbear.batch.layout import (
    CLASS,
    DAY,
    LOW_BITS,
    SEVERAL,
    SEVERAL_MAX,
    Array,
    Classes,
    Columns,
    Debtors,
    Out,
    Parted,
    Scratch,
    Time,
)  # fmt: skip
from forbear.batch.machines import offset

_compiled = compiled(counted=False)
_inlined = compiled(counted=False, inline=True)


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


@_compiled
def put_all(hashed: Array, hashed_class: Array, keys: Array, numbers: Array) -> None:
    """Keep the classes of many keys."""
    for i in range(keys.size):
        put(hashed, hashed_class, keys[i], numbers[i])


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
    key = (int(signature) << 42) | (int(era) << 36) | (int(shape) << 20)
    return key | int(debts << 5) | int(address_code), False


@_compiled
def _named(among: Array, first: int, last: int, wanted: int) -> int:
    """The number of a debt or an address among those that facts name, from 1; 0 for another."""
    found = 0
    for m in range(first, last):
        if among[m] == wanted:
            found = 1 + m - first
    return found


@_compiled
def _miss(out: Out, key: int, place: int, who: int) -> None:
    """Tell of a situation that is not known; near ones of the same kind are told once."""
    n = out.state[1]
    for m in range(max(0, n - 64), n):
        if out.miss_key[m] == key:
            return
    if n < out.miss_key.size:
        out.miss_key[n], out.miss_place[n], out.miss_debtor[n] = key, place, who
        out.state[1] = n + 1


@_inlined
def classify(
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
        at, word = scratch.record[i, 0], scratch.record[i, 1]
        shape = (word & 0xFFFFFFFF) >> LOW_BITS
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
                key = (int(base) << 32) | (int(era) << 24) | int(shape)
                _miss(out, -1 - key, scratch.place[i], who)
        else:
            row = parted.row[scratch.place[i]] if parted.row.size > 0 else 0
            key, only_plain = _key(
                deb, col, who, signature, era + time.era0, shape, word >> 32, row
            )
            if only_plain:
                plain = SEVERAL
                continue
            found = find(cls.hashed, cls.hashed_class, key)
            if found < 0:
                _miss(out, key, scratch.place[i], who)
        scratch.classes[i] = found
        if found < 0:
            missed = True
        else:
            if cls.plain[found] == 1:
                plain = CLASS + found
            findings += cls.findings_max[found]
    return missed, plain, findings


def dense_place(key: int) -> tuple[int, int, int]:
    """The base, the era of the ledger and the shape in the key of a situation without facts."""
    told = -1 - key
    return told >> 32, told >> 24 & 0xFF, told & 0xFFFFFF


def tells_debts_apart(key: int) -> bool:
    """Whether a key is that of a contact about several debts that facts tell apart."""
    return key >= 0 and key >> 10 & 0x3FF != 0
