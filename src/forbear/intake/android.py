"""Backups made on Android phones with *SMS Backup & Restore*: calls and messages as XML.

The file is read in pieces and each ``<call>``, ``<sms>`` and ``<mms>`` is parsed by itself, so that
memory stays small and a damaged element costs that element alone. Nothing is ever expanded: a file
that declares a document type or an entity is refused.

The meaning of the fields is the app maker's: ``date`` is milliseconds since 1970 UTC;
``readable_date`` is bound to the phone's language and is ignored.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from forbear.base.contact import Source
from forbear.base.errors import InputError
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Outcome
from forbear.intake.numbers import clean, comparable
from forbear.intake.rows import Form, LogRow, Part, Reading
from forbear.intake.values import implausible
from forbear.intake.xmltext import repaired, utf8_pieces

# "<" cannot stand in an attribute's value, so each of these begins or ends an element. A comment is
# skipped only where it closes soon: one left open must not swallow the rows behind it.
_MARK: Final = re.compile(
    rb"<!--.{0,4000}?-->|<(?:call|sms|mms)(?=[\s/>])|</(?:calls|smses)\s*>", re.DOTALL
)
_FORBIDDEN: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BATCH: Final = 256
_ELEMENT_BYTES_MAX: Final = 64 << 20
# Marks this near to the end of what was read wait for more, since a comment may close behind them.
_HOLD_BACK_BYTES: Final = 4_100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_INCOMING_CALL: Final = {"1": True, "2": False, "3": True, "4": True, "5": True, "6": True, "7": True}
_NEVER_TALKED: Final = {
    "3": Outcome.NO_ANSWER,
    "4": Outcome.VOICEMAIL_LEFT,
    "5": Outcome.NO_ANSWER,
    "6": Outcome.NO_ANSWER,
}
_NO_CONTACT_SMS: Final = {
    "3": Sentence(zh="草稿", en="drafts"),
    "4": Sentence(zh="发件箱中未发出的短信", en="texts waiting in the outbox"),
    "5": Sentence(zh="发送失败的短信", en="texts that failed to send"),
    "6": Sentence(zh="排队未发的短信", en="texts queued and not sent"),
}
_MMS_ADDRESS_FROM: Final = "137"
_MMS_ADDRESS_TO: Final = "151"


@dataclass(frozen=True, slots=True)
class _Piece:
    """The bytes of one element and the line where it begins; ``cut`` where the file ends in it."""

    line: int
    raw: bytes
    cut: bool = False


def looks_like_backup(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a calls or messages backup."""
    return re.search(rb"<(?:calls|smses|call|sms|mms)[\s/>]", head) is not None


def read_backup(path: Path, part: Part, reading: Reading) -> None:
    """Read one backup into ``part``; raises InputError where it must be refused as a whole."""
    zone = ZoneInfo(reading.zone)
    left_out: Counter[str] = Counter()
    batch: list[_Piece] = []
    for piece in _pieces(path, part):
        batch.append(piece)
        if len(batch) == _BATCH:
            _read_batch(batch, part, reading, zone, left_out)
            batch = []
    _read_batch(batch, part, reading, zone, left_out)
    for kind, count in sorted(left_out.items()):
        what = _NO_CONTACT_SMS[kind]
        part.notes.append(
            Sentence(
                zh=f"{part.file}:{what.zh}{count}条,不是联系,未计入。",
                en=f"{part.file}: {count} {what.en} left out, since they reached nobody.",
            )
        )


class _Splitter:
    """Cuts the stream of bytes into elements, holding one element and one piece at a time."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._held = bytearray()
        self._line = 1
        self._begun = self._closed = False
        self._scanned = 0

    def feed(self, text: bytes) -> Iterator[_Piece]:
        """The elements that are whole once ``text`` has come; empty ``text`` ends the file."""
        held = self._held
        held += text
        if _FORBIDDEN.search(held, max(0, len(held) - len(text) - 10)):
            message = (
                f"line {self._line}: the file declares a document type or entities, which a backup "
                "never does; it is refused unread, export it again from the phone"
            )
            raise InputError(message)
        start = 0
        safe = len(held) - _HOLD_BACK_BYTES if text else len(held)
        marks = [mark.span() for mark in _MARK.finditer(held, self._scanned)]
        for begin, end in marks:
            if begin >= safe or held[begin : begin + 2] == b"<!":
                continue
            yield from self._cut(start, begin, cut=False)
            start = begin
            self._closed = held[begin + 1 : begin + 2] == b"/"
            self._begun = not self._closed
            self._scanned = end
        self._scanned = max(self._scanned, safe) - start
        del held[:start]
        if not text:
            yield from self._cut(0, len(held), cut=not self._closed)
        elif len(held) > _ELEMENT_BYTES_MAX:
            self._drop()

    def _cut(self, start: int, end: int, *, cut: bool) -> Iterator[_Piece]:
        raw = bytes(self._held[start:end])
        if self._begun:
            yield _Piece(self._line, raw, cut)
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
        self._begun, self._scanned = False, 0


def _pieces(path: Path, part: Part) -> Iterator[_Piece]:
    """Each element of the file, the last one marked where the file breaks off."""
    splitter = _Splitter(part)
    for text in utf8_pieces(path, part):
        yield from splitter.feed(text)
    yield from splitter.feed(b"")


def _read_batch(
    batch: list[_Piece], part: Part, reading: Reading, zone: ZoneInfo, left_out: Counter[str]
) -> None:
    """Parse many elements at once, and one by one where some element among them is damaged."""
    elements: list[Element | None] = []
    try:
        root = fromstring(b"<r>" + b"".join(repaired(piece.raw) for piece in batch) + b"</r>")
        elements = list(root)
    except (ParseError, DefusedXmlException, ValueError):
        elements = []
    if len(elements) != len(batch):
        elements = [_alone(piece) for piece in batch]
    for piece, element in zip(batch, elements, strict=True):
        if element is None:
            where = "the file breaks off in this row" if piece.cut else "the row is damaged"
            part.fail(piece.line, f"{where}; export it again from the phone")
            continue
        _take(element, piece, part, reading, zone, left_out)
        if piece.cut:
            what = "the file breaks off after this row; export it again from the phone"
            part.fail(piece.line, what)


def _take(  # noqa: PLR0913 - one step of the loop above
    element: Element,
    piece: _Piece,
    part: Part,
    reading: Reading,
    zone: ZoneInfo,
    left_out: Counter[str],
) -> None:
    try:
        row = _row(element, piece, part, zone, left_out)
    except ValueError as error:
        part.fail(piece.line, f"{error}")
        return
    why_not = None if row is None else implausible(row.at, reading.now)
    if why_not is not None:
        part.fail(piece.line, why_not)
    elif row is not None:
        part.rows.append(row)


def _alone(piece: _Piece) -> Element | None:
    try:
        root = fromstring(b"<r>" + repaired(piece.raw) + b"</r>")
    except (ParseError, DefusedXmlException, ValueError):
        return None
    return root[0] if len(root) == 1 else None


def _row(
    element: Element, piece: _Piece, part: Part, zone: ZoneInfo, left_out: Counter[str]
) -> LogRow | None:
    """The row of one element; None for a message that is no contact. Raises ValueError."""
    kind = (element.get("type") or "").strip()
    if element.tag == "mms":
        kind = (element.get("msg_box") or "").strip()
    if element.tag != "call":
        part.forms.add(Form.SMS_BACKUP)
        if kind in _NO_CONTACT_SMS:
            left_out[kind] += 1
            return None
        return _message(element, kind, piece, part, zone)
    part.forms.add(Form.CALL_BACKUP)
    part.shows_unanswered = True
    return _call(element, kind, piece, part, zone)


def _moment(element: Element, zone: ZoneInfo) -> datetime:
    text = (element.get("date") or "").strip()
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        message = f"date {text!r} is no number of milliseconds; correct it or remove the row"
        raise ValueError(message)
    try:
        return (_EPOCH + timedelta(milliseconds=int(text))).astimezone(zone)
    except OverflowError:
        message = f"date {text!r} lies beyond any calendar; correct it or remove the row"
        raise ValueError(message) from None


def _call(element: Element, kind: str, piece: _Piece, part: Part, zone: ZoneInfo) -> LogRow:
    incoming = _INCOMING_CALL.get(kind)
    if incoming is None:
        message = f"type {kind!r} of a call is unknown (1 to 7 are known); remove or correct it"
        raise ValueError(message)
    length = (element.get("duration") or "0").strip()
    if not re.fullmatch(r"\d{1,7}", length, re.ASCII):
        message = f"duration {length!r} is no number of seconds; correct it or remove the row"
        raise ValueError(message)
    seconds = int(length)
    outcome = _NEVER_TALKED.get(kind)
    if outcome is None:
        short = Outcome.ANSWERED_LIMITED if incoming else Outcome.NO_ANSWER
        outcome = Outcome.CONVERSATION if seconds > 0 else short
    # Some writers leave `presentation` out; only a stated value other than 1 hides the number.
    hidden = (clean(element.get("presentation")) or "1") != "1"
    shown = None if hidden else clean(element.get("number"))
    return LogRow(
        source=Source(file=part.file, line=piece.line),
        sha256=hashlib.sha256(piece.raw.rstrip()).hexdigest(),
        form=Form.CALL_BACKUP,
        kind=Channel.CALL,
        number=comparable(shown),
        displayed_as=shown,
        name=_name(element),
        at=_moment(element, zone),
        incoming=incoming,
        outcome=outcome,
        duration_seconds=seconds,
        sim=clean(element.get("subscription_id")),
    )


def _message(element: Element, kind: str, piece: _Piece, part: Part, zone: ZoneInfo) -> LogRow:
    if kind not in ("1", "2"):
        message = f"type {kind!r} of a message is unknown (1 to 6 are known); remove or correct it"
        raise ValueError(message)
    incoming = kind == "1"
    shown = _mms_address(element, incoming=incoming) or clean(element.get("address"))
    return LogRow(
        source=Source(file=part.file, line=piece.line),
        sha256=hashlib.sha256(piece.raw.rstrip()).hexdigest(),
        form=Form.SMS_BACKUP,
        kind=Channel.SMS,
        number=comparable(shown),
        displayed_as=shown,
        name=_name(element),
        at=_moment(element, zone),
        incoming=incoming,
        outcome=Outcome.DELIVERED,
        text=_mms_text(element) if element.tag == "mms" else clean(element.get("body")),
        sim=clean(element.get("sub_id")),
    )


def _name(element: Element) -> str | None:
    name = clean(element.get("contact_name"))
    return None if name in ("(Unknown)", "(未知)") else name


def _mms_address(element: Element, *, incoming: bool) -> str | None:
    """The other side of a multimedia message, which lists its sender and receivers inside."""
    wanted = _MMS_ADDRESS_FROM if incoming else _MMS_ADDRESS_TO
    for entry in element.iter("addr"):
        address = clean(entry.get("address"))
        if entry.get("type") == wanted and address and address != "insert-address-token":
            return address
    return None


def _mms_text(element: Element) -> str | None:
    texts = [clean(p.get("text")) for p in element.iter("part") if p.get("ct") == "text/plain"]
    return "\n".join(text for text in texts if text) or clean(element.get("sub"))
