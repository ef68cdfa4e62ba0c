"""From rows of a log to contacts that the law can be asked about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

from forbear.base.clock import instant_of
from forbear.base.contact import UNSAID, Contact, ContactId, LenderId, Source
from forbear.base.people import PersonId
from forbear.base.words import MORE_KEYS, Direction, Party, Purpose
from forbear.intake.collectors import Collector, belongs_to
from forbear.intake.rows import Form, Log, LogRow

THIS_PHONE: Final = "this phone"


class Whose(StrEnum):
    """Whose phone a log is from; the same call is judged differently on each."""

    DEBTOR = "debtor"
    RELATIVE = "relative"
    GUARANTOR = "guarantor"
    STRANGER = "stranger"


_PARTY: Final = {
    Whose.DEBTOR: Party.DEBTOR,
    Whose.RELATIVE: Party.THIRD_PARTY,
    Whose.GUARANTOR: Party.GUARANTOR,
    Whose.STRANGER: Party.THIRD_PARTY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonContacts:
    """The contacts of one person, oldest first; ``person`` is empty for a phone's own log."""

    person: PersonId
    contacts: tuple[Contact, ...]


def to_contacts(log: Log, collectors: Sequence[Collector], *, whose: Whose | str) -> list[Contact]:
    """The contacts between this phone and the named collectors, oldest first.

    Rows of other numbers are left out. Every row of a lender's ledger is that lender's contact,
    whatever ``collectors`` says. Calls by the phone's owner are inbound. What a log cannot know,
    such as whether a voice was a machine's, stays unsaid.
    """
    return [contact for _, contact in _made(log, collectors, Whose(whose))]


def by_person(
    log: Log, collectors: Sequence[Collector], *, whose: Whose | str
) -> tuple[PersonContacts, ...]:
    """The contacts of ``to_contacts``, one group for each person, in order of the persons' ids.

    A phone's log is one person. Ledger rows that name no person are one person too, which is the
    stricter reading: their contacts count together.
    """
    groups: defaultdict[str, list[Contact]] = defaultdict(list)
    for row, contact in _made(log, collectors, Whose(whose)):
        groups[str(row.more.get("person", ""))].append(contact)
    return tuple(
        PersonContacts(person=PersonId(person), contacts=tuple(groups[person]))
        for person in sorted(groups)
    )


def _made(
    log: Log, collectors: Sequence[Collector], side: Whose
) -> Iterator[tuple[LogRow, Contact]]:
    """Each row that is a contact, with the contact that it is."""
    on_line: Counter[Source] = Counter()
    whose_number: dict[str | None, Collector | None] = {}
    for row in log.rows:
        if row.form is not Form.LEDGER and row.number not in whose_number:
            whose_number[row.number] = belongs_to(row.number, collectors)
        collector = whose_number.get(row.number)
        if row.form is not Form.LEDGER and collector is None:
            continue
        on_line[row.source] += 1
        # Some tools write a whole backup as one line, on which each contact still needs a name.
        nth = f"#{on_line[row.source]}" if on_line[row.source] > 1 else ""
        key = f"{row.source.file}:{row.source.line}{nth}"
        if row.form is Form.LEDGER:
            yield row, _from_ledger(row, key, collectors)
        elif collector is not None:
            yield row, _from_phone(row, key, collector, side)


def _from_phone(row: LogRow, key: str, collector: Collector, side: Whose) -> Contact:
    return Contact(
        id=ContactId(key),
        at=row.at,
        instant=instant_of(row.at),
        channel=row.kind,
        direction=Direction.OUTBOUND if row.incoming else Direction.INBOUND,
        party=_PARTY[side],
        purpose=Purpose.COLLECT if row.incoming else Purpose.RESPOND,
        outcome=UNSAID if row.outcome is None else row.outcome,
        address=THIS_PHONE if row.sim is None else f"{THIS_PHONE}, SIM {row.sim}",
        agent=row.displayed_as or UNSAID,
        text=row.text or UNSAID,
        more={"relation": "family"} if side is Whose.RELATIVE else {},
        lender=LenderId(collector.lender),
        source=row.source,
    )


def _from_ledger(row: LogRow, key: str, collectors: Sequence[Collector]) -> Contact:
    # The ledger importer has checked each of these, and documents its type.
    said = cast("dict[str, Any]", row.more)
    only = collectors[0].lender if len(collectors) == 1 else ""
    return Contact(
        id=ContactId(said.get("id", key)),
        at=row.at,
        instant=instant_of(row.at),
        channel=row.kind,
        direction=said.get("direction", Direction.OUTBOUND),
        party=said.get("party", Party.DEBTOR),
        debts=said.get("debts", ()),
        purpose=said.get("purpose", UNSAID),
        outcome=UNSAID if row.outcome is None else row.outcome,
        address=said.get("address", UNSAID),
        agent=said.get("agent", row.displayed_as or UNSAID),
        text=row.text or UNSAID,
        more={name: said[name] for name in MORE_KEYS if name in said},
        lender=LenderId(said.get("lender", only)),
        source=row.source,
    )
