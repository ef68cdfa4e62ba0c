"""What an importer hands on: rows of a log, rows that could not be read, and remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from forbear.base.contact import Source
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Outcome


class Form(StrEnum):
    """The kind of file that a row came from."""

    CALL_BACKUP = "call backup"
    SMS_BACKUP = "sms backup"
    BILL = "bill"
    LEDGER = "ledger"
    WRITTEN = "written list"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One call or message of a log.

    ``number`` is the other side, made comparable (see ``numbers.comparable``), None where it was
    withheld; ``displayed_as`` is the number as the file has it. ``at`` is aware. ``incoming`` is
    seen from the phone. ``outcome`` is None where the file does not say. ``duration_seconds`` is
    talking time. ``sha256`` is the hex digest of the raw row as UTF-8. ``sim`` names the phone's
    subscription, where known. ``more`` holds what only a lender's ledger says, each value already
    of the type that ``ledger`` documents.
    """

    source: Source
    sha256: str
    form: Form
    kind: Channel
    number: str | None
    displayed_as: str | None
    name: str | None
    at: datetime
    incoming: bool
    outcome: Outcome | None
    duration_seconds: int | None = None
    text: str | None = None
    sim: str | None = None
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that could not be read. ``what`` says what is wrong and how to mend it, in one line."""

    source: Source
    what: str

    def __str__(self) -> str:
        """The one line that a person is shown: file, line, what and how to mend it."""
        return f"{self.source.file} line {self.source.line}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Everything that was read, oldest first.

    ``inputs`` maps each file name to the sha256 of its bytes. ``shows_unanswered`` is False where a
    call that nobody answered need not stand in this log, as on every Chinese carrier's bill.
    ``shows_calls`` and ``shows_texts`` say whether a file that would list them was given.
    ``duplicates`` counts the rows left out because another row shows the same contact; ``repeats``
    are those rows.
    """

    rows: tuple[LogRow, ...]
    unreadable: tuple[BadRow, ...]
    inputs: Mapping[str, str]
    notes: tuple[Sentence, ...]
    shows_unanswered: bool
    shows_calls: bool
    shows_texts: bool
    duplicates: int
    repeats: tuple[LogRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read: the IANA ``zone`` of local times, the ``year`` where rows lack one, ``now``."""

    zone: str
    year: int | None
    now: datetime
    max_bytes: int


_BAD_ROWS_MAX: Final = 2_000
_MESSAGE_MAX: Final = 300
_MESSAGE_END: Final = 120


class Part:
    """Collects what one file gives while it is read; the only thing here that changes."""

    __slots__ = ("_beyond", "bad", "file", "forms", "notes", "rows", "shows_unanswered")

    def __init__(self, file: str) -> None:
        """Start empty for the file that findings will name ``file``."""
        self.file = file
        self.rows: list[LogRow] = []
        self.bad: list[BadRow] = []
        self.notes: list[Sentence] = []
        self.forms: set[Form] = set()
        self.shows_unanswered: bool | None = None
        self._beyond: tuple[int, int] | None = None

    def fail(self, line: int, what: str) -> None:
        """Report that the row at ``line`` cannot be read; beyond the first 2,000 only a count."""
        if len(self.bad) < _BAD_ROWS_MAX:
            self.bad.append(BadRow(source=Source(file=self.file, line=line), what=one_line(what)))
        else:
            first, count = self._beyond or (line, 0)
            self._beyond = (first, count + 1)

    def unreadable(self) -> list[BadRow]:
        """The rows that could not be read, with one line for all those beyond the first 2,000."""
        if self._beyond is None:
            return self.bad
        line, count = self._beyond
        what = f"{count} more rows from here on cannot be read; mend the ones above first"
        return [*self.bad, BadRow(source=Source(file=self.file, line=line), what=what)]


def one_line(text: str) -> str:
    """``text`` without line breaks and control characters, at most 300 characters long.

    What is too long loses its middle, since a message ends with the way to mend what is wrong.
    """
    shown = "".join(mark if mark.isprintable() else " " for mark in text)
    shown = " ".join(shown.split())
    if len(shown) <= _MESSAGE_MAX:
        return shown
    return f"{shown[: _MESSAGE_MAX - _MESSAGE_END - 1]}…{shown[-_MESSAGE_END:]}"
