"""A book's machines and classes as flat tables for the kernel.

The tables are never changed, only replaced, so that several threads may read them while one adds to
what they are made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from forbear.batch.classing import put_all
from forbear.batch.clocks import Clocks
from forbear.batch.layout import (
    BEGUN,
    DATES,
    DAY,
    EVER,
    IN_A_ROW,
    IN_HOURS,
    IN_WINDOW,
    INSIDE,
    MONTH,
    ON_DAY,
    OUTSIDE,
    REACHED,
    SECONDS,
    THROUGH,
    UNKNOWN,
    WEEK,
    Classes,
    Machines,
)  # fmt: skip
from forbear.batch.situations import Situations, way_of
from forbear.law.lowering import (
    Begins,
    Formula,
    InARow,
    InHoursOf,
    InWindow,
    OnDay,
    Reached,
)  # fmt: skip
from forbear.law.vocabulary.limit import Limit

_UNITS: Final = {"seconds": SECONDS, "dates": DATES, "week": WEEK, "month": MONTH, "ever": EVER}
_HOURS: Final = {"inside": INSIDE, "through": THROUGH, "outside": OUTSIDE}
_LEAST: Final = 1 << 10


def machines_of(of: Situations, clocks: Clocks) -> tuple[Machines, dict[Any, int]]:
    """The tables of machines, and the number of each atom that a class asks of."""
    atoms: dict[Any, int] = {}
    rows: list[list[int]] = []
    limit_of = {limit.tally.key: number for number, limit in enumerate(of.limits)}
    for each in of.classes:
        for atom in (a for _, _, f, _ in each.left for clause in f for a, _ in clause):
            if atom not in atoms:
                atoms[atom] = len(rows)
                row = _atom(of, atom, clocks)
                rows.append([*row, *[0] * (8 - len(row))])
    ways = [
        [0 if way.on is not None else way.run, int(way.unit == "date"), int(way.next_date)]
        for run in of.runs
        for way in run.ways
    ]
    runs = [run.place.clock for run in of.runs]
    limit_of_rule = [
        limit_of[rule.kind.tally.key] if isinstance(rule.kind, Limit) else -1
        for rule in of.book.rules
    ]
    made = Machines(
        atom=np.array(rows, np.int64).reshape(-1, 8),
        limit_way=np.array([_way(of, limit) for limit in of.limits], np.int64),
        run_clock=np.array([-1 if c is None else clocks.number(c.name) for c in runs], np.int64),
        way_from=_ends([len(run.ways) for run in of.runs]),
        way=np.array(ways, np.int64).reshape(-1, 3),
        limit_of_rule=np.array(limit_of_rule, np.int32),
    )
    return made, atoms


def _way(of: Situations, limit: Limit) -> int:
    way = way_of(limit.tally)
    return of.per.index(way) if way else -1


def _limit(of: Situations, number: int, clocks: Clocks) -> list[int]:
    """What an atom needs of a limit."""
    limit = of.limits[number]
    clock = -1 if limit.clock is None else clocks.number(limit.clock.name)
    by_debt = int("debt" in limit.tally.per)
    unit, size = _UNITS[limit.window.unit], limit.window.size
    return [limit.needed, unit, size, clock, _way(of, limit), by_debt]


def classes_of(of: Situations, machines: Machines, atoms: dict[Any, int], dense: Any) -> Classes:
    """The tables of all classes so far; ``dense`` finds those of debtors without facts."""
    each = of.classes
    left = [one for known in each for one in known.left]
    clauses = [clause for _, _, formula, _ in left for clause in _ordered(formula, atoms)]
    nothing = [-1] * 8
    alone = [
        machines.atom[a] if debt < 0 and (a := _alone(formula, atoms)) >= 0 else nothing
        for _, _, formula, debt in left
    ]
    hashed, hashed_class = _hashed(of)
    masks = [sum(1 << (n & 63) for n in {n for n, _ in known.broken}) for known in each]
    return Classes(
        dense=dense,
        hashed=hashed,
        hashed_class=hashed_class,
        mask=np.array(masks, np.uint64),
        fixed_from=_ends([len(known.broken) for known in each]),
        fixed_rule=np.array([n for known in each for n, _ in known.broken], np.int32),
        fixed_breached=np.array([b for known in each for _, b in known.broken], np.uint8),
        left_from=_ends([len(known.left) for known in each]),
        left_rule=np.array([number for number, _, _, _ in left], np.int32),
        left_breached=np.array([breached for _, breached, _, _ in left], np.uint8),
        left_debt=np.array([debt for _, _, _, debt in left], np.int8),
        left_atom=np.array(alone, np.int64).reshape(-1, 8),
        clause_from=_ends([len(formula) for _, _, formula, _ in left]),
        literal_from=_ends([len(clause) for clause in clauses]),
        literal=np.array([atoms[atom] for clause in clauses for atom, _ in clause], np.int32),
        wanted=np.array([positive for clause in clauses for _, positive in clause], np.uint8),
        see_from=_ends([len(known.see) for known in each]),
        see_how=np.array([how for known in each for how, _ in known.see], np.uint8),
        see_what=np.array([what for known in each for _, what in known.see], np.int32),
        plain=np.array([known.why_plain is not None for known in each], np.uint8),
        inbound=np.array([known.inbound for known in each], np.uint8),
        findings_max=np.array([len(k.broken) + len(k.left) for k in each], np.int32),
    )


def _atom(of: Situations, atom: Any, clocks: Clocks) -> list[int]:
    """The row of an atom: its kind, then what the kind needs."""

    def number_of(clock: str | None) -> int:
        return -1 if clock is None else clocks.number(clock)

    match atom:
        case InWindow(window, clock):
            return [IN_WINDOW, number_of(clock), *_span(window)]
        case OnDay(on, clock):
            return [ON_DAY, number_of(clock), clocks.marked(on)]
        case InHoursOf(hours, weekdays, hour, clock):
            days = range(7) if weekdays is None else weekdays
            span = _span(hours) if hours else (-1, 0)
            return [IN_HOURS, number_of(clock), *span, sum(1 << day for day in days), _HOURS[hour]]
        case Reached(key):
            number = next(n for n, limit in enumerate(of.limits) if limit.tally.key == key)
            return [REACHED, number, *_limit(of, number, clocks)]
        case InARow(key):
            return [IN_A_ROW, next(n for n, run in enumerate(of.runs) if run.key == key)]
        case Begins(key):
            return [BEGUN, next(n for n, begun in enumerate(of.begun) if begun.key == key)]
        case _:
            return [UNKNOWN]


def _hashed(of: Situations) -> tuple[Any, Any]:
    """The table in which the class of a situation with facts is found by its key."""
    size = _LEAST
    while size < 4 * len(of.known):
        size *= 2
    hashed, numbers = np.full(size, -1, np.int64), np.zeros(size, np.int32)
    count = len(of.known)
    put_all(
        hashed,
        numbers,
        np.fromiter(of.known.keys(), np.int64, count),
        np.fromiter(of.known.values(), np.int32, count),
    )
    return hashed, numbers


def _span(window: tuple[int, int]) -> tuple[int, int]:
    """Where a window of the day begins, and how long it is; with equal ends it is the whole day."""
    start, end = window
    return start, (end - start - 1) % DAY + 1


def _ordered(formula: Formula, atoms: dict[Any, int]) -> list[list[tuple[Any, bool]]]:
    """The clauses with their atoms in order of number; limits come last, since they cost most."""

    def rank(literal: tuple[Any, bool]) -> tuple[bool, int]:
        return (isinstance(literal[0], Reached), atoms[literal[0]])

    clauses = [sorted(clause, key=rank) for clause in formula]
    return sorted(clauses, key=lambda clause: [rank(literal) for literal in clause])


def _alone(formula: Formula, atoms: dict[Any, int]) -> int:
    """The number of the atom that a formula is, or -1 where it is more."""
    (clause, *others) = formula
    (literal, *more) = clause
    return atoms[literal[0]] if literal[1] and not others and not more else -1


def _ends(sizes: Sequence[int]) -> Any:
    """Where each of several runs of these sizes begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int32)
