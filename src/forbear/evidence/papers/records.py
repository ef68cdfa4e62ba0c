"""Papers that prove: the time line of all contacts, and the exhibit that anyone can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from forbear.base.clock import clock, instant_of
from forbear.base.contact import Contact
from forbear.base.words import Direction
from forbear.evidence.figures import identity
from forbear.evidence.papers.desk import Desk
from forbear.evidence.papers.paper import Block, Field, Heading, Listing, Paper, Paragraph, Table
from forbear.evidence.papers.rows import contact_row, moment, number_of, place, rules_table
from forbear.evidence.voice import clean

TIMELINE_MAX: Final = 800
EXHIBIT_MAX: Final = 800
_CHECKS: Final = {
    "windows": 'Get-FileHash -Algorithm SHA256 "{file}"',
    "macos": 'shasum -a 256 "{file}"',
    "linux": 'sha256sum "{file}"',
}


def timeline(desk: Desk) -> Paper:
    """Every contact with the numbers of the rules that it stands against."""
    title = desk.say("timeline.title")
    blocks = tuple(_timeline(desk))
    before = (desk.say("before.keep"), desk.say("before.personal"))
    return desk.paper("timeline", title, blocks, to="", before=before)


def _timeline(desk: Desk) -> Iterator[Block]:
    contacts, say = desk.given.contacts, desk.say
    if not contacts:
        yield Paragraph(text=say("timeline.empty"))
        return
    theirs = sum(contact.direction is Direction.OUTBOUND for contact in contacts)
    days = [desk.facts.fig.date(contact) for contact in contacts]
    first, last = desk.date(min(days)), desk.date(max(days))
    key = "common.period_one" if first == last else "common.period"
    period = say(key, first=first, last=last)
    yield Paragraph(
        text=say(
            "timeline.intro", period=period, n=len(contacts), theirs=theirs,
            own=len(contacts) - theirs, zone=desk.zone(),
        )
    )  # fmt: skip
    if desk.given.collectors:
        yield Field(label=say("common.numbers"), value=desk.numbers())
    shown = _most_telling(desk)
    if len(shown) < len(contacts):
        yield Paragraph(text=say("timeline.capped", shown=len(shown), all=len(contacts)))
    keys = ("when", "what", "number", "result", "marks", "source")
    yield Table(
        caption=say("timeline.table"),
        heads=tuple(say(f"row.{key}") for key in keys),
        rows=tuple(contact_row(desk, contact, desk.facts.every, keys) for contact in shown),
    )
    if desk.facts.every:
        yield Heading(text=say("timeline.key"))
        yield rules_table(desk, desk.facts.every)


def _most_telling(desk: Desk) -> list[Contact]:
    """As many contacts as a paper holds, those with findings before others, in order of time."""
    contacts = desk.given.contacts
    if len(contacts) <= TIMELINE_MAX:
        return list(contacts)
    found = desk.facts.by_contact
    ranked = sorted(range(len(contacts)), key=lambda n: identity(contacts[n]) not in found)
    return [contacts[n] for n in sorted(ranked[:TIMELINE_MAX])]


def exhibit(desk: Desk) -> Paper:
    """What was judged, by which rules, from which rows, and how anyone gets the same."""
    blocks = (*_files(desk), *_numbers(desk), *_findings(desk), *_limits(desk), *_again(desk))
    before = (desk.say("before.keep"), desk.say("before.personal"))
    return desk.paper("exhibit", desk.say("exhibit.title"), blocks, to="", before=before)


def _files(desk: Desk) -> Iterator[Block]:
    say, given = desk.say, desk.given
    yield Paragraph(text=say("exhibit.intro"))
    yield Heading(text=say("exhibit.files"))
    used = Counter(c.source.file for c in given.contacts if c.source is not None)
    unread = Counter(row.file for row in given.unreadable)
    rows = tuple(
        (clean(file), f"{used[file]:,}", f"{unread[file]:,}", digest)
        for file, digest in given.inputs.items()
    )
    heads = tuple(say(f"exhibit.{key}") for key in ("file", "used", "unread", "hash"))
    yield Table(caption=say("exhibit.files_caption"), heads=heads, rows=rows)


def _numbers(desk: Desk) -> Iterator[Block]:
    say, given = desk.say, desk.given
    yield Heading(text=say("exhibit.numbers"))
    whose = say(f"exhibit.whose_{given.whose}")
    yield Paragraph(text=say("exhibit.whose", whose=whose))
    items = tuple(
        say("exhibit.number_named", number=number, name=name)
        if name and name != number
        else clean(number)
        for number, name in given.collectors
    )
    if items:
        yield Listing(items=items)


def _findings(desk: Desk) -> Iterator[Block]:
    """Each rule, then each finding with the rows it rests on."""
    say, every = desk.say, desk.facts.every
    yield Heading(text=say("exhibit.findings"))
    if not every:
        yield Paragraph(text=say("exhibit.findings_none"))
        return
    yield rules_table(desk, every)
    if any(marked.manner() == "house" for marked in every):
        yield Paragraph(text=say("exhibit.house"))
    found = [(marked, finding) for marked in every for finding in marked.group.findings]
    rows = tuple(
        (
            str(marked.mark),
            moment(desk, finding.contact),
            number_of(finding.contact),
            place(desk, *(finding.rows or (finding.contact,))),
        )
        for marked, finding in found[:EXHIBIT_MAX]
    )
    heads = (
        say("complaint.col_mark"),
        say("row.when"),
        say("row.number"),
        say("exhibit.contacts"),
    )
    yield Table(caption=say("exhibit.findings_caption"), heads=heads, rows=rows)
    if len(found) > len(rows):
        yield Paragraph(text=say("exhibit.more", n=len(found) - len(rows)))


def _limits(desk: Desk) -> Iterator[Block]:
    say = desk.say
    yield Heading(text=say("exhibit.limits"))
    items = [say("exhibit.limits_words")]
    if lacks := len(desk.given.audit.not_shown):
        items.append(say("exhibit.limits_rules", n=lacks))
    items += [desk.speech.line(note) for note in desk.given.notes]
    yield Listing(items=tuple(items))


def _again(desk: Desk) -> Iterator[Block]:
    say, given = desk.say, desk.given
    yield Heading(text=say("exhibit.again"))
    if given.command:
        yield Field(label=say("exhibit.command"), value=clean(given.command), exact=True)
    heads = (say("exhibit.pack"), say("exhibit.hash"))
    packs = tuple((clean(name), digest) for name, digest in given.audit.packs.items())
    yield Table(caption=say("exhibit.packs_caption"), heads=heads, rows=packs)
    yield Paragraph(text=say("exhibit.version", version=given.version))
    at = clock(given.zone).moment(instant_of(given.made_at))
    yield Paragraph(text=say("exhibit.made", when=desk.speech.voice.moment(at)))
    yield Heading(text=say("exhibit.check"))
    yield Paragraph(text=say("exhibit.check_how"))
    file = clean(next(iter(given.inputs), "calls.xml"))
    for system, command in _CHECKS.items():
        line = command.format_map({"file": file})
        yield Field(label=say(f"exhibit.{system}"), value=line, exact=True)
