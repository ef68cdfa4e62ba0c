"""Times, durations and yes or no, as cells of bills and lists write them.

Every function raises ValueError with a message that says what is wrong and how to mend it; the
importer adds the file and the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DATE: Final = re.compile(
    r"(?:(?P<y>\d{4})\s*[-/.年]\s*)?(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
)
# Nearly every cell has this form, and the library reads it faster than the expressions below.
_PLAIN_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", re.ASCII)
_PACKED: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)")
_TIME: Final = re.compile(
    r"(?P<h>\d{1,2})[:时](?P<i>\d{1,2})(?:[:分](?P<s>\d{1,2})(?:\.\d+)?秒?)?分?", re.ASCII
)
_PACKED_TIME: Final = re.compile(r"(?P<h>\d\d)(?P<i>\d\d)(?P<s>\d\d)?")
_OFFSET: Final = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER: Final = timedelta(days=1)
_YEAR_HINT: Final = re.compile(
    r"(?<!\d)(20\d\d)\s*[-/.年]?\s*(0[1-9]|1[0-2]|[1-9](?=\s*[-/.月]))?(?!\d*[:时])"
)
_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(:00)?$")
# The years that titles name, each with its month where they name that too.
Hints = list[tuple[int, int | None]]
HOW_TO_WRITE: Final = "write it as 2026-03-10 17:59:02"


def narrow(text: str) -> str:
    """Full-width letters, digits and colons as plain ones, outer blanks gone."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def day_only(text: str) -> str:
    """The date of a cell that a spreadsheet made into midnight of that date."""
    return _MIDNIGHT.sub("", text)


class YearMissing(ValueError):  # noqa: N818 - a kind of ValueError that callers tell apart
    """The cell has a month and a day only; ``month`` is kept so that a year can be found."""

    def __init__(self, text: str, month: int) -> None:
        """``text`` is the cell."""
        super().__init__(f"{text!r} has no year; pass --year, such as --year 2026")
        self.month = month


def local_moment(text: str, *, zone: ZoneInfo, year: int | None) -> datetime:
    """A cell with date and time as an aware datetime; an offset in the cell itself wins.

    Raises YearMissing where the cell has no year and ``year`` is None.
    """
    cell = narrow(text)
    if _PLAIN_MOMENT.fullmatch(cell):
        try:
            return datetime.fromisoformat(cell).replace(tzinfo=zone)
        except ValueError:
            message = f"{cell!r} is no date of the calendar; {HOW_TO_WRITE}"
            raise ValueError(message) from None
    day, rest = _split_date(cell, year)
    rest = rest.strip().removeprefix("T").strip()
    offset = _OFFSET.search(rest)
    clock_text = rest[: offset.start()].strip() if offset else rest
    hour, minute, second = _time_of(clock_text, cell)
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        message = f"{text!r} is no time; {HOW_TO_WRITE}"
        raise ValueError(message) from None
    if offset is None:
        return local.replace(tzinfo=zone)
    try:
        return datetime.fromisoformat(local.isoformat() + offset[0])
    except ValueError:
        message = f"{text!r} has no usable offset from UTC; write one such as +08:00"
        raise ValueError(message) from None


def _split_date(cell: str, year: int | None) -> tuple[date, str]:
    found = _PACKED.match(cell) or _DATE.match(cell)
    if found is None:
        message = f"{cell!r} is no date and time; {HOW_TO_WRITE}"
        raise ValueError(message)
    written = found["y"]
    if written is None and year is None:
        raise YearMissing(cell, int(found["m"]))
    try:
        day = date(int(written or year or 0), int(found["m"]), int(found["d"]))
    except ValueError:
        message = f"{cell!r} is no date of the calendar; {HOW_TO_WRITE}"
        raise ValueError(message) from None
    return day, cell[found.end() :]


def _time_of(text: str, cell: str) -> tuple[int, int, int]:
    found = _TIME.fullmatch(text) or _PACKED_TIME.fullmatch(text)
    if found is None:
        message = f"{cell!r} has no time of day; {HOW_TO_WRITE}"
        raise ValueError(message)
    return int(found["h"]), int(found["i"]), int(found["s"] or 0)


def year_hints(text: str) -> Hints:
    """Every (year, month or None) that a title such as 2026年03月 names."""
    return [
        (int(year), int(month) if month else None)
        for year, month in _YEAR_HINT.findall(narrow(text))
    ]


def year_for(month: int, hints: Hints) -> int | None:
    """The year that ``hints`` leave for a row in ``month``, or None where they disagree.

    Hints with months are the ends of a time, such as 2025年12月 to 2026年02月.
    """
    years = {year for year, _ in hints}
    if len(years) == 1:
        return years.pop()
    dated = [(year, hinted) for year, hinted in hints if hinted is not None]
    exact = {year for year, hinted in dated if hinted == month}
    between = {year for year in years if dated and min(dated) <= (year, month) <= max(dated)}
    return next((found.pop() for found in (exact, between) if len(found) == 1), None)


def hinted_moment(
    text: str, *, zone: ZoneInfo, year: int | None, hints: Iterable[Hints]
) -> datetime:
    """As ``local_moment``; where the year is missing, the first of ``hints`` that decides it."""
    try:
        return local_moment(text, zone=zone, year=year)
    except YearMissing as missing:
        for group in hints:
            if found := year_for(missing.month, group):
                return local_moment(text, zone=zone, year=found)
        raise


_LENGTH_CELL_MAX: Final = 16
_CLOCK_LENGTH: Final = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})(?:\.0+)?")
_WORD_LENGTH: Final = re.compile(
    r"(?:(\d+)(?:小时|时|h))?(?:(\d+)(?:分钟|分|m|min|'))?(?:(\d+)(?:秒钟|秒|s|sec|\"|''))?",
    re.IGNORECASE,
)


def seconds_long(text: str, *, bare_unit_seconds: int = 1) -> int | None:
    """A length of time in whole seconds, None for an empty cell.

    Reads ``1分23秒``, ``00:01:23``, ``01:23``, ``83秒`` and ``83``; the last counts
    ``bare_unit_seconds`` each.
    """
    cell = re.sub(r"\s", "", narrow(text))
    if cell in ("", "-", "--", "null"):
        return None
    if re.fullmatch(r"\d{1,7}(?:\.0+)?", cell, re.ASCII):
        return int(cell.split(".")[0]) * bare_unit_seconds
    found = _CLOCK_LENGTH.fullmatch(cell) or _WORD_LENGTH.fullmatch(cell)
    if found is None or len(cell) > _LENGTH_CELL_MAX:
        message = f"{text!r} is no length of a call; write seconds (83) or 00:01:23"
        raise ValueError(message)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


_YES: Final = frozenset({"yes", "y", "true", "1", "是", "有", "接通", "已接", "接了", "对"})
_NO: Final = frozenset(
    {"no", "n", "false", "0", "否", "没有", "无", "未接", "未接通", "没接", "没接通", "不是"}
)


def yes_or_no(text: str) -> bool | None:
    """Yes, no, or None for an empty cell."""
    cell = narrow(text).lower()
    if not cell:
        return None
    if cell in _YES or cell in _NO:
        return cell in _YES
    message = f"{text!r} is neither yes nor no; write yes (是) or no (否)"
    raise ValueError(message)


def implausible(at: datetime, now: datetime) -> str | None:
    """Why a phone cannot have logged this moment, with the remedy; None where it can."""
    if at < _EARLIEST:
        why = ": the phone's clock was not set"
    elif at > now + _CLOCKS_DIFFER:
        why = " lies in the future"
    else:
        return None
    return f"date {at.date().isoformat()}{why}; the row is left out, correct its date"
