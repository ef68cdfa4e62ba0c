"""Complaints: one to the institution, then one for each channel that takes such a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from forbear.base.contact import Contact
from forbear.base.words import Level
from forbear.evidence.figures import identity
from forbear.evidence.papers.country import Channel, topics
from forbear.evidence.papers.desk import Desk
from forbear.evidence.papers.facts import Marked
from forbear.evidence.papers.paper import (
    Block,
    Field,
    Ground,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Table,
)
from forbear.evidence.papers.rows import (
    contact_row,
    kind,
    moment,
    number_of,
    place,
    rules_table,
)
from forbear.evidence.papers.told import WANTS
from forbear.evidence.voice import clean, cut

_ROWS_MAX: Final = 40
_TEXTS_MAX: Final = 20
_TEXT_MAX: Final = 500
_URGENT: Final = "police"


def complaints(desk: Desk) -> Iterator[Paper]:
    """The complaints that fit, the institution's first."""
    for channel in desk.country.channels:
        if _fits(channel, desk):
            yield _complaint(channel, desk)


def is_urgent(paper: Paper) -> bool:
    """Whether a paper is for the police, which somebody in danger needs first."""
    return paper.channel == _URGENT


def _fits(channel: Channel, desk: Desk) -> bool:
    told, found = desk.told, desk.facts.topics()
    if channel.own:
        return bool(found)
    if told.lender_type:
        if channel.lenders and told.lender_type not in channel.lenders:
            return False
    elif channel.known_lender:
        return False
    # Nobody else's credit record is hers to object to.
    wants = set(told.wants) - ({"credit"} if desk.third else set())
    wanted = bool(channel.wants & wants)
    return bool(found & channel.topics) or wanted or (channel.danger and told.danger)


def _complaint(channel: Channel, desk: Desk) -> Paper:
    say, line = desk.say, desk.speech.line
    cited = desk.facts.cited(_topics(channel, desk))
    blocks: list[Block] = [
        Paragraph(text=say("common.to", to=_addressee(channel, desk))),
        *_under(line(channel.who) if channel.who else say("complaint.who"), desk.sender()),
        *_under(
            line(channel.about) if channel.about else say("complaint.about"),
            [*desk.fields("lender"), *desk.about()],
        ),
        Heading(text=say("complaint.facts")),
        *_facts(channel, desk, cited),
        Heading(text=say("complaint.rules")),
        *_rules(desk, cited),
        Heading(text=say("complaint.asks")),
        Listing(items=tuple(_asks(channel, desk)), ordered=True),
    ]
    if channel.clause:
        said = say("complaint.clause") + desk.speech.voice.colon()
        blocks.append(Paragraph(text=said + desk.speech.voice.tidy(channel.clause)))
    blocks += [
        Paragraph(text=say("complaint.no_acknowledgement")),
        Heading(text=say("complaint.attach")),
        desk.attached(),
        desk.signature(),
    ]
    return desk.paper(
        f"complaint-{channel.id}", line(channel.title), blocks,
        channel=channel.id, to=_addressee(channel, desk), before=_before(channel, desk, cited),
        grounds=_grounds(desk, channel, cited),
        lacking=desk.lacking("name", "phone", "address", "lender", "lender_type"),
    )  # fmt: skip


def _under(title: str, blocks: Iterable[Block]) -> list[Block]:
    """``blocks`` under their heading; where nobody said anything there is no heading either."""
    made = list(blocks)
    return [Heading(text=title), *made] if made else []


def _topics(channel: Channel, desk: Desk) -> frozenset[str] | None:
    """What a channel hears of: everything at the institution, more than usual in danger."""
    if channel.own:
        return None
    return channel.topics | (channel.in_danger if desk.told.danger else frozenset())


def _addressee(channel: Channel, desk: Desk) -> str:
    return desk.addressee() if channel.own else desk.speech.line(channel.to)


def _facts(channel: Channel, desk: Desk, cited: tuple[Marked, ...]) -> Iterator[Block]:
    """What the log shows: counts, the contacts concerned, and the words of messages."""
    say = desk.say
    if desk.third:
        yield Paragraph(text=say("complaint.from_third"))
    if channel.danger and desk.told.danger:
        yield Paragraph(text=say("complaint.danger"))
    yield from desk.seen() or [Paragraph(text=say("timeline.empty"))]
    contacts = concerned(desk, cited)
    if not contacts:
        # What is disputed is the debt or the record of it; it has no place among data leaks.
        if desk.told.disputed and "credit" in channel.wants & set(desk.told.wants):
            yield Field(label=say("complaint.own_words"), value=clean(desk.told.disputed))
        return
    yield Paragraph(text=say("complaint.facts_clock", zone=desk.zone()))
    keys = ("when", "what", "number", "marks", "source")
    yield Table(
        caption=say("complaint.rows_caption"),
        heads=tuple(say(f"row.{key}") for key in keys),
        rows=tuple(contact_row(desk, contact, cited, keys) for contact in contacts[:_ROWS_MAX]),
    )
    if len(contacts) > _ROWS_MAX:
        yield Paragraph(text=say("complaint.rows_more", shown=_ROWS_MAX, all=len(contacts)))
    quoted = tuple(_quoted(desk, cited))
    if quoted:
        yield Heading(text=say("complaint.texts"))
        yield Listing(items=quoted)


def concerned(desk: Desk, cited: tuple[Marked, ...]) -> list[Contact]:
    """The contacts that findings are about, oldest first."""
    marks = {marked.mark for marked in cited}
    found = desk.facts.by_contact
    return [
        contact
        for contact in desk.given.contacts
        if any(marked.mark in marks for marked, _ in found.get(identity(contact), ()))
    ]


def _quoted(desk: Desk, cited: tuple[Marked, ...]) -> Iterator[str]:
    """Messages that are complained of for their words, as the phone keeps them."""
    worded = tuple(marked for marked in cited if topics()[marked.topic][2])
    voice = desk.speech.voice
    for contact in concerned(desk, worded)[:_TEXTS_MAX]:
        if isinstance(contact.text, str) and contact.text.strip():
            words = cut(" ".join(clean(contact.text).split()), _TEXT_MAX)
            head = [moment(desk, contact), kind(desk, contact), number_of(contact)]
            quote = f"“{words}”"
            where = place(desk, contact)
            yield " · ".join(part for part in (*head, where) if part) + voice.colon() + quote


def _rules(desk: Desk, cited: tuple[Marked, ...]) -> Iterator[Block]:
    if not cited:
        yield Paragraph(text=desk.say("complaint.rules_none"))
        return
    yield Paragraph(text=desk.say("complaint.rules_intro"))
    yield rules_table(desk, cited)
    if any(marked.group.level is Level.SELF_REGULATION for marked in cited):
        yield Paragraph(text=desk.say("complaint.members"))
    if any(finding.unless for marked in cited for finding in marked.group.findings):
        yield Paragraph(text=desk.say("complaint.unless"))
    yield Paragraph(text=desk.say("complaint.end"))


def _asks(channel: Channel, desk: Desk) -> Iterator[str]:
    yield from map(desk.speech.line, channel.asks)
    who = desk.say("complaint.who_you" if channel.own else "complaint.who_they")
    if desk.third:
        if channel.wishes:
            yield desk.say("complaint.asks_third", who=who)
    else:
        carried = set(desk.told.wants) & (set(WANTS) if channel.wishes else channel.wants)
        for want in ("stop", "family", "dispute", "leak", "credit"):
            if want in carried:
                american = "_us" if want == "stop" and desk.country.id == "us" else ""
                yield desk.say(f"complaint.asks_want_{want}{american}", who=who)


def _before(channel: Channel, desk: Desk, cited: tuple[Marked, ...]) -> tuple[str, ...]:
    """How this channel works and how sure that is, then what to mind."""
    say, line = desk.say, desk.speech.line
    said = []
    if channel.danger and desk.told.danger:
        said += [
            say("before.danger", emergency=desk.country.emergency),
            say("before.facts_missing"),
        ]
    if not (channel.own or channel.danger or channel.direct):
        said.append(say("before.own_first"))
    stop = "；" if desk.speech.voice.chinese else "; "
    known = say(f"known.{channel.confidence}")
    said += [
        say("before.how", text=line(channel.how)),
        say("before.needs", text=stop.join(map(line, channel.needs))),
        say("before.answer", text=line(channel.answer_by)),
        say("before.source", known=known, source=line(channel.source)),
        *map(line, channel.mind),
    ]
    if channel.lenders and not desk.told.lender_type:
        said.append(say("before.lender_type"))
    exceptions = {line(s): None for m in cited for f in m.group.findings for s in f.unless}
    if exceptions:
        said.append(say("before.unless", text=stop.join(exceptions)))
    if any(topics()[marked.topic][2] for marked in cited):
        said.append(say("before.texts"))
    return (*said, *desk.cautions("signing", "private_account", "codes"))


def _grounds(desk: Desk, channel: Channel, cited: tuple[Marked, ...]) -> tuple[Ground, ...]:
    """The rules cited, then what obliges the channel to answer, where the law says so."""
    voice = desk.speech.voice
    rows = rules_table(desk, cited).rows
    made = [
        Ground(
            clause=voice.tidy(marked.group.clause),
            level=str(marked.group.level),
            confidence=str(marked.group.confidence),
            claim=row[2],
        )
        for marked, row in zip(cited, rows, strict=True)
    ]
    if channel.clause:
        made.append(
            Ground(
                clause=voice.tidy(channel.clause),
                level="law",
                confidence="text",
                claim=desk.speech.line(channel.answer_by),
            )
        )
    return tuple(dict.fromkeys(made))
