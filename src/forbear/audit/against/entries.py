"""The rows of both sides made alike, so that one can be held against the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from forbear.audit.against.shown import MASK, agreement, said_number, shown_number
from forbear.base.clock import instant_of
from forbear.base.words import Channel, Direction, Outcome
from forbear.evidence.compared import Repeat, Row, Side
from forbear.intake import Form, LogRow

# One contact noted twice differs by no more than the rounding of two clocks.
_SAME_SECONDS_MAX: Final = 1
# A record may note the beginning and the end of one contact under one id.
_SAME_ID_SECONDS_MAX: Final = 120
_MINUTE_ROWS_MIN: Final = 3

Kind = tuple[Channel, Direction]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One row of either side.

    ``instant`` is in whole seconds UTC; ``width`` says how many seconds later it may have been,
    59 where a file writes minutes alone. ``claimed``: the number is known to be the collector's.
    ``clock`` names whose clock wrote it: file, crew, line (see ``crews``). ``to`` is the number of
    the person that a record says was reached.
    """

    row: Row
    form: Form
    instant: int
    width: int = 0
    number: str | None = None
    claimed: bool = True
    clock: tuple[str, str, str] = ("", "", "")
    text: str | None = None
    id: str | None = None
    to: str | None = None

    @property
    def kind(self) -> Kind:
        """What must be the same for two rows to be one contact."""
        channel = self.row.channel
        # A message left on a machine is a call to everybody but the one who left it.
        return Channel.CALL if channel is Channel.VOICEMAIL else channel, self.row.direction


def entries(
    rows: Sequence[LogRow], *, side: Side, claims: Callable[[str | None], bool] | None = None
) -> list[Entry]:
    """The rows of one side in order of time; ``claims`` tells whose numbers are a collector's."""
    whole_minutes = _whole_minutes(rows)
    crew = crews(rows) if side is Side.RECORD else {}
    made = []
    for row in rows:
        more = cast("dict[str, Any]", row.more)
        is_record = side is Side.RECORD
        number = shown_number(more, row.displayed_as) if is_record else _of_phone(row)
        file = row.source.file
        direction = Direction.OUTBOUND if row.incoming else Direction.INBOUND
        made.append(
            Entry(
                row=Row(
                    source=row.source,
                    at=row.at,
                    channel=row.kind,
                    direction=direction,
                    number=row.displayed_as,
                    outcome=row.outcome,
                    seconds=row.duration_seconds,
                ),
                form=row.form,
                instant=instant_of(row.at),
                width=59 if file in whole_minutes else 0,
                number=number,
                claimed=claims is None or claims(number),
                clock=(file, crew[_line(row)], _line(row)[2]) if is_record else
                (file, "", ""),
                text="".join(row.text.split()) if row.text else None,
                id=more.get("id"),
                to=said_number(more.get("address")),
            )
        )  # fmt: skip
    return sorted(
        made, key=lambda entry: (entry.instant, entry.row.source.file, entry.row.source.line)
    )


def _line(row: LogRow) -> tuple[str, str, str]:
    """File, lender and what a record calls the line that was used, however it does."""
    shown = row.more.get("caller_id") or row.displayed_as or ""
    return row.source.file, str(row.more.get("lender", "")), str(shown)


def crews(rows: Sequence[LogRow]) -> dict[tuple[str, str, str], str]:
    """For each line of a record the crew that uses it, which most likely shares one clock.

    Records seldom name agencies. But the agents of one use its lines and nobody else's: so lines
    that an agent has in common, and agents that a line has in common, are one crew.
    """
    head: dict[tuple[str, ...], tuple[str, ...]] = {}

    def find(name: tuple[str, ...]) -> tuple[str, ...]:
        while (above := head.setdefault(name, name)) != name:
            name = head[name] = head[above]
        return name

    for row in rows:
        line = _line(row)
        if agent := row.more.get("agent"):
            head[find(line)] = find(("", line[0], line[1], str(agent)))
    members: defaultdict[tuple[str, ...], list[tuple[str, str, str]]] = defaultdict(list)
    for line in dict.fromkeys(map(_line, rows)):
        members[find(line)].append(line)
    return {line: min(own)[1] + " " + min(own)[2] for own in members.values() for line in own}


def _of_phone(row: LogRow) -> str | None:
    """A phone shows whole numbers; a bill may hide some of their digits."""
    number = row.number
    return said_number(number) if number is not None and MASK in number else number


def _whole_minutes(rows: Sequence[LogRow]) -> set[str]:
    """The files that write no seconds."""
    seen: defaultdict[str, list[LogRow]] = defaultdict(list)
    for row in rows:
        seen[row.source.file].append(row)
    return {
        file
        for file, own in seen.items()
        if all(row.at.second == 0 for row in own)
        and (len(own) >= _MINUTE_ROWS_MIN or own[0].form is Form.WRITTEN)
    }


def without_repeats(every: Sequence[Entry], side: Side) -> tuple[list[Entry], list[Repeat]]:
    """Each contact once, the first row of it, and the rows that repeat one."""
    kept: list[Entry] = []
    repeats: list[Repeat] = []
    recent: defaultdict[Kind, list[Entry]] = defaultdict(list)
    for entry in every:
        near = recent[entry.kind]
        while near and near[0].instant < entry.instant - _SAME_ID_SECONDS_MAX:
            near.pop(0)
        first = next((other for other in near if _same(other, entry)), None)
        if first is None:
            near.append(entry)
            kept.append(entry)
        else:
            repeats.append(Repeat(row=entry.row, of=first.row, side=side))
    return kept, repeats


def _same(one: Entry, other: Entry) -> bool:
    """Whether two rows of one side, the second not earlier, show one contact."""
    if one.id is not None and one.id == other.id and one.row.source.file == other.row.source.file:
        return True
    if other.instant - one.instant > _SAME_SECONDS_MAX or one.width or other.width:
        return False
    if agreement(one.number, other.number) != 0 and (one.number or other.number):
        return False
    lengths = (one.row.seconds, other.row.seconds)
    if None not in lengths and abs((lengths[0] or 0) - (lengths[1] or 0)) > _SAME_SECONDS_MAX:
        return False
    return one.row.outcome == other.row.outcome and one.text == other.text and one.to == other.to


def talked(outcome: Outcome | None) -> bool | None:
    """Whether somebody answered, None where the outcome does not say."""
    if outcome in _ANSWERED:
        return True
    return False if outcome in _UNANSWERED else None


_ANSWERED: Final = frozenset({Outcome.CONVERSATION, Outcome.ANSWERED_LIMITED, Outcome.WRONG_NUMBER})
# A message left on a machine was left because nobody answered.
_UNANSWERED: Final = frozenset(
    {
        Outcome.NO_ANSWER, Outcome.BUSY, Outcome.VOICEMAIL_LEFT, Outcome.VOICEMAIL_UNAVAILABLE,
        Outcome.OUT_OF_SERVICE,
    }
)  # fmt: skip


def by_kind(every: Iterable[Entry]) -> dict[Kind, list[Entry]]:
    """The entries of each kind, in their order."""
    found: defaultdict[Kind, list[Entry]] = defaultdict(list)
    for entry in every:
        found[entry.kind].append(entry)
    return dict(found)
