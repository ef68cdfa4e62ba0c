"""Backups made on Android phones with *SMS Backup & Restore*: calls and messages as XML.

Each ``<call>``, ``<sms>`` and ``<mms>`` is parsed by itself (see ``elements``). Nothing is ever
expanded: a file that declares a document type or an entity is refused.

The meaning of the fields is the app maker's: ``date`` is milliseconds since 1970 UTC;
``readable_date`` is bound to the phone's language and is ignored.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from forbear.base.contact import Source
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Outcome
from forbear.intake.elements import Piece, pieces_of
from forbear.intake.numbers import clean, comparable
from forbear.intake.rows import Form, LogRow, Part, Reading
from forbear.intake.values import implausible
from forbear.intake.xmltext import repaired

_BATCH: Final = 256
_BATCH_BYTES: Final = 4 << 20
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TAGS: Final = frozenset({"call", "sms", "mms"})
_MILLISECONDS: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_SECONDS: Final = re.compile(r"\d{1,7}", re.ASCII)

_INCOMING_CALLS: Final = frozenset("134567")
_OUTGOING_CALL: Final = "2"
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


def looks_like_backup(head: str) -> bool:
    """Whether the first part of a file is that of a calls or messages backup."""
    return re.search(r"<(?:calls|smses|call|sms|mms)[\s/>]", head) is not None


def forms_of(head: str) -> set[Form]:
    """What a backup would list, by its outer element, even where there is no row in it."""
    forms = {"<calls": Form.CALL_BACKUP, "<smses": Form.SMS_BACKUP}
    return {form for mark, form in forms.items() if re.search(mark + r"[\s/>]", head)}


def read_backup(path: Path, part: Part, reading: Reading) -> None:
    """Read one backup into ``part``; raises InputError where it must be refused as a whole."""
    backup = _Backup(part, ZoneInfo(reading.zone), reading.now)
    batch: list[Piece] = []
    size = 0
    for piece in pieces_of(path, part):
        batch.append(piece)
        size += len(piece.raw)
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            backup.read(batch)
            batch, size = [], 0
    backup.read(batch)
    if Form.CALL_BACKUP in part.forms:
        part.shows_unanswered = True
    for kind, count in sorted(backup.left_out.items()):
        what = _NO_CONTACT_SMS[kind]
        part.notes.append(
            Sentence(
                zh=f"{part.file}：{what.zh}{count}条,不是联系,未计入。",
                en=f"{part.file}: left out, since they reached nobody: {what.en}, {count} in all.",
            )
        )


@dataclass(slots=True)
class _Backup:
    """One backup while it is read: where its rows go, and what was left out of them."""

    part: Part
    zone: ZoneInfo
    now: datetime
    left_out: Counter[str] = field(default_factory=Counter)

    def read(self, batch: list[Piece]) -> None:
        """Parse many elements at once, and one by one where some element among them is damaged."""
        elements: list[Element | None] = list(_parsed(repaired(b"".join(p.raw for p in batch))))
        if len(elements) != len(batch):
            elements = [_alone(piece) for piece in batch]
        for piece, element in zip(batch, elements, strict=True):
            if element is None:
                where = "the file breaks off in this row" if piece.cut else "the row is damaged"
                self.part.fail(piece.line, f"{where}; export it again from the phone")
                continue
            self._take(element, piece)
            if piece.cut:
                what = "the file breaks off after this row; export it again from the phone"
                self.part.fail(piece.line, what)

    def _take(self, element: Element, piece: Piece) -> None:
        try:
            row = self._row(element, piece)
        except ValueError as error:
            self.part.fail(piece.line, str(error))
            return
        if row is None:
            return
        if why_not := implausible(row.at, self.now):
            self.part.fail(piece.line, why_not)
        else:
            self.part.rows.append(row)

    def _row(self, element: Element, piece: Piece) -> LogRow | None:
        """The row of one element; None for a message that is no contact. Raises ValueError."""
        if element.tag == "call":
            self.part.forms.add(Form.CALL_BACKUP)
            return self._call(element, (element.get("type") or "").strip(), piece)
        self.part.forms.add(Form.SMS_BACKUP)
        kind = (element.get("msg_box" if element.tag == "mms" else "type") or "").strip()
        if kind in _NO_CONTACT_SMS:
            self.left_out[kind] += 1
            return None
        return self._message(element, kind, piece)

    def _moment(self, element: Element) -> datetime:
        text = (element.get("date") or "").strip()
        if not _MILLISECONDS.fullmatch(text):
            message = f"date {text!r} is no number of milliseconds; correct it or remove the row"
            raise ValueError(message)
        try:
            return (_EPOCH + timedelta(milliseconds=int(text))).astimezone(self.zone)
        except OverflowError:
            message = f"date {text!r} lies beyond any calendar; correct it or remove the row"
            raise ValueError(message) from None

    def _call(self, element: Element, kind: str, piece: Piece) -> LogRow:
        incoming = kind in _INCOMING_CALLS
        if not incoming and kind != _OUTGOING_CALL:
            message = f"type {kind!r} of a call is unknown (1 to 7 are known); remove or correct it"
            raise ValueError(message)
        length = clean(element.get("duration")) or "0"
        if not _SECONDS.fullmatch(length):
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
            source=Source(file=self.part.file, line=piece.line),
            sha256=hashlib.sha256(piece.raw.rstrip()).hexdigest(),
            form=Form.CALL_BACKUP,
            kind=Channel.CALL,
            number=comparable(shown),
            displayed_as=shown,
            name=_name(element),
            at=self._moment(element),
            incoming=incoming,
            outcome=outcome,
            duration_seconds=seconds,
            sim=clean(element.get("subscription_id")),
        )

    def _message(self, element: Element, kind: str, piece: Piece) -> LogRow:
        if kind not in ("1", "2"):
            message = f"type {kind!r} of a message is unknown (1 to 6 are known); correct or remove"
            raise ValueError(message)
        incoming = kind == "1"
        multimedia = element.tag == "mms"
        inside = _mms_address(element, incoming=incoming) if multimedia else None
        shown = inside or clean(element.get("address"))
        return LogRow(
            source=Source(file=self.part.file, line=piece.line),
            sha256=hashlib.sha256(piece.raw.rstrip()).hexdigest(),
            form=Form.SMS_BACKUP,
            kind=Channel.SMS,
            number=comparable(shown),
            displayed_as=shown,
            name=_name(element),
            at=self._moment(element),
            incoming=incoming,
            outcome=Outcome.DELIVERED,
            text=_mms_text(element) if multimedia else clean(element.get("body")),
            sim=clean(element.get("sub_id")),
        )


def _parsed(text: bytes) -> list[Element]:
    """The elements of a piece of a backup; none where it is not well formed."""
    try:
        elements = list(fromstring(b"<r>" + text + b"</r>"))
    except (ParseError, DefusedXmlException, ValueError):
        return []
    # With no other element among them, as many as were looked for are the ones looked for.
    return elements if all(element.tag in _TAGS for element in elements) else []


def _alone(piece: Piece) -> Element | None:
    """One element by itself, and where something foreign follows it, without that."""
    text = repaired(piece.raw)
    next_tag = text.find(b"<", 1)
    end = text.rfind(b"/>", 0, next_tag if next_tag > 0 else len(text))
    for attempt in (text, text[: end + len(b"/>")]):
        found = _parsed(attempt)
        if len(found) == 1:
            return found[0]
    return None


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
