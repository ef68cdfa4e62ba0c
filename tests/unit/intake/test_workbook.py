from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import process_time

import pytest
from tests.unit.intake.conftest import Book

from forbear.base.errors import InputError
from forbear.intake import read_logs
from forbear.intake import workbook as module
from forbear.intake.workbook import workbook_sheets

MAX = 100 << 20
# A spreadsheet's cell knows no zone.
MOMENT = datetime(2026, 3, 10, 17, 59, 2)  # noqa: DTZ001
HEAD = ["起始时间", "通信方式", "对方号码", "通信时长"]


def cells(path: Path):
    return [row.cells for _, rows in workbook_sheets(path, max_bytes=MAX) for row in rows]


def test_cells_of_every_type_become_text(workbook: Book):
    path = workbook(
        a=[
            [MOMENT, time(17, 59), date(2026, 3, 10)],
            [95187, 1.0, 1.5, None, "x", True, timedelta(seconds=83)],
        ]
    )
    assert cells(path) == [
        ("2026-03-10 17:59:02", "17:59:00", "2026-03-10 00:00:00"),
        ("95187", "1", "1.5", "", "x", "True", "0:01:23"),
    ]


def test_the_line_is_the_row_s_number_on_its_sheet(workbook: Book):
    path = workbook(a=[["x"], [], ["y"]])
    assert [row.line for _, rows in workbook_sheets(path, max_bytes=MAX) for row in rows] == [1, 3]


def test_a_bill_as_a_workbook_is_read(workbook: Book, now: datetime):
    path = workbook(a=[HEAD, [MOMENT, "被叫", 95187, "1分23秒"]])
    row = read_logs([path], now=now).rows[0]
    assert (row.number, row.duration_seconds, row.source.file) == ("95187", 83, "book.xlsx")
    assert row.at.isoformat() == "2026-03-10T17:59:02+08:00"


def test_a_date_and_an_hour_in_columns_of_their_own_are_joined(workbook: Book, now: datetime):
    head = ["通话日期", "通话时间", "通信方式", "对方号码", "通信时长"]
    path = workbook(a=[head, [date(2026, 3, 10), time(17, 59, 2), "被叫", "95187", time(0, 1, 23)]])
    log = read_logs([path], now=now)
    assert log.unreadable == ()
    assert log.rows[0].at.isoformat() == "2026-03-10T17:59:02+08:00"
    assert log.rows[0].duration_seconds == 83


def test_every_sheet_is_a_table_of_its_own(workbook: Book, now: datetime):
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


def test_a_sheet_with_unknown_columns_is_reported_and_the_others_kept(
    workbook: Book, now: datetime
):
    sheets = {
        "one": [["a", "b"], ["1", "2"]],
        "two": [HEAD, ["2026-03-10 10:00", "被叫", "1", "5"]],
    }
    log = read_logs([workbook(**sheets)], now=now)
    assert len(log.rows) == 1
    assert str(log.unreadable[0]).startswith("book.xlsx [one] line 1: line 1: the columns are not")


def test_a_workbook_without_a_log_on_any_sheet_is_refused(workbook: Book, now: datetime):
    with pytest.raises(InputError, match="columns are not known, seen: «a», «b»"):
        read_logs([workbook(one=[["a", "b"]], two=[["c"]])], now=now)
    with pytest.raises(InputError, match="the workbook is empty"):
        read_logs([workbook(one=[[]])], now=now)


def rewritten(path: Path, name: str, old: bytes, new: bytes):
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    assert old in entries[name]
    entries[name] = entries[name].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)


def test_a_sheet_that_states_a_wrong_size_is_read_whole(workbook: Book):
    path = workbook(a=[["x", "y"], ["1", "2"]])
    rewritten(path, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1"')
    assert cells(path) == [("x", "y"), ("1", "2")]


def test_a_cell_at_the_far_end_of_a_sheet_does_not_fill_the_memory(workbook: Book):
    path = workbook(a=[["x", "y"]])
    rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"><v>2</v></c></row>'
        b"</sheetData>",
    )
    assert cells(path) == [("x", "y"), ("2",)]


def test_columns_beyond_any_log_s_are_left_out(workbook: Book):
    path = workbook(a=[["x"] * 300])
    assert cells(path) == [("x",) * 256]


def test_empty_cells_at_the_end_of_a_row_are_none(workbook: Book):
    path = workbook(a=[["x", "y"], ["1", None, "", " "]])
    assert cells(path) == [("x", "y"), ("1",)]


def test_a_row_that_no_sheet_has_is_refused_at_once(workbook: Book, now: datetime):
    path = workbook(a=[["x", "y"]])
    row = b'<row r="999999999999"><c><v>1</v></c></row></sheetData>'
    rewritten(path, "xl/worksheets/sheet1.xml", b"</sheetData>", row)
    with pytest.raises(InputError, match="holds more than is read; split it"):
        read_logs([path], now=now)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    workbook: Book, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    path = workbook(a=[["x"] * 50])
    monkeypatch.setattr(module, "_UNPACKED_BYTES_MAX", 1000)
    with pytest.raises(InputError, match=r"unpacks to .* bytes, more than 1000; split it"):
        read_logs([path], now=now)


def test_a_workbook_of_too_many_elements_is_refused(
    workbook: Book, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    path = workbook(a=[["x"] * 50])
    monkeypatch.setattr(module, "_ELEMENTS_MAX", 100)
    with pytest.raises(InputError, match="too many cells; split it"):
        read_logs([path], now=now)


def test_a_tag_without_end_is_refused_unparsed(workbook: Book, now: datetime):
    path = workbook(a=[["x"]])
    tag = b'<sheetData a="' + b">" * 20_000_000 + b'">'
    rewritten(path, "xl/worksheets/sheet1.xml", b"<sheetData>", tag)
    with pytest.raises(InputError, match="a cell of a million bytes; save it as CSV"):
        read_logs([path], now=now)


def test_a_large_picture_takes_nothing_from_a_workbook(workbook: Book):
    path = workbook(a=[["x"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/logo.bmp", b"<" + b"\xff" * 3_000_000)
    assert cells(path) == [("x",)]


def test_sheets_that_all_name_one_part_are_refused(workbook: Book, now: datetime):
    path = workbook(a=[["x"]])
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
    begin, end = book.index(b"<sheet "), book.index(b"</sheets>")
    sheet = book[begin:end]
    rewritten(path, "xl/workbook.xml", sheet, sheet * 5_000)
    with pytest.raises(InputError, match="repeats its parts too often; save it again as CSV"):
        read_logs([path], now=now)


def test_a_workbook_of_very_many_sheets_is_read(workbook: Book):
    sheets = {f"s{number}": [["x", number]] for number in range(200)}
    assert len(workbook_sheets(workbook(**sheets), max_bytes=MAX)) == 200


def test_texts_that_a_sheet_repeats_endlessly_are_refused(tmp_path: Path, now: datetime):
    row = '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>'
    by_hand(tmp_path / "x.xlsx", row * 200, f"<si><t>{'x ' * 250_000}</t></si>")
    with pytest.raises(InputError, match="holds more than is read; split it"):
        read_logs([tmp_path / "x.xlsx"], now=now)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_packed_as_none_is_is_refused(workbook: Book, now: datetime, method: int):
    path = workbook(a=[HEAD])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/more.xml", b"<a/>", method)
    with pytest.raises(InputError, match="packed in an unusual way; save it again as CSV"):
        read_logs([path], now=now)


def test_a_workbook_in_the_strict_dialect_is_refused_and_not_called_empty(
    workbook: Book, now: datetime
):
    path = workbook(a=[HEAD])
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    rewritten(path, "xl/workbook.xml", office, strict)
    with pytest.raises(InputError, match="has no sheet that can be read; save it again as CSV"):
        read_logs([path], now=now)


def test_a_cut_workbook_is_refused_in_one_line(workbook: Book, now: datetime):
    path = workbook(a=[HEAD])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"^book.xlsx: the workbook is damaged [^\n]*$"):
        read_logs([path], now=now)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path, now: datetime):
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("calls.xml", "<calls/>")
    with pytest.raises(InputError, match="ZIP archive and no workbook; unpack it"):
        read_logs([path], now=now)


def by_hand(path: Path, sheet: str, texts: str = "", styles: str = "", properties: str = ""):
    """A workbook as other programs write it: a prefix on every name, and targets from the root."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    link = '<Relationship Id="{0}" Type="' + office + '/{1}" Target="{2}"/>'
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        + '<Override PartName="/xl/{}.xml" ContentType="{}.{}+xml"/>' * 2
        + "</Types>"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": types.format(
            *("wb", kind, "sheet.main"), *("texts", kind, "sharedStrings")
        ),
        "_rels/.rels": links + link.format("a", "officeDocument", "xl/wb.xml") + "</Relationships>",
        "xl/_rels/wb.xml.rels": links
        + link.format("b", "worksheet", "/xl/one.xml")
        + link.format("c", "sharedStrings", "texts.xml")
        + link.format("d", "styles", "styles.xml")
        + "</Relationships>",
        "xl/wb.xml": f'<x:workbook xmlns:x="{main}" xmlns:r="{office}">{properties}<x:sheets>'
        '<x:sheet name="one" sheetId="1" r:id="b"/></x:sheets></x:workbook>',
        "xl/one.xml": f'<x:worksheet xmlns:x="{main}"><x:sheetData>{sheet}</x:sheetData>'
        "</x:worksheet>",
        "xl/texts.xml": f'<sst xmlns="{main}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("part", "root"),
    [
        ("[Content_Types].xml", b"<Types "),
        ("xl/_rels/wb.xml.rels", b"<Relationships "),
        ("xl/wb.xml", b"<x:workbook "),
        ("xl/one.xml", b"<x:worksheet "),
        ("xl/texts.xml", b"<sst "),
        ("xl/styles.xml", b"<styleSheet "),
    ],
)
def test_an_entity_bomb_inside_a_workbook_is_refused(
    tmp_path: Path, now: datetime, part: str, root: bytes
):
    path = tmp_path / "x.xlsx"
    by_hand(path, "<x:row><x:c><x:v>1</x:v></x:c></x:row>")
    bomb = b'<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    rewritten(path, part, root, bomb + root)
    with pytest.raises(InputError, match="declares entities, which none does; save it as CSV"):
        read_logs([path], now=now)


def test_an_entity_bomb_in_another_encoding_is_refused(tmp_path: Path, now: datetime):
    path = tmp_path / "x.xlsx"
    by_hand(path, "<x:row><x:c><x:v>1</x:v></x:c></x:row>")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/one.xml")
    bomb = '<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + sheet.decode()
    rewritten(path, "xl/one.xml", sheet, bomb.encode("utf-16"))
    with pytest.raises(InputError, match=r"the workbook is damaged .*EntitiesForbidden"):
        read_logs([path], now=now)


def test_shared_texts_are_read_whole_and_without_their_readings(tmp_path: Path):
    texts = (
        "<si><t>对方</t><rPh sb='0' eb='2'><t>duifang</t></rPh></si>"
        "<si><r><t>13800</t></r><r><rPr/><t>000001</t></r></si>"
    )
    row = '<x:row><x:c t="s"><x:v>1</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c></x:row>'
    by_hand(tmp_path / "x.xlsx", row, texts)
    assert cells(tmp_path / "x.xlsx") == [("13800000001", "对方")]


def test_rows_and_cells_without_places_follow_each_other(tmp_path: Path):
    sheet = (
        "<x:row><x:c><x:v>1</x:v></x:c></x:row>"
        '<x:row r="5"><x:c r="C5"><x:v>2</x:v></x:c><x:c><x:v>3</x:v></x:c></x:row>'
        "<x:row><x:c><x:v>4</x:v></x:c></x:row>"
    )
    by_hand(tmp_path / "x.xlsx", sheet)
    found = [row for _, rows in workbook_sheets(tmp_path / "x.xlsx", max_bytes=MAX) for row in rows]
    assert [(row.line, row.cells) for row in found] == [
        (1, ("1",)),
        (5, ("", "", "2", "3")),
        (6, ("4",)),
    ]


STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="yyyy/m/d hh:mm:ss"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="46"/><xf numFmtId="21"/>'
    "</cellXfs>"
)


@pytest.mark.parametrize(
    ("style", "stored", "text"),
    [
        ("0", "46091.75", "46091.75"),
        ("1", "46091.749328703707", "2026-03-10 17:59:02"),
        ("2", "0.00096064814814814819", "0:01:23"),
        ("3", "0.00096064814814814819", "00:01:23"),
        ("9", "95187", "95187"),
        ("1", "1e300", "#VALUE!"),
        ("1", "1e999", "#VALUE!"),
        ("0", "1e999", "inf"),
        ("0", "1.069018795187E12", "1069018795187"),
    ],
)
def test_a_number_is_shown_as_its_format_says(tmp_path: Path, style: str, stored: str, text: str):
    row = f'<x:row><x:c s="{style}"><x:v>{stored}</x:v></x:c></x:row>'
    by_hand(tmp_path / "x.xlsx", row, styles=STYLES)
    assert cells(tmp_path / "x.xlsx") == [(text,)]


def test_nothing_is_printed_of_a_style_that_is_missing(
    tmp_path: Path, now: datetime, capsys: pytest.CaptureFixture[str]
):
    styles = '<cellStyles><cellStyle name="Normal" xfId="9"/></cellStyles>'
    by_hand(tmp_path / "x.xlsx", "", styles=styles)
    with pytest.raises(InputError, match="the workbook is damaged"):
        read_logs([tmp_path / "x.xlsx"], now=now)
    assert capsys.readouterr() == ("", "")


def test_a_workbook_may_count_its_days_from_1904(tmp_path: Path):
    row = '<x:row><x:c s="1"><x:v>44629.749328703707</x:v></x:c></x:row>'
    by_hand(tmp_path / "x.xlsx", row, "", STYLES, '<x:workbookPr date1904="1"/>')
    assert cells(tmp_path / "x.xlsx") == [("2026-03-10 17:59:02",)]


@pytest.mark.parametrize(
    "cell",
    [
        '<x:c t="s"><x:v>7</x:v></x:c>',
        "<x:c><x:v>soon</x:v></x:c>",
        "<x:c><x:v>NaN</x:v></x:c>",
        "<x:c><x:v>" + "9" * 5000 + "</x:v></x:c>",
        "<x:c>",
        "<x:c s='a'><x:v>1</x:v></x:c>",
    ],
)
def test_a_damaged_sheet_is_refused_in_one_line(tmp_path: Path, now: datetime, cell: str):
    by_hand(tmp_path / "x.xlsx", f"<x:row>{cell}</x:row>")
    with pytest.raises(InputError, match=r"^x.xlsx: the workbook is damaged [^\n]*$"):
        read_logs([tmp_path / "x.xlsx"], now=now)


def test_a_workbook_of_many_rows_is_read_in_good_time(tmp_path: Path, now: datetime):
    head = "".join(f'<x:c t="str"><x:v>{name}</x:v></x:c>' for name in HEAD)
    row = (
        '<x:row><x:c s="1"><x:v>{at}</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c>'
        "<x:c><x:v>95187</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row>"
    )
    rows = "".join(row.format(at=45_000 + n / 144) for n in range(20_000))
    by_hand(tmp_path / "x.xlsx", f"<x:row>{head}</x:row>{rows}", "<si><t>被叫</t></si>", STYLES)
    begun = process_time()
    log = read_logs([tmp_path / "x.xlsx"], now=now)
    taken = process_time() - begun
    assert (len(log.rows), log.unreadable) == (20_000, ())
    # It takes 2 seconds on a quiet machine; tests also run on busy ones.
    assert taken < 12
