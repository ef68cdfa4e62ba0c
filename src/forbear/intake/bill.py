"""Bills of China Mobile, China Telecom and China Unicom: lists of calls and of texts.

Columns are found by their names, never by their place, since every province orders them otherwise.
A bill lists what was charged or connected; a call that nobody answered does not stand on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
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
)

BILL_NAMES: Final[Names] = {
    "moment": (
        "起始时间", "开始时间", "通话时间", "呼叫时间", "通话开始时间", "通话起始时间",
        "呼叫开始时间", "起始日期时间", "发送时间", "收发时间", "接收时间", "短信时间", "发生时间",
        "日期时间", "时间", "通话日期时间", "呼叫起始时间", "通信时间", "通信开始时间",
        "start time", "call time",
    ),
    "date": ("日期", "通话日期", "呼叫日期", "起始日期", "发送日期", "通信日期", "发生日期"),
    "number": (
        "对方号码", "对端号码", "对方电话号码", "对方电话", "对方手机号", "对方手机号码", "对方号",
        "通话号码", "通话对方号码", "联系号码", "呼叫号码", "短信号码", "收发号码", "other number",
    ),
    "caller": ("主叫号码", "主叫", "发送方号码", "发送号码"),
    "called": ("被叫号码", "被叫", "接收方号码", "接收号码"),
    "direction": (
        "通信方式", "呼叫类型", "呼叫方式", "主被叫", "主叫/被叫", "主被叫标识", "主被叫类型",
        "通话方式", "通话类型", "收发类型", "收发方式", "呼叫方向", "方向", "传送方式", "类型",
    ),
    "duration": (
        "通信时长", "时长", "通话时长", "呼叫时长", "通话时间长度", "计费时长", "持续时间",
        "duration",
    ),
    "kind": ("业务类型", "信息类型", "通信类型", "业务名称", "短信类型", "详单类型"),
    "text": ("短信内容", "信息内容", "内容"),
    "own": ("本机号码", "用户号码", "手机号码", "计费号码"),
}  # fmt: skip

# The first word found in a direction cell decides, so 呼叫转移 stands before 呼叫's other words.
_DIRECTIONS: Final = (
    ("转移", "forwarded"), ("呼转", "forwarded"), ("前转", "forwarded"),
    ("被叫", "in"), ("呼入", "in"), ("来电", "in"), ("接听", "in"),
    ("主叫", "out"), ("呼出", "out"), ("去电", "out"), ("拨打", "out"),
    ("接收", "text in"), ("收到", "text in"), ("下行", "text in"), ("收短信", "text in"),
    ("发送", "text out"), ("发出", "text out"), ("上行", "text out"), ("发短信", "text out"),
    ("点对点收", "text in"), ("点对点发", "text out"),
)  # fmt: skip
_HAS_DATE: Final = re.compile(r"\d[-/.月]\d|\d{8}")
_TEXT_KINDS: Final = ("短信", "彩信", "点对点", "梦网", "SMS")


@dataclass(slots=True)
class _Sheet:
    """What is known so far of one table: its zone, the years its titles name, the own number."""

    header: Header
    zone: ZoneInfo
    year: int | None
    own: str | None = None
    hints: Hints = field(default_factory=list)
    forwarded: int = 0


def bill_header(top: Iterable[Row]) -> Header | None:
    """The header of a bill among the first rows of a table, or None."""
    for row in top:
        header = header_in(row, BILL_NAMES)
        ends = header.has("caller") and header.has("called")
        if (
            (header.has("moment") or header.has("date"))
            and (header.has("number") or header.has("caller") or header.has("called"))
            and (ends or header.has("direction"))
        ):
            return header
    return None


def what_a_bill_needs() -> str:
    """The columns that were looked for, for the message to a person whose file has none."""
    wanted = {"a time": "moment", "a number": "number", "a direction": "direction"}
    return ", ".join(f"{what} ({'/'.join(BILL_NAMES[key][:3])})" for what, key in wanted.items())


def read_bill(rows: Iterable[Row], header: Header, part: Part, reading: Reading) -> None:
    """Read the rows of one bill into ``part``; a row that cannot be read is reported there."""
    sheet = _Sheet(header=header, zone=ZoneInfo(reading.zone), year=reading.year)
    part.forms.add(Form.BILL)
    for row in rows:
        if row.broken:
            part.fail(row.line, row.broken)
            continue
        if header.repeats(row) or not any(row.cells):
            continue
        if row.line < header.line:
            _learn_from_title(row, sheet)
            continue
        try:
            found = _read_row(row, sheet, part.file)
        except ValueError as error:
            if _is_footer(row, header):
                # It may as well be the title of the next month.
                _learn_from_title(row, sheet)
            else:
                part.fail(row.line, str(error))
            continue
        if found is None:
            sheet.forwarded += 1
        elif why_not := implausible(found.at, reading.now):
            part.fail(row.line, why_not)
        else:
            part.rows.append(found)
    # A bill of texts alone has no place for calls, and says nothing about them either way.
    if header.has("duration") or any(row.kind is Channel.CALL for row in part.rows):
        part.shows_unanswered = False
    if sheet.forwarded:
        part.notes.append(
            Sentence(
                zh=f"{part.file}:呼叫转移{sheet.forwarded}条,不是与本机的通话,未计入。",
                en=f"{part.file}: {sheet.forwarded} forwarded calls left out; none rang here.",
            )
        )


def _learn_from_title(row: Row, sheet: _Sheet) -> None:
    """Titles above the header name the month of the bill and the phone that it is for."""
    for cell, before in zip(row.cells, ("", *row.cells), strict=False):
        sheet.hints += year_hints(cell)
        if re.search(r"号码", narrow(before + cell)):
            own = re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", narrow(cell))
            sheet.own = own[0] if own else sheet.own


def _is_footer(row: Row, header: Header) -> bool:
    """Whether a row below the table is a total or a remark: it has neither number nor time."""
    filled = [cell for cell in row.cells if cell]
    first = narrow(filled[0]) if filled else ""
    if re.match(r"合计|总计|小计|共|备注|说明|注[::]|温馨提示|打印", first):
        return True
    moment = header.first(row, "moment") or header.first(row, "date")
    return not comparable(_first_number(row, header)) and not re.search(r"\d", moment)


def _first_number(row: Row, header: Header) -> str | None:
    cells = [header.first(row, name) for name in ("number", "caller", "called")]
    return next((cell for cell in cells if cell), None)


def _read_row(row: Row, sheet: _Sheet, file: str) -> LogRow | None:
    """One row; None for a forwarded call. Raises ValueError saying what is wrong with it."""
    header = sheet.header
    way, shown = _way_and_number(row, sheet)
    if way == "forwarded":
        return None
    text_kind = any(_names_a_text(cell) for cell in header.all(row, "kind"))
    is_text = way.startswith("text") or (text_kind and not header.first(row, "duration"))
    incoming = way.endswith("in")
    seconds = None if is_text else _duration(row, header)
    return LogRow(
        source=Source(file=file, line=row.line),
        sha256=row.sha256,
        form=Form.BILL,
        kind=Channel.SMS if is_text else Channel.CALL,
        number=comparable(shown),
        displayed_as=clean(shown),
        name=None,
        at=_moment(row, sheet),
        incoming=incoming,
        outcome=Outcome.DELIVERED if is_text else _outcome(seconds, incoming=incoming),
        duration_seconds=seconds,
        text=clean(header.first(row, "text")) if is_text else None,
    )


def _outcome(seconds: int | None, *, incoming: bool) -> Outcome:
    """A bill lists connected calls alone; without a length it stays open whether anyone talked."""
    if seconds is None or (seconds == 0 and incoming):
        return Outcome.ANSWERED_LIMITED
    return Outcome.CONVERSATION if seconds > 0 else Outcome.NO_ANSWER


def _way_and_number(row: Row, sheet: _Sheet) -> tuple[str, str]:
    header = sheet.header
    cells = header.all(row, "direction")
    way = next((found for cell in cells if (found := _direction(cell))), None)
    caller, called = header.first(row, "caller"), header.first(row, "called")
    if way is None and header.has("caller") and header.has("called"):
        own = comparable(header.first(row, "own")) or sheet.own
        ends = {comparable(caller): "out", comparable(called): "in"}
        way = ends.get(own) if own else None
    if way is None:
        seen = "、".join(cell for cell in cells if cell) or "nothing"
        message = f"the direction says {seen}; write 主叫, 被叫, 发送 or 接收"
        raise ValueError(message)
    return way, header.first(row, "number") or (caller if way.endswith("in") else called) or (
        called or caller
    )


@lru_cache(maxsize=512)
def _names_a_text(cell: str) -> bool:
    plain = narrow(cell).upper()
    return any(word in plain for word in _TEXT_KINDS)


@lru_cache(maxsize=512)
def _direction(cell: str) -> str | None:
    plain = narrow(cell)
    return next((way for word, way in _DIRECTIONS if word in plain), None)


def _duration(row: Row, header: Header) -> int | None:
    place = header.columns.get("duration", ())
    title = header.cells[place[0]] if place else ""
    minutes = "分" in title and "秒" not in title
    return seconds_long(header.first(row, "duration"), bare_unit_seconds=60 if minutes else 1)


def _moment(row: Row, sheet: _Sheet) -> datetime:
    header = sheet.header
    text = header.first(row, "moment")
    # A bill may have the date in one column and the hour in another.
    if header.has("date") and not _HAS_DATE.search(narrow(text)):
        text = f"{day_only(header.first(row, 'date'))} {text}"
    return hinted_moment(text, zone=sheet.zone, year=sheet.year, hints=_hints(row, sheet))


def _hints(row: Row, sheet: _Sheet) -> Iterator[Hints]:
    """The years in columns that mean nothing else, such as the month of the bill; then titles."""
    used = {place for places in sheet.header.columns.values() for place in places}
    yield [hint for i, c in enumerate(row.cells) if i not in used for hint in year_hints(c)]
    yield sheet.hints
