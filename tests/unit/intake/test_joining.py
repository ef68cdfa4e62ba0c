from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forbear.base.contact import Source
from forbear.base.words import Channel, Outcome
from forbear.intake import Form, LogRow
from forbear.intake.joining import without_duplicates

START = datetime(2026, 3, 10, 9, 59, tzinfo=UTC)


def row(
    *,
    form: Form = Form.CALL_BACKUP,
    seconds: int = 0,
    length: int | None = 83,
    number: str | None = "95187",
    kind: Channel = Channel.CALL,
    **more: Any,
):
    facts = {
        "source": Source(file="x", line=1),
        "sha256": "",
        "displayed_as": number,
        "name": None,
        "incoming": True,
        "outcome": Outcome.CONVERSATION,
        **more,
    }
    at = START + timedelta(seconds=seconds)
    return LogRow(form=form, kind=kind, number=number, at=at, duration_seconds=length, **facts)


def bill(**facts: Any):
    return row(form=Form.BILL, **facts)


def kept(*rows: LogRow):
    return [r.form for r in without_duplicates(rows)[0]]


def test_rows_come_out_oldest_first():
    rows = [row(seconds=9), row(seconds=3), row(seconds=5)]
    assert [r.at.second for r in without_duplicates(rows)[0]] == [3, 5, 9]


def test_the_same_row_of_two_backups_counts_once_and_the_first_is_kept():
    first, second = row(), row(source=Source(file="y", line=9))
    assert without_duplicates([first, second]) == ([first], 1)


@pytest.mark.parametrize(
    "other",
    [
        {"seconds": 1},
        {"length": 84},
        {"number": "95188"},
        {"incoming": False},
        {"kind": Channel.SMS},
        {"text": "hello"},
        {"outcome": Outcome.NO_ANSWER},
    ],
)
def test_rows_that_differ_are_two_contacts(other: dict[str, Any]):
    assert without_duplicates([row(), row(**other)])[1] == 0


def test_two_persons_of_a_ledger_reached_at_once_are_two_contacts():
    rows = [row(form=Form.LEDGER, more={"person": person}) for person in ("p1", "p2")]
    assert without_duplicates(rows)[1] == 0


@pytest.mark.parametrize("seconds", [-30, 0, 12, 90])
def test_a_bill_s_row_within_ringing_time_is_the_phone_s_own_row(seconds: int):
    assert kept(bill(seconds=seconds), row()) == [Form.CALL_BACKUP]


@pytest.mark.parametrize(
    "facts",
    [
        {"seconds": -31},
        {"seconds": 91},
        {"length": 87},
        {"number": "95188"},
        {"incoming": False},
    ],
)
def test_another_call_on_the_bill_is_kept(facts: dict[str, Any]):
    assert sorted(kept(bill(**facts), row())) == [Form.BILL, Form.CALL_BACKUP]


def test_a_phone_s_row_stands_for_one_row_of_the_bill_only():
    assert len(kept(row(), bill(seconds=5), bill(seconds=9))) == 2


def test_two_withheld_numbers_are_never_taken_for_one():
    assert len(kept(row(number=None), bill(number=None, seconds=1))) == 2


def test_a_billed_text_is_the_phone_s_text():
    text = row(form=Form.SMS_BACKUP, kind=Channel.SMS, length=None, text="请还款")
    same = bill(kind=Channel.SMS, length=None, seconds=2)
    assert kept(text, same) == [Form.SMS_BACKUP]
    other = bill(kind=Channel.SMS, length=None, seconds=2, text="其他")
    assert len(kept(text, other)) == 2


def test_fifty_thousand_calls_of_one_number_are_joined_quickly():
    rows = [row(seconds=600 * n) for n in range(25_000)]
    rows += [bill(seconds=600 * n + 9) for n in range(25_000)]
    begun = time.process_time()
    found, duplicates = without_duplicates(rows)
    assert (len(found), duplicates) == (25_000, 25_000)
    assert time.process_time() - begun < 2


def test_thousands_of_calls_in_one_minute_do_not_hold_the_work_up():
    rows = [row(length=n * 10) for n in range(8_000)]
    rows += [bill(length=n * 10 + 5) for n in range(8_000)]
    begun = time.process_time()
    without_duplicates(rows)
    assert time.process_time() - begun < 5
