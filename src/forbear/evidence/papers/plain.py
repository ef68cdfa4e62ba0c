"""A paper as plain text, to be pasted into a form or a mail and changed there."""

from __future__ import annotations

from forbear.evidence.papers.paper import (
    Block,
    Field,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from forbear.evidence.voice import THIN_SPACE


def to_text(paper: Paper) -> str:
    """The paper without its warnings; a table becomes one line a row."""
    chinese = paper.language == "zh"
    lines = [paper.title, ""]
    if paper.not_made:
        lines.append(paper.not_made)
    previous: Block | None = None
    for block in paper.blocks:
        # Fields that follow one another belong together; everything else stands apart.
        if previous is not None and not (isinstance(block, Field) and isinstance(previous, Field)):
            lines.append("")
        lines += _lines(block, "：" if chinese else ": ")
        previous = block
    # Forms and old terminals show the thin space of a page as a sign.
    space = " " if chinese else ""
    return "\n".join(line.rstrip() for line in lines).replace(THIN_SPACE, space) + "\n"


def _lines(block: Block, colon: str) -> list[str]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            return [text]
        case Listing(items=items, ordered=ordered):
            return [
                f"{number}. {item}" if ordered else f"- {item}"
                for number, item in enumerate(items, start=1)
            ]
        case Table(caption=caption, heads=heads, rows=rows):
            return [caption, " | ".join(heads), *(" | ".join(row) for row in rows)]
        case Field(label=label, value=value):
            return [f"{label}{colon}{value}"]
        case Signature(label=label, name=name, day=day):
            return [f"{label}{colon}{name}", day]
