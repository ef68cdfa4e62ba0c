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

from forbear.base.clock import clock
from forbear.base.contact import Source
from forbear.base.errors import CaseError, InputError
from forbear.base.reasons import Sentence
from forbear.intake.android import looks_like_backup, read_backup
from forbear.intake.bill import BILL_NAMES, bill_header, read_bill, what_a_bill_needs
from forbear.intake.headers import known_names, likeliest_header, top_of
from forbear.intake.joining import without_duplicates
from forbear.intake.ledger import LEDGER_NAMES, ledger_header, read_ledger
from forbear.intake.rows import BadRow, Form, Log, LogRow, Part, Reading, one_line
from forbear.intake.table import Row, encoding_of, page_rows, text_rows, workbook_rows
from forbear.intake.written import WRITTEN_NAMES, read_written, written_header

__all__ = ["BadRow", "Log", "LogRow", "MAX_BYTES", "read_logs"]

MAX_BYTES: Final = 200 * 1024 * 1024
_HEAD_BYTES: Final = 65_536
_VOCABULARIES: Final = (LEDGER_NAMES, WRITTEN_NAMES, BILL_NAMES)
# Files that a person may well take for a log, and what to do instead.
_NOT_READ: Final = (
    (b"%PDF", "it is a PDF; ask the carrier for Excel or CSV, or type the calls into the template"),
    (b"\xd0\xcf\x11\xe0", "it is an old .xls workbook; open it and save it as .xlsx or CSV"),
    (b"SQLite format 3\0", "it is a database; export the calls as XML or CSV instead"),
    (b"\x1f\x8b", "it is compressed; unpack it first"),
    (b"Rar!", "it is compressed; unpack it first"),
    (b"7z\xbc\xaf", "it is compressed; unpack it first"),
    (b"\x89PNG", "it is a picture; type the calls into the template"),
    (b"\xff\xd8\xff", "it is a picture; type the calls into the template"),
)


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
    assert now.tzinfo is not None, "now must be an aware datetime"
    try:
        clock(zone)
    except CaseError as error:
        raise InputError(str(error)) from error
    if not paths:
        message = "no file was given; name a call log, a bill or a list of calls"
        raise InputError(message)
    if year is not None and not 2000 <= year <= 2100:
        message = f"--year {year} is no year of a phone log; write one such as --year 2026"
        raise InputError(message)
    reading = Reading(zone=zone, year=year, now=now, max_bytes=max_bytes)
    names = _names([Path(path) for path in paths])
    parts: list[Part] = []
    inputs: dict[str, str] = {}
    refused: list[BadRow] = []
    for path, name in names.items():
        part = Part(name)
        try:
            inputs[name] = _read_file(path, part, reading)
        except InputError as error:
            refused.append(BadRow(source=Source(file=name, line=1), what=one_line(str(error))))
            continue
        parts.append(part)
    if refused and not parts:
        others = f" ({len(refused) - 1} more files likewise)" if len(refused) > 1 else ""
        message = f"{refused[0].source.file}: {refused[0].what}{others}"
        raise InputError(message)
    return _joined(parts, refused, inputs)


def _names(paths: list[Path]) -> dict[Path, str]:
    """What findings call each file: its name, or its whole path where two share a name."""
    plain = [path.name for path in paths]
    return {p: p.name if plain.count(p.name) == 1 else one_line(str(p)) for p in paths}


def _joined(parts: list[Part], refused: list[BadRow], inputs: dict[str, str]) -> Log:
    rows, duplicates = without_duplicates(chain.from_iterable(part.rows for part in parts))
    notes = [note for part in parts for note in part.notes]
    if duplicates:
        zh = f"重复的记录{duplicates}条(备份重叠,或账单与手机记录为同一次),只计一次。"
        en = f"{duplicates} rows show a contact that another row shows too; each counts once."
        notes.append(Sentence(zh=zh, en=en))
    forms = {form for part in parts for form in part.forms}
    calls = [part.shows_unanswered for part in parts if part.shows_unanswered is not None]
    if False in calls:
        zh = "运营商账单不列未接来电,因此本记录不能说明未接通的次数。"
        en = "A carrier's bill lists no unanswered calls, so this log cannot show how many there were."
        notes.append(Sentence(zh=zh, en=en))
    everything = {Form.LEDGER, Form.WRITTEN}
    texts = any(row.kind == "sms" for row in rows)
    return Log(
        rows=tuple(rows),
        unreadable=(*refused, *(bad for part in parts for bad in part.unreadable())),
        inputs=inputs,
        notes=tuple(notes),
        shows_unanswered=bool(calls) and all(calls),
        shows_calls=bool(calls),
        shows_texts=texts or bool(forms & (everything | {Form.SMS_BACKUP})),
        duplicates=duplicates,
    )


def _read_file(path: Path, part: Part, reading: Reading) -> str:
    """Read one file into ``part`` and return the sha256 of its bytes; raises InputError."""
    try:
        if not path.is_file():
            problem = "it is a folder" if path.is_dir() else "there is no such file"
            message = f"{problem}; name a call log, a bill or a list of calls"
            raise InputError(message)
        size = path.stat().st_size
        if size > reading.max_bytes:
            message = (
                f"the file has {size} bytes, more than the {reading.max_bytes} that are read; "
                "export fewer months, or without pictures"
            )
            raise InputError(message)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        _dispatch(path, head, part, reading)
    except OSError as error:
        message = f"it cannot be opened ({error.strerror}); check the name and who may read it"
        raise InputError(message) from error
    return digest


def _dispatch(path: Path, head: bytes, part: Part, reading: Reading) -> None:
    for mark, what in _NOT_READ:
        if head.startswith(mark):
            raise InputError(what)
    if not head.strip(b"\0 \t\r\n"):
        message = "the file is empty; export it again"
        raise InputError(message)
    if head.startswith(b"PK\x03\x04"):
        _read_table(workbook_rows(path, max_bytes=reading.max_bytes), part, reading)
        return
    shown = head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n\0")
    start = shown[:_HEAD_BYTES].lower()
    if shown.startswith("<") and ("<table" in start or start.startswith(("<html", "<!doctype html"))):
        _read_table(page_rows(path), part, reading)
    elif shown.startswith("<"):
        _read_xml(path, shown, part, reading)
    else:
        rows = text_rows(path, lambda cells: known_names(cells, _VOCABULARIES))
        _read_table(rows, part, reading)


def _read_xml(path: Path, shown: str, part: Part, reading: Reading) -> None:
    if not looks_like_backup(shown.encode("utf-8", "replace")) and "<!" not in shown:
        message = "it is XML and no backup of calls or messages; export with SMS Backup & Restore"
        raise InputError(message)
    read_backup(path, part, reading)
    if not part.rows and not part.bad and not looks_like_backup(shown.encode("utf-8", "replace")):
        message = "it is XML without calls or messages; export with SMS Backup & Restore"
        raise InputError(message)


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
        raise InputError(message)
    seen = ", ".join(f"«{cell[:20]}»" for cell in row.cells if cell)
    message = (
        f"line {row.line}: the columns are not known, seen: {one_line(seen)[:110]}; looked for "
        f"{what_a_bill_needs()}; rename them or use the template"
    )
    raise InputError(message)
