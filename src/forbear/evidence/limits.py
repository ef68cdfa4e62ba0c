"""The limits that a picture draws, read off the findings where nobody names them.

A finding carries sentences and rows, no numbers; a line in a picture must not say more than they
do. So a limit or a closed window is taken only where every finding of its rule agrees with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import Final

from forbear.base.clock import inside
from forbear.base.contact import Contact
from forbear.base.words import Effect, Level
from forbear.evidence.figures import Figures, Kind, kind_of
from forbear.evidence.given import ClosedHours, Counted, DayLimit, ReportInput
from forbear.law.answers import Finding

_SAYS_DAY: Final = re.compile(
    r"per-day|-day\b|daily|每[个一]?[自然]*[日天]|当[日天]|\b(a|per|each) day\b"
)
_ABOUT_TIME: Final = re.compile(r"时间|时段|hours|time", re.IGNORECASE)
_HOUR: Final = re.compile(r"(?<![\d:])([01]?\d|2[0-4])(?:[:：]([0-5]\d)|\s*[时点](?!间))(?![\d:])")
_CLOSED_SECONDS_MAX: Final = 14 * 3600
_DAY_SECONDS: Final = 86_400


def day_limits(given: ReportInput, fig: Figures) -> tuple[DayLimit, ...]:
    """The limits per day that were broken: those given, else those that the findings show."""
    broken = {finding.rule for finding in given.audit.findings}
    if given.limits:
        return tuple(limit for limit in given.limits if limit.rule in broken)
    by_rule: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in given.audit.findings:
        if finding.level is not Level.HOUSE and finding.effect is Effect.DENY:
            by_rule[finding.rule, finding.clause].append(finding)
    made = []
    for (rule, clause), findings in by_rule.items():
        said = f"{rule} {findings[0].says.zh} {findings[0].says.en}"
        at_most = _shown_limit(findings, fig) if _SAYS_DAY.search(said) else None
        counted = _counted(c for f in findings for c in f.rows[:-1])
        if at_most and counted:
            made.append(DayLimit(rule=rule, clause=clause, at_most=at_most, counted=counted))
    return tuple(made)


def _shown_limit(findings: list[Finding], fig: Figures) -> int | None:
    """How many contacts of one day each finding rests on at least, before its own."""
    for finding in findings:
        if len({fig.clock.day(contact.instant) for contact in finding.rows}) != 1:
            return None
    earlier = min(len(finding.rows) - 1 for finding in findings)
    # One earlier contact may as well be a rule about the time between two.
    return earlier if earlier > 1 else None


def _counted(contacts: Iterable[Contact]) -> Counted | None:
    kinds = {kind_of(contact) for contact in contacts}
    if kinds == {Kind.CONNECTED}:
        return Counted.CONNECTED
    if kinds == {Kind.TEXTS}:
        return Counted.TEXTS
    return Counted.CALLS if kinds and kinds <= set(Kind) - {Kind.TEXTS, Kind.OTHER} else None


def closed_hours(given: ReportInput, fig: Figures) -> ClosedHours | None:
    """The closed window that was broken: the one given, else the one that the findings name."""
    if given.closed:
        broken = {finding.clause for finding in given.audit.findings}
        return next((window for window in given.closed if window.clause in broken), None)
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in given.audit.findings:
        if len(finding.rows) <= 1 and _ABOUT_TIME.search(f"{finding.rule} {finding.clause}"):
            by_rule[finding.rule].append(finding)
    for findings in by_rule.values():
        windows = set.intersection(*(_windows(finding, fig) for finding in findings[:50]))
        if windows:
            start, end = min(windows, key=lambda w: ((w[1] - w[0]) % _DAY_SECONDS, w))
            return ClosedHours(clause=findings[0].clause, start=start, end=end)
    return None


def _windows(finding: Finding, fig: Figures) -> set[tuple[int, int]]:
    """Every pair of times in the sentence that the contact's own time lies between."""
    second = fig.clock.second_of_day(finding.contact.instant)
    said = [
        (int(hour) * 3600 + int(minute or 0) * 60) % _DAY_SECONDS
        for hour, minute in _HOUR.findall(finding.says.zh)
    ]
    # The sentence may name the contact's own time as well, which bounds nothing.
    bounds = sorted({t for t in said if t != second // 60 * 60 or said.count(t) > 1})
    return {
        (start, end)
        for start, end in product(bounds, bounds)
        if start != end
        and (end - start) % _DAY_SECONDS <= _CLOSED_SECONDS_MAX
        and inside(second, (start, end))
    }
