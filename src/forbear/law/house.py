"""Proving, when a house pack is loaded, that it can only tighten.

A rule can refuse and nothing else, and what lifts a rule lifts that rule alone; so a pack of
further rules cannot widen what others leave open, as long as it changes none of their words. What
is left to refuse here is a house rule that says nothing, or that leaves no moment at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forbear.base.clock import DAY_SECONDS
from forbear.base.errors import PackError
from forbear.base.words import Channel, Effect, Level
from forbear.law.packs import Pack
from forbear.law.rule import Rule
from forbear.law.vocabulary.hours import Hours
from forbear.law.vocabulary.limit import Limit

_SAME = ("kind", "on", "of", "per", "within", "not_of")


def check_house(own: Sequence[Rule], public: Sequence[Rule], pack: Pack) -> None:
    """Raise PackError where house rules change, repeat or contradict the ``public`` ones."""
    taken = {rule.id for rule in public}
    for rule in own:
        if rule.level is not Level.HOUSE:
            message = (
                f"{pack.name}: rule {rule.id} claims level {rule.level}; a house pack has house"
            )
            raise PackError(message)
        if rule.id in taken:
            message = (
                f"{pack.name}: rule {rule.id} has the id of a public rule; a house pack can only "
                "add, so give it an id of its own"
            )
            raise PackError(message)
        _check_adds(rule, public, pack)
    _check_leaves_time([*public, *own], pack)


def _check_adds(rule: Rule, public: Iterable[Rule], pack: Pack) -> None:
    """A house limit that allows as much as a public one, or more, would only look like a limit."""
    if not isinstance(rule.kind, Limit) or rule.kind.after:
        return
    for other in public:
        if not isinstance(other.kind, Limit) or other.kind.after or other.effect is Effect.WARN:
            continue
        same = all(rule.table.get(key) == other.table.get(key) for key in _SAME)
        if same and rule.kind.needed >= other.kind.needed:
            message = (
                f"{pack.name}: rule {rule.id} allows {rule.kind.needed} where {other.id} has only "
                f"{other.kind.needed}; a house rule can only be stricter, so lower it or remove it"
            )
            raise PackError(message)


def _check_leaves_time(rules: Iterable[Rule], pack: Pack) -> None:
    """Closed hours that together cover the whole day forbid a channel without saying so."""
    shut: dict[Channel, list[tuple[tuple[int, int], str]]] = {}
    for rule in rules:
        kind = rule.kind
        lasting = isinstance(kind, Hours) and kind.closed and rule.until is None
        if not lasting or rule.effect is Effect.WARN:
            continue
        assert isinstance(kind, Hours)
        assert kind.closed is not None
        for channel in rule.on.reach.channels or frozenset(Channel):
            shut.setdefault(channel, []).append((kind.closed, rule.id))
    for channel in Channel:
        windows = shut.get(channel, [])
        if _covers_day([window for window, _ in windows]):
            names = ", ".join(sorted({name for _, name in windows}))
            message = (
                f"{pack.name}: {names} together close every hour of the day for {channel}; "
                "leave some time open, or forbid the channel outright"
            )
            raise PackError(message)


def _covers_day(windows: Iterable[tuple[int, int]]) -> bool:
    spans = []
    for start, end in windows:
        spans += [(start, end)] if start < end else [(start, DAY_SECONDS), (0, end)]
    reached = 0
    for start, end in sorted(spans):
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= DAY_SECONDS
