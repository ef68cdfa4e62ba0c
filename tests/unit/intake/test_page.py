from __future__ import annotations

import time
from pathlib import Path

from forbear.intake.page import page_rows


def rows(tmp_path: Path, content: str | bytes):
    path = tmp_path / "x.xls"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(page_rows(path))


def cells(tmp_path: Path, content: str | bytes):
    return [row.cells for row in rows(tmp_path, content)]


def test_the_cells_of_every_table_are_read(tmp_path: Path):
    page = "<html><table><tr><th>a</th><td>b</td></tr></table><table><tr><td>c</td></tr></table>"
    assert cells(tmp_path, page) == [("a", "b"), ("c",)]


def test_the_line_is_the_row_s_number_even_where_the_page_is_one_line(tmp_path: Path):
    page = "<table>" + "<tr><td>x</td></tr>" * 3 + "</table>"
    assert [row.line for row in rows(tmp_path, page)] == [1, 2, 3]


def test_what_a_reader_does_not_see_is_left_out(tmp_path: Path):
    page = (
        "<style>td {}</style><!-- <tr><td>no</td></tr> --><SCRIPT>'<td>'</SCRIPT>"
        "<table><tr><td>1<!-- x -->&nbsp;<b>2</b>&amp;3<br>4</td></tr></table>"
    )
    assert cells(tmp_path, page) == [("1 2&3 4",)]


def test_cells_without_closing_tags_are_read(tmp_path: Path):
    assert cells(tmp_path, "<table><tr><td>a<td>b<tr><td>c") == [("a", "b"), ("c",)]


def test_a_cell_with_attributes_and_capitals_is_read(tmp_path: Path):
    assert cells(tmp_path, "<TABLE><TR><TD class=x style='a:b'>a</TD></TR>") == [("a",)]


def test_a_page_in_gbk_is_read(tmp_path: Path):
    assert cells(tmp_path, "<table><tr><td>主叫</td></tr>".encode("gbk")) == [("主叫",)]


def test_damaged_bytes_cost_their_own_row_alone(tmp_path: Path):
    content = (
        "<table><tr><td>还款</td></tr>\n<tr><td>逾期</td></tr>\n<tr><td>a".encode() + b"\xff</td>"
    )
    found = rows(tmp_path, content)
    assert [row.cells for row in found] == [("还款",), ("逾期",), ()]
    assert "encoding is wrong" in (found[2].broken or "")


def test_a_reference_of_thousands_of_digits_is_left_as_it_is(tmp_path: Path):
    reference = "&#" + "9" * 5000 + ";"
    assert cells(tmp_path, f"<table><tr><td>{reference}</td></tr>") == [(reference,)]


def test_millions_of_opened_comments_and_tags_take_no_longer_than_plain_text(tmp_path: Path):
    for sign in ("<!--", "<", "<td", "<style>", "&#"):
        begun = time.process_time()
        rows(tmp_path, "<table><tr><td>" + sign * 500_000)
        assert time.process_time() - begun < 4, sign
