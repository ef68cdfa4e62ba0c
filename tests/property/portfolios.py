"""Random loans as rows of a portfolio, drawn so that the nightly close meets its borders.

Most are plans such as a ledger has, a few are not; days cluster about the day that is closed, the
ends of years, 29 February and the edges of buckets. All from one ``random.Random``.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from forbear.batch.nightly_schema import BUCKETS, DAY_COUNTS, LATE_ON_CODES, ROUNDINGS
from forbear.loans.days import stepped
from forbear.loans.lateness import TABLES

Said = dict[str, Any]

DAYS = (
    date(2024, 2, 29), date(2023, 12, 31), date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 1),
    date(2026, 6, 15), date(2028, 2, 29), date(2100, 3, 1),
)  # fmt: skip
_SIZES = (0, 1, 3, 99, 12_345, 1_000_000, 99_999_999)
_VAST = (0, 7, 10**12, 10**15)
_KINDS = ("principal", "interest", "fee", "penalty")


def portfolio(rnd: Random, count: int, on: date, *, wrong: bool = False) -> list[Said]:
    """So many loans as they stand on ``on``; with ``wrong``, one in ten is not well formed."""
    made = [_loan(rnd, f"loan-{number}", on) for number in range(count)]
    if wrong:
        for said in made:
            if rnd.random() < 0.1:
                _spoil(rnd, said, on)
    return made


def _loan(rnd: Random, ident: str, on: date) -> Said:
    table = rnd.choice(list(TABLES))
    known = [BUCKETS[0], *(bucket.name for bucket in TABLES[table])]
    late = rnd.random() < 0.4
    before = rnd.random() < 0.8
    said: Said = {
        "id": ident,
        "currency": rnd.choice(("CNY", "JPY", "KWD")),
        "day_count": rnd.choice(list(DAY_COUNTS)),
        "rounding": rnd.choice((*ROUNDINGS, None)),
        "arrears_grace_days": rnd.choice((0, 0, 3, 10, None)),
        "buckets": table,
        "late_rate_percent": rnd.choice(("0.0001", "18.2500", "24", "999.9999")) if late else None,
        "late_on": rnd.choice((*LATE_ON_CODES, None)),
        "closed_on": on - timedelta(days=rnd.choice((0, 1, 1, 1, 3, 40))) if before else None,
        "bucket": rnd.choice(known) if before else None,
        "interest_earned": rnd.choice((None, 0, 17, 123_456)),
        "late_rest": rnd.choice((None, 0, 1, 359_999_999)),
        "rows": _rows(rnd, on),
        "pauses": _pauses(rnd, on),
    }
    return said


def _rows(rnd: Random, on: date) -> list[Said]:
    n, unit = rnd.randint(1, 36), rnd.choice(("months", "months", "weeks", "days"))
    every = rnd.choice((1, 1, 2, 45))
    seed = stepped(on, every, unit, -rnd.randint(0, n)) + timedelta(days=rnd.choice((0, 0, 1, 9)))
    free, sizes = rnd.random() < 0.1, _VAST if rnd.random() < 0.05 else _SIZES
    rows, start = [], seed
    for number in range(1, n + 1):
        due = stepped(seed, every, unit, number)
        said: Said = {"start": start, "due": due}
        if rnd.random() < 0.03:
            said["due"] = said["start"]  # a down payment, or the zero row of a plan made anew
        for kind in _KINDS:
            usual = kind in ("principal", "interest")
            owed = rnd.choice(sizes) if usual or rnd.random() < 0.1 else 0
            if owed:
                owed = rnd.randint(max(owed // 2, 1), owed)
            said[f"owed_{kind}"] = 0 if free and kind != "principal" else owed
        rows.append(said)
        start = said["due"]
    _settle(rnd, rows, on)
    return rows


def _settle(rnd: Random, rows: list[Said], on: date) -> None:
    """Pay, waive or write off: everything up to some row, a part of it, and here and there."""
    due = sum(said["due"] < on for said in rows)
    paid = max(0, min(len(rows), due - rnd.choice((0, 0, 0, 1, 2, 7, -1, -40))))
    for place, said in enumerate(rows):
        for kind in _KINDS:
            owed = said[f"owed_{kind}"]
            part = rnd.choice((0, owed, owed // 3)) if place == paid else 0
            said[f"settled_{kind}"] = owed if place < paid or rnd.random() < 0.02 else part


def _pauses(rnd: Random, on: date) -> list[Said] | None:
    if rnd.random() < 0.7:
        return rnd.choice((None, []))
    starts = sorted(on - timedelta(days=rnd.randint(-5, 120)) for _ in range(rnd.randint(1, 3)))
    return [
        {"start": start, "end": start + timedelta(days=rnd.choice((0, 5, 30)))} for start in starts
    ]


def _spoil(rnd: Random, said: Said, on: date) -> None:
    rows = said["rows"]
    row = rnd.choice(rows)
    day = timedelta(days=1)
    spoilt: Any = rnd.choice((
        lambda: said.update(currency="XXX"),
        lambda: said.update(day_count="actual/364"),
        lambda: said.update(rounding="up"),
        lambda: said.update(arrears_grace_days=-1),
        lambda: said.update(buckets="weeks"),
        lambda: said.update(late_rate_percent="-1"),
        lambda: said.update(late_rate_percent="1000.0001"),
        lambda: said.update(closed_on=on + day),
        lambda: said.update(bucket="M9"),
        lambda: said.update(interest_earned=-1),
        lambda: said.update(late_rest=10**15),
        lambda: said.update(rows=None),
        lambda: row.update(due=row["start"] - day),
        lambda: row.update(due=None),
        lambda: row.update(owed_interest=None),
        lambda: row.update(owed_principal=-5, settled_principal=0),
        lambda: row.update(owed_principal=10**15 + 1, settled_principal=0),
        lambda: row.update(owed_fee=5, settled_fee=6),
        lambda: row.update(owed_fee=5, settled_fee=-1),
        lambda: said.update(rows=[*reversed(rows), row]),
        lambda: said.update(pauses=[{"start": on, "end": on - day}]),
    ))  # fmt: skip
    spoilt()
