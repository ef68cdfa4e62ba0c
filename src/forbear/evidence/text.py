"""The report as plain text for a terminal, at most 100 columns wide."""

from __future__ import annotations

from typing import Final

from forbear.evidence.compared_told import Teller, compared_text
from forbear.evidence.figures import ClauseGroup, Figures, figures, rows_by_file
from forbear.evidence.gather import gather, missing_in_words
from forbear.evidence.given import ReportInput
from forbear.evidence.sections import number, what
from forbear.evidence.summary import details, headline, next_steps
from forbear.evidence.svg import NEVER_FIRST
from forbear.evidence.voice import Voice, columns
from forbear.law.answers import Finding

_COLUMNS: Final = 96
_FINDINGS_SHOWN: Final = 3
_UNREADABLE_SHOWN: Final = 5
_HEADLINES_MAX: Final = 10


def text(given: ReportInput) -> str:
    """The findings by clause with the first rows of each, and what the log cannot show."""
    voice = Voice(given.language, space=" ")
    fig = figures(given)
    lines = [headline(given, fig, voice), *details(given, fig, voice), ""]
    if fig.towards and not fig.groups:
        lines += [voice.say("find.none"), ""]
    for group in fig.groups:
        lines += [*_clause(group, fig, voice), ""]
    if given.against is not None:
        lines += [*compared_text(given.against, voice, given.zone), ""]
    lines += _lacks(given, voice)
    if given.unreadable:
        lines += ["", voice.say("bad.count", n=len(given.unreadable))]
        for row in given.unreadable[:_UNREADABLE_SHOWN]:
            where = f"{row.file} {voice.lines([row.line])}"
            lines.append(voice.tidy(f"  - {where}{voice.colon()}{row.what}"))
    if given.suggestions:
        lines += ["", voice.say("who.maybe")]
        for maybe in given.suggestions:
            reasons = ("；" if voice.chinese else "; ").join(map(voice.sentence, maybe.reasons))
            lines.append(f"  - {maybe.number} {maybe.name or ''}".rstrip() + f" {reasons}")
    steps, warning = next_steps(given, fig, voice)
    lines += ["", voice.say("next.title"), *(f"  - {step}" for step in steps)]
    lines += [f"  {voice.say('next.warn')}{voice.colon()}{warning}", "", voice.say("check.advice")]
    return "\n".join(wrapped(line) for line in lines) + "\n"


def _lacks(given: ReportInput, voice: Voice) -> list[str]:
    """What the log cannot show and what to gather, then remarks on the log itself."""
    wanted = gather(given.audit.not_shown)
    if not (wanted or given.notes or given.contacts):
        return []
    lines = [voice.say("lack.title")]
    lines.append("  " + voice.say("lack.gather" if wanted else "lack.none"))
    for key, n in wanted:
        lines.append("  - " + voice.say("lack.item", what=missing_in_words(key, voice), n=n))
    if given.notes:
        lines += ["", voice.say("lack.notes")]
        lines += ["  - " + voice.sentence(note) for note in given.notes]
    return lines


def headlines(given: ReportInput) -> list[str]:
    """Five to ten lines that say what was found."""
    voice = Voice(given.language, space=" ")
    fig = figures(given)
    lines = [headline(given, fig, voice), *details(given, fig, voice)][:5]
    tail = []
    if given.against is not None:
        tail.append(Teller(given.against, voice, given.zone).headline())
    if given.audit.not_shown:
        tail.append(voice.say("lack.count", n=len(given.audit.not_shown)))
    if given.unreadable:
        tail.append(voice.say("bad.count", n=len(given.unreadable)))
    tail.append(voice.say("check.advice"))
    room = _HEADLINES_MAX - len(lines) - len(tail)
    clauses = [
        f"- {voice.tidy(group.clause)}{voice.colon()}{_counts(group, voice)}"
        for group in fig.groups
    ]
    if not clauses:
        clauses = [voice.say("find.none")] if fig.towards else []
    return [_printable(line.strip()) for line in [*lines, *clauses[:room], *tail]]


def _counts(group: ClauseGroup, voice: Voice) -> str:
    """How often one rule was broken, in the words that its effect allows."""
    parts = [
        voice.say(f"find.{key}.{group.manner()}", n=len(found))
        for key, found in (("broken", group.breached()), ("attempt", group.attempted()))
        if found
    ]
    level = voice.say(f"level.{group.level}")
    return voice.together([*parts, level])


def _clause(group: ClauseGroup, fig: Figures, voice: Voice) -> list[str]:
    sure = voice.say("find.sure", sure=voice.say(f"sure.{group.confidence}"))
    lines = [voice.tidy(group.clause), f"  {_counts(group, voice)} · {sure}"]
    for found in (group.breached(), group.attempted()):
        lines += [f"  - {_finding(finding, fig, voice)}" for finding in found[:_FINDINGS_SHOWN]]
        if len(found) > _FINDINGS_SHOWN:
            lines.append("    " + voice.say("find.more", n=len(found) - _FINDINGS_SHOWN))
    exceptions = {voice.sentence(s): None for f in group.findings for s in f.unless}
    if exceptions:
        said = ("；" if voice.chinese else "; ").join(exceptions)
        lines.append(f"  {voice.say('find.unless')}{voice.colon()}{said}")
    return lines


def _finding(finding: Finding, fig: Figures, voice: Voice) -> str:
    contact = finding.contact
    gap = " " if voice.chinese else ", "
    rows = rows_by_file(finding.rows[-6:] or (contact,))
    stop = "；" if voice.chinese else "; "
    where = stop.join(f"{file}{gap}{voice.lines(lines)}" for file, lines in rows)
    at = voice.moment(fig.clock.moment(contact.instant))
    parts = [at, what(contact, voice), number(contact), voice.sentence(finding.says)]
    return " ".join(part for part in parts if part) + (f" [{where}]" if where else "")


def _printable(line: str) -> str:
    """``line`` without control characters, which could move the cursor of a terminal."""
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in line)


def wrapped(line: str) -> str:
    """``line`` broken to fit, its later pieces set in as far as its first."""
    line = _printable(line)
    indent = " " * (len(line) - len(line.lstrip()) + (2 if line.lstrip().startswith("- ") else 0))
    pieces: list[str] = []
    rest = line
    while columns(rest) > _COLUMNS:
        cut = _cut(rest)
        pieces.append(rest[:cut].rstrip())
        rest = indent + rest[cut:].lstrip()
    return "\n".join([*pieces, rest])


def _cut(line: str) -> int:
    """Where to break ``line``: at a space or beside a Chinese character, as far right as fits."""
    width, best, end = 0, 0, len(line)
    start = len(line) - len(line.lstrip()) + 2
    for place, mark in enumerate(line):
        width += columns(mark)
        if width > _COLUMNS:
            end = place
            break
        following = line[place + 1 : place + 2]
        breaks = mark == " " or max(columns(mark), columns(following)) > 1
        if place >= start and breaks and following not in NEVER_FIRST:
            best = place + 1
    return best or end
