"""``forbear audit LOG --against LEDGER`` as an examiner meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from benchmarks.parts.two_sides import MINE, Told, World, world

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def made(tmp_path: Path) -> World:
    return world(11, tmp_path, Told(form="phone"))


@pytest.fixture
def asked(made: World) -> list[object]:
    """The command's words for this person's files."""
    named = [word for each in made.collectors for word in ("--collector", each)]
    return [*made.logs, *named, "--against", made.record]


@pytest.fixture
def person(asked: list[object]) -> list[object]:
    return [*asked, "--person", MINE]


def test_the_lists_are_those_of_the_truth(run: Run, person: list[object], made: World):
    status, out, err = run(*person, "--format", "json")
    assert (status, err) == (0, "")
    found = json.loads(out)["against"]
    lacking = {made.log_rows[row["file"], row["line"]] for row in found["record_lacks"]}
    assert lacking == made.only_log()
    assert {
        made.record_rows[row["file"], row["line"]] for row in found["log_lacks"]
    } >= made.only_record()
    both = {made.log_rows[p["log"]["file"], p["log"]["line"]] for p in found["pairs"]}
    assert both == made.both()


def test_the_record_is_named_with_its_hash_beside_the_log(run: Run, person: list[object]):
    found = json.loads(run(*person, "--format", "json")[1])
    assert set(found["inputs"]) == {"calls.xml", "sms.xml", "record.csv"}


def test_every_row_of_the_text_names_file_and_line(run: Run, person: list[object]):
    _, out, _ = run(*person, "--lang", "en")
    part = out.partition("and the record lacks:")[2].partition("Clocks")[0]
    rows = re.findall(r"^  - .*(?:\n    .*)?", part, re.MULTILINE)
    assert len(rows) > 10
    assert all(re.search(r"\w:\d+", row) for row in rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_what_each_list_cannot_prove(
    run: Run, person: list[object], language: str, tmp_path: Path
):
    out = tmp_path / "report.html"
    status, _, _ = run(*person, "--lang", language, "-o", out)
    assert status == 0
    page = out.read_text(encoding="utf-8")
    ET.fromstring(page)
    assert '<section aria-labelledby="against">' in page
    assert ("It does not show why" if language == "en" else "这不能说明原因") in page
    assert page.index('id="findings"') < page.index('id="against"') < page.index('id="check"')


def test_the_headlines_have_the_comparison(run: Run, person: list[object], tmp_path: Path):
    _, out, _ = run(*person, "--lang", "en", "-o", tmp_path / "r.html")
    assert "The record lacks 2 that the phone shows" in out


def test_without_a_record_nothing_is_said_of_one(run: Run, made: World):
    found = json.loads(run(*made.logs, "--format", "json")[1])
    assert "against" not in found


def test_one_of_several_persons_has_to_be_named(run: Run, asked: list[object]):
    status, out, err = run(*asked)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "--person ID" in err
    assert "P-1" not in err


def test_a_person_without_a_record_is_refused(run: Run, made: World):
    status, _, err = run(*made.logs, "--person", "P-1")
    assert status == 2
    assert "add --against LEDGER" in err


def test_one_file_cannot_be_both_sides(run: Run, made: World):
    status, _, err = run(made.record, "--against", made.record)
    assert status == 2
    assert "it is one of the logs" in err


def test_a_record_that_is_no_ledger_is_refused(run: Run, made: World):
    status, _, err = run(made.logs[0], "--against", made.logs[1])
    assert status == 2
    assert "is no ledger" in err


def test_a_row_of_the_record_that_cannot_be_read_is_an_error_row(
    run: Run, person: list[object], made: World
):
    text = made.record.read_text(encoding="utf-8").splitlines()
    text[4] = text[4].replace("+00:00", "", 1)
    made.record.write_text("\n".join(text) + "\n", encoding="utf-8")
    status, out, _ = run(*person, "--format", "json")
    assert status == 1
    (bad,) = json.loads(out)["unreadable"]
    assert (bad["file"], bad["line"]) == ("record.csv", 5)


def test_a_record_of_the_same_name_as_the_log_is_told_apart(run: Run, tmp_path: Path):
    for folder in ("mine", "theirs"):
        (tmp_path / folder).mkdir()
    log, record = tmp_path / "mine" / "list.csv", tmp_path / "theirs" / "list.csv"
    log.write_text(
        "起始时间,通信方式,对方号码,通信时长\n2026-03-10 10:00:07,被叫,02110000001,60秒\n"
        "2026-03-10 12:00:08,被叫,02110000001,50秒\n",
        encoding="utf-8",
    )
    record.write_text(
        "at,channel,number,outcome\n2026-03-10T10:00:00+08:00,call,02110000001,conversation\n"
        "2026-03-10T11:00:00+08:00,call,02110000001,conversation\n"
        "2026-03-10T12:00:00+08:00,call,02110000001,conversation\n",
        encoding="utf-8",
    )
    found = json.loads(run(log, "--against", record, "--format", "json")[1])
    assert set(found["inputs"]) == {"list.csv", "record list.csv"}
    assert [(row["file"], row["line"]) for row in found["against"]["log_lacks"]] == [
        ("record list.csv", 3)
    ]


def test_unanswered_calls_are_not_shown_by_a_bill_and_not_lacking(run: Run, tmp_path: Path):
    made = world(7, tmp_path, Told(form="bill"))
    named = [word for each in made.collectors for word in ("--collector", each)]
    words = [*made.logs, *named, "--against", made.record, "--person", MINE, "--format", "json"]
    found: dict[str, Any] = json.loads(run(*words)[1])["against"]
    assert not [row for row in found["log_lacks"] if row["outcome"] == "no_answer"]
    why = {row["why"] for row in found["not_shown"] if row["outcome"] == "no_answer"}
    assert why == {"unanswered"}
