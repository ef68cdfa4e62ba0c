"""What of each source is encoded: the tables of every ``source.md`` held against the rules.

A source lists its clauses in Markdown tables whose last column says which rules encode the row, as
ids in backticks, or why none does, after "not encoded:" or "不编码:". A row may say both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forbear.base.errors import PackError
from forbear.law.book import Book
from forbear.law.packs import Pack

_HEADINGS: Final = ("encoded", "编码")
_RULE: Final = re.compile(r"`([a-z0-9][a-z0-9-]*)`")
_REASON: Final = re.compile(r"(?:not encoded|不编码)\s*[:：]\s*([^|`]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a source: its clause, the duty in our words, and what became of it."""

    pack: str
    source: str
    line: int
    clause: str
    duty: str
    rules: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All rows of a book's sources, and what is wrong between them and the rules."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...]


def coverage(book: Book) -> Coverage:
    """Read every source of the book's packs; raises PackError where one cannot be read."""
    rows = [row for pack in book.packs for row in _rows_of(pack)]
    problems = [*_dangling(rows, book), *_unlisted(rows, book), *_unquoted(book)]
    return Coverage(rows=tuple(rows), problems=tuple(problems))


def _rows_of(pack: Pack) -> Iterable[Row]:
    for path in sorted(pack.folder.glob("*/source.md")):
        yield from read_source(path, pack.name)


def read_source(path: Path, pack: str) -> list[Row]:
    """The rows of one ``source.md``; raises PackError where a table has no last column for it."""
    where = f"{pack}/{path.parent.name}"
    rows: list[Row] = []
    heads: list[str] | None = None
    for number, line in enumerate(_lines(path, where), start=1):
        if not line.startswith("|"):
            heads = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if heads is None:
            heads = cells
            if heads[-1].lower() not in _HEADINGS:
                message = f"{where}/source.md line {number}: the last column of a table must be "
                raise PackError(message + " or ".join(_HEADINGS))
            continue
        if set("".join(cells)) <= set("-: "):
            continue
        found = _REASON.search(cells[-1])
        rows.append(
            Row(
                pack=pack,
                source=path.parent.name,
                line=number,
                clause=cells[0],
                duty=cells[1] if len(cells) > 2 else "",
                rules=tuple(_RULE.findall(cells[-1])),
                reason=found[1].strip() if found else None,
            )
        )
    return rows


def _lines(path: Path, where: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{where}/source.md: it cannot be read ({error}); mend the file"
        raise PackError(message) from error


def _dangling(rows: Iterable[Row], book: Book) -> Iterable[str]:
    """Rows that are in neither state, and rows that name a rule which is not there."""
    known = {rule.id for rule in book.rules}
    for row in rows:
        where = f"{row.pack}/{row.source}/source.md line {row.line} ({row.clause})"
        if not row.rules and not row.reason:
            yield f"{where}: neither encoded nor said why not; name a rule or give a reason"
        for name in row.rules:
            if name not in known:
                yield f"{where}: there is no rule {name!r}; correct the id"


def _unlisted(rows: Iterable[Row], book: Book) -> Iterable[str]:
    """Rules that no row of their own instrument's source names."""
    named = {(row.pack, row.source, name) for row in rows for name in row.rules}
    for rule in dict.fromkeys((r.instrument.pack, r.instrument.id, r.id) for r in book.rules):
        if rule not in named:
            pack, source, name = rule
            yield f"{pack}/{source}: rule {name} stands in no row of source.md; add it to its row"


def _unquoted(book: Book) -> Iterable[str]:
    """Rules whose clause is not written in their instrument's source as verdicts cite it."""
    texts: dict[Path, str] = {}
    folders = {pack.name: pack.folder for pack in book.packs}
    for rule in book.rules:
        path = folders[rule.instrument.pack] / rule.instrument.id / "source.md"
        if path not in texts:
            texts[path] = path.read_text(encoding="utf-8") if path.is_file() else ""
        if rule.clause not in texts[path]:
            pack, source = rule.instrument.pack, rule.instrument.id
            yield f"{pack}/{source}: clause {rule.clause!r} of rule {rule.id} is not in source.md"
