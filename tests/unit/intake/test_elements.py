from __future__ import annotations

import time
from pathlib import Path

import pytest

from forbear.intake import elements
from forbear.intake.elements import pieces_of
from forbear.intake.rows import Part

ROW = b'<call number="1" />\n'


def pieces(tmp_path: Path, content: bytes):
    path = tmp_path / "x.xml"
    path.write_bytes(content)
    part = Part("x.xml")
    return list(pieces_of(path, part)), part


def test_each_element_is_one_piece_with_its_line(tmp_path: Path):
    found, part = pieces(tmp_path, b"<calls>\n" + ROW * 2 + b"\n" + ROW + b"</calls>")
    assert [piece.line for piece in found] == [2, 3, 5]
    assert all(piece.raw.strip() == ROW.strip() for piece in found)
    assert part.bad == []


def test_lines_stay_right_over_the_borders_of_what_is_read_at_once(tmp_path: Path):
    found, _ = pieces(tmp_path, b"<calls>\n" + ROW * 40_000 + b"</calls>")
    assert [piece.line for piece in found] == list(range(2, 40_002))


def test_a_comment_over_such_a_border_hides_what_is_inside(tmp_path: Path):
    for shift in range(0, 60, 7):
        filler = b"x" * ((1 << 18) - 4_100 - 100 + shift)
        content = b"<calls>" + filler + b"<!-- " + ROW * 20 + b"-->" + ROW + b"</calls>"
        found, _ = pieces(tmp_path, content)
        assert len(found) == 1, shift


def test_a_comment_that_never_closes_does_not_swallow_the_rows_behind_it(tmp_path: Path):
    found, _ = pieces(tmp_path, b"<calls><!-- " + ROW * 400 + b"</calls>")
    assert len(found) == 400


def test_millions_of_opened_comments_take_no_longer_than_plain_text(tmp_path: Path):
    content = b"<calls>" + b"<!--" * 500_000 + ROW + b"</calls>"
    begun = time.process_time()
    found, _ = pieces(tmp_path, content)
    assert len(found) == 1
    assert time.process_time() - begun < 4


def test_a_row_larger_than_the_limit_is_dropped_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(elements, "ELEMENT_BYTES_MAX", 1 << 19)
    huge = b'<mms text="' + b"A\n" * (1 << 20) + b'" />\n'
    found, part = pieces(tmp_path, b"<smses>\n" + huge + ROW + b"</smses>")
    assert found[-1].raw.strip() == ROW.strip()
    assert found[-1].line == 2 + (1 << 20) + 1
    assert "larger than 64 MiB" in part.bad[0].what
