from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from forbear.intake.table import bare, encoding_of, text_rows

KNOWN = {"date", "number", "日期", "号码"}


def rows(tmp_path: Path, content: str | bytes):
    path = tmp_path / "x"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(text_rows(path, lambda cells: sum(cell in KNOWN for cell in cells)))


def cells(tmp_path: Path, content: str | bytes):
    return [row.broken or row.cells for row in rows(tmp_path, content)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "\uff0c"])
def test_the_delimiter_is_the_one_that_shows_known_columns(tmp_path: Path, delimiter: str):
    text = f"title, with; signs\nnumber{delimiter}date\n1{delimiter}2\n"
    assert cells(tmp_path, text)[1:] == [("number", "date"), ("1", "2")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts_as_one_line(tmp_path: Path, end: str):
    found = rows(tmp_path, end.join(["number,date", "", "1,2"]))
    assert [(row.line, row.cells) for row in found] == [
        (1, ("number", "date")),
        (2, ()),
        (3, ("1", "2")),
    ]


def test_an_end_of_line_over_the_border_of_two_pieces_is_one(tmp_path: Path):
    content = b"a" * ((1 << 18) - 1) + b"\r\nb\r\n"
    assert [row.line for row in rows(tmp_path, content)] == [1, 2]


def test_the_digest_is_of_the_raw_line(tmp_path: Path):
    found = rows(tmp_path, '号码,日期\n="1"\t,2\n'.encode("gbk"))
    assert found[1].sha256 == hashlib.sha256(b'="1"\t,2').hexdigest()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_table_is_read_in_every_encoding_that_spreadsheets_write(tmp_path: Path, encoding: str):
    text = "number,日期\n95187,三月十日\n"
    assert cells(tmp_path, text.encode(encoding)) == [("number", "日期"), ("95187", "三月十日")]


def test_one_damaged_line_does_not_make_a_utf8_file_pass_for_gb18030():
    good = "还款还款\n".encode()
    assert good.decode("gb18030")
    assert encoding_of(good * 3 + b"\xbb\xb9\xbf\xee\n") == "utf-8"
    assert encoding_of("还款\n".encode("gbk") * 2) == "gb18030"


def test_a_file_cut_inside_a_character_keeps_its_encoding():
    assert encoding_of("逾期还款".encode()[:-1]) == "utf-8"
    assert encoding_of("逾期还款".encode("gbk")[:-1]) == "gb18030"


def test_a_line_of_a_wrong_encoding_costs_itself_alone(tmp_path: Path):
    content = "号码,日期\n1,是\n".encode() + b"2,\xff\xff\n" + "3,否\n".encode()
    found = rows(tmp_path, content)
    assert [row.cells for row in found] == [("号码", "日期"), ("1", "是"), (), ("3", "否")]
    assert "encoding is wrong" in (found[2].broken or "")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="95187"\t', "95187"),
        ('="95187"', "95187"),
        ('=""', ""),
        ('="', '="'),
        ("'95187", "95187"),
        ("`95187", "95187"),
        ("\ufeff 95187 ", "95187"),
        ("妈妈", "妈妈"),
        ("", ""),
    ],
)
def test_the_marks_that_force_text_are_taken_off(cell: str, text: str):
    assert bare(cell) == text


def test_marks_of_text_inside_quotation_marks_are_taken_off_too(tmp_path: Path):
    assert cells(tmp_path, 'number,date\n"=""95187""",2\n')[1] == ("95187", "2")


def test_a_quoted_cell_may_hold_commas_and_line_breaks(tmp_path: Path):
    found = rows(tmp_path, 'number,date\n1,"a,\nb ""c"""\n2,x\n')
    assert [(row.line, row.cells) for row in found[1:]] == [
        (2, ("1", 'a,\nb "c"')),
        (4, ("2", "x")),
    ]


def test_a_quotation_mark_inside_a_cell_is_only_a_sign(tmp_path: Path):
    assert cells(tmp_path, 'number,date\n1,5" wide\n2,x\n')[1:] == [("1", '5" wide'), ("2", "x")]


def test_an_unclosed_quotation_mark_costs_its_own_row_alone(tmp_path: Path):
    found = cells(tmp_path, 'number,date\n1,"oops\n2,x\n3,y,z\n4,w\n')
    assert "never closed" in found[1]
    assert found[2:] == [("2", "x"), ("3", "y", "z"), ("4", "w")]


def test_rows_of_another_width_behind_an_unclosed_quotation_mark_are_kept(tmp_path: Path):
    lines = "".join(f"{n},x,y\n" for n in range(100))
    found = cells(tmp_path, 'number,date\n"oops,1\n' + lines)
    assert "never closed" in found[1]
    assert found[2:] == [(str(n), "x", "y") for n in range(100)]


def test_a_last_row_with_an_unclosed_quotation_mark_is_reported(tmp_path: Path):
    assert "never closed" in cells(tmp_path, 'number,date\n1,"oops')[1]


def test_a_line_far_too_long_is_reported_and_the_next_ones_are_read(tmp_path: Path):
    content = b"number,date\n" + b"," * (3 << 20) + b"\n1,2\n"
    found = cells(tmp_path, content)
    assert "longer than 1 MiB" in found[1]
    assert found[2:] == [("1", "2")]
    assert "longer than 1 MiB" in cells(tmp_path, b"number,date\n" + b"a" * (3 << 20))[1]


def test_a_cell_that_no_reader_takes_is_reported(tmp_path: Path):
    found = cells(tmp_path, 'number,date\n1,"' + "a" * 200_000 + '"\n1,2\n')
    assert "cannot be split" in found[1]
    assert found[2] == ("1", "2")


def test_zero_bytes_inside_a_line_are_left_out(tmp_path: Path):
    assert cells(tmp_path, b"number,date\n1\0,2\n")[1] == ("1", "2")


def test_a_long_line_of_two_byte_letters_takes_no_longer_than_its_length(tmp_path: Path):
    begun = time.process_time()
    found = rows(tmp_path, ("number,date\n" + "a" * (8 << 20)).encode("utf-16"))
    assert len(found) == 2
    assert time.process_time() - begun < 4
