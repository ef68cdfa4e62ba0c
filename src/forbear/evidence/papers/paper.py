"""One paper: what it says in blocks, on what ground, and what to mind before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forbear.evidence.given import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The title of a part of a paper."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Several things in a row, numbered where ``ordered``."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of plain cells under their heads, each row as long as ``heads``."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing by its name; ``exact`` text, such as a command, is to be copied sign by sign."""

    label: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Where a hand signs: only here may a paper hold an empty line."""

    label: str
    name: str
    day: str


Block = Heading | Paragraph | Listing | Table | Field | Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A norm that a paper rests on.

    ``level`` is one of the levels of rules; ``confidence`` how sure we are of our reading;
    ``claim`` what the norm asks, in our own words.
    """

    clause: str
    level: str
    confidence: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper, or the reason why it was not made.

    ``channel`` is the id of the channel that it is for, empty for a letter to the institution.
    ``before`` is for the person alone and never part of the paper; ``lacking`` are the fields of
    ``Told`` that are still empty or could not be read. A paper that was ``not_made`` has no blocks.
    """

    id: str
    title: str
    language: Language
    channel: str = ""
    to: str = ""
    blocks: tuple[Block, ...] = ()
    before: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    lacking: tuple[str, ...] = ()
    not_made: str = ""


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as values that ``json.dumps`` takes."""
    return {
        "id": paper.id,
        "title": paper.title,
        "language": paper.language,
        "channel": paper.channel,
        "to": paper.to,
        "blocks": [_block(block) for block in paper.blocks],
        "before": list(paper.before),
        "grounds": [
            {"clause": g.clause, "level": g.level, "confidence": g.confidence, "claim": g.claim}
            for g in paper.grounds
        ],
        "lacking": list(paper.lacking),
        "not_made": paper.not_made,
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text=text):
            return {"kind": "heading", "text": text}
        case Paragraph(text=text):
            return {"kind": "paragraph", "text": text}
        case Listing(items=items, ordered=ordered):
            return {"kind": "list", "items": list(items), "ordered": ordered}
        case Table(caption=caption, heads=heads, rows=rows):
            shown = [list(row) for row in rows]
            return {"kind": "table", "caption": caption, "heads": list(heads), "rows": shown}
        case Field(label=label, value=value, exact=exact):
            return {"kind": "field", "label": label, "value": value, "exact": exact}
        case Signature(label=label, name=name, day=day):
            return {"kind": "signature", "label": label, "name": name, "day": day}
