"""A backup's XML cut into its elements, one call or message each, while it is read in pieces.

Memory stays small, a damaged element costs that element alone, and every step takes time that grows
with the length of the file only: whatever stands in it, nothing is looked at again and again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forbear.base.errors import InputError
from forbear.intake.rows import Part
from forbear.intake.xmltext import utf8_pieces

# "<" cannot stand in an attribute's value, so each of these begins or ends something.
_MARK: Final = re.compile(
    rb"<!--|-->|<(?:call|sms|mms)(?=[\s/>])|</(?:calls|smses)\s*>|<(?:calls|smses)(?:\s[^<>]*)?/>"
)
_FORBIDDEN: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORBIDDEN_BYTES: Final = 10
# A comment is skipped only where it closes soon: one left open must not swallow the rows behind it.
_COMMENT_BYTES_MAX: Final = 4_000
_COMMENT_BYTES_MIN: Final = len(b"<!---->")
# Marks this near to the end of what was read wait for more, since a comment may close behind them.
_HOLD_BACK_BYTES: Final = 4_100
ELEMENT_BYTES_MAX: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one element and the line where it begins; ``cut`` where the file ends in it."""

    line: int
    raw: bytes
    cut: bool = False


class _Splitter:
    """Cuts the stream of bytes into elements, holding one element and one piece at a time."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._held = bytearray()
        self._line = 1
        self._begun = self._closed = False
        # Offsets into what is held: marks before the first are dealt with, or lie in a comment.
        self._scanned = self._comment_end = 0

    def feed(self, text: bytes) -> Iterator[Piece]:
        """The elements that are whole once ``text`` has come; empty ``text`` ends the file."""
        held = self._held
        held += text
        if _FORBIDDEN.search(held, max(0, len(held) - len(text) - _FORBIDDEN_BYTES)):
            message = (
                f"line {self._line}: the file declares a document type or entities, which a backup "
                "never does; it is refused unread, export it again from the phone"
            )
            raise InputError(message)
        safe = len(held) - _HOLD_BACK_BYTES if text else len(held)
        marks = list(_MARK.finditer(held, self._scanned))
        comment_ends = [mark.end() for mark in marks if mark[0] == b"-->"]
        start = 0
        for mark in marks:
            begin, what = mark.start(), mark[0]
            if begin >= safe:
                break
            if begin < self._comment_end or what == b"-->":
                continue
            if what == b"<!--":
                self._comment_end = _end_of_comment(begin, comment_ends)
                continue
            yield from self._cut(start, begin, cut=False)
            start = begin
            self._closed = what.endswith(b">")
            self._begun = not self._closed
        self._scanned = max(self._scanned, safe) - start
        self._comment_end = max(0, self._comment_end - start)
        del held[:start]
        if not text:
            yield from self._cut(0, len(held), cut=not self._closed)
        elif len(held) > ELEMENT_BYTES_MAX:
            self._drop()

    def _cut(self, start: int, end: int, *, cut: bool) -> Iterator[Piece]:
        raw = bytes(self._held[start:end])
        if self._begun:
            yield Piece(self._line, raw, cut)
        self._line += raw.count(b"\n")
        if cut and not self._begun:
            what = "the file breaks off before its first row; export it again from the phone"
            self._part.fail(self._line, what)

    def _drop(self) -> None:
        if self._begun:
            what = "one row is larger than 64 MiB; export again without attachments"
            self._part.fail(self._line, what)
        kept = bytes(self._held[-_HOLD_BACK_BYTES:])
        self._line += self._held.count(b"\n") - kept.count(b"\n")
        self._held[:] = kept
        self._begun, self._scanned, self._comment_end = False, 0, 0


def _end_of_comment(begin: int, ends: list[int]) -> int:
    """Where the comment that begins at ``begin`` ends; 0 where none of ``ends`` is near enough."""
    place = bisect_left(ends, begin + _COMMENT_BYTES_MIN)
    if place == len(ends) or ends[place] > begin + _COMMENT_BYTES_MAX:
        return 0
    return ends[place]


def pieces_of(path: Path, part: Part) -> Iterator[Piece]:
    """Each element of the file, the last one marked where the file breaks off."""
    splitter = _Splitter(part)
    for text in utf8_pieces(path, part):
        yield from splitter.feed(text)
    yield from splitter.feed(b"")
