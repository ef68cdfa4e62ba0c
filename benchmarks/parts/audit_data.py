"""Made-up ledgers for rule set R: columns in the order of time, drawn from one seed.

``N`` contacts of ``N`` / 20 debtors in ninety days that hold the switches of American, European and
Lord Howe clocks. A debtor's share falls with the root of its rank, so the busiest have a contact
every few minutes. A ledger is a folder of arrays, so that each engine's process can read it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

START: Final = 1_706_745_600  # 2024-02-01T00:00:00Z
DAYS: Final = 90
SPAN: Final = DAYS * 86_400
WEEK: Final = 604_800
CHANNELS: Final = ("call", "sms", "email", "letter")
ZONES: Final = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Phoenix", "Europe/Berlin", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/St_Johns",
)  # fmt: skip
# The first eight signs of the MD5 of the right answer, one byte of bits a contact.
RIGHT: Final = {1_000_000: "aea83bdf", 10_000_000: "4ae1c8d9"}


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Contacts by the order of time, then what is known of debtors.

    Times are seconds UTC (int64); persons, debts and zones are numbers, channels the places of
    ``CHANNELS``. ``third`` and ``talk`` say of a call that it went to a third party, or was a
    conversation with the debtor.
    """

    at: Array
    person: Array
    debt: Array
    channel: Array
    third: Array
    talk: Array
    zone: Array
    opted_person: Array
    opted_channel: Array
    opted_at: Array
    stopped_person: Array
    stopped_from: Array
    stopped_until: Array

    @property
    def persons(self) -> int:
        """How many debtors there are."""
        return len(self.zone)


def draw(count: int, seed: int = 1) -> Ledger:
    """A ledger of ``count`` contacts. The order of the draws is part of what the seed means."""
    rng = np.random.default_rng(seed)
    persons = count // 20
    at = START + np.sort(rng.integers(0, SPAN, count))
    ranked = rng.permutation(persons).astype(np.int32)
    person = ranked[(persons * rng.random(count) ** 2).astype(np.int64)]
    drawn = rng.random(persons)
    owed = 1 + (drawn < 0.25).astype(np.int32) + (drawn < 0.05)
    first = np.cumsum(owed, dtype=np.int64) - owed
    which = (rng.random(count) * owed[person]).astype(np.int64)
    drawn = rng.random(count)
    channel = sum((drawn >= share).astype(np.uint8) for share in (0.55, 0.75, 0.90))
    call = channel == 0
    third = call & (rng.random(count) < 0.03)
    talk = call & ~third & (rng.random(count) < 0.08)
    zone = rng.integers(0, len(ZONES), persons).astype(np.uint8)
    opted = int(0.05 * persons)
    opted_person = rng.integers(0, persons, opted).astype(np.int32)
    opted_channel = rng.integers(0, len(CHANNELS), opted).astype(np.uint8)
    opted_at = START + rng.integers(0, SPAN, opted)
    stopped = int(0.03 * persons)
    stopped_person = rng.integers(0, persons, stopped).astype(np.int32)
    stopped_from = START + rng.integers(0, SPAN, stopped)
    return Ledger(
        at=at,
        person=person,
        debt=(first[person] + which).astype(np.int32),
        channel=np.asarray(channel),
        third=third,
        talk=talk,
        zone=zone,
        opted_person=opted_person,
        opted_channel=opted_channel,
        opted_at=opted_at,
        stopped_person=stopped_person,
        stopped_from=stopped_from,
        stopped_until=stopped_from + rng.integers(5 * 86_400, 45 * 86_400, stopped),
    )


def write(ledger: Ledger, folder: Path) -> Path:
    """Write a ledger's columns into a folder of their own."""
    folder.mkdir()
    for column in fields(ledger):
        np.save(folder / f"{column.name}.npy", getattr(ledger, column.name))
    return folder


def read(folder: Path) -> Ledger:
    """A ledger as it was written."""
    return Ledger(**{col.name: np.load(folder / f"{col.name}.npy") for col in fields(Ledger)})


def offsets(zone: str) -> list[tuple[int, int]]:
    """From when each offset of a zone is in force, in seconds; a day is added at either end."""
    clock = ZoneInfo(zone)

    def offset(at: int) -> int:
        found = datetime.fromtimestamp(at, UTC).astimezone(clock).utcoffset()
        assert found is not None
        return int(found.total_seconds())

    days = range(START - 86_400, START + SPAN + 86_400, 86_400)
    found = [(days[0], offset(days[0]))]
    for day in days:
        before, after = offset(day), offset(day + 86_400)
        if before != after:
            # Within one day a clock switches once at most, so its second is found by halving.
            seconds = range(day, day + 86_400)
            place = bisect_left(seconds, 1, key=lambda second, new=after: offset(second) == new)
            found.append((seconds[place], after))
    return found
