"""The findings told for a person, as plain data for a window that draws its own page.

Everything is a finished sentence in the language of the report; a window only lays it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from forbear.base.contact import Contact
from forbear.evidence.figures import (
    ClauseGroup,
    Figures,
    State,
    figures,
    rows_by_file,
)
from forbear.evidence.gather import gather, missing_in_words
from forbear.evidence.given import ReportInput
from forbear.evidence.report import pictures
from forbear.evidence.sections import number, result, what
from forbear.evidence.summary import details, headline, next_steps
from forbear.evidence.voice import Voice, cut
from forbear.law.answers import Finding

FINDINGS_MAX: Final = 60
_UNREADABLE_MAX: Final = 50
_TEXT_MAX: Final = 140
_ROWS_MAX: Final = 12


def as_told(given: ReportInput) -> dict[str, Any]:
    """The report in sentences: values that ``json.dumps`` takes.

    ``groups`` holds at most 60 findings for each clause and kind, with ``more`` for how many are
    left out; ``pictures`` is ready HTML that needs the style sheet of the report.
    """
    voice = Voice(given.language)
    fig = figures(given)
    steps, warning = next_steps(given, fig, voice)
    lacks = given.audit.not_shown
    return {
        "headline": headline(given, fig, voice),
        "details": details(given, fig, voice),
        "steps": steps,
        "warning": warning,
        "contacts": len(fig.towards),
        "totals": {str(state): fig.totals[state] for state in State if fig.totals[state]},
        "groups": [_group(group, fig, voice) for group in fig.groups],
        "pictures": pictures(given, fig, voice),
        "lacking": {
            "rules": len(lacks),
            "gather": [
                voice.say("lack.item", what=missing_in_words(key, voice), n=n)
                for key, n in gather(lacks)
            ],
        },
        "unreadable": {
            "count": len(given.unreadable),
            "rows": [
                {"file": row.file, "line": row.line, "what": voice.tidy(row.what)}
                for row in given.unreadable[:_UNREADABLE_MAX]
            ],
        },
        "notes": [voice.sentence(note) for note in given.notes],
    }


def _group(group: ClauseGroup, fig: Figures, voice: Voice) -> dict[str, Any]:
    manner = group.manner()
    lists = []
    for found, key in ((group.breached(), "broken"), (group.attempted(), "attempt")):
        if found:
            lists.append(
                {
                    "state": key,
                    "title": voice.say(f"find.{key}.{manner}", n=len(found)),
                    "means": voice.say(f"find.{key}_means") if manner == "deny" else "",
                    "findings": [_finding(f, fig, voice) for f in found[:FINDINGS_MAX]],
                    "more": max(0, len(found) - FINDINGS_MAX),
                }
            )
    shared = {finding.unless for finding in group.findings}
    first = group.findings[0]
    return {
        "clause": voice.tidy(group.clause),
        "rule": group.rule,
        "level": str(group.level),
        "level_says": voice.say(f"level.{group.level}"),
        "level_means": voice.say_if_known(f"means.{group.level}"),
        "manner": manner,
        "effect_says": voice.say(f"effect.{manner}"),
        "confidence": str(group.confidence),
        "confidence_says": voice.say(f"sure.{group.confidence}"),
        "lists": lists,
        "unless": [voice.sentence(s) for s in first.unless] if len(shared) == 1 else [],
    }


def _finding(finding: Finding, fig: Figures, voice: Voice) -> dict[str, Any]:
    contact = finding.contact
    at = fig.clock.moment(contact.instant)
    is_text = contact.channel != "call" and isinstance(contact.text, str)
    return {
        "at": at.isoformat(),
        "when": f"{voice.moment(at)} {voice.weekday(at.date())}",
        "what": voice.together([p for p in (what(contact, voice), result(contact, voice)) if p]),
        "number": number(contact),
        "says": voice.sentence(finding.says),
        "quote": cut(" ".join(str(contact.text).split()), _TEXT_MAX) if is_text else "",
        "rows": _places(finding.rows or (contact,), voice),
    }


def _places(contacts: Sequence[Contact], voice: Voice) -> str:
    gap = " " if voice.chinese else ", "
    shown = contacts[-_ROWS_MAX:]
    parts = [f"{file}{gap}{voice.lines(lines)}" for file, lines in rows_by_file(shown)]
    if len(contacts) > len(shown):
        parts.append(voice.say("find.more_rows", n=len(contacts) - len(shown)))
    return ("；" if voice.chinese else "; ").join(parts)
