from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from forbear.base.contact import Source
from forbear.base.words import Channel, Direction, Outcome
from forbear.evidence import compared_told
from forbear.evidence.compared import (
    Apart,
    Compared,
    Differs,
    Lack,
    Pair,
    Repeat,
    Row,
    Side,
    Skew,
    Span,
    Why,
)
from forbear.evidence.compared_told import compared_data, compared_section, compared_text
from forbear.evidence.compared_words import COMPARED
from forbear.evidence.given import Language
from forbear.evidence.voice import Voice

NOON = datetime.fromisoformat("2026-03-10T12:00:00+08:00")
ZONE = "Asia/Shanghai"


def row(line: int, *, file: str = "calls.xml", inbound: bool = False, number: str = "95187") -> Row:
    return Row(
        source=Source(file=file, line=line),
        at=NOON + timedelta(seconds=line),
        channel=Channel.CALL,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        number=number,
        outcome=Outcome.CONVERSATION,
        seconds=60,
    )


def told(line: int) -> Row:
    return row(line, file="record.csv")


def skew(later: int, *names: str, settled: bool = True, beyond: bool = False) -> Skew:
    return Skew(
        file="record.csv",
        names=names,
        later_seconds=later,
        within_seconds=8,
        rows=9,
        settled=settled,
        beyond=beyond,
    )


def everything() -> Compared:
    """A comparison with every kind of row that there is."""
    pairs = [Pair(log=row(1), record=told(1), later_seconds=9, off_seconds=0)]
    pairs += [
        Pair(
            log=row(n), record=told(n), later_seconds=9, off_seconds=1, differs=each, unsure=n == 3
        )
        for n, each in enumerate(Differs, start=2)
    ]
    return Compared(
        pairs=tuple(pairs),
        record_lacks=(
            Lack(row=row(20), instead=tuple(row(n) for n in range(21, 27))),
            Lack(row=row(28, inbound=True), maybe=(told(29),)),
        ),
        log_lacks=tuple(Lack(row=told(n)) for n in range(30, 45)),
        apart=tuple(Apart(row=row(50 + n), side=Side.LOG, why=why) for n, why in enumerate(Why)),
        repeats=(Repeat(row=told(70), of=told(69), side=Side.RECORD),),
        skews=(
            skew(12, "95187"),
            skew(-3, ""),
            skew(0, "a", "b", "c", settled=False),
            skew(-28_800, "d", settled=False, beyond=True),
        ),
        spans=(
            Span(side=Side.LOG, file="calls.xml", first=NOON, last=NOON),
            Span(side=Side.RECORD, file="record.csv", first=NOON, last=NOON),
        ),
        unnamed=2,
        elsewhere=3,
    )


class Recorded(dict[str, tuple[str, str]]):
    """The words, with a note of which were looked up."""

    def __init__(self) -> None:
        super().__init__(COMPARED)
        self.used: set[str] = set()

    def __getitem__(self, key: str) -> tuple[str, str]:
        self.used.add(key)
        return super().__getitem__(key)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_is_used_and_none_is_missing(
    language: Language, monkeypatch: pytest.MonkeyPatch
):
    recorded = Recorded()
    monkeypatch.setattr(compared_told, "COMPARED", recorded)
    voice = Voice(language)
    for found in (everything(), Compared()):
        compared_text(found, voice, ZONE)
        compared_section(found, voice, ZONE)
    assert set(COMPARED) - recorded.used == set()


def test_both_languages_say_the_same_and_chinese_is_set_as_chinese():
    for key, (zh, en) in COMPARED.items():
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?()]", zh), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key
        assert "你" not in zh, key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_lists_every_row_by_file_and_line(language: Language):
    page = compared_section(everything(), Voice(language), ZONE)
    ET.fromstring(page)
    plain = re.sub(r"<[^>]+>", "", page)
    for line in (20, 28, 44, 50, 70):
        assert f":{line}" in plain
    assert "record.csv:69" in plain


def test_the_most_important_list_comes_first():
    page = compared_section(everything(), Voice("en"), ZONE)
    titles = re.findall(r"<h3>([^<]+)</h3>", page)
    assert titles[0] == "Contacts that the phone shows and the record lacks: 2"
    assert titles[1].startswith("Contacts of both sides that ended differently: 4")


def test_a_record_whose_times_are_wrong_as_a_whole_is_said_before_any_list():
    page = compared_section(everything(), Voice("en"), ZONE)
    assert page.count("all its times are off by -8:00:00") == 1
    assert page.index("all its times are off by -8:00:00") < page.index("<h3>")


def test_a_terminal_gets_ten_rows_and_is_told_of_the_rest():
    lines = compared_text(everything(), Voice("en", space=" "), ZONE)
    assert sum("[record.csv:3" in line or "[record.csv:4" in line for line in lines) == 10
    assert any("5 more are not listed here" in line for line in lines)


def test_the_data_is_complete_and_each_list_names_its_rows():
    found = compared_data(everything())
    assert json.loads(json.dumps(found)) == found
    assert [lack["line"] for lack in found["record_lacks"]] == [20, 28]
    assert len(found["log_lacks"]) == 15
    assert len(found["ambiguous"]) == 2
    assert [each["line"] for each in found["outside"]] == [50]
    assert {each["why"] for each in found["not_shown"]} == set(map(str, Why)) - {"span"}
    assert found["repeats"][0]["of"] == {"file": "record.csv", "line": 69}


def test_a_name_cannot_break_the_page():
    lack = Lack(row=row(1, number="<script>"))
    page = compared_section(Compared(record_lacks=(lack,)), Voice("en"), ZONE)
    ET.fromstring(page)
    assert "<script>" not in page
