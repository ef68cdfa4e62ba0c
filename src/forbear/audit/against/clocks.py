"""How far a record's clocks are from the phone's, told from the rows themselves.

Every true pair of rows differs by the same amount, give or take; false pairs differ by anything.
So the amount is where the differences crowd: the half-sample mode (Bickel and Frühwirth, 2006),
which no number of strays can move, and then the median of what lies about it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import median_low
from typing import Final

from forbear.audit.against.entries import Entry, by_kind
from forbear.audit.against.shown import agreement

# A clock that nobody sets goes wrong by so much; more is a wrong zone, or a wrong record.
SKEW_SECONDS_MAX: Final = 120
# And a single row by so much more: ringing, a queue, a note made afterwards.
JITTER_SECONDS_MAX: Final = 120
_ROWS_MIN: Final = 4
# The crowd is looked at ever closer, so that strays at its edge do not pull at its middle.
_CROWD_SECONDS: Final = (60, 60, 30)
# Two clocks of one record that differ by less are taken for one.
_DIFFERS_SECONDS: Final = 5
# Rows explained are as many where no more than a fifth fewer.
_FEWER: Final = 5
# As many rows as these tell how far rows scatter; fewer only seem to.
_MANY_ROWS: Final = 12
_SAME_LENGTH_SECONDS: Final = 3
# By how much the middle of a few rows may miss.
_SLACK_SECONDS: Final = 3
_NARROWEST_SECONDS: Final = 3
_FAR_SECONDS_MAX: Final = 14 * 3600
_FAR_STEP_SECONDS: Final = 15
_TELLING_ROWS: Final = 300
# Redials make the rows crowd a little beside the true place as well.
_APART_STEPS: Final = 40
_BEYOND_WITHIN_SECONDS: Final = 15
# More neighbours than these are no real log, but a forged one may have them.
_NEIGHBOURS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockError:
    """A record's clock is ``later`` seconds ahead, and its rows lie ``within`` seconds of that.

    ``settled`` is False where too few rows could tell. ``beyond``: it is off by more than clocks go
    wrong by, so that its rows prove nothing.
    """

    later: int = 0
    within: int = JITTER_SECONDS_MAX
    settled: bool = False
    beyond: bool = False

    @property
    def gate(self) -> int:
        """How many seconds off a row may be and still be taken for the same contact."""
        if not (self.settled or self.beyond):
            return JITTER_SECONDS_MAX
        wide = self.within + self.within // 2 + 2
        return min(JITTER_SECONDS_MAX, max(_NARROWEST_SECONDS, wide))


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Two rows that may be one contact: places in the lists of both sides.

    The record has it ``later`` seconds later, or half of ``width`` more or less, where minutes are
    all that was written. ``agrees`` is what ``agreement`` says of their numbers.
    """

    log: int
    record: int
    later: int
    width: int
    agrees: int


# Whose clock it is: file, crew, line.
Clock = tuple[str, str, str]
Clocks = Mapping[Clock, ClockError]


def off(log: Entry, record: Entry, later: int) -> int:
    """Seconds between two rows once the record's clock is put right; 0 where minutes allow it."""
    least = record.instant - later - log.instant - log.width
    most = record.instant + record.width - later - log.instant
    return 0 if least <= 0 <= most else least if least > 0 else most


def near(
    log: Sequence[Entry],
    record: Sequence[Entry],
    *,
    clocks: Clocks | None = None,
    reach: int = SKEW_SECONDS_MAX + JITTER_SECONDS_MAX,
) -> list[Near]:
    """Every two rows of one kind whose numbers agree and that lie within ``reach`` seconds."""
    places = {id(entry): place for side in (log, record) for place, entry in enumerate(side)}
    records = by_kind(record)
    found: list[Near] = []
    for kind, own in by_kind(log).items():
        theirs = sorted(records.get(kind, ()), key=lambda e: e.instant - _later(e, clocks))
        moments = [entry.instant - _later(entry, clocks) for entry in theirs]
        first = 0
        for entry in own:
            while first < len(theirs) and moments[first] < entry.instant - reach - 59:
                first += 1
            for other in islice(theirs, first, first + _NEIGHBOURS_MAX):
                later = _later(other, clocks)
                if other.instant - later > entry.instant + entry.width + reach:
                    break
                agrees = _agreement(entry, other)
                if agrees is None or abs(off(entry, other, later)) > reach:
                    continue
                middle = (other.width - entry.width) // 2
                found.append(
                    Near(
                        log=places[id(entry)],
                        record=places[id(other)],
                        later=other.instant - entry.instant + middle,
                        width=other.width + entry.width,
                        agrees=agrees,
                    )
                )
    return found


def _agreement(log: Entry, record: Entry) -> int | None:
    """As ``agreement``; a number that nobody claims needs some digits to speak for it."""
    agrees = agreement(log.number, record.number)
    if agrees == 2 and not log.claimed and log.number is not None:
        return None
    return agrees


def _later(entry: Entry, clocks: Clocks | None) -> int:
    return clocks[entry.clock].later if clocks else 0


def clocks_of(log: Sequence[Entry], record: Sequence[Entry]) -> dict[Clock, ClockError]:
    """The error of the clock behind each row of the record, by ``Entry.clock``.

    The line's own where enough rows tell it, else its crew's, else its file's.
    """
    clocks: Clocks | None = None
    # The second look is centred on what the first found, so a shift of the record changes nothing.
    for reach in (SKEW_SECONDS_MAX + JITTER_SECONDS_MAX, JITTER_SECONDS_MAX):
        pairs = near(log, record, clocks=clocks, reach=reach)
        clocks = _settle(log, record, pairs)
    assert clocks is not None
    return {**clocks, **_beyond(log, record)}


def _settle(log: Sequence[Entry], record: Sequence[Entry], pairs: Sequence[Near]) -> Clocks:
    """The error of every clock, told by the pairs that are in no doubt, or else by all."""
    sure = _sure(log, record, pairs)
    levels: defaultdict[Clock, tuple[list[Near], list[Near]]] = defaultdict(lambda: ([], []))
    for pair in pairs:
        for level in _levels(record[pair.record].clock):
            levels[level][pair not in sure].append(pair)
    centres = {level: _centre(*own) for level, own in levels.items()}
    known = sorted({(len(levels[at][0]), c) for at, c in centres.items() if c is not None})
    chosen = {
        clock: _chosen(levels[clock][0] or levels[clock][1], known, centres.get(clock))
        for clock in {entry.clock for entry in record}
    }
    within = _within(log, record, sure, chosen)
    return {
        clock: ClockError()
        if centre is None
        else ClockError(later=centre, within=within[clock[0]], settled=True)
        for clock, centre in chosen.items()
    }


def _levels(clock: Clock) -> tuple[Clock, ...]:
    """All of a file, one crew's part of it, one line's: each may have a clock of its own."""
    file, crew, line = clock
    return (file, "", ""), (file, crew, ""), (file, crew, line)


def _sure(log: Sequence[Entry], record: Sequence[Entry], pairs: Sequence[Near]) -> set[Near]:
    """The pairs that are in no doubt: each the other's only one, or its only one that is alike."""
    found: set[Near] = set()
    like = [pair for pair in pairs if alike(log[pair.log], record[pair.record])]
    for some in (like, pairs):
        logs = Counter(pair.log for pair in some)
        records = Counter(pair.record for pair in some)
        found |= {pair for pair in some if logs[pair.log] == records[pair.record] == 1}
    return found


def alike(log: Entry, record: Entry) -> bool:
    """Whether two rows have the same words, or lasted as long: more than chance would give."""
    if log.text is not None:
        return log.text == record.text
    mine, theirs = log.row.seconds, record.row.seconds
    return bool(mine and theirs) and abs((mine or 0) - (theirs or 0)) <= _SAME_LENGTH_SECONDS


def _centre(sure: Sequence[Near], others: Sequence[Near]) -> int | None:
    """Where the differences crowd; None where too few do, or beyond what clocks go wrong by."""
    told = sure if len(sure) >= _ROWS_MIN else [*sure, *others]
    if len(told) < _ROWS_MIN:
        return None
    centre = mode(sorted(pair.later for pair in told))
    crowd: list[Near] = []
    for reach in _CROWD_SECONDS:
        crowd = [pair for pair in told if abs(pair.later - centre) <= reach]
        centre = _middle(crowd)
    if (
        abs(centre) > SKEW_SECONDS_MAX + _SLACK_SECONDS
        or len(crowd) < _ROWS_MIN
        or len(crowd) * 3 < len(told)
    ):
        return None
    return centre


def _middle(crowd: Sequence[Near]) -> int:
    """The middle of some differences; where minutes blur them, what most of them allow."""
    if not any(pair.width for pair in crowd):
        return median_low([pair.later for pair in crowd])
    edges: Counter[int] = Counter()
    for pair in crowd:
        edges[pair.later - pair.width // 2 - _SLACK_SECONDS] += 1
        edges[pair.later + pair.width // 2 + _SLACK_SECONDS + 1] -= 1
    depth, deepest, where = 0, 0, (0, 0)
    places = sorted(edges)
    for place, end in pairwise(places):
        depth += edges[place]
        if depth > deepest:
            deepest, where = depth, (place, end)
    return (where[0] + where[1]) // 2


def _chosen(pairs: Sequence[Near], known: Sequence[tuple[int, int]], own: int | None) -> int | None:
    """Which of the clocks that are known, each with the rows that told it, wrote some rows.

    Of those that explain about as many of ``pairs``, the one that most rows told: few rows may
    crowd by chance about ``own``, where they seem to. None where two clocks that clearly differ
    explain them alike.
    """
    reach = _DIFFERS_SECONDS
    if own is not None:
        offs = [abs(p.later - own) for p in pairs if abs(p.later - own) <= _CROWD_SECONDS[0]]
        if len(offs) >= _MANY_ROWS:
            reach = max(reach, median_low(offs))
    votes = [
        (
            sum(abs(pair.later - centre) <= max(reach, pair.width // 2) for pair in pairs),
            rows,
            centre,
        )
        for rows, centre in known
    ]
    most = max((each[0] for each in votes), default=0)
    if most * 3 < len(pairs) or not most:
        return None
    best = [each for each in votes if each[0] >= most - most // _FEWER]
    top = max(best, key=lambda each: (each[1], each[0]))
    rivals = [each for each in best if abs(each[2] - top[2]) > 2 * reach]
    return None if most < _ROWS_MIN and rivals else top[2]


def _within(
    log: Sequence[Entry],
    record: Sequence[Entry],
    sure: Iterable[Near],
    chosen: Mapping[Clock, int | None],
) -> dict[str, int]:
    """For each file of a record, within how many seconds of its clocks 19 rows in 20 lie."""
    offs: defaultdict[str, list[int]] = defaultdict(list)
    for pair in sure:
        entry = record[pair.record]
        centre = chosen[entry.clock]
        if centre is not None:
            distance = abs(off(log[pair.log], entry, centre))
            if distance <= JITTER_SECONDS_MAX:
                offs[entry.row.source.file].append(distance)
    return {
        file: _most(sorted(offs[file])) if len(offs[file]) >= _ROWS_MIN else JITTER_SECONDS_MAX
        for file in {clock[0] for clock in chosen}
    }


def _most(offs: Sequence[int]) -> int:
    """What 19 in 20 do not exceed, or thrice the median where more than a few are strays."""
    return min(offs[(len(offs) * 19 - 1) // 20], 3 * max(1, median_low(offs)))


def mode(ordered: Sequence[int]) -> int:
    """The half-sample mode of some numbers in order: where they crowd, whatever else there is."""
    while len(ordered) > 3:
        half = (len(ordered) + 1) // 2
        spans = [ordered[at + half - 1] - ordered[at] for at in range(len(ordered) - half + 1)]
        best = spans.index(min(spans))
        ordered = ordered[best : best + half]
    return ordered[len(ordered) // 2]


def _beyond(log: Sequence[Entry], record: Sequence[Entry]) -> dict[Clock, ClockError]:
    """The clocks that fit the log far better if they are off by more than clocks go wrong by.

    A clock is never put right by so much: the hour of a contact is what many rules are about, and a
    record may be wrong on purpose. But it is known then that its rows cannot be compared.
    """
    found: dict[Clock, ClockError] = {}
    for level in reversed(range(3)):
        groups: defaultdict[Clock, list[Entry]] = defaultdict(list)
        for entry in record:
            if entry.clock not in found:
                groups[_levels(entry.clock)[level]].append(entry)
        for own in groups.values():
            later = _far(log, own)
            if later is not None:
                error = ClockError(later=later, within=_BEYOND_WITHIN_SECONDS, beyond=True)
                found |= dict.fromkeys({entry.clock for entry in own}, error)
    return found


def _far(log: Sequence[Entry], record: Sequence[Entry]) -> int | None:
    """By how many seconds some rows of a record are too late, if so they fit far better."""
    if len(record) < _ROWS_MIN:
        return None
    # A clock that is far off is so for all rows; some of a long record tell it as well.
    record = record[:: 1 + len(record) // _TELLING_ROWS]
    steps: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for pair in near(log, record, reach=_FAR_SECONDS_MAX):
        for step in (pair.later // _FAR_STEP_SECONDS, pair.later // _FAR_STEP_SECONDS - 1):
            steps[step][pair.record] = pair.later
    # Of places where as many rows crowd, the least change is the likeliest.
    best = max(steps, key=lambda step: (len(steps[step]), -abs(step)), default=0)
    crowd = list(steps[best].values()) if steps else []
    usual = SKEW_SECONDS_MAX // _FAR_STEP_SECONDS
    here = max((len(steps[step]) for step in range(-usual - 1, usual) if step in steps), default=0)
    elsewhere = max(
        (len(some) for step, some in steps.items() if abs(step - best) > _APART_STEPS), default=0
    )
    wanted = max(_ROWS_MIN, len(record) * 3 // 10, here * 3 // 2 + 1, 2 * elsewhere)
    if len(crowd) < wanted:
        return None
    later = median_low(crowd)
    return later if abs(later) > SKEW_SECONDS_MAX + _SLACK_SECONDS else None
