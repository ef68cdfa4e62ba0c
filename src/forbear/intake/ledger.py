"""A lender's own record of its contacts, as CSV or XLSX.

The columns bear the names of the contact format. ``at`` and ``channel`` must be there; a time needs
its offset from UTC, because a lender's systems keep several zones and a guess would be silent.
``LogRow.more`` holds, where the row says them: ``id``, ``person``, ``lender``, ``address``,
``agent`` (str), ``direction`` (Direction), ``party`` (Party), ``purpose`` (Purpose), ``debts``
(tuple of str), and the keys of ``words.MORE_KEYS`` (bool, int, str, or what their JSON says).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final, TypeVar

from forbear.base.clock import parse_moment
from forbear.base.contact import Source
from forbear.base.errors import CaseError
from forbear.base.reasons import Sentence
from forbear.base.words import MORE_KEYS, Channel, Direction, Outcome, Party, Purpose
from forbear.intake.headers import Header, Names, header_in, plain_name, plain_names
from forbear.intake.numbers import clean, comparable
from forbear.intake.rows import Form, LogRow, Part, Reading
from forbear.intake.table import Row
from forbear.intake.values import implausible, seconds_long, yes_or_no

_Word = TypeVar("_Word", bound=StrEnum)

LEDGER_NAMES: Final[Names] = {
    "at": ("at",),
    "channel": ("channel",),
    "direction": ("direction",),
    "party": ("party",),
    "person": (
        "person", "person_id", "debtor", "debtor_id", "borrower", "borrower_id", "customer_id",
    ),
    "debts": ("debts", "debt", "loan_id"),
    "purpose": ("purpose",),
    "outcome": ("outcome",),
    "address": ("address",),
    "agent": ("agent",),
    "number": ("number",),
    "text": ("text",),
    "id": ("id", "contact_id"),
    "lender": ("lender", "lender_id"),
    "duration": ("duration", "duration_seconds"),
    **{key: (key,) for key in MORE_KEYS},
}  # fmt: skip

_AS_TEXT: Final = frozenset(
    {
        "address_source", "agent_profile", "caller_id", "device", "envelope_text", "form", "mode",
        "notice", "place", "read_at", "relation", "thread", "visibility",
    }
)  # fmt: skip
_AS_LIST: Final = frozenset({"agents", "agent_profiles", "discussed_debts"})
_PLAIN: Final = ("id", "person", "lender", "address", "agent")


def ledger_header(top: Iterable[Row]) -> Header | None:
    """The header of a lender's ledger among the first rows of a table, or None."""
    for row in top:
        header = header_in(row, LEDGER_NAMES)
        if header.has("at") and header.has("channel"):
            return header
    return None


def read_ledger(rows: Iterable[Row], header: Header, part: Part, reading: Reading) -> None:
    """Read a lender's ledger into ``part``; a row that cannot be read is reported there."""
    part.forms.add(Form.LEDGER)
    part.shows_unanswered = True
    named = plain_names(LEDGER_NAMES)
    unknown = [cell for cell in header.cells if cell and plain_name(cell) not in named]
    if unknown:
        shown = ", ".join(unknown)
        part.notes.append(
            Sentence(
                zh=f"{part.file}:以下列名不认识,未读取:{shown}。",
                en=f"{part.file}: these columns are unknown and were not read: {shown}.",
            )
        )
    for row in rows:
        if row.broken:
            part.fail(row.line, row.broken)
            continue
        if row.line <= header.line or header.repeats(row) or not any(row.cells):
            continue
        try:
            found = _read_row(row, header, part.file)
        except (ValueError, CaseError) as error:
            part.fail(row.line, str(error))
            continue
        if why_not := implausible(found.at, reading.now):
            part.fail(row.line, why_not)
        else:
            part.rows.append(found)


def _read_row(row: Row, header: Header, file: str) -> LogRow:
    """One row; raises ValueError or CaseError saying what is wrong with it."""
    if len(row.cells) > len(header.cells) and any(row.cells[len(header.cells) :]):
        message = "the row has more cells than there are columns; quote a text that holds a comma"
        raise ValueError(message)
    more: dict[str, object] = {}
    for key in _PLAIN:
        if value := clean(header.first(row, key)):
            more[key] = value
    direction = _word(Direction, row, header, "direction") or Direction.OUTBOUND
    more["direction"] = direction
    if (party := _word(Party, row, header, "party")) is not None:
        more["party"] = party
    if (purpose := _word(Purpose, row, header, "purpose")) is not None:
        more["purpose"] = purpose
    if debts := _listed(header.first(row, "debts")):
        more["debts"] = debts
    for key in (column for column in header.columns if column in MORE_KEYS):
        if cell := clean(header.first(row, key)):
            more[key] = _more(key, cell)
    channel = _word(Channel, row, header, "channel")
    if channel is None:
        message = f"channel is empty; write one of {', '.join(Channel)}"
        raise ValueError(message)
    shown = clean(header.first(row, "number")) or clean(header.first(row, "agent"))
    return LogRow(
        source=Source(file=file, line=row.line),
        sha256=row.sha256,
        form=Form.LEDGER,
        kind=channel,
        number=comparable(shown),
        displayed_as=shown,
        name=None,
        at=parse_moment(header.first(row, "at"), where="at"),
        incoming=direction is Direction.OUTBOUND,
        outcome=_word(Outcome, row, header, "outcome"),
        duration_seconds=seconds_long(header.first(row, "duration")),
        text=clean(header.first(row, "text")),
        more=more,
    )


def _word(words: type[_Word], row: Row, header: Header, column: str) -> _Word | None:
    """The closed word under ``column``, None where the cell is empty; raises ValueError."""
    cell = clean(header.first(row, column))
    if cell is None:
        return None
    try:
        return words(cell.lower())
    except ValueError:
        message = f"{column} {cell!r} is unknown; write one of {', '.join(words)}"
        raise ValueError(message) from None


def _listed(cell: str) -> tuple[str, ...]:
    plain = cell.replace("、", ";").replace("|", ";").replace(",", ";")
    return tuple(part.strip() for part in plain.split(";") if part.strip())


def _more(key: str, cell: str) -> Any:
    """The value of one optional key; raises ValueError where it is not of its type."""
    if cell[0] in "[{":
        try:
            found = json.loads(cell)
            # A value that JSON has no word for, such as NaN, must not reach a report.
            json.dumps(found, allow_nan=False)
        except (ValueError, RecursionError):
            message = f"{key} {cell!r} is no JSON; mend its brackets and quotation marks"
            raise ValueError(message) from None
        return found
    if key in _AS_TEXT:
        return cell
    if key in _AS_LIST:
        return list(_listed(cell))
    if key == "party_age":
        if not re.fullmatch(r"\d{1,3}", cell, re.ASCII):
            message = f"party_age {cell!r} is no age in years; write a number such as 11"
            raise ValueError(message)
        return int(cell)
    try:
        return yes_or_no(cell)
    except ValueError as error:
        message = f"{key}: {error}"
        raise ValueError(message) from None
