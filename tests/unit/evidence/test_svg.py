"""The pieces of a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import product

import pytest

from forbear.evidence.figures import Kind, State
from forbear.evidence.svg import (
    NEVER_FIRST,
    WIDTH,
    Caption,
    esc,
    label,
    mark,
    picture,
    shortened,
    text_width,
    wrapped,
)


def test_text_is_escaped_and_cleaned() -> None:
    assert esc('<b a="1">&\'\x00') == "&lt;b a=&quot;1&quot;&gt;&amp;&#x27;\ufffd"
    assert "<b>" not in label(0, 0, "<b>")


@pytest.mark.parametrize(
    "text",
    ["GB/T 45251-2025 5.3 交互式催收频次，" * 4, "a rather long remark, " * 9, "", "长" * 99],
)
def test_lines_fit_and_lose_nothing(text: str) -> None:
    lines = wrapped(text, WIDTH)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line) <= WIDTH for line in lines)
    assert not any(line[0] in NEVER_FIRST for line in lines[1:])


def test_too_long_a_text_ends_in_an_ellipsis() -> None:
    assert shortened("短", 100) == "短"
    cut = shortened("长" * 99, 100)
    assert cut.endswith("…")
    assert text_width(cut) <= 100


def test_no_two_marks_look_alike_without_colour() -> None:
    shapes = {}
    for kind, state, inbound in product(Kind, (State.NONE, State.BROKEN, State.ATTEMPT), (0, 1)):
        if inbound and (kind is not Kind.CONNECTED or state is not State.NONE):
            continue
        drawn = mark(9, 9, kind, state, inbound=bool(inbound))
        for colour in (" own", " bad", " good"):
            drawn = drawn.replace(colour, "")
        shapes[drawn] = (kind, state, inbound)
    assert len(shapes) == len(Kind) * 3 + 1


def test_picture_is_named_and_well_formed() -> None:
    made = picture("x", 10, mark(1, 1, Kind.OTHER, State.HOUSE), Caption(title="一<", desc="二&"))
    root = ET.fromstring(made)
    assert root.get("aria-labelledby") == "x-t x-d"
    assert [child.text for child in root][:2] == ["一<", "二&"]
