"""The list of calls that a person writes by hand, and the template for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from forbear.base.contact import Source
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Outcome
from forbear.intake.headers import Header, Names, header_in
from forbear.intake.numbers import clean, comparable
from forbear.intake.rows import Form, LogRow, Part, Reading
from forbear.intake.table import Row
from forbear.intake.values import (
    Hints,
    day_only,
    hinted_moment,
    implausible,
    narrow,
    seconds_long,
    year_hints,
    yes_or_no,
)

WRITTEN_NAMES: Final[Names] = {
    "date": ("date", "日期"),
    "time": ("time", "时间"),
    "number": ("number", "对方号码", "号码", "phone"),
    "way": ("incoming/outgoing", "来电/去电", "direction", "方向"),
    "answered": ("answered", "是否接通", "接通", "answered yes/no"),
    "minutes": ("minutes", "分钟", "通话分钟"),
    "said": ("what was said", "说了什么", "通话内容", "内容", "said"),
}

_WAYS: Final[dict[str, tuple[Channel, bool]]] = {
    "incoming": (Channel.CALL, True), "in": (Channel.CALL, True), "来电": (Channel.CALL, True),
    "outgoing": (Channel.CALL, False), "out": (Channel.CALL, False), "去电": (Channel.CALL, False),
    "text received": (Channel.SMS, True), "text sent": (Channel.SMS, False),
    "收到短信": (Channel.SMS, True), "发出短信": (Channel.SMS, False),
    "来信": (Channel.SMS, True), "去信": (Channel.SMS, False),
    # Nothing but a list by hand can show these.
    "visit": (Channel.VISIT, True), "上门": (Channel.VISIT, True),
    "letter received": (Channel.LETTER, True), "收到信函": (Channel.LETTER, True),
    "email received": (Channel.EMAIL, True), "收到邮件": (Channel.EMAIL, True),
    "message received": (Channel.SOCIAL, True), "收到社交消息": (Channel.SOCIAL, True),
}  # fmt: skip

_HINTS: Final = {
    "zh": (
        "# 每一次联系写一行,写在表头下面。以 # 开头的行是说明和示例,不计入。",
        "# 来电/去电:来电、去电、收到短信、发出短信;也可写上门、收到信函、收到邮件、",
        "# 收到社交消息,没有号码的写对方机构的号码。是否接通:是、否。",
        "# 分钟:可写 2 或 1分23秒,可留空。",
        "# 2026-03-10,17:59,95187,来电,是,2,说再不还就上门",
        "# 2026-03-10,18:20,95187,来电,否,,",
        "# 2026-03-11,09:05,1069018795187,收到短信,,,【甲小贷】请尽快还款",
        "日期,时间,对方号码,来电/去电,是否接通,分钟,说了什么",
    ),
    "en": (
        "# One line for each contact, below the line of names. Lines that begin with # are help.",
        "# incoming/outgoing: incoming; outgoing; text received; text sent; also visit,",
        "# letter received, email received, message received. answered: yes or no.",
        "# 2026-03-10,17:59,95187,incoming,yes,2,said they would come to my door",
        "# 2026-03-10,18:20,95187,incoming,no,,",
        "# 2026-03-11,09:05,1069018795187,text received,,,pay at once",
        "date,time,number,incoming/outgoing,answered,minutes,what was said",
    ),
}


def template(language: str) -> str:
    """The empty list as CSV text in ``zh`` or ``en``; any other language gets English.

    Lines that begin with ``#`` are help and examples and are never read as contacts. Write it as
    UTF-8 with a BOM, without which a spreadsheet shows Chinese as signs.
    """
    return "\n".join(_HINTS["zh" if language.startswith("zh") else "en"]) + "\n"


def written_header(top: Iterable[Row]) -> Header | None:
    """The header of a hand-written list among the first rows of a table, or None."""
    for row in top:
        header = header_in(row, WRITTEN_NAMES)
        if all(header.has(name) for name in ("date", "time", "number", "way")) and (
            header.has("answered") or header.has("said")
        ):
            return header
    return None


def read_written(rows: Iterable[Row], header: Header, part: Part, reading: Reading) -> None:
    """Read a list written by hand into ``part``; a row that cannot be read is reported there."""
    zone = ZoneInfo(reading.zone)
    part.forms.add(Form.WRITTEN)
    part.shows_unanswered = True
    helps = 0
    hints: Hints = []
    for row in rows:
        if row.broken:
            part.fail(row.line, row.broken)
            continue
        if row.cells and row.cells[0].startswith("#"):
            helps += 1
            continue
        if row.line <= header.line:
            hints += [hint for cell in row.cells for hint in year_hints(cell)]
            continue
        if not any(row.cells):
            continue
        # A spreadsheet may turn a date into midnight of that date.
        text = f"{day_only(header.first(row, 'date'))} {header.first(row, 'time')}"
        try:
            at = hinted_moment(text, zone=zone, year=reading.year, hints=[hints])
            found = _read_row(row, header, part.file, at)
        except ValueError as error:
            part.fail(row.line, str(error))
            continue
        if why_not := implausible(found.at, reading.now):
            part.fail(row.line, why_not)
        else:
            part.rows.append(found)
    if helps:
        part.notes.append(
            Sentence(
                zh=f"{part.file}:以 # 开头的说明和示例{helps}行,未计入。",
                en=f"{part.file}: {helps} lines of help that begin with # left out.",
            )
        )


def _read_row(row: Row, header: Header, file: str, at: datetime) -> LogRow:
    way = re.sub(r"\s+", " ", narrow(header.first(row, "way")).lower())
    if way not in _WAYS:
        message = (
            f"{way!r} is no direction; write incoming (来电), outgoing (去电), text received "
            "(收到短信) or visit (上门)"
        )
        raise ValueError(message)
    kind, incoming = _WAYS[way]
    seconds = seconds_long(header.first(row, "minutes"), bare_unit_seconds=60)
    answered = yes_or_no(header.first(row, "answered"))
    outcome: Outcome | None = Outcome.DELIVERED
    if kind is Channel.VISIT:
        # Somebody came; whether they were spoken with is for the column to say.
        outcome = Outcome.NO_ANSWER if answered is False else Outcome.CONVERSATION
    elif kind is Channel.CALL:
        outcome = _outcome(answered=answered, seconds=seconds)
    shown = clean(header.first(row, "number"))
    return LogRow(
        source=Source(file=file, line=row.line),
        sha256=row.sha256,
        form=Form.WRITTEN,
        kind=kind,
        number=comparable(shown),
        displayed_as=shown,
        name=None,
        at=at,
        incoming=incoming,
        outcome=outcome,
        duration_seconds=seconds if kind is Channel.CALL else None,
        text=clean(header.first(row, "said")),
    )


def _outcome(*, answered: bool | None, seconds: int | None) -> Outcome | None:
    """None where the person left open whether the call was answered."""
    if answered is None:
        return Outcome.CONVERSATION if seconds else None
    if not answered:
        return Outcome.NO_ANSWER
    # A person who writes that she answered and leaves out the length has still talked.
    return Outcome.ANSWERED_LIMITED if seconds == 0 else Outcome.CONVERSATION
