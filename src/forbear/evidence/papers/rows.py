"""Contacts and rules as rows, the same in a complaint, the time line and the exhibit."""

from __future__ import annotations

from collections.abc import Sequence

from forbear.base.contact import Contact
from forbear.base.words import Direction
from forbear.evidence.figures import State, identity, rows_by_file
from forbear.evidence.papers.desk import Desk
from forbear.evidence.papers.facts import Marked, what_it_asks
from forbear.evidence.papers.paper import Table
from forbear.evidence.sections import number, result
from forbear.evidence.voice import clean
from forbear.law.answers import Finding

_MARKED_STATE = {
    State.ATTEMPT: "attempt",
    State.REVIEW: "review",
    State.HOUSE: "house",
    State.NOTE: "note",
}


def moment(desk: Desk, contact: Contact) -> str:
    """When a contact was, on the log's clock."""
    return desk.speech.voice.moment(desk.facts.fig.clock.moment(contact.instant))


def number_of(contact: Contact) -> str:
    """The number that a contact came from."""
    return clean(number(contact))


def place(desk: Desk, *contacts: Contact) -> str:
    """Files and lines at which contacts stand."""
    voice = desk.speech.voice
    gap = " " if voice.chinese else ", "
    parts = [f"{clean(file)}{gap}{voice.lines(lines)}" for file, lines in rows_by_file(contacts)]
    return ("；" if voice.chinese else "; ").join(parts)


def kind(desk: Desk, contact: Contact) -> str:
    """What kind of contact it was, and that the writer made it where so."""
    shown = desk.speech.voice.say(f"channel.{contact.channel}")
    if contact.direction is Direction.INBOUND:
        return desk.say("timeline.mine", what=shown)
    return shown


def contact_row(
    desk: Desk, contact: Contact, marked: Sequence[Marked], keys: Sequence[str]
) -> tuple[str, ...]:
    """The cells of one contact for the columns ``keys``, with the marks of ``marked`` only."""
    voice = desk.speech.voice
    cells = {
        "when": lambda: moment(desk, contact),
        "what": lambda: kind(desk, contact),
        "number": lambda: number_of(contact),
        "result": lambda: result(contact, voice),
        "marks": lambda: marks(desk, contact, marked),
        "source": lambda: place(desk, contact),
    }
    return tuple(cells[key]() for key in keys)


def marks(desk: Desk, contact: Contact, marked: Sequence[Marked]) -> str:
    """The numbers of the rules that a contact stands against, and how."""
    wanted = {each.mark for each in marked}
    found: dict[int, str] = {}
    for each, finding in desk.facts.by_contact.get(identity(contact), ()):
        if each.mark in wanted:
            found.setdefault(each.mark, _mark(desk, each, finding))
    return desk.speech.voice.together([found[mark] for mark in sorted(found)])


def _mark(desk: Desk, marked: Marked, finding: Finding) -> str:
    manner = marked.manner()
    way = {"deny": "" if finding.breached else "attempt", "warn": "note"}.get(manner, manner)
    return desk.say(f"timeline.mark_{way}", mark=marked.mark) if way else str(marked.mark)


def rules_table(desk: Desk, marked: Sequence[Marked]) -> Table:
    """The rules under their numbers: what each asks, what kind it is, and the result."""
    say, voice = desk.say, desk.speech.voice
    rows = []
    for each in marked:
        group = each.group
        kind = [say(f"level.{group.level}"), say(f"sure.{group.confidence}")]
        rows.append(
            (
                str(each.mark),
                voice.tidy(group.clause),
                voice.tidy(what_it_asks(group, voice.language)),
                ("；" if voice.chinese else "; ").join(kind),
                _counts(desk, each),
            )
        )
    keys = ("mark", "rule", "says", "level", "count")
    heads = tuple(say(f"complaint.col_{key}") for key in keys)
    return Table(caption=say("complaint.rules_caption"), heads=heads, rows=tuple(rows))


def _counts(desk: Desk, marked: Marked) -> str:
    group, manner = marked.group, marked.manner()
    if manner != "deny":
        key = "review" if manner == "review" else manner
        return desk.say(f"complaint.count_{key}", n=len(group.findings))
    parts = [
        desk.say(f"complaint.count_{key}", n=len(found))
        for key, found in (("broken", group.breached()), ("attempt", group.attempted()))
        if found
    ]
    return desk.speech.voice.together(parts)
