from __future__ import annotations

from datetime import date, datetime, time

import pytest
from tests.unit.intake.conftest import Book, Read

from forbear.intake import Form, Log, read_logs, template

HEAD = "日期,时间,对方号码,来电/去电,是否接通,分钟,说了什么\n"
ROW = "2026-03-10,17:59,95187,来电,是,2,说再不还就上门\n"


def only(log: Log):
    assert len(log.rows) == 1
    assert log.unreadable == ()
    return log.rows[0]


def problem(log: Log):
    assert len(log.unreadable) == 1
    return str(log.unreadable[0])


def test_a_line_written_by_hand_is_a_contact(read: Read):
    log = read(HEAD + ROW)
    row = only(log)
    assert (row.form, row.kind, row.number, row.incoming) == (Form.WRITTEN, "call", "95187", True)
    assert (row.outcome, row.duration_seconds) == ("conversation", 120)
    assert row.at.isoformat() == "2026-03-10T17:59:00+08:00"
    assert row.text == "说再不还就上门"
    assert (log.shows_calls, log.shows_unanswered, log.shows_texts) == (True, True, True)


def test_the_english_list_is_read_too(read: Read):
    text = "date,time,number,incoming/outgoing,answered,minutes,what was said\n"
    row = only(read(text + "2026-03-10,17:59,95187,Text  Received,,,pay at once\n"))
    assert (row.kind, row.incoming, row.outcome, row.text) == (
        "sms",
        True,
        "delivered",
        "pay at once",
    )


@pytest.mark.parametrize(
    ("way", "kind", "outcome"),
    [
        ("上门", "visit", "conversation"),
        ("visit", "visit", "conversation"),
        ("收到信函", "letter", "delivered"),
        ("email received", "email", "delivered"),
        ("收到社交消息", "social", "delivered"),
    ],
)
def test_what_no_phone_lists_can_be_written_by_hand(read: Read, way: str, kind: str, outcome: str):
    row = only(read(HEAD + f"2026-03-10,17:59,95187,{way},,,\n"))
    assert (row.kind, row.incoming, row.outcome) == (kind, True, outcome)


def test_a_visit_that_met_nobody_is_still_a_visit(read: Read):
    row = only(read(HEAD + "2026-03-10,17:59,95187,上门,否,,\n"))
    assert (row.kind, row.outcome) == ("visit", "no_answer")


@pytest.mark.parametrize(
    ("answered", "minutes", "outcome"),
    [
        ("是", "", "conversation"),
        ("是", "0", "answered_limited"),
        ("否", "", "no_answer"),
        ("", "1分23秒", "conversation"),
        ("", "", None),
    ],
)
def test_the_outcome_is_what_the_person_wrote_and_no_more(
    read: Read, answered: str, minutes: str, outcome: str | None
):
    row = only(read(HEAD + f"2026-03-10,17:59,95187,来电,{answered},{minutes},\n"))
    assert row.outcome == outcome


@pytest.mark.parametrize(
    ("way", "kind", "incoming"),
    [
        ("来电", "call", True),
        ("去电", "call", False),
        ("收到短信", "sms", True),
        ("发出短信", "sms", False),
    ],
)
def test_each_direction_is_read(read: Read, way: str, kind: str, incoming: bool):
    row = only(read(HEAD + f"2026-03-10,17:59,95187,{way},,,\n"))
    assert (row.kind, row.incoming) == (kind, incoming)


def test_a_date_without_a_year_takes_it_from_the_title_or_the_option(read: Read):
    line = ROW.replace("2026-03-10", "3月10日")
    assert only(read("2026年\n" + HEAD + line)).at.year == 2026
    assert only(read(HEAD + line, year=2026)).at.year == 2026
    assert "has no year; pass --year" in problem(read(HEAD + line))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("来电,", "他打来,", "'他打来' is no direction; write incoming (来电)"),
        ("17:59", "evening", "has no time of day; write it as"),
        ("17:59", "", "has no time of day; write it as"),
        ("是", "也许", "neither yes nor no"),
        ("2026-", "2099-", "lies in the future"),
        ("2026-", "1970-", "clock was not set"),
        ("说再", '"说再', "never closed"),
    ],
)
def test_a_line_that_cannot_be_read_is_reported_and_the_others_kept(
    read: Read, old: str, new: str, what: str
):
    log = read(HEAD + ROW.replace(old, new) + ROW)
    assert len(log.rows) == 1
    assert "log0.txt line 2: " in problem(log)
    assert what in problem(log)


@pytest.mark.parametrize("language", ["zh", "en", "fr"])
def test_the_template_reads_cleanly_and_holds_no_contact(read: Read, language: str):
    log = read(template(language))
    assert (log.rows, log.unreadable) == ((), ())
    assert "left out" in log.notes[0].en


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_in_the_template_reads_once_its_mark_is_taken_off(read: Read, language: str):
    lines = template(language).splitlines()
    examples = [line.removeprefix("# ") for line in lines if line.startswith("# 2026")]
    log = read("\n".join([lines[-1], *examples]))
    assert (len(log.rows), log.unreadable) == (3, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_the_template_is_read_as_any_spreadsheet_saves_it(read: Read, encoding: str):
    delimiter = "\t" if encoding == "utf-16" else ","
    text = (template("zh") + ROW).replace(",", delimiter)
    assert only(read(text.encode(encoding))).number == "95187"


def test_a_spreadsheet_s_dates_and_hours_are_read(read: Read, workbook: Book, now: datetime):
    path = workbook(a=[HEAD.strip().split(","), [date(2026, 3, 10), time(17, 59), 95187, "来电"]])
    assert only(read_logs([path], now=now)).at.isoformat() == "2026-03-10T17:59:00+08:00"
