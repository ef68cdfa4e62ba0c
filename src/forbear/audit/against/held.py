"""Whose log is held against whose record, before any row is paired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from forbear.audit.against.compare import Sides, compare
from forbear.audit.against.shown import MASK, shown_number
from forbear.base.errors import InputError
from forbear.base.words import Channel, Direction, Party
from forbear.evidence.compared import Compared, Repeat, Row, Side
from forbear.intake import Collector, Form, Log, LogRow, Whose
from forbear.intake.collectors import belongs_to

# Who a record says was reached, where the phone is that person's. What is unsaid is the debtor.
_PARTIES: Final = {
    Whose.DEBTOR: frozenset({Party.DEBTOR}),
    Whose.GUARANTOR: frozenset({Party.GUARANTOR}),
    Whose.RELATIVE: frozenset({Party.SPOUSE, Party.EMERGENCY_CONTACT, Party.THIRD_PARTY}),
    Whose.STRANGER: frozenset({Party.THIRD_PARTY, Party.EMPLOYER, Party.EMERGENCY_CONTACT}),
}


def hold_against(
    log: Log,
    record: Log,
    *,
    collectors: Sequence[Collector] = (),
    person: str | None = None,
    whose: Whose = Whose.DEBTOR,
) -> Compared:
    """A phone's log held against a lender's record of its owner.

    ``person`` is the owner as the record calls them, None where it is about one person alone.
    Raises InputError where it is unclear whose rows, or whose calls, are to be compared.
    """
    phone = [row for row in log.rows if row.form is not Form.LEDGER]
    if not phone:
        message = "--against: the log is itself a ledger; give the phone's log or bill as LOG"
        raise InputError(message)
    theirs = [row for row in record.rows if row.form is Form.LEDGER]
    if not theirs:
        message = (
            f"--against: {next(iter(record.inputs), 'the file')} is no ledger; its columns need "
            "to be named at, channel and so on"
        )
        raise InputError(message)
    about = _about(theirs, person)
    reached = [row for row in about if row.more.get("party", Party.DEBTOR) in _PARTIES[whose]]
    _check_claims(reached, collectors)
    found = compare(
        Sides(
            log=phone,
            record=reached,
            covering=theirs,
            claims=lambda number: belongs_to(number, collectors) is not None,
        )
    )
    repeats = [*_repeats(log, Side.LOG, log.rows), *_repeats(record, Side.RECORD, reached)]
    return replace(
        found,
        repeats=(*_own(repeats, found), *found.repeats),
        unnamed=sum("person" not in row.more for row in theirs) if len(about) < len(theirs) else 0,
        elsewhere=len(about) - len(reached),
    )


def _about(record: Sequence[LogRow], person: str | None) -> list[LogRow]:
    """The rows about the owner of the phone."""
    persons = {str(row.more["person"]) for row in record if "person" in row.more}
    if person is None:
        if len(persons) > 1:
            message = (
                f"--against: the record is about {len(persons):,} persons; say which of them this "
                "phone belongs to, as the column person has it: --person ID"
            )
            raise InputError(message)
        return list(record)
    if person not in persons:
        message = (
            f"--person {person!r}: no row of the record names this person; write the ID as the "
            "column person has it"
        )
        raise InputError(message)
    return [row for row in record if row.more.get("person") == person]


def _check_claims(record: Sequence[LogRow], collectors: Sequence[Collector]) -> None:
    if collectors or any(
        number and MASK not in number
        for row in record
        if (number := shown_number(row.more, row.displayed_as))
    ):
        return
    message = (
        "--against: the record shows no whole number of those who called, so whose calls to look "
        "for is not known; add --collector NUMBER=NAME"
    )
    raise InputError(message)


def _repeats(log: Log, side: Side, rows: Iterable[LogRow]) -> Iterator[Repeat]:
    """The rows that reading has left out as the same, each with the row that it repeats."""
    if not log.repeats:
        return
    kept: defaultdict[tuple[Channel, str | None, bool], list[LogRow]] = defaultdict(list)
    for row in rows:
        kept[row.kind, row.number, row.incoming].append(row)
    for row in log.repeats:
        same = kept.get((row.kind, row.number, row.incoming))
        if same:
            of = min(same, key=lambda other: abs(other.at - row.at))
            yield Repeat(row=_row(row), of=_row(of), side=side)


def _own(repeats: Sequence[Repeat], found: Compared) -> Iterator[Repeat]:
    """Those repeats of which the contact itself takes part, so that nobody else's are listed."""
    used = {pair.log.source for pair in found.pairs}
    used |= {lack.row.source for lack in found.record_lacks}
    used |= {each.row.source for each in found.apart}
    for repeat in repeats:
        if repeat.side is Side.RECORD or repeat.of.source in used:
            yield repeat


def _row(row: LogRow) -> Row:
    return Row(
        source=row.source,
        at=row.at,
        channel=row.kind,
        direction=Direction.OUTBOUND if row.incoming else Direction.INBOUND,
        number=row.displayed_as,
        outcome=row.outcome,
        seconds=row.duration_seconds,
    )
