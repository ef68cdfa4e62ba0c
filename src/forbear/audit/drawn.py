"""What the pictures of a report draw of the law: limits per day and closed hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from forbear.base.words import Channel, Level, Outcome
from forbear.evidence.given import ClosedHours, Counted, DayLimit
from forbear.law.book import Book
from forbear.law.rule import Rule
from forbear.law.vocabulary.hours import Hours
from forbear.law.vocabulary.limit import Limit
from forbear.law.vocabulary.window import Window

_MESSAGES: Final = frozenset({Channel.SMS, Channel.APP, Channel.SOCIAL, Channel.EMAIL})


def rules_in_force(book: Book, days: range) -> Iterator[Rule]:
    """The rules that bind on at least one of some consecutive local days, the highest first."""
    ranks = list(Level)
    for rule in sorted(book.rules, key=lambda rule: ranks.index(rule.level)):
        if rule.frozen is not None:
            binds = rule.in_force(rule.frozen)
        else:
            binds = rule.since < days.stop and (rule.until is None or days.start < rule.until)
        if days and binds:
            yield rule


def day_limits(book: Book, days: range) -> tuple[DayLimit, ...]:
    """The limits on what may reach one person on one day, of one kind that a bar can show."""
    found: dict[DayLimit, None] = {}
    for rule in rules_in_force(book, days):
        kind = rule.kind
        if not isinstance(kind, Limit) or kind.after or kind.not_of is not None:
            continue
        if kind.window != Window("dates", 1) or kind.tally.per != ("debtor",):
            continue
        if (counted := counted_by(rule.table)) is not None:
            limit = DayLimit(rule=rule.id, clause=rule.clause, at_most=kind.needed, counted=counted)
            found[limit] = None
    return tuple(found)


def closed_hours(book: Book, days: range) -> tuple[ClosedHours, ...]:
    """The hours of the day that rules close."""
    return tuple(
        dict.fromkeys(
            ClosedHours(clause=rule.clause, start=rule.kind.closed[0], end=rule.kind.closed[1])
            for rule in rules_in_force(book, days)
            if isinstance(rule.kind, Hours) and rule.kind.closed is not None
        )
    )


def counted_by(table: Mapping[str, Any]) -> Counted | None:
    """What the limit of a rule's table counts, or None where no bar shows just that."""
    spec = table.get("of", table.get("on"))
    counted = {_counted(each) for each in (spec if isinstance(spec, list) else [spec])}
    return counted.pop() if len(counted) == 1 else None


def _counted(condition: Any) -> Counted | None:
    channels = _words(condition.get("channel")) if isinstance(condition, Mapping) else None
    if not channels:
        return None
    if channels <= _MESSAGES:
        return Counted.TEXTS
    if channels != {Channel.CALL}:
        return None
    spec = condition.get("outcome")
    if spec is None:
        return Counted.CALLS
    if isinstance(spec, Mapping):
        outcomes = frozenset(map(str, Outcome)) - (_words(spec.get("not")) or frozenset())
    else:
        outcomes = _words(spec) or frozenset()
    if Outcome.CONVERSATION not in outcomes:
        return None
    return Counted.CALLS if Outcome.NO_ANSWER in outcomes else Counted.CONNECTED


def _words(spec: Any) -> frozenset[str] | None:
    """The words of a key that is one word or a list of them; None where it is neither."""
    if isinstance(spec, str):
        return frozenset({spec})
    return frozenset(spec) if isinstance(spec, list) else None
