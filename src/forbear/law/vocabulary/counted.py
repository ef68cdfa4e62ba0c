"""What a limit has counted: entries by what they are counted for, and what of them still matters.

An entry matters while it may lie within the window, and only where fewer newer ones than the limit
needs stand before it. The others can be forgotten, and no answer changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from forbear.base.contact import Contact, ContactId
from forbear.base.words import Channel
from forbear.law.kept_form import contact_read, contact_written


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact that counts, or may count, and its place in the history.

    ``group`` is what it bears of the key that joins contacts into one, where the person began it.
    """

    place: int
    instant: int
    contact: Contact
    debts: tuple[str, ...]
    group: str | None = None

    def written(self, *, whole: bool) -> list[Any]:
        """The entry as JSON can hold it; the contact ``whole``, or only its name and channel."""
        contact = self.contact
        told = contact_written(contact) if whole else [contact.id, contact.channel]
        found = [self.place, self.instant, told, list(self.debts), self.group]
        while found[-1] in ([], None):
            found.pop()
        return found


def entry_read(found: list[Any]) -> Entry:
    """The entry that ``Entry.written`` wrote."""
    place, instant, told, debts, group = found + [[], None][len(found) - 3 :]
    if isinstance(told, Mapping):
        contact = contact_read(told)
    else:
        ident, channel = told
        contact = Contact(
            id=ContactId(ident),
            at=datetime.fromtimestamp(instant, UTC),
            instant=instant,
            channel=Channel(channel),
        )
    return Entry(place, instant, contact, tuple(debts), group)


@dataclass(slots=True)
class Entries:
    """The contacts counted for one person or thing: those that surely count, and the others."""

    sure: list[Entry] = field(default_factory=list)
    unsure: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Counted:
    """What a tally holds: entries by what they are counted for, and who began each group."""

    entries: dict[tuple[Any, ...], Entries] = field(default_factory=dict)
    theirs: dict[str, bool] = field(default_factory=dict)

    def copy(self) -> Counted:
        """The same, to count on separately."""
        entries = {k: Entries([*e.sure], [*e.unsure]) for k, e in self.entries.items()}
        return Counted(entries, dict(self.theirs))

    def forget(self, since: int, needed: int | None) -> None:
        """Drop what lies before ``since``, and what stands behind ``needed`` newer entries.

        Who began a group is never forgotten: a contact may go on with it at any time.
        """
        for key, entries in list(self.entries.items()):
            sure = _newest(entries.sure, since, needed)
            unsure = _newest(entries.unsure, since, needed)
            if sure or unsure:
                self.entries[key] = Entries(sure, unsure)
            else:
                del self.entries[key]

    def written(self, *, whole: bool) -> list[Any]:
        """All of it as JSON can hold it."""
        entries = [
            [
                key,
                [entry.written(whole=whole) for entry in found.sure],
                [entry.written(whole=whole) for entry in found.unsure],
            ]
            for key, found in self.entries.items()
        ]
        return [entries, self.theirs] if self.theirs else [entries]


def counted_read(found: list[Any]) -> Counted:
    """What ``Counted.written`` wrote."""
    entries = {
        tuple(tuple(part) if isinstance(part, list) else part for part in key): Entries(
            [entry_read(entry) for entry in sure], [entry_read(entry) for entry in unsure]
        )
        for key, sure, unsure in found[0]
    }
    return Counted(entries, dict(found[1]) if len(found) > 1 else {})


def _newest(entries: list[Entry], since: int, needed: int | None) -> list[Entry]:
    """The entries that can still be among the newest ``needed`` of a debt, oldest first.

    One without debts counts for each of them. Of a group only its newest entry counts, and that one
    stays, because a contact that goes on with it is looked up by it.
    """
    kept: list[Entry] = []
    newer: Counter[str] = Counter()
    groups: set[tuple[str, str]] = set()
    for entry in reversed(entries):
        if entry.instant < since:
            break
        debts = entry.debts or ("",)
        if entry.group is None:
            wanted = any(newer[debt] < (needed or 0) for debt in debts)
            newer.update(debts)
        else:
            fresh = [debt for debt in debts if (debt, entry.group) not in groups]
            groups.update((debt, entry.group) for debt in debts)
            newer.update(fresh)
            wanted = bool(fresh)
        if wanted or needed is None:
            kept.append(entry)
    return kept[::-1]
