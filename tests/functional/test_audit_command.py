"""``forbear audit`` as a person meets it: files in, one report out, one line where that fails."""

from __future__ import annotations

import json
import re
import resource
import shlex
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data" / "audit"
CALLS = ROOT / "examples" / "sample-calls.xml"
TEXTS = ROOT / "examples" / "sample-sms.xml"
BILL = ROOT / "examples" / "sample-bill-gbk.csv"
LENDER = ("--collector", "95187=甲小贷", "--collector", "1069018795187=甲小贷")

DAILY = "cn-gbt-interactive-calls"
NIGHT = "cn-gbt-hours"
OTHERS = "cn-gbt-persons"

Run = Callable[..., tuple[int, str, str]]
Judged = Callable[..., dict[str, Any]]


def rules(found: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in found["findings"]}


def of_rule(found: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [finding for finding in found["findings"] if finding["rule"] == rule]


# ── what is found ──


def test_the_fourth_talk_of_a_day_is_found_with_the_three_before_it(judged: Judged):
    (found,) = of_rule(judged(CALLS, TEXTS, *LENDER), DAILY)
    assert found["clause"] == "GB/T 45251-2025 5.3 交互式催收频次"
    assert found["at"] == "2026-03-11T18:22:10+08:00"
    assert (found["level"], found["effect"], found["breached"]) == ("standard", "deny", True)
    assert found["rows"] == [{"file": "sample-calls.xml", "line": n} for n in (10, 11, 12, 13)]


def test_a_call_at_night_is_found_with_its_row(judged: Judged):
    (found,) = of_rule(judged(CALLS, TEXTS, *LENDER), NIGHT)
    assert found["clause"] == "GB/T 45251-2025 5.3 催收时间"
    assert found["at"] == "2026-03-13T22:40:27+08:00"
    assert found["rows"] == [{"file": "sample-calls.xml", "line": 24}]
    assert found["unless"]


def test_a_threat_in_a_text_is_found_with_its_row(judged: Judged):
    found = of_rule(judged(CALLS, TEXTS, *LENDER), "cn-micro-abuse")
    assert [f["clause"] for f in found] == [
        "小额贷款公司监督管理暂行办法 催收负面清单(2)暴力骚扰误导"
    ] * 2
    assert [f["level"] for f in found] == ["regulation"] * 2
    rows = [row for f in found for row in f["rows"]]
    assert rows == [{"file": "sample-sms.xml", "line": line} for line in (13, 14)]


def test_data_says_what_was_judged_by_which_law_on_which_files(judged: Judged):
    found = judged(CALLS, TEXTS, *LENDER)
    assert found["contacts"] == 28
    assert set(found["inputs"]) == {"sample-calls.xml", "sample-sms.xml"}
    assert set(found["packs"]) == {"cn"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", h) for h in (*found["packs"].values(),))
    assert found["not_shown"]
    assert found["unreadable"] == []


def test_calls_by_the_owner_of_the_phone_are_not_judged(judged: Judged):
    lines = {
        row["line"]
        for finding in judged(CALLS, *LENDER)["findings"]
        for row in finding["rows"][-1:]
        if row["file"] == "sample-calls.xml"
    }
    assert lines
    assert 25 not in lines


def test_the_house_pack_is_asked_where_it_is_named_and_never_else(judged: Judged):
    humane = {r for r in rules(judged(CALLS, *LENDER, "--pack", "cn-humane")) if "humane" in r}
    assert humane
    assert not {r for r in rules(judged(CALLS, *LENDER)) if "humane" in r}


def test_a_relatives_phone_and_the_debtors_are_judged_differently(judged: Judged):
    debtors = rules(judged(CALLS, *LENDER, "--whose", "debtor"))
    relatives = rules(judged(CALLS, *LENDER, "--whose", "relative"))
    assert DAILY in debtors
    assert OTHERS not in debtors
    assert OTHERS in relatives
    assert DAILY not in relatives


def test_a_lender_without_a_licence_is_not_held_to_the_standard_for_licensed_ones(judged: Judged):
    assert NIGHT in rules(judged(CALLS, *LENDER))
    assert NIGHT not in rules(judged(CALLS, *LENDER, "--lender-type", "unlicensed"))


def test_each_person_of_a_ledger_is_counted_alone_and_from_the_first_day_of_a_rule(judged: Judged):
    found = of_rule(judged(DATA / "ledger-at-the-border.csv"), DAILY)
    assert [f["at"] for f in found] == ["2025-02-28T15:15:00+08:00"]
    assert [row["line"] for row in found[0]["rows"]] == [6, 7, 8, 9]


def test_the_law_of_another_day_is_asked_where_a_day_is_named(judged: Judged):
    ledger = DATA / "ledger-at-the-border.csv"
    assert DAILY not in rules(judged(ledger, "--as-of", "2025-02-27"))
    assert DAILY not in rules(judged(ledger, "--pack", "cn@2025-02-27"))
    later = of_rule(judged(ledger, "--as-of", "2025-02-28"), DAILY)
    assert {f["at"][:10] for f in later} == {"2025-02-27", "2025-02-28"}
    assert set(judged(ledger, "--pack", "cn@2025-02-28")["packs"]) == {"cn@2025-02-28"}


def test_a_zone_moves_the_closed_hours(judged: Judged):
    ledger = DATA / "ledger-at-the-border.csv"
    assert "us-f-hours" not in rules(judged(ledger, "--pack", "us", "--zone", "Asia/Shanghai"))
    assert "us-f-hours" in rules(judged(ledger, "--pack", "us", "--zone", "America/New_York"))


# ── what a log cannot show ──


def test_a_bill_says_that_it_omits_unanswered_calls_and_which_clauses_count_them(judged: Judged):
    found = judged(BILL, *LENDER)
    (lack,) = [n for n in found["not_shown"] if n["rule"] == "cn-cba-unanswered-calls"]
    assert lack["clause"] == "中银协催收指引(2026) 催收频次"
    assert lack["missing"] == ["outcome"]
    assert lack["contacts"] == 8
    assert any("未接" in note for note in found["notes"])


def test_a_phone_that_notes_unanswered_calls_leaves_none_of_those_clauses_open(judged: Judged):
    open_rules = {n["rule"] for n in judged(CALLS, *LENDER)["not_shown"]}
    assert "cn-cba-unanswered-calls" not in open_rules


def test_a_log_without_texts_or_without_calls_says_so(judged: Judged):
    assert any("没有短信记录" in note for note in judged(CALLS, *LENDER)["notes"])
    assert any("没有通话记录" in note for note in judged(TEXTS, *LENDER)["notes"])
    both = judged(CALLS, TEXTS, *LENDER)["notes"]
    assert not any("给出的文件里没有" in note for note in both)


def test_a_displayed_number_that_cannot_call_is_remarked_on(judged: Judged):
    assert any("4000000001" in note for note in judged(CALLS, *LENDER)["notes"])


def test_a_collector_that_never_called_is_remarked_on(judged: Judged):
    found = judged(CALLS, "--collector", "95500")
    assert found["contacts"] == 0
    assert any("95500" in note for note in found["notes"])


# ── whose calls ──


def test_without_a_collector_nothing_is_judged_and_the_likely_ones_are_listed(run: Run):
    status, out, err = run(CALLS, TEXTS)
    assert (status, err) == (0, "")
    assert "这份记录里没有可以判断的联系" in out
    added = re.findall(r"^  --collector (\S+)  # (\S+)，", out, re.MULTILINE)
    assert added[0] == ("'1069018795187=甲小贷'", "可能性大")
    assert ("95187", "可能") in added


def test_the_options_that_are_proposed_can_be_added_as_they_stand(run: Run, judged: Judged):
    _, out, _ = run(CALLS, TEXTS)
    lines = [line for line in out.splitlines() if line.startswith("  --collector")]
    options = shlex.split("\n".join(lines), comments=True)
    found = judged(CALLS, TEXTS, *options)
    assert found["contacts"] >= 28
    assert found["suggestions"] == []


def test_with_a_collector_the_other_likely_numbers_stay_suggestions(judged: Judged):
    found = judged(CALLS, TEXTS, "--collector", "95187=甲小贷")
    assert found["collectors"] == [{"number": "95187", "name": "甲小贷"}]
    numbers = [maybe["number"] for maybe in found["suggestions"]]
    assert "1069018795187" in numbers
    assert "95187" not in numbers
    assert all(maybe["reasons"] for maybe in found["suggestions"])


def test_a_ledger_needs_no_collector(run: Run):
    status, out, _ = run(DATA / "ledger-at-the-border.csv")
    assert status == 0
    assert "--collector" not in out


def test_data_on_standard_output_stays_data_where_no_collector_is_named(run: Run):
    status, out, err = run(CALLS, "--format", "json")
    assert status == 0
    assert json.loads(out)["contacts"] == 0
    assert "--collector 95187" in err


# ── the forms ──


def test_the_page_is_one_file_that_fetches_nothing(run: Run, tmp_path: Path):
    out = tmp_path / "new" / "folder" / "report.html"
    status, said, err = run(CALLS, TEXTS, *LENDER, "-o", out)
    assert (status, err) == (0, "")
    page = out.read_text(encoding="utf-8")
    assert [p.name for p in out.parent.iterdir()] == ["report.html"]
    assert not re.search(r"<(script|link|img|iframe|object)\b|@import|\burl\(", page)
    assert all(goal.startswith("#") for goal in re.findall(r'(?:src|href)="([^"]*)"', page))
    assert ET.fromstring(page.removeprefix("<!DOCTYPE html>")).tag == "html"
    assert "GB/T 45251-2025 5.3 交互式催收频次" in unescape(page).replace("\u2009", " ")
    lines = said.splitlines()
    assert 5 <= len(lines) - 1 <= 10
    assert lines[-1].endswith(str(out))


def test_the_ending_of_the_file_decides_the_form(run: Run, tmp_path: Path):
    for name, begins in (("a.html", "<!DOCTYPE html>"), ("a.json", "{"), ("a.txt", "7 天里")):
        assert run(CALLS, TEXTS, *LENDER, "-o", tmp_path / name)[0] == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert run(CALLS, *LENDER, "-o", tmp_path / "b.txt", "--format", "json")[0] == 0
    assert json.loads((tmp_path / "b.txt").read_text(encoding="utf-8"))["findings"]


def test_text_on_standard_output_is_the_default(run: Run):
    status, out, err = run(CALLS, TEXTS, *LENDER)
    assert (status, err) == (0, "")
    assert "GB/T 45251-2025 5.3 交互式催收频次" in out
    assert "sample-calls.xml 第 24 行" in out


def test_english_is_spoken_where_it_is_asked_for_and_where_the_law_is_english(run: Run):
    assert "at most three" in run(CALLS, *LENDER, "--lang", "en")[1].lower()
    _, out, _ = run(DATA / "ledger-at-the-border.csv", "--pack", "us")
    assert "What you can do next" in out


def test_the_same_input_gives_the_same_data_twice(run: Run, tmp_path: Path):
    made = []
    for name in ("one.json", "two.json"):
        run(CALLS, TEXTS, BILL, *LENDER, "--pack", "cn-humane", "-o", tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_the_command_in_the_report_makes_the_same_report(run: Run, tmp_path: Path):
    out = tmp_path / "with a space.html"
    run(CALLS, *LENDER, "--lender-type", "bank", "-o", out)
    first = out.read_text(encoding="utf-8")
    written = re.search(r"<code>(forbear audit .*?)</code>", first)
    assert written
    out.unlink()
    assert run(*shlex.split(unescape(written[1]))[2:])[0] == 0
    # When a report was made is the one thing that may differ.
    dated = re.compile(r"<p>[^<]*0\.1\.0[^<]*</p>")
    assert dated.sub("", out.read_text(encoding="utf-8")) == dated.sub("", first)


def test_a_list_typed_into_the_template_is_judged(run: Run, judged: Judged, tmp_path: Path):
    for language, way, yes in (("zh", "来电", "是"), ("en", "incoming", "yes")):
        empty = tmp_path / f"{language}.csv"
        status, out, _ = run("--template", "--lang", language, "-o", empty)
        assert (status, out) == (0, f"{empty}\n")
        assert empty.read_bytes().startswith(b"\xef\xbb\xbf#")
        with empty.open("a", encoding="utf-8") as file:
            file.write(f"2026-03-13,22:40,95187,{way},{yes},2,\n")
        found = judged(empty, "--collector", "95187")
        assert found["contacts"] == 1
        assert NIGHT in rules(found)


def test_the_template_can_be_sent_into_a_file_by_the_shell(run: Run):
    status, out, err = run("--template")
    assert (status, err) == (0, "")
    assert out.startswith("\ufeff#")
    assert out == (ROOT / "examples" / "call-list-template.csv").read_text(encoding="utf-8")


# ── the command itself ──


def test_the_installed_command_reads_files_and_writes_a_report(tmp_path: Path):
    done = subprocess.run(
        [Path(sys.executable).parent / "forbear", "audit", CALLS, *LENDER, "-o", "r.html"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(" r.html")
    assert (tmp_path / "r.html").is_file()


def test_a_terminal_without_chinese_gets_a_report_all_the_same(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "audit", CALLS, *LENDER],
        cwd=tmp_path, capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"GB/T 45251-2025" in done.stdout


def test_a_reader_that_goes_away_is_no_failure():
    command = [sys.executable, "-m", "forbear.cli.main", "audit", CALLS, "--collector", "95187"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout is not None
        assert going.stderr is not None
        going.stdout.close()
        assert going.stderr.read() == b""
        assert going.wait() == 0


@pytest.mark.slow
def test_fifty_thousand_rows_become_a_page_within_five_seconds(tmp_path: Path):
    begin = 1_700_000_000_000
    log = tmp_path / "long.xml"
    with log.open("w", encoding="utf-8") as file:
        file.write("<?xml version='1.0' encoding='UTF-8' ?>\n<calls count=\"50000\">\n")
        for n in range(50_000):
            number = "95187" if n % 10 else f"138000{n % 500:05d}"
            seconds = n % 90 if n % 3 else 0
            file.write(
                f'  <call number="{number}" duration="{seconds}" date="{begin + n * 1_300_000}" '
                f'type="{1 if seconds else 3}" presentation="1" contact_name="(Unknown)" />\n'
            )
        file.write("</calls>\n")
    spent = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-m", "forbear.cli.main", "audit", log, *LENDER, "-o", "r.html"],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0
        # Time on the processor, so that a busy machine does not decide.
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) <= 5
