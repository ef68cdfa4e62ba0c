"""Tables of amounts for a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

from collections.abc import Sequence

from forbear.evidence.voice import columns

GAP = "  "


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """The lines of a table; columns are as wide as their widest cell, numbers stand right.

    A last row that begins with an empty cell is no special case: it is set like the others.
    """
    widths = [
        max(columns(each[place]) for each in (heads, *rows)) if rows else columns(heads[place])
        for place in range(len(heads))
    ]
    rule = GAP.join("-" * width for width in widths)
    lines = [_line(heads, widths, right), rule]
    return [*lines, *(_line(row, widths, right) for row in rows)]


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    set_ = []
    for cell, width, to_the_right in zip(cells, widths, right, strict=True):
        room = " " * (width - columns(cell))
        set_.append(room + cell if to_the_right else cell + room)
    return GAP.join(set_).rstrip()


def facts(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Lines of a name and what it is, the second parts one below the other."""
    width = max(columns(name) for name, _ in pairs)
    return [f"{name}{' ' * (width - columns(name))}{GAP}{what}".rstrip() for name, what in pairs]
