"""What a report must say of the log itself: what it cannot show, and what is odd in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from forbear.base.contact import Contact
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Direction, Outcome
from forbear.intake import Collector, Log, spoofed
from forbear.law.answers import Audit, NotShown
from forbear.law.auditing import Debtor, assumed_facts
from forbear.law.book import Book
from forbear.law.case import fill
from forbear.law.rule import Rule
from forbear.law.standing import Standing
from forbear.law.view import View
from forbear.law.vocabulary.limit import Limit

_LACKS: Final = "outcome"
_SPOOFED_SHOWN: Final = 20


def remarks(log: Log, collectors: Sequence[Collector]) -> tuple[Sentence, ...]:
    """Notes on a log, those of its importers first."""
    own = (*_absent(log), *_strangers(log, collectors), *_together(collectors), *_spoofed(log))
    return (*log.notes, *own)


def _absent(log: Log) -> Iterator[Sentence]:
    """Kinds of contact that no file given would list."""
    if not log.shows_calls:
        yield Sentence(
            zh="给出的文件里没有通话记录,因此不能说明来电的次数和时间。",
            en="No file given lists calls, so this log cannot show how many there were, or when.",
        )
    if not log.shows_texts:
        yield Sentence(
            zh="给出的文件里没有短信记录,因此不能说明短信的次数和内容。",
            en="No file given lists texts, so this log cannot show how many there were, "
            "or what they said.",
        )


def _strangers(log: Log, collectors: Sequence[Collector]) -> Iterator[Sentence]:
    """Numbers that were asked about and do not occur; most likely they are mistyped."""
    numbers = {row.number for row in log.rows}
    for collector in collectors:
        if not any(collector.matches(number) for number in numbers):
            yield Sentence(
                zh=f"记录里没有号码{collector.number},请核对 --collector 有没有写错。",
                en=f"The number {collector.number} does not occur in the log; check --collector.",
            )


def _together(collectors: Sequence[Collector]) -> Iterator[Sentence]:
    """Numbers of which nobody said for whom they collect are counted as one lender's."""
    numbers = [collector.name for collector in collectors if not collector.lender]
    if len(numbers) > 1:
        yield Sentence(
            zh=f"{'、'.join(numbers)}没有写明名称,按同一家机构合并计次。"
            "如果不是同一家,请写成 号码=名称 再核对。",
            en=f"{', '.join(numbers)} have no names and are counted as one lender's. "
            "If they are not, write NUMBER=NAME and check again.",
        )


def _spoofed(log: Log) -> Iterator[Sentence]:
    """Displayed numbers that cannot call, each once, with how often it was displayed."""
    counts = Counter(found.reason for found in spoofed(log))
    for reason, n in counts.most_common(_SPOOFED_SHOWN):
        times = "once" if n == 1 else f"{n} times"
        yield reason + Sentence(zh=f"共{n}次。", en=f"It was displayed {times}.")


def unanswered_not_shown(audit: Audit, book: Book, debtors: Iterable[Debtor]) -> Audit:
    """``audit`` with every rule that counts unanswered calls as one that the log cannot show.

    For a log that leaves such calls out, as a carrier's bill does: it may show too few, never all.
    """
    counts: Counter[str] = Counter()
    limits = {rule.id: rule for rule in book.rules if isinstance(rule.kind, Limit)}
    for debtor in debtors:
        counts += _counting(book, debtor)
    lacks = {lack.rule: lack for lack in audit.not_shown}
    for name, contacts in counts.items():
        known, rule = lacks.get(name), limits[name]
        lacks[name] = NotShown(
            rule=rule.id,
            clause=rule.clause,
            level=rule.level,
            says=rule.says,
            missing=tuple(sorted({_LACKS, *(known.missing if known else ())})),
            contacts=max(contacts, known.contacts if known else 0),
        )
    return replace(audit, not_shown=tuple(lacks.values()))


def _counting(book: Book, debtor: Debtor) -> Counter[str]:
    """The limits that an unanswered call beside this debtor's contacts would have counted for.

    Each by its id, with the number of contacts on the days on which it would have.
    """
    standing = Standing(
        book,
        zone=debtor.zone or book.zone_of(debtor.region),
        region=debtor.region,
        facts=(*assumed_facts(book, debtor), *debtor.facts),
    )
    # On one day one such call is like another, so one is asked about for each day and person.
    alike: dict[tuple[int, str, str], list[Contact]] = {}
    for contact in debtor.contacts:
        if contact.direction is Direction.OUTBOUND:
            key = (standing.zone.day(contact.instant), contact.party, contact.lender)
            alike.setdefault(key, []).append(contact)
    found: Counter[str] = Counter()
    for (day, _, _), contacts in alike.items():
        call = _unanswered(contacts[0], book)
        view = standing.at(call.instant).look(call)
        for rule in book.rules:
            if rule.in_force(day) and _counts(rule, view):
                found[rule.id] += len(contacts)
    return found


def _counts(rule: Rule, view: View) -> bool:
    """Whether a rule is a limit that the view's contact would have counted for."""
    if not isinstance(rule.kind, Limit):
        return False
    return rule.on.test(view) is not False and rule.kind.tally.of.test(view) is not False


def _unanswered(contact: Contact, book: Book) -> Contact:
    """A call that nobody answered, from the same collector to the same person at the same time."""
    # Nobody heard a word of it, so its words are known: there were none.
    call = replace(contact, channel=Channel.CALL, outcome=Outcome.NO_ANSWER, text="")
    for pack in book.packs:
        call = fill(call, pack.audit_defaults.get("contact", {}))
    return call
