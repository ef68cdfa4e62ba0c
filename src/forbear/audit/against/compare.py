"""A phone's log held against a lender's record of the same person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

from forbear.audit.against.clocks import ClockError, Clocks, clocks_of, off
from forbear.audit.against.doubt import agrees_otherwise, beside, instead_of
from forbear.audit.against.entries import Entry, entries, without_repeats
from forbear.audit.against.fates import (
    coverage,
    other_lines,
    why_apart_of_log,
    why_apart_of_record,
)
from forbear.audit.against.outcomes import difference
from forbear.audit.against.pairing import Paired, pair
from forbear.audit.against.shown import MASK, agreement
from forbear.evidence.compared import Apart, Compared, Lack, Pair, Repeat, Side, Skew, Why
from forbear.intake import LogRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is to be compared.

    ``log`` are the rows of the phone, ``record`` those of the lender about its person, ``covering``
    all rows of the record, which tell what time it covers. ``claims`` says whether a phone's number
    was named as the collector's.
    """

    log: Sequence[LogRow]
    record: Sequence[LogRow]
    covering: Sequence[LogRow]
    claims: Callable[[str | None], bool]


def compare(sides: Sides) -> Compared:
    """Pair the rows of both sides and say what is left of each; see ``Compared``."""
    record, again = without_repeats(entries(sides.record, side=Side.RECORD), Side.RECORD)
    whole = entries(sides.log, side=Side.LOG, claims=_claims(sides, record))
    log, log_again = without_repeats(_concerned(whole, record), Side.LOG)
    clocks = clocks_of(log, record)
    paired = pair(log, record, clocks)
    repeats = [*again, *log_again, *_twice(paired, Side.LOG)]
    repeats += _twice(paired.turned(), Side.RECORD)
    placed = {id(repeat.row) for repeat in repeats}
    covering = coverage(entries(sides.covering, side=Side.RECORD), Side.RECORD)
    covered = coverage(whole, Side.LOG)
    later = _usual(clocks, record)
    lines = other_lines(paired.turned())
    wrong = {id(entry.row) for entry in record if clocks[entry.clock].beyond}
    apart = _wrong(paired, wrong)
    placed |= {id(each.row) for each in apart}
    lacking: dict[Side, list[int]] = {Side.LOG: [], Side.RECORD: []}
    for side, view in ((Side.LOG, paired), (Side.RECORD, paired.turned())):
        for place in view.alone():
            entry = view.own[place]
            if id(entry.row) in placed or not entry.claimed:
                continue
            if side is Side.LOG:
                why = why_apart_of_log(entry, covering, later)
            else:
                own_later = clocks[entry.clock].later
                why = why_apart_of_record(entry, covered, own_later, other_line=entry.to in lines)
            if why is None:
                lacking[side].append(place)
            else:
                apart.append(Apart(row=entry.row, side=side, why=why))
    return Compared(
        pairs=tuple(pair for pair in _pairs(paired, clocks) if id(pair.record) not in wrong),
        record_lacks=_lacks(paired, lacking[Side.LOG], lacking[Side.RECORD]),
        log_lacks=_lacks(paired.turned(), lacking[Side.RECORD], lacking[Side.LOG]),
        apart=tuple(apart),
        repeats=tuple(repeats),
        skews=tuple(_skews(clocks, record)),
        spans=tuple(one.span for one in (*covered, *covering)),
    )


def _wrong(paired: Paired, wrong: set[int]) -> list[Apart]:
    """The rows whose clock is wrong as a whole, and those of the log that they would go with."""
    found = []
    for place, entry in enumerate(paired.other):
        if id(entry.row) not in wrong:
            continue
        found.append(Apart(row=entry.row, side=Side.RECORD, why=Why.CLOCK))
        if (own := paired.owner.get(place)) is not None:
            found.append(Apart(row=paired.own[own].row, side=Side.LOG, why=Why.CLOCK))
    return found


def _claims(sides: Sides, record: Sequence[Entry]) -> Callable[[str | None], bool]:
    """Whose numbers are the collector's: those named, and those that its own record shows whole."""
    shown = {entry.number for entry in record if entry.number and MASK not in entry.number}
    return lambda number: number is not None and (number in shown or sides.claims(number))


def _concerned(log: Sequence[Entry], record: Sequence[Entry]) -> list[Entry]:
    """The phone's rows that may be a contact of the record: claimed, withheld, or as masked."""
    masked = {entry.number for entry in record if entry.number and MASK in entry.number}
    fits: dict[str, bool] = {}

    def concerns(entry: Entry) -> bool:
        if entry.claimed or entry.number is None:
            return True
        if entry.number not in fits:
            fits[entry.number] = MASK in entry.number or any(
                agreement(entry.number, number) is not None for number in masked
            )
        return fits[entry.number]

    return [entry for entry in log if concerns(entry)]


def _usual(clocks: Clocks, record: Sequence[Entry]) -> int:
    """How much later the record has what it does not have, as far as can be told."""
    return median_low([clocks[entry.clock].later for entry in record]) if record else 0


def _twice(paired: Paired, side: Side) -> Iterator[Repeat]:
    """Rows without a partner that another file of their side shows too, with a partner."""
    used: set[tuple[int, str]] = set()
    for place in paired.alone():
        file = paired.own[place].row.source.file
        fits = [
            (cost, holder)
            for theirs, cost in paired.edges[place].items()
            if (holder := paired.owner.get(theirs)) is not None
            and paired.own[holder].row.source.file != file
            and (holder, file) not in used
        ]
        if fits:
            _, holder = min(fits)
            used.add((holder, file))
            yield Repeat(row=paired.own[place].row, of=paired.own[holder].row, side=side)


def _pairs(paired: Paired, clocks: Clocks) -> Iterator[Pair]:
    for own in sorted(paired.partner):
        log, record = paired.own[own], paired.other[paired.partner[own]]
        differs = difference(log.row, record.row)
        yield Pair(
            log=log.row,
            record=record.row,
            later_seconds=record.instant - log.instant,
            off_seconds=off(log, record, clocks[record.clock].later),
            differs=differs,
            unsure=differs is not None and agrees_otherwise(own, paired),
        )


def _lacks(paired: Paired, own: Sequence[int], others: Sequence[int]) -> tuple[Lack, ...]:
    near = beside([paired.own[place] for place in own], [paired.other[place] for place in others])
    return tuple(
        Lack(
            row=paired.own[place].row,
            instead=tuple(paired.own[at].row for at in instead_of(place, paired)),
            maybe=tuple(entry.row for entry in close),
        )
        for place, close in zip(own, near, strict=True)
    )


def _skews(clocks: Clocks, record: Sequence[Entry]) -> Iterator[Skew]:
    """One entry for each clock that was told apart, with how many rows of the record it wrote."""
    told: defaultdict[tuple[str, ClockError], list[str]] = defaultdict(list)
    rows: Counter[tuple[str, ClockError]] = Counter()
    for entry in record:
        key = (entry.clock[0], clocks[entry.clock])
        rows[key] += 1
        name = entry.clock[2] or entry.clock[1]
        if name not in told[key]:
            told[key].append(name)
    for (file, error), names in told.items():
        yield Skew(
            file=file,
            names=tuple(names),
            later_seconds=error.later,
            within_seconds=error.gate,
            rows=rows[file, error],
            settled=error.settled,
            beyond=error.beyond,
        )
