"""Finding the header row of a table, and what its columns are, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from forbear.intake.table import HEADER_WITHIN_LINES, Row
from forbear.intake.values import narrow

Names = Mapping[str, tuple[str, ...]]
# Each bracket is looked at once, so that a cell full of them takes no longer than another.
_UNIT: Final = re.compile(r"[(\[][^()\[\]]*[)\]]|[*:]")


@lru_cache(maxsize=4096)
def plain_name(cell: str) -> str:
    """A column name without unit, blanks, stars and case: ``通话时长(秒)`` is ``通话时长``."""
    return re.sub(r"[\s_\-]", "", _UNIT.sub("", narrow(cell))).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header row: where each wanted column stands, best name first, and its cells as written."""

    line: int
    columns: Mapping[str, tuple[int, ...]]
    cells: tuple[str, ...]

    def first(self, row: Row, column: str) -> str:
        """The cell of ``row`` under the best name for ``column``; empty where there is none."""
        for place in self.columns.get(column, ()):
            if place < len(row.cells):
                return row.cells[place]
        return ""

    def all(self, row: Row, column: str) -> list[str]:
        """The cells of ``row`` under every name for ``column``, best name first."""
        places = self.columns.get(column, ())
        return [row.cells[place] for place in places if place < len(row.cells)]

    def has(self, column: str) -> bool:
        """Whether the table has such a column."""
        return column in self.columns

    def repeats(self, row: Row) -> bool:
        """Whether ``row`` is the header once more, as on every page of a printed bill."""
        return row.cells == self.cells


def header_in(row: Row, names: Names) -> Header:
    """The columns of ``names`` that this row names; none where it is no header."""
    written = [plain_name(cell) for cell in row.cells]
    columns = {}
    for column, synonyms in names.items():
        places = tuple(
            place
            for synonym in synonyms
            for place, cell in enumerate(written)
            if cell == plain_name(synonym)
        )
        if places:
            columns[column] = tuple(dict.fromkeys(places))
    return Header(line=row.line, columns=columns, cells=row.cells)


def plain_names(*vocabularies: Names) -> frozenset[str]:
    """Every column name of the vocabularies, made plain."""
    return frozenset(
        plain_name(synonym)
        for names in vocabularies
        for synonyms in names.values()
        for synonym in synonyms
    )


def top_of(rows: Iterator[Row]) -> list[Row]:
    """The first rows of a table, among which its header must stand."""
    top = []
    for row in rows:
        top.append(row)
        if len(top) == HEADER_WITHIN_LINES:
            break
    return top


def likeliest_header(top: list[Row]) -> Row | None:
    """The row that a person would take for the header: the first with most cells filled in."""
    filled = [(sum(bool(cell) for cell in row.cells), -row.line, row) for row in top]
    return max(filled, key=lambda entry: entry[:2])[2] if filled else None
