"""Reading a person's logs: files in, one ordered log out.

The kind of a file is found in its bytes, never in its name. A file that cannot be read at all is an
InputError where nothing else was given, and one reported row where other files could be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from forbear.base.clock import clock, instant_of
from forbear.base.contact import Source
from forbear.base.errors import CaseError, InputError
from forbear.base.reasons import Sentence
from forbear.base.words import Channel
from forbear.intake.android import forms_of, looks_like_backup, read_backup
from forbear.intake.bill import BILL_NAMES, bill_header, read_bill, what_a_bill_needs
from forbear.intake.headers import likeliest_header, plain_name, plain_names, top_of
from forbear.intake.joining import without_duplicates
from forbear.intake.ledger import LEDGER_NAMES, ledger_header, read_ledger
from forbear.intake.page import page_rows
from forbear.intake.rows import BadRow, Form, Log, LogRow, Part, Reading, one_line
from forbear.intake.table import Row, encoding_of, text_rows
from forbear.intake.workbook import workbook_sheets
from forbear.intake.written import WRITTEN_NAMES, read_written, written_header

MAX_BYTES: Final = 200 * 1024 * 1024
_HEAD_BYTES: Final = 65_536
_YEARS: Final = range(2000, 2101)
_PAGE_BEGINS: Final = ("<html", "<!doctype html")
_NO_TEXT_BYTES: Final = bytes([*range(1, 9), *range(14, 26), *range(27, 32), 127])
_STRANGE_BYTES_ONE_IN: Final = 40
_COLUMNS: Final = plain_names(LEDGER_NAMES, WRITTEN_NAMES, BILL_NAMES)
# Files that a person may well take for a log, and what to do instead.
_NOT_READ: Final = (
    (
        b"%PDF", "pdf",
        "it is a PDF; ask the carrier for Excel or CSV, or type the calls into the template",
    ),
    (
        b"\xd0\xcf\x11\xe0", "old_workbook",
        "it is an old .xls workbook; open it and save it as .xlsx or CSV",
    ),
    (b"SQLite format 3\0", "database", "it is a database; export the calls as XML or CSV instead"),
    (b"\x1f\x8b", "compressed", "it is compressed; unpack it first"),
    (b"Rar!", "compressed", "it is compressed; unpack it first"),
    (b"7z\xbc\xaf", "compressed", "it is compressed; unpack it first"),
    (b"\x89PNG", "picture", "it is a picture; type the calls into the template"),
    (b"\xff\xd8\xff", "picture", "it is a picture; type the calls into the template"),
    (b"GIF8", "picture", "it is a picture; type the calls into the template"),
    (b"RIFF", "picture", "it is a picture or a recording; type the calls into the template"),
)  # fmt: skip


def read_logs(
    paths: Sequence[Path | str],
    *,
    now: datetime,
    zone: str = "Asia/Shanghai",
    year: int | None = None,
    max_bytes: int = MAX_BYTES,
) -> Log:
    """Read and join every file of ``paths``.

    ``now`` (aware) bounds plausible dates; ``zone`` is the IANA zone of local times in bills and
    lists; ``year`` stands in for rows that have none; a file of more than ``max_bytes`` is refused
    unread. Raises InputError, in one line, where the zone is unknown or no file could be read.
    """
    # A moment without a zone is a bug of the caller's, and instant_of asserts that there is one.
    instant_of(now)
    try:
        clock(zone)
    except CaseError as error:
        raise InputError(str(error)) from error
    if not paths:
        message = "no file was given; name a call log, a bill or a list of calls"
        raise InputError(message)
    if year is not None and year not in _YEARS:
        message = f"--year {year} is no year of a phone log; write one such as --year 2026"
        raise InputError(message)
    reading = Reading(zone=zone, year=year, now=now, max_bytes=max_bytes)
    names = _names([Path(path) for path in paths])
    parts: list[Part] = []
    inputs: dict[str, str] = {}
    refused: list[BadRow] = []
    about = ""
    for path, name in names.items():
        try:
            inputs[name], read = _read_file(path, name, reading)
        except InputError as error:
            about = about or error.about
            refused.append(BadRow(source=Source(file=name, line=1), what=one_line(str(error))))
            continue
        parts += read
    if refused and not parts:
        others = f" ({len(refused) - 1} more files likewise)" if len(refused) > 1 else ""
        message = f"{refused[0].source.file}: {refused[0].what}{others}"
        raise InputError(message, about=about)
    return _joined(parts, refused, inputs)


def _names(paths: list[Path]) -> dict[Path, str]:
    """What findings call each file: its name, or its whole path where two share a name."""
    different = dict.fromkeys(paths)
    plain = [path.name for path in different]
    return {p: one_line(p.name if plain.count(p.name) == 1 else str(p)) for p in different}


def _joined(parts: list[Part], refused: list[BadRow], inputs: dict[str, str]) -> Log:
    every = [row for part in parts for row in part.rows]
    rows, duplicates = without_duplicates(every)
    kept = {id(row) for row in rows} if duplicates else set()
    notes = [note for part in parts for note in part.notes]
    if duplicates:
        zh = f"重复的记录{duplicates}条(备份重叠,或账单与手机记录为同一次),只计一次。"
        en = f"{duplicates} rows show a contact that another row shows too; each counts once."
        notes.append(Sentence(zh=zh, en=en))
    forms = {form for part in parts for form in part.forms}
    calls = [part.shows_unanswered for part in parts if part.shows_unanswered is not None]
    shows_unanswered = bool(calls) and (all(calls) or _phone_covers_bill(rows))
    if calls and not shows_unanswered:
        zh = "运营商账单不列未接来电,因此本记录不能说明未接通的次数。"
        en = "A carrier's bill lists no unanswered calls, so this log cannot show how many."
        notes.append(Sentence(zh=zh, en=en))
    everything = {Form.LEDGER, Form.WRITTEN, Form.SMS_BACKUP}
    return Log(
        rows=tuple(rows),
        unreadable=(*refused, *(bad for part in parts for bad in part.unreadable())),
        inputs=inputs,
        notes=tuple(notes),
        shows_unanswered=shows_unanswered,
        shows_calls=bool(calls),
        shows_texts=bool(forms & everything) or any(row.kind is Channel.SMS for row in rows),
        duplicates=duplicates,
        repeats=tuple(row for row in every if id(row) not in kept) if duplicates else (),
    )


def _phone_covers_bill(rows: list[LogRow]) -> bool:
    """Whether every billed call lies in the time over which the phone's own log runs.

    Then the phone has noted the unanswered calls that the bill leaves out.
    """
    noted = [row.at for row in rows if row.form is Form.CALL_BACKUP]
    billed = [row.at for row in rows if row.form is Form.BILL and row.kind is Channel.CALL]
    return bool(noted) and all(noted[0] <= at <= noted[-1] for at in billed)


def _read_file(path: Path, name: str, reading: Reading) -> tuple[str, list[Part]]:
    """The sha256 of a file's bytes and what was read of it; raises InputError."""
    try:
        if not path.is_file():
            problem = "it is no ordinary file" if path.exists() else "there is no such file"
            problem = "it is a folder" if path.is_dir() else problem
            message = f"{problem}; name a call log, a bill or a list of calls"
            raise InputError(message)
        size = path.stat().st_size
        if size > reading.max_bytes:
            message = (
                f"the file has {size} bytes, more than the {reading.max_bytes} that are read; "
                "export fewer months, or without pictures"
            )
            raise InputError(message, about="too_large")
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, _dispatch(path, head, Part(name), reading)
    except OSError as error:
        message = f"it cannot be opened ({error.strerror}); check the name and who may read it"
        raise InputError(message) from error


def _dispatch(path: Path, head: bytes, part: Part, reading: Reading) -> list[Part]:
    for mark, about, what in _NOT_READ:
        if head.startswith(mark):
            raise InputError(what, about=about)
    if not head.strip(b"\0 \t\r\n"):
        message = "the file is empty; export it again"
        raise InputError(message, about="empty")
    if head.startswith(b"PK\x03\x04"):
        return _read_workbook(path, part, reading)
    encoding = encoding_of(head)
    shown = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n\0")
    start = shown.lower()
    if shown.startswith("<") and ("<table" in start or start.startswith(_PAGE_BEGINS)):
        _read_table(page_rows(path), part, reading)
    elif shown.startswith("<") or forms_of(shown):
        _read_xml(path, shown, part, reading)
    elif not encoding.startswith("utf-16") and _is_binary(head):
        message = "it is no text, but a picture, a recording or a program; give a log or a bill"
        raise InputError(message, about="not_text")
    else:
        rows = text_rows(path, lambda cells: sum(plain_name(cell) in _COLUMNS for cell in cells))
        _read_table(rows, part, reading)
    return [part]


def _is_binary(head: bytes) -> bool:
    """Whether more than a stray byte is one that no text has; zeros are left by a broken copy."""
    strange = len(head) - len(head.translate(None, _NO_TEXT_BYTES))
    return strange * _STRANGE_BYTES_ONE_IN > len(head)


def _read_workbook(path: Path, part: Part, reading: Reading) -> list[Part]:
    """One part for each sheet, since each is a table of its own and counts its own lines."""
    sheets = workbook_sheets(path, max_bytes=reading.max_bytes)
    if len(sheets) == 1:
        _read_table(iter(sheets[0][1]), part, reading)
        return [part]
    parts = []
    refusals: list[InputError] = []
    for title, rows in sheets:
        sheet = Part(one_line(f"{part.file} [{title}]"))
        try:
            _read_table(iter(rows), sheet, reading)
        except InputError as error:
            refusals.append(error)
            sheet.fail(rows[0].line, str(error))
        parts.append(sheet)
    if len(refusals) == len(sheets):
        raise refusals[0] if refusals else InputError("the workbook is empty; export it again")
    return parts


def _read_xml(path: Path, shown: str, part: Part, reading: Reading) -> None:
    known = looks_like_backup(shown)
    if not known and "<!" not in shown:
        message = "it is XML and no backup of calls or messages; export with SMS Backup & Restore"
        raise InputError(message, about="other_xml")
    part.forms |= forms_of(shown)
    read_backup(path, part, reading)
    if not known and not part.forms:
        message = "it is XML without calls or messages; export with SMS Backup & Restore"
        raise InputError(message, about="other_xml")


def _read_table(rows: Iterator[Row], part: Part, reading: Reading) -> None:
    top = top_of(rows)
    every = chain(top, rows)
    if header := ledger_header(top):
        read_ledger(every, header, part, reading)
    elif header := written_header(top):
        read_written(every, header, part, reading)
    elif header := bill_header(top):
        read_bill(every, header, part, reading)
    else:
        _refuse_table(top)


def _refuse_table(top: list[Row]) -> None:
    row = likeliest_header(top)
    if row is None or not any(row.cells):
        broken = next((row.broken for row in top if row.broken), "it holds no table")
        message = f"{broken}; give a call log, a bill or a list of calls"
        raise InputError(message, about="no_table")
    seen = ", ".join(f"«{cell[:20]}»" for cell in row.cells if cell)
    message = (
        f"line {row.line}: the columns are not known, seen: {one_line(seen)[:110]}; looked for "
        f"{what_a_bill_needs()}; rename them or use the template"
    )
    raise InputError(message, about="columns")
