"""Whatever is given to the page, it answers kindly, loses nothing, and shows a way on."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.functional.pocket.conftest import Visit

ROOT = Path(__file__).parents[3]


def picture() -> bytes:
    """A small photograph, as a phone's screenshot is one."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" + bytes(6) + b"\0" + bytes(6))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


BAD = {
    "photo.png": (picture(), "图片"),
    "empty.xml": (b"", "空的"),
    "bill.pdf": (b"%PDF-1.7\n%binary", "PDF"),
    "backup.gz": (gzip.compress(b"<calls/>"), "压缩包"),
    "notes.xml": (b"<?xml version='1.0'?><notes><note/></notes>", "没有通话或短信"),
    "shopping.csv": ("商品,价格\n米,12\n油,60\n".encode(), "表头认不出来"),
    "voice.amr": (bytes(range(1, 9)) * 400, "不是通话记录"),
    "no-dates.xml": (
        b'<calls count="1"><call number="95187" duration="1" date="soon" type="1" /></calls>',
        "一次联系也没有读出来",
    ),
}


def as_file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("name", list(BAD))
def test_a_file_that_is_no_log_is_refused_kindly_with_a_way_on(
    visit: Callable[..., Visit], name: str
):
    content, says = BAD[name]
    visitor = visit()
    visitor.give(as_file(name, content))
    told = visitor.page.inner_text(".sorry")
    assert name in told
    assert says in told
    visitor.page.click(".sorry a")
    assert visitor.page.evaluate("document.activeElement.id") == "hand-date"
    assert visitor.trouble == []


def test_a_bad_file_never_spoils_the_good_one_beside_it(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.give(
        as_file("photo.png", picture()),
        as_file("calls.xml", (ROOT / "examples" / "sample-calls.xml").read_bytes()),
    )
    visitor.page.wait_for_selector("text=读出")
    assert visitor.page.locator(".sorry").count() == 1
    assert visitor.page.locator("section[aria-labelledby=kept] li").count() == 1


def test_a_huge_file_is_refused_before_it_is_read(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.step("log")
    # A file of 201 MB that takes no room: the browser says its size, and nobody reads it.
    visitor.page.evaluate(
        """() => {
            const part = new Uint8Array(1024 * 1024);
            const file = new File(Array.from({ length: 201 }, () => part), 'huge.xml');
            const given = new DataTransfer();
            given.items.add(file);
            const input = document.getElementById('files');
            input.files = given.files;
            input.dispatchEvent(new Event('change', { bubbles: true }));
        }"""
    )
    visitor.page.wait_for_selector(".sorry")
    assert "太大" in visitor.page.inner_text(".sorry")


def test_a_log_of_another_country_is_noticed_and_the_law_can_be_changed(
    visit: Callable[..., Visit],
):
    rows = "".join(
        f'<call number="+1617555{n:04d}" duration="9" date="17731{n:02d}000000" type="1" />'
        for n in range(9)
    )
    visitor = visit()
    visitor.give(as_file("calls.xml", f'<calls count="9">{rows}</calls>'.encode()))
    visitor.page.wait_for_selector("text=这份记录看起来来自美国")
    visitor.page.click("text=改按美国的法律核对")
    visitor.page.wait_for_selector("text=读出 9 行")
    assert visitor.page.locator("text=这份记录看起来来自").count() == 0


def test_a_number_that_is_none_is_said_so_and_stays_typed(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.give(ROOT / "examples" / "sample-calls.xml")
    visitor.step("numbers")
    visitor.page.fill("#another", "甲小贷")
    visitor.page.click(".add button")
    assert "甲小贷" in visitor.page.inner_text("#status")
    assert visitor.page.input_value("#another") == "甲小贷"


def test_a_call_by_hand_that_lacks_something_is_not_lost(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.step("log")
    visitor.page.fill("#hand-number", "95187")
    visitor.page.fill("#hand-time", "")
    visitor.page.click("text=记下这一次")
    assert visitor.page.inner_text("#status")
    assert visitor.page.input_value("#hand-number") == "95187"
    assert visitor.page.evaluate("document.activeElement.id") == "hand-time"
