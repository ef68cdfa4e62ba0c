"""Many complainants' logs, each judged by itself, put together into one table without names.

Only counts are kept of a complainant once their logs are judged, so that one person's log is in
memory at a time, however large the folder.
"""

from __future__ import annotations

import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from forbear import __version__
from forbear.audit.examine import Asked, Examined, examine, language_of
from forbear.base.clock import as_date, clock
from forbear.base.contact import Contact
from forbear.base.errors import CaseError, InputError
from forbear.base.words import Direction, Effect, Level
from forbear.evidence.joint_given import (
    Complainant,
    Dates,
    Joint,
    JointClause,
    JointError,
    JointLender,
    JointNumber,
)
from forbear.intake import Collector, parse_collector
from forbear.intake.collectors import Likelihood, belongs_to
from forbear.intake.numbers import comparable
from forbear.law.answers import Finding
from forbear.law.book import load

KEY_BYTES_MIN: Final = 16
# A figure about fewer people may give one of them away. A value of the house; no law names one.
SMALL: Final = 5
_PSEUDONYM_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_PSEUDONYM_LENGTH: Final = 8
_UNNAMED: Final = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What could not be read, with the real name, for whoever runs the command alone."""

    pseudonym: str
    path: Path
    what: str


@dataclass(slots=True)
class _Rule:
    """Counts for one rule and one lender."""

    finding: Finding
    dates: Dates
    people: set[str] = field(default_factory=set)
    breached: int = 0
    attempted: int = 0


@dataclass(slots=True)
class _Lender:
    """Counts for one lender."""

    dates: Dates
    people: set[str] = field(default_factory=set)
    contacts: int = 0
    rules: dict[str, _Rule] = field(default_factory=dict)


def complainants_in(folder: Path) -> list[tuple[str, list[Path]]]:
    """Each complainant of a folder, by the name of a sub-folder or file, with their files.

    Hidden files are left out. Raises InputError where there is no folder, or nobody in it.
    """
    if not folder.is_dir():
        problem = "it is no folder" if folder.exists() else "there is no such folder"
        message = (
            f"{folder}: {problem}; --joint takes one folder with a sub-folder or file a person"
        )
        raise InputError(message)
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            inside = sorted(path for path in entry.rglob("*") if path.is_file())
            found.append((entry.name, [p for p in inside if not p.name.startswith(".")]))
        elif entry.is_file():
            found.append((entry.name, [entry]))
    if not found:
        message = f"{folder}: the folder is empty; put a sub-folder or a file a person into it"
        raise InputError(message)
    return found


def pseudonym(name: str, key: bytes) -> str:
    """What a complainant is called: the same for one name and key, and no way back without it."""
    digest = int.from_bytes(hmac.digest(key, name.encode("utf-8", "surrogateescape"), "sha256"))
    letters = []
    for _ in range(_PSEUDONYM_LENGTH):
        digest, place = divmod(digest, len(_PSEUDONYM_LETTERS))
        letters.append(_PSEUDONYM_LETTERS[place])
    return "P-" + "".join(letters)


def joint(
    folder: Path,
    asked: Asked,
    *,
    key: bytes,
    key_given: bool,
    now: datetime,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Joint, tuple[Trouble, ...]]:
    """The joint table of a folder, and what could not be read, for the terminal alone.

    ``key`` (at least 16 bytes) makes the pseudonyms. Raises InputError where the folder holds
    nobody, or an option is wrong; a complainant whose files cannot be read becomes an error row.
    """
    assert len(key) >= KEY_BYTES_MIN, "a short key can be guessed"
    people = complainants_in(folder)
    named = [parse_collector(written) for written in asked.collectors]
    book = load(asked.packs, as_of=asked.as_of)
    zone = asked.zone or book.zone_of(asked.region)
    try:
        table = _Table(named, zone)
    except CaseError as error:
        message = f"--zone: {error}"
        raise InputError(message) from error
    for at, (name, paths) in enumerate(people, start=1):
        tell(f"complainant {at:,} of {len(people):,}")
        who = pseudonym(name, key)
        if not paths:
            problem = InputError("the folder holds no file; put the logs into it", about="empty")
            table.fail(who, folder / name, problem)
            continue
        try:
            found = examine(paths, asked, now=now)
        except InputError as error:
            table.fail(who, folder / name, error)
            continue
        table.take(who, folder / name, found)
    if len(table.errors) == len(people) and not table.complainants:
        first = table.trouble[0]
        message = f"{first.path}: nothing of anybody could be read; {first.what}"
        raise InputError(message)
    made = Joint(
        language=asked.language or language_of(book),
        zone=zone,
        made_at=now,
        version=__version__,
        command=asked.command,
        small=SMALL,
        key_given=key_given,
        lenders=table.by_lender(),
        complainants=tuple(sorted(table.complainants, key=lambda each: each.pseudonym)),
        errors=tuple(sorted(table.errors, key=lambda error: error.pseudonym)),
        suggestions=table.suggested(),
        collectors=tuple((each.number, each.name) for each in named),
        packs=dict(book.hashes),
        shared_files=sum(many > 1 for many in table.files.values()),
    )
    return made, tuple(table.trouble)


class _Table:
    """The counts so far; the only thing here that changes."""

    def __init__(self, named: Sequence[Collector], zone: str) -> None:
        self.named = named
        self.clock = clock(zone)
        self.zone = zone
        self.lenders: dict[str, _Lender] = {}
        self.complainants: list[Complainant] = []
        self.errors: list[JointError] = []
        self.trouble: list[Trouble] = []
        self.numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.likely: dict[str, Likelihood] = {}
        self.files: Counter[str] = Counter()

    def fail(self, who: str, path: Path, error: InputError) -> None:
        """Note that a complainant could not be read.

        The table says of what kind the trouble is, since the message itself may quote a file.
        """
        self.errors.append(JointError(pseudonym=who, what=error.about or "unread"))
        self.trouble.append(Trouble(pseudonym=who, path=path, what=str(error)))

    def take(self, who: str, path: Path, found: Examined) -> None:
        """Count one complainant, of whom nothing else is kept."""
        given = found.given
        towards = [c for c in given.contacts if c.direction is Direction.OUTBOUND]
        days = [self._day(contact) for contact in towards]
        for contact, day in zip(towards, days, strict=True):
            lender = self._lender(contact, day)
            lender.people.add(who)
            lender.contacts += 1
        for finding in given.audit.findings:
            self._count(who, finding)
        public = [f for f in given.audit.findings if f.level is not Level.HOUSE]
        broken = {id(f.contact) for f in public if f.effect is Effect.DENY and f.breached}
        tried = {id(f.contact) for f in public if f.effect is Effect.DENY} - broken
        self.complainants.append(
            Complainant(
                pseudonym=who,
                contacts=len(towards),
                breached=len(broken),
                attempted=len(tried),
                unreadable=len(given.unreadable),
                dates=Dates(first=min(days), last=max(days)) if days else None,
            )
        )
        self.files.update(set(given.inputs.values()))
        for maybe in given.suggestions:
            self.numbers[maybe.number][who] += maybe.count
            likely = Likelihood(maybe.likelihood)
            known = self.likely.setdefault(maybe.number, likely)
            self.likely[maybe.number] = min(known, likely, key=list(Likelihood).index)
        if given.unreadable:
            bad = found.log.unreadable
            what = f"{len(bad):,} rows could not be read; {bad[0]}"
            self.trouble.append(Trouble(pseudonym=who, path=path, what=what))

    def _day(self, contact: Contact) -> date:
        return as_date(self.clock.day(contact.instant))

    def _lender(self, contact: Contact, day: date) -> _Lender:
        name = self._name(contact)
        lender = self.lenders.setdefault(name, _Lender(dates=Dates(first=day, last=day)))
        lender.dates = lender.dates.with_day(day)
        return lender

    def _name(self, contact: Contact) -> str:
        """The lender by name, else by the number that was named for it."""
        if contact.lender:
            return str(contact.lender)
        number = comparable(contact.agent) if isinstance(contact.agent, str) else None
        collector = belongs_to(number, self.named)
        return collector.name if collector is not None else _UNNAMED

    def _count(self, who: str, finding: Finding) -> None:
        day = self._day(finding.contact)
        lender = self._lender(finding.contact, day)
        known = lender.rules.get(finding.rule)
        if known is None:
            known = _Rule(finding=finding, dates=Dates(first=day, last=day))
            lender.rules[finding.rule] = known
        known.dates = known.dates.with_day(day)
        known.people.add(who)
        known.breached += finding.breached
        known.attempted += not finding.breached

    def by_lender(self) -> tuple[JointLender, ...]:
        """Every lender, the one with most complainants first."""
        numbers: defaultdict[str, list[str]] = defaultdict(list)
        for collector in self.named:
            numbers[collector.lender or collector.name].append(
                collector.number + ("*" if collector.prefix else "")
            )
        made = [
            JointLender(
                name=name,
                numbers=tuple(numbers[name]),
                complainants=len(lender.people),
                contacts=lender.contacts,
                dates=lender.dates,
                clauses=tuple(_clauses(lender)),
            )
            for name, lender in self.lenders.items()
        ]
        return tuple(sorted(made, key=lambda each: (-each.complainants, -each.contacts, each.name)))

    def suggested(self) -> tuple[JointNumber, ...]:
        """Numbers that look like a collector's, those of most complainants first.

        A number that only seems so, and to one complainant alone, may be anybody's, and is left
        out.
        """
        made = [
            JointNumber(
                number=number,
                complainants=len(rows),
                rows=rows.total(),
                likelihood=str(self.likely[number]),
            )
            for number, rows in self.numbers.items()
            if len(rows) > 1 or self.likely[number] is not Likelihood.LOW
        ]
        return tuple(sorted(made, key=lambda each: (-each.complainants, -each.rows, each.number)))


def _clauses(lender: _Lender) -> Iterator[JointClause]:
    """The rules of one lender in the order of a report, then by complainants."""
    levels, effects = list(Level), list(Effect)
    rules = sorted(
        lender.rules.values(),
        key=lambda each: (
            each.finding.level is Level.HOUSE,
            effects.index(each.finding.effect),
            levels.index(each.finding.level),
            -len(each.people),
            each.finding.clause,
            each.finding.rule,
        ),
    )
    for each in rules:
        yield JointClause(
            clause=each.finding.clause,
            rule=each.finding.rule,
            level=each.finding.level,
            effect=each.finding.effect,
            confidence=each.finding.confidence,
            complainants=len(each.people),
            breached=each.breached,
            attempted=each.attempted,
            dates=each.dates,
        )
