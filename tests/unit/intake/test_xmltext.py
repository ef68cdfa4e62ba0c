from __future__ import annotations

from pathlib import Path

import pytest

from forbear.intake.rows import Part
from forbear.intake.xmltext import repaired, utf8_pieces


@pytest.mark.parametrize(
    ("raw", "fixed"),
    [
        (b"&#55357;&#56832;", b"&#0000000128512;"),
        (b"&#xD83D;&#xDE00;", b"&#0000000128512;"),
        (b"&#55357;", b"&#65533;"),
        (b"&#56832;&#55357;", b"&#65533;&#65533;"),
        (b"&#55357;&#55357;&#56832;", b"&#65533;&#0000000128512;"),
        (b"&#65;&#55357;&#56832;&#66;", b"&#65;&#0000000128512;&#66;"),
        (b"&#1114112;", b"&#0065533;"),
        (b"&#0;&#xFFFE;&#11;", b" " * 17),
        (b"a\x00b\x1fc\td\n", b"a b c\td\n"),
        (b"&amp; &#10; plain", b"&amp; &#10; plain"),
    ],
)
def test_a_repair_keeps_the_length_and_leaves_only_what_xml_can_hold(raw: bytes, fixed: bytes):
    assert repaired(raw) == fixed
    assert len(fixed) == len(raw)


def test_a_character_over_the_border_of_two_pieces_is_whole(tmp_path: Path):
    path = tmp_path / "x"
    path.write_bytes(b"a" * ((1 << 18) - 1) + "款".encode() + b"b")
    part = Part("x")
    assert b"".join(utf8_pieces(path, part)) == path.read_bytes()
    assert part.bad == []


def test_damage_in_a_later_piece_is_reported_with_its_line(tmp_path: Path):
    path = tmp_path / "x"
    path.write_bytes(b"a\n" * (1 << 18) + b"b\n\xff\nc")
    part = Part("x")
    assert b"".join(utf8_pieces(path, part)).endswith("b\n\ufffd\nc".encode())
    assert [bad.source.line for bad in part.bad] == [(1 << 18) + 2]
