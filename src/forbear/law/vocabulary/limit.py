"""``limit``: so many of something within a time, or none within a time after something.

``at_most = 3`` with ``of`` counts earlier contacts that match ``of`` within the window and refuses
the next once there are three. ``after`` refuses every contact while an earlier one that matches it
lies within the window: a talk on day D with ``within = { dates = 7 }`` opens again on D + 7.

A contact whose outcome nobody has reported may or may not count. Where it would decide, the answer
is unknown, so that the gate counts it as its worst and an audit says that the log does not show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from forbear.base.clock import Clock, clock
from forbear.base.contact import UNSAID, Contact
from forbear.base.errors import PackError
from forbear.base.reasons import Sentence
from forbear.base.words import MORE_KEYS, Direction, FactKind, Party
from forbear.law.condition import Condition
from forbear.law.derive import selectors
from forbear.law.matching import zones_of
from forbear.law.view import NO_CHANGE, Ahead, Machine, Truth, View
from forbear.law.vocabulary.counted import Counted, Entries, Entry, counted_read
from forbear.law.vocabulary.kind import EMPTY, Source, only_keys
from forbear.law.vocabulary.window import Window, read_window

_SHOWN_MAX: Final = 8
_PER: Final = ("debtor", "debt", "person", "address", "channel")
_CLOCKS: Final = frozenset({FactKind.POSSIBLE_TIMEZONE})


@dataclass(frozen=True, slots=True)
class Tally:
    """The machine: the contacts that match ``of``, sorted by whom or what they are counted for.

    Contacts that bear the same value of the key ``joins`` are one where the person began them.
    ``needed`` is how many of the newest can matter, None where what is known later decides which;
    ``span`` how many seconds the window takes in at most.
    """

    key: str
    of: Condition
    per: tuple[str, ...]
    debts_from: str | None
    joins: str | None
    needed: int | None
    span: int

    @property
    def kinds(self) -> frozenset[str]:
        return self.of.kinds | (_CLOCKS if self.of.clocked else frozenset())

    def start(self) -> Counted:
        return Counted()

    def copy(self, state: Counted) -> Counted:
        return state.copy()

    def forget(self, state: Counted, ahead: Ahead) -> None:
        state.forget(ahead.at - self.span, self.needed)

    def written(self, state: Counted) -> Any:
        return state.written(whole=self.needed is None)

    def read(self, written: Any) -> Counted:
        return counted_read(written)

    def see(self, state: Counted, view: View) -> None:
        group = None if self.joins is None else self.group_of(state, view.contact)
        channels = self.of.reach.channels
        if channels is not None and view.contact.channel not in channels:
            return
        found = self.of.test(view)
        if found is False:
            return
        contact = view.contact
        debts = contact.debts
        if self.debts_from is not None:
            debts = tuple(contact.more.get(self.debts_from) or debts)
        entry = Entry(view.place, contact.instant, contact, debts, group)
        entries = state.entries.setdefault(self.counted_for(contact), Entries())
        (entries.sure if found is True else entries.unsure).append(entry)

    def group_of(self, state: Counted, contact: Contact) -> str | None:
        """The group that a contact belongs to, where the first of it came from the person."""
        name = contact.more.get(self.joins) if self.joins is not None else None
        if name is None:
            return None
        inbound = contact.direction is Direction.INBOUND
        return str(name) if state.theirs.setdefault(str(name), inbound) else None

    def counted_for(self, contact: Contact) -> tuple[Any, ...]:
        """What of a contact its count is kept for; debts are told apart when counting."""
        found: list[Any] = []
        for name in self.per:
            if name == "person":
                found.append(person_of(contact))
            elif name == "address":
                found.append(contact.address if isinstance(contact.address, str) else "")
            elif name == "channel":
                found.append(contact.channel)
        return tuple(found)


def person_of(contact: Contact) -> tuple[str, str]:
    """Who is reached: a third person is told by the address, or else by the relation."""
    if contact.party in (Party.DEBTOR, Party.SPOUSE):
        return (contact.party, "")
    known = contact.address if contact.address is not UNSAID else contact.more.get("relation")
    return (contact.party, str(known or ""))


@dataclass(frozen=True, slots=True)
class Limit:
    """``needed`` earlier contacts within the window refuse the next one.

    It is ``plain`` where an entry counts or not whatever is known and whatever else counts.
    """

    tally: Tally
    needed: int
    window: Window
    not_of: Condition | None
    after: bool
    clock: Clock | None
    grouped: str | None
    plain: bool

    @property
    def timeless(self) -> bool:
        return False

    @property
    def machines(self) -> tuple[Machine, ...]:
        return (self.tally,)

    @property
    def kinds(self) -> frozenset[str]:
        found = self.tally.kinds | (self.not_of.kinds if self.not_of else frozenset())
        return found | ({self.grouped} if self.grouped else frozenset())

    def breaks(self, view: View) -> Truth:
        if self.needed == 0:
            return True
        state = view.standing.state(self.tally, view.upto)
        entries = state.entries.get(self.tally.counted_for(view.contact))
        if entries is None and self.tally.joins is None:
            return False
        if self.plain:
            last = self._last_needed(view, entries.sure)
            if last is not None:
                for zone in zones_of(view, self.clock):
                    if last >= self.window.start(view.at, zone):
                        return True
            if not entries.unsure:
                return False
        return self._breaks(view)

    def _last_needed(self, view: View, entries: list[Entry]) -> int | None:
        """When the last was made without which there would be too few; None if there are."""
        upto, left = view.upto, self.needed
        if "debt" not in self.tally.per or not view.debts:
            place = len(entries)
            while place and entries[place - 1].place >= upto:
                place -= 1
            return entries[place - left].instant if place >= left else None
        since, debts = view.at - self.tally.span, view.debts
        only = debts[0] if len(debts) == 1 else None
        for entry in reversed(entries):
            if entry.instant < since:
                break
            if entry.place >= upto:
                continue
            theirs = entry.debts
            if only in theirs or not theirs or (only is None and not set(debts).isdisjoint(theirs)):
                left -= 1
                if not left:
                    return entry.instant
        return None

    def stands(self, view: View) -> int | None:
        zones = zones_of(view, self.clock)
        if not self.plain or len(zones) > 1 or not self.needed:
            return None
        state = view.standing.state(self.tally, view.upto)
        entries = state.entries.get(self.tally.counted_for(view.contact))
        last = None if entries is None else self._last_needed(view, entries.sure)
        if last is not None and last >= self.window.start(view.at, zones[0]):
            leaves = self.window.leaves(last, zones[0])
            # A clock that is put over midnight may leave a day out; then it is walked.
            if leaves >= NO_CHANGE or self.window.start(leaves, zones[0]) > last:
                return leaves
            return None
        return None if entries is not None and entries.unsure else NO_CHANGE

    def _breaks(self, view: View) -> Truth:
        answer: Truth = False
        for zone in zones_of(view, self.clock):
            if self._goes_on(view, zone) is not None:
                continue
            sure, unsure = self._count(view, zone)
            if len(sure) >= self.needed:
                return True
            if len(sure) + len(unsure) >= self.needed:
                answer = view.unsaid("outcome")
        return answer

    def _goes_on(self, view: View, zone: Clock) -> Entry | None:
        """The latest counted contact that this one only goes on with, both being one."""
        if self.tally.joins is None:
            return None
        state = view.standing.state(self.tally, view.upto)
        name = view.contact.more.get(self.tally.joins)
        entries = state.entries.get(self.tally.counted_for(view.contact))
        if entries is None or not state.theirs.get(str(name)):
            return None
        within = self._within(entries.sure, view, self.window.start(view.at, zone))
        return next((entry for entry in within if entry.group == str(name)), None)

    def _count(self, view: View, zone: Clock) -> tuple[list[Entry], list[Entry]]:
        """The latest entries in the window, newest first, at most ``needed`` of either sort."""
        state = view.standing.state(self.tally, view.upto)
        entries = state.entries.get(self.tally.counted_for(view.contact))
        if entries is None:
            return [], []
        start = self.window.start(view.at, zone)
        sure = list(islice(self._within(entries.sure, view, start), self.needed))
        if len(sure) == self.needed or not entries.unsure:
            return sure, []
        return sure, list(islice(self._within(entries.unsure, view, start), self.needed))

    def _within(self, entries: list[Entry], view: View, start: int) -> Iterator[Entry]:
        debts = self._grouped(view.debts, view) if "debt" in self.tally.per else None
        joined: set[str] = set()
        for entry in reversed(entries):
            if entry.instant < start:
                return
            if entry.place >= view.upto:
                continue
            if debts and entry.debts and debts.isdisjoint(self._grouped(entry.debts, view)):
                continue
            if self.not_of is not None and self.not_of.test(_of_entry(entry, view)) is True:
                continue
            if entry.group is not None:
                if entry.group in joined:
                    continue
                joined.add(entry.group)
            yield entry

    def _grouped(self, debts: tuple[str, ...], view: View) -> frozenset[str]:
        """The debts, each that a fact joins with others standing for all of them."""
        if self.grouped is None:
            return frozenset(debts)
        together = [f.debts for f in view.standing.facts(self.grouped, view)]
        return frozenset(
            next((group[0] for group in together if debt in group), debt) for debt in debts
        )

    def next(self, view: View) -> int:
        soonest = NO_CHANGE
        for zone in zones_of(view, self.clock):
            sure, unsure = self._count(view, zone)
            going = self._goes_on(view, zone)
            for entry in (*sure, *unsure, *((going,) if going else ())):
                leaves = self.window.leaves(entry.instant, zone)
                if view.at < leaves < soonest:
                    soonest = leaves
        return soonest

    def _counted(self, view: View) -> list[Entry]:
        """The entries that a breach rests on, oldest first; found once for each view."""
        if view.counted is None:
            view.counted = {}
        found: list[Entry] | None = view.counted.get(self.tally.key)
        if found is None:
            counts = [self._count(view, zone)[0] for zone in zones_of(view, self.clock)]
            found = view.counted[self.tally.key] = max(counts, key=len)[::-1]
        return found

    def rests_on(self, view: View) -> tuple[Contact, ...]:
        return tuple(entry.contact for entry in self._counted(view))

    def limits(self, view: View) -> bool:
        return self.after or self.tally.of.test(view) is True

    def explain(self, view: View) -> Sentence:
        counted = self._counted(view)
        zone = zones_of(view, self.clock)[0]
        shown = tuple([entry.instant for entry in counted[-_SHOWN_MAX:]])
        return _told(shown, len(counted) - len(shown), zone.name) if counted else EMPTY


@lru_cache(maxsize=10_000)
def _told(shown: tuple[int, ...], more: int, zone: str) -> Sentence:
    """What was counted before, in a sentence that is asked for again while it stands."""
    stamps = [_stamps(instant, zone) for instant in shown]
    zh, en = ("、".join(z for z, _ in stamps), ", ".join(e for _, e in stamps))
    count = len(shown) + more
    return Sentence(
        zh=f"此前计入{count}次:{f'(略去更早的{more}次)' if more else ''}{zh}。",
        en=f"Counted before: {count} ({'the latest: ' if more else ''}{en}).",
    )


@lru_cache(maxsize=10_000)
def _stamps(instant: int, zone: str) -> tuple[str, str]:
    """A moment as both languages write it; several rules name the same contacts."""
    moment = clock(zone).moment(instant)
    chinese = f"{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}"
    return chinese, f"{moment:%Y-%m-%d %H:%M}"


def _of_entry(entry: Entry, view: View) -> View:
    """An earlier contact, judged on what is known now."""
    return View(
        view.standing, entry.contact, at=view.at, upto=entry.place, debts=entry.debts,
        place=entry.place,
    )  # fmt: skip


def read(source: Source) -> Limit:
    """``at_most`` of ``of``, or ``after``; with ``per``, ``within``, ``not_of``, ``groups``."""
    known = ("at_most", "of", "after", "not_of", "per", "within", "debts_from", "groups", "joins")
    only_keys(source, known)
    table, where = source.table, source.place.where
    after = "after" in table
    if after == ("at_most" in table):
        message = f"{where}: a limit needs either at_most, a number, or after, conditions"
        raise PackError(message)
    at_most = table.get("at_most", 1)
    if not isinstance(at_most, int) or isinstance(at_most, bool) or at_most < 0:
        message = f"{where}: at_most {at_most!r} is no count; write a whole number of 0 or more"
        raise PackError(message)
    of = selectors(table.get("after") or table.get("of"), source.place) or source.on
    debts_from, joins = table.get("debts_from"), table.get("joins")
    not_of = selectors(table.get("not_of"), source.place)
    window = read_window(table.get("within"), where)
    tally = Tally(
        key=f"tally:{source.key}",
        of=of,
        per=_per(table, where),
        debts_from=debts_from,
        joins=joins,
        needed=None if not_of is not None else at_most,
        span=window.span,
    )
    grouped = table.get("groups")
    if grouped is not None:
        if grouped not in list(source.place.terms.kinds):
            message = f"{where}: groups {grouped!r} is undefined; name a kind of fact"
            raise PackError(message)
        grouped = source.place.terms.kinds[grouped]
    if debts_from is not None and debts_from not in list(MORE_KEYS):
        message = f"{where}: debts_from {debts_from!r} is no key of a contact that can list debts"
        raise PackError(message)
    if joins is not None and joins not in list(MORE_KEYS):
        message = f"{where}: joins {joins!r} is no key of a contact; write one such as thread"
        raise PackError(message)
    plain = not_of is None and grouped is None and joins is None
    return Limit(tally, at_most, window, not_of, after, source.place.clock, grouped, plain)


def _per(table: Mapping[str, Any], where: str) -> tuple[str, ...]:
    spec = table.get("per", "debtor")
    per = tuple(spec) if isinstance(spec, list) else (spec,)
    if unknown := [name for name in per if name not in _PER]:
        message = f"{where}: per {unknown[0]!r} is unknown; known are {', '.join(_PER)}"
        raise PackError(message)
    return per
