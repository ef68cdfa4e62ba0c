"""The page to read first: what to do, which paper goes where, what is still lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forbear.evidence.papers.country import Channel
from forbear.evidence.papers.desk import Desk
from forbear.evidence.papers.paper import Block, Heading, Listing, Paper, Paragraph, Table


def guide(desk: Desk, papers: Sequence[Paper]) -> Paper:
    """For the person alone; it goes to nobody."""
    return desk.paper("guide", desk.say("guide.title"), tuple(_blocks(desk, papers)), to="")


def _blocks(desk: Desk, papers: Sequence[Paper]) -> Iterator[Block]:
    say = desk.say
    yield Paragraph(text=say("guide.intro"))
    yield Heading(text=say("guide.safe"))
    safe = [say("before.danger", emergency=desk.country.emergency)] if desk.told.danger else []
    safe += [say("guide.safe_keep"), say("before.private_account"), say("before.codes")]
    safe.append(say("before.third_pay") if desk.third else say("before.signing"))
    if desk.guarantor:
        safe.append(say("before.guarantor"))
    yield Listing(items=tuple(safe), ordered=True)
    if not desk.third:
        yield Paragraph(text=desk.speech.line(desk.country.limitation))
    yield Heading(text=say("guide.which"))
    keys = ("paper", "where", "answer", "sure")
    channels = {channel.id: channel for channel in desk.country.channels}
    made = [paper for paper in papers if not paper.not_made]
    yield Table(
        caption=say("guide.table"),
        heads=tuple(say(f"guide.{key}") for key in keys),
        rows=tuple(_row(desk, paper, channels.get(paper.channel)) for paper in made),
    )
    yield from _left(desk, papers)


def _row(desk: Desk, paper: Paper, channel: Channel | None) -> tuple[str, str, str, str]:
    say, line = desk.say, desk.speech.line
    if channel is not None:
        where = paper.to + desk.speech.voice.colon() + line(channel.how)
        return paper.title, where, line(channel.answer_by), say(f"known.{channel.confidence}")
    if paper.id in ("timeline", "exhibit"):
        return paper.title, say("guide.keep"), say("guide.none"), say("guide.none")
    where = say("guide.by_post", to=paper.to)
    if paper.id in ("credit", "data"):
        return paper.title, where, say("guide.by_law"), say("guide.none")
    return paper.title, where, say("guide.fifteen"), say("guide.request")


def _left(desk: Desk, papers: Sequence[Paper]) -> Iterator[Block]:
    """What is lacking, and what was not made and why."""
    say, together = desk.say, desk.speech.voice.together
    lacking: dict[str, list[str]] = {}
    for paper in papers:
        for name in paper.lacking:
            lacking.setdefault(name, []).append(paper.title)
    if lacking:
        yield Heading(text=say("guide.lacking"))
        yield Paragraph(text=say("guide.lacking_intro"))
        items = tuple(
            say("guide.lacking_item", field=say(f"field.{name}"), papers=together(list(titles)))
            for name, found in lacking.items()
            for titles in [dict.fromkeys(found)]
        )
        yield Listing(items=items)
    refused = [paper for paper in papers if paper.not_made]
    if refused:
        yield Heading(text=say("guide.not_made"))
        items = tuple(say("guide.not_made_item", title=p.title, why=p.not_made) for p in refused)
        yield Listing(items=items)
