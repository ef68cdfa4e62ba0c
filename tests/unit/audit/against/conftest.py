"""Rows of a phone and of a lender, to be held against each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from forbear.audit.against import Compared, hold_against
from forbear.base.contact import Source
from forbear.base.words import Channel, Outcome
from forbear.intake import Form, Log, LogRow, Whose, parse_collector
from forbear.intake.numbers import comparable

NOON = datetime.fromisoformat("2026-03-10T12:00:00+08:00")
LINE = "02110000001"


def a_row(second: int, *, file: str, line: int, form: Form, **changes: Any) -> LogRow:
    """One answered call at noon and so many seconds."""
    shown = changes.pop("number", LINE)
    said: dict[str, Any] = {
        "source": Source(file=file, line=line),
        "sha256": "0" * 64,
        "form": form,
        "kind": Channel.CALL,
        "number": comparable(shown),
        "displayed_as": shown,
        "name": None,
        "at": NOON + timedelta(seconds=second),
        "incoming": True,
        "outcome": Outcome.CONVERSATION,
    }
    return LogRow(**{**said, **changes})


@pytest.fixture
def phone() -> Callable[..., LogRow]:
    """A row of a phone's backup; its line is its second unless said."""

    def make(second: int, **changes: Any) -> LogRow:
        said = {"file": "calls.xml", "line": second, "form": Form.CALL_BACKUP}
        return a_row(second, **{**said, **changes})

    return make


@pytest.fixture
def told() -> Callable[..., LogRow]:
    """A row of a lender's record; its line is its second unless said."""

    def make(second: int, **changes: Any) -> LogRow:
        said = {"file": "record.csv", "line": second, "form": Form.LEDGER}
        return a_row(second, **{**said, **changes})

    return make


@pytest.fixture
def compared() -> Callable[..., Compared]:
    """The comparison of some rows, with a call of somebody else before and after on both sides."""

    def make(phone: Sequence[LogRow], record: Sequence[LogRow], **changes: Any) -> Compared:
        form = phone[0].form if phone else Form.CALL_BACKUP
        file = phone[0].source.file if phone else "calls.xml"
        # The last stands on no whole minute, so that the file does not seem to write minutes alone.
        last = changes.pop("last", 900_001)
        kinds = {(row.kind, row.incoming) for row in (*phone, *record)}
        ends = [
            (second, {"kind": kind, "incoming": incoming, "outcome": Outcome.NO_ANSWER})
            for second in (-900_000, last)
            for kind, incoming in sorted(kinds)
        ]
        mine = [
            a_row(at, file=file, line=900 + n, form=form, number="13900000001", **said)
            for n, (at, said) in enumerate(ends)
        ]
        theirs = [
            a_row(at, file="record.csv", line=900 + n, form=Form.LEDGER, more={"person": "P2"},
                  number="", **said)
            for n, (at, said) in enumerate(ends)
        ]  # fmt: skip
        known = [
            row
            if "person" in row.more
            else LogRow(**{**_fields(row), "more": {**row.more, "person": "P1"}})
            for row in record
        ]
        collectors = changes.pop("collectors", (LINE,))
        return hold_against(
            a_log([*phone, *mine]),
            a_log([*known, *theirs]),
            collectors=[parse_collector(each) for each in collectors],
            person=changes.pop("person", "P1"),
            whose=changes.pop("whose", Whose.DEBTOR),
        )

    return make


def _fields(row: LogRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in LogRow.__slots__}


def a_log(rows: Sequence[LogRow], **changes: Any) -> Log:
    said: dict[str, Any] = {
        "rows": tuple(sorted(rows, key=lambda row: row.at)),
        "unreadable": (),
        "inputs": {row.source.file: "0" * 64 for row in rows},
        "notes": (),
        "shows_unanswered": True,
        "shows_calls": True,
        "shows_texts": True,
        "duplicates": 0,
    }
    return Log(**{**said, **changes})


@pytest.fixture
def log() -> Callable[..., Log]:
    return a_log
