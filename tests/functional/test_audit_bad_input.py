"""``forbear audit`` on files that are damaged, hostile or no logs, and on words it cannot take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data" / "audit"
CALLS = ROOT / "examples" / "sample-calls.xml"
LENDER = ("--collector", "95187=甲小贷", "--collector", "1069018795187=甲小贷")

DAILY = "cn-gbt-interactive-calls"
NIGHT = "cn-gbt-hours"

Run = Callable[..., tuple[int, str, str]]
Judged = Callable[..., dict[str, Any]]


def rules(found: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in found["findings"]}


def one_line(err: str) -> str:
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


def test_a_truncated_backup_keeps_its_good_rows(judged: Judged, tmp_path: Path):
    cut = tmp_path / "cut.xml"
    cut.write_bytes(CALLS.read_bytes()[:4000])
    found = judged(cut, "--collector", "95187", status=1)
    assert found["contacts"] > 5
    assert DAILY in rules(found)
    assert [bad["line"] for bad in found["unreadable"]] == [16]


def test_a_damaged_row_is_reported_and_the_others_are_judged(judged: Judged):
    found = judged(DATA / "bill-damaged-gbk.csv", "--collector", "95187", status=1)
    assert found["contacts"] == 2
    assert NIGHT in rules(found)
    assert [(bad["file"], bad["line"]) for bad in found["unreadable"]] == [
        ("bill-damaged-gbk.csv", 4)
    ]


def test_dates_that_no_phone_can_have_are_reported_and_the_others_are_judged(judged: Judged):
    found = judged(DATA / "bill-two-eras.csv", "--collector", "95187", status=1)
    assert found["contacts"] == 2
    assert [bad["line"] for bad in found["unreadable"]] == [4, 5]


def test_a_ledger_row_without_a_zone_is_reported_and_the_others_are_judged(judged: Judged):
    found = judged(DATA / "ledger-one-without-zone.csv", status=1)
    assert found["contacts"] == 1
    assert [(bad["line"], "offset" in bad["what"]) for bad in found["unreadable"]] == [(3, True)]


def test_a_file_that_cannot_be_read_does_not_hide_the_one_that_can(judged: Judged):
    found = judged(DATA / "entity-bomb.xml", CALLS, "--collector", "95187", status=1)
    assert DAILY in rules(found)
    assert [bad["file"] for bad in found["unreadable"]] == ["entity-bomb.xml"]


def test_the_page_lists_the_rows_that_could_not_be_read(run: Run, tmp_path: Path):
    out = tmp_path / "report.html"
    status, said, _ = run(DATA / "bill-two-eras.csv", *LENDER, "-o", out)
    assert status == 1
    assert "2 行没有读出" in said
    assert "2099-01-01" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "no file was given"),
        (("nowhere.xml",), "nowhere.xml: there is no such file"),
        ((DATA / "entity-bomb.xml",), "entity-bomb.xml: line 1: the file declares"),
        ((DATA / "bill-unknown-columns.csv",), "the columns are not known, seen: «甲», «乙»"),
        ((DATA / "ledger-all-without-zone.csv",), "no row could be read, 2 in all"),
        ((DATA,), "it is a folder"),
        ((CALLS, "--pack", "atlantis"), "pack 'atlantis' is unknown"),
        ((CALLS, "--pack", "cn@2024-13-01"), "'2024-13-01' is no date"),
        ((CALLS, "--as-of", "yesterday"), "'yesterday' is no date"),
        ((CALLS, "--collector", "甲小贷"), "--collector '甲小贷' has no number"),
        ((CALLS, "--collector", "=甲小贷"), "has no number"),
        ((CALLS, "--zone", "Mars/Olympus"), "time zone 'Mars/Olympus' is unknown"),
        ((CALLS, "--year", "26"), "--year 26 is no year"),
        ((CALLS, "--whose", "uncle"), "invalid choice: 'uncle'"),
        ((CALLS, "--lender-type", "pawnshop"), "invalid choice: 'pawnshop'"),
        ((CALLS, "--format", "html"), "add -o report.html"),
        ((CALLS, "-o", DATA), "it is a folder"),
        ((CALLS, "-o", CALLS), "it is one of the logs"),
        ((CALLS, "-o", CALLS / "report.html"), "it cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, words: tuple[object, ...], what: str):
    before = CALLS.read_bytes()
    status, out, err = run(*words)
    assert status == 2
    assert out == ""
    assert what in one_line(err)
    assert CALLS.read_bytes() == before


def test_a_file_larger_than_memory_is_refused_unread(run: Run, tmp_path: Path):
    huge = tmp_path / "huge.xml"
    with huge.open("wb") as file:
        file.truncate(2 << 30)
    status, _, err = run(huge)
    assert status == 2
    assert "2147483648 bytes" in one_line(err)


def test_a_report_never_replaces_a_log_under_another_name(run: Run, tmp_path: Path):
    log, link = tmp_path / "calls.xml", tmp_path / "report.html"
    log.write_bytes(CALLS.read_bytes())
    link.symlink_to(log)
    status, _, err = run(log, *LENDER, "-o", link)
    assert status == 2
    assert "one of the logs" in one_line(err)
    assert log.read_bytes() == CALLS.read_bytes()
