from __future__ import annotations

import warnings
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from forbear.base.errors import InputError
from forbear.intake import read_logs, workbook as module
from forbear.intake.workbook import workbook_sheets

MAX = 100 << 20
HEAD = ["起始时间", "通信方式", "对方号码", "通信时长"]


def cells(path):
    return [row.cells for _, rows in workbook_sheets(path, max_bytes=MAX) for row in rows]


def test_cells_of_every_type_become_text(workbook):
    path = workbook(
        a=[
            [datetime(2026, 3, 10, 17, 59, 2), time(17, 59), date(2026, 3, 10)],
            [95187, 1.0, 1.5, None, "x", True, timedelta(seconds=83)],
        ]
    )
    assert cells(path) == [
        ("2026-03-10 17:59:02", "17:59:00", "2026-03-10 00:00:00"),
        ("95187", "1", "1.5", "", "x", "True", "0:01:23"),
    ]


def test_the_line_is_the_row_s_number_on_its_sheet(workbook):
    path = workbook(a=[["x"], [], ["y"]])
    assert [row.line for _, rows in workbook_sheets(path, max_bytes=MAX) for row in rows] == [1, 3]


def test_a_bill_as_a_workbook_is_read(workbook, now):
    path = workbook(a=[HEAD, [datetime(2026, 3, 10, 17, 59, 2), "被叫", 95187, "1分23秒"]])
    row = read_logs([path], now=now).rows[0]
    assert (row.number, row.duration_seconds, row.source.file) == ("95187", 83, "book.xlsx")
    assert row.at.isoformat() == "2026-03-10T17:59:02+08:00"


def test_a_date_and_an_hour_in_columns_of_their_own_are_joined(workbook, now):
    head = ["通话日期", "通话时间", "通信方式", "对方号码", "通信时长"]
    path = workbook(a=[head, [date(2026, 3, 10), time(17, 59, 2), "被叫", "95187", time(0, 1, 23)]])
    log = read_logs([path], now=now)
    assert log.unreadable == ()
    assert log.rows[0].at.isoformat() == "2026-03-10T17:59:02+08:00"
    assert log.rows[0].duration_seconds == 83


def test_every_sheet_is_a_table_of_its_own(workbook, now):
    first = [["title"], [], ["2026年02月"], HEAD, ["02-10 10:00:00", "被叫", "95187", "5"]]
    second = [HEAD, ["2026-03-10 10:00:00", "主叫", "95187", "6"]]
    third = [["对方号码", "收发时间", "收发类型"], ["95187", "2026-03-11 10:00:00", "接收"]]
    log = read_logs([workbook(二月=first, 三月=second, 短信=third)], now=now)
    assert log.unreadable == ()
    assert [(r.source.file, r.source.line, r.kind) for r in log.rows] == [
        ("book.xlsx [二月]", 5, "call"),
        ("book.xlsx [三月]", 2, "call"),
        ("book.xlsx [短信]", 2, "sms"),
    ]
    assert list(log.inputs) == ["book.xlsx"]


def test_a_sheet_with_unknown_columns_is_reported_and_the_others_kept(workbook, now):
    sheets = {"one": [["a", "b"], ["1", "2"]], "two": [HEAD, ["2026-03-10 10:00", "被叫", "1", "5"]]}
    log = read_logs([workbook(**sheets)], now=now)
    assert len(log.rows) == 1
    assert str(log.unreadable[0]).startswith("book.xlsx [one] line 1: line 1: the columns are not")


def test_a_workbook_without_a_log_on_any_sheet_is_refused(workbook, now):
    with pytest.raises(InputError, match="columns are not known, seen: «a», «b»"):
        read_logs([workbook(one=[["a", "b"]], two=[["c"]])], now=now)
    with pytest.raises(InputError, match="the workbook is empty"):
        read_logs([workbook(one=[[]])], now=now)


def rewritten(path, name, old, new):
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    assert old in entries[name]
    entries[name] = entries[name].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)


def test_a_sheet_that_states_a_wrong_size_is_read_whole(workbook):
    path = workbook(a=[["x", "y"], ["1", "2"]])
    rewritten(path, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1"')
    assert cells(path) == [("x", "y"), ("1", "2")]


def test_a_cell_at_the_far_end_of_a_sheet_does_not_fill_the_memory(workbook):
    path = workbook(a=[["x", "y"]])
    rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"><v>2</v></c></row></sheetData>',
    )
    assert cells(path) == [("x", "y"), ("2",)]


def test_an_entity_bomb_inside_a_workbook_is_refused(workbook, now):
    path = workbook(a=[["x", "y"]])
    rewritten(
        path,
        "xl/workbook.xml",
        b"<workbook ",
        b'<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><workbook ',
    )
    with pytest.raises(InputError, match="the workbook is damaged .*; save it again as CSV"):
        read_logs([path], now=now)


def test_a_workbook_that_unpacks_to_too_much_is_refused(workbook, now, monkeypatch):
    path = workbook(a=[["x"] * 50])
    monkeypatch.setattr(module, "_UNPACKED_BYTES_MAX", 1000)
    with pytest.raises(InputError, match="unpacks to .* bytes, more than 1000; split it"):
        read_logs([path], now=now)


def test_a_cut_workbook_is_refused_in_one_line(workbook, now):
    path = workbook(a=[HEAD])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"^book.xlsx: the workbook is damaged [^\n]*$"):
        read_logs([path], now=now)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path, now):
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("calls.xml", "<calls/>")
    with pytest.raises(InputError, match="ZIP archive and no workbook; unpack it"):
        read_logs([path], now=now)


def test_the_reader_s_own_warnings_reach_nobody(workbook):
    path = workbook(a=[["x"]])
    rewritten(path, "xl/styles.xml", b"<cellXfs", b"<cellXfz")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            workbook_sheets(path, max_bytes=MAX)
        except InputError as error:
            assert "damaged" in str(error)
