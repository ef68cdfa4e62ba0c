"""Tables of an HTML page, as carriers save bills under the name of .xls."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forbear.intake.table import SNIFF_BYTES, Row, bare, encoding_of

# No expression here looks past the next "<", so that the time taken grows with the length alone.
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_HIDDEN: Final = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style", re.IGNORECASE)),
)
_CELLS: Final = frozenset({"td", "th"})
_ENDS_A_CELL: Final = frozenset({"td", "th", "tr", "table"})
_BREAKS: Final = frozenset({"br", "p", "div"})
_DAMAGED: Final = "the encoding is wrong here; save the file as UTF-8"


def page_rows(path: Path) -> Iterator[Row]:
    """The rows of the tables of a page; the line is the row's number, as a spreadsheet shows it."""
    data = path.read_bytes()
    text = data.decode(encoding_of(data[:SNIFF_BYTES]), "replace")
    for begin, end in _HIDDEN:
        text = _without(text, begin, end)
    for line, raw in enumerate(_rows(text), start=1):
        cells = tuple([bare(_shown(cell)) for cell in raw])
        broken = _DAMAGED if any("\ufffd" in cell for cell in raw) else None
        digest = hashlib.sha256("\t".join(cells).encode("utf-8", "replace")).hexdigest()
        yield Row(line=line, cells=() if broken else cells, sha256=digest, broken=broken)


def _without(text: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    kept = []
    at = 0
    while (start := begin.search(text, at)) and (stop := end.search(text, start.end())):
        kept.append(text[at : start.start()])
        at = stop.end()
    return "".join([*kept, text[at:]])


def _rows(text: str) -> Iterator[list[str]]:
    """The cells of each row as the page writes them; a table inside a cell ends that cell."""
    row: list[str] | None = None
    cell: list[str] | None = None
    at = 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if cell is not None:
            cell.append(text[at : tag.start()])
            if name in _BREAKS:
                cell.append(" ")
        at = tag.end()
        if name not in _ENDS_A_CELL:
            continue
        if cell is not None and row is not None:
            row.append("".join(cell))
        cell = None
        if name == "tr" and not tag[1]:
            if row is not None:
                yield row
            row = []
        elif name in _CELLS and not tag[1]:
            row = [] if row is None else row
            cell = []
    if row is not None:
        yield row if cell is None else [*row, "".join([*cell, text[at:]])]


def _shown(cell: str) -> str:
    """The text of a cell as a reader sees it, on one line."""
    if "&" in cell:
        try:
            cell = html.unescape(cell)
        except ValueError:
            # A reference of thousands of digits stands for nothing; it stays as it is written.
            return cell
    return " ".join(cell.split())
