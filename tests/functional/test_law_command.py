"""``forbear law`` as a user meets it: cases in, answers out, and never a crash."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import call, make, rule

from forbear.base.words import MORE_KEYS

CASE = {
    "id": "night",
    "jurisdiction": "cn",
    "note": "A call at ten in the evening.",
    "debtor": {"timezone": "Asia/Shanghai", "facts": []},
    "history": [],
    "proposed": {
        "at": "2026-03-10T22:00:00+08:00",
        "channel": "call",
        "party": "debtor",
        "purpose": "collect",
        "debts": ["A"],
        "address": "line-1",
    },
}


def forbear(*args: str, given: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """Run the command; what it was given stands on its standard input."""
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "law", *args],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(
        args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def at(time: str, **more: Any) -> dict[str, Any]:
    """The case at another time of 10 March."""
    return CASE | {
        "id": time,
        "proposed": CASE["proposed"] | {"at": f"2026-03-10T{time}+08:00"},  # type: ignore[operator]
        **more,
    }


def lines(*cases: Any) -> str:
    return "".join(json.dumps(case) + "\n" for case in cases)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in line)


def is_page(text: str) -> bool:
    """Whether every line fits a terminal of a hundred columns and ends where its words do."""
    told = text.splitlines()
    return all(width(line) <= 100 and line == line.rstrip() for line in told) and len(told) > 1


# ── decide ──


def test_each_case_gets_one_line_with_everything_that_scripts_depend_on() -> None:
    done = forbear("decide", "-", given=lines(at("21:59:59"), at("22:00:00")))
    open_, shut = rows(done)
    assert done.returncode == 0
    assert done.stderr == ""
    assert set(open_) == {
        "schema", "id", "decision", "because", "missing", "earliest", "why_no_earliest", "packs"
    }  # fmt: skip
    assert (open_["schema"], open_["decision"], open_["because"]) == (
        "forbear.decision/1", "allow", []
    )  # fmt: skip
    assert open_["earliest"] == "2026-03-10T21:59:59+08:00"
    assert (shut["decision"], shut["missing"]) == ("deny", [])
    assert (shut["earliest"], shut["why_no_earliest"]) == ("2026-03-11T08:00:00+08:00", None)
    assert re.fullmatch("[0-9a-f]{64}", shut["packs"]["cn"])
    reason = next(each for each in shut["because"] if each["rule"] == "cn-gbt-hours")
    assert reason["clause"] == "GB/T 45251-2025 5.3 催收时间"
    assert (reason["effect"], reason["level"]) == ("deny", "standard")
    assert reason["clears_at"] == "2026-03-11T08:00:00+08:00"
    assert isinstance(reason["rests_on"], list)


def test_says_is_one_sentence_in_the_language_of_the_law_or_the_one_asked_for() -> None:
    for options, language in (((), "zh"), (("--lang", "en"), "en"), (("--lang", "zh"), "zh")):
        (row,) = rows(forbear("decide", "-", *options, given=lines(CASE)))
        for reason in row["because"]:
            assert reason["says"] == reason[f"says_{language}"]
            assert reason["says_zh"] != reason["says_en"]


def test_the_law_is_that_of_the_case_and_a_pack_named_stands_beside_it() -> None:
    evening = lines(at("21:30:00"))
    assert rows(forbear("decide", "-", given=evening))[0]["decision"] == "allow"
    (row,) = rows(forbear("decide", "-", "--pack", "cn-humane", given=evening))
    assert {reason["rule"] for reason in row["because"]} == {"humane-hours"}
    assert list(row["packs"]) == ["cn", "cn-humane"]


def test_a_pack_as_of_a_date_takes_the_place_of_that_of_the_case() -> None:
    for pack in ("cn@2018-01-01", "cn-humane@2018-01-01"):
        done = forbear("decide", "-", "--pack", pack, given=lines(CASE))
        (row,) = rows(done)
        assert done.returncode == 0
        assert "cn-gbt-hours" not in {reason["rule"] for reason in row["because"]}
        assert "cn@2018-01-01" in row["packs"]


def test_a_case_that_cannot_be_read_becomes_a_row_and_the_others_go_on(tmp_path: Path) -> None:
    bad = CASE | {"id": "odd", "proposed": {"at": "today", "channel": "call"}}
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{lines(CASE)}\nnot json\n{lines(bad, CASE)}", encoding="utf-8")
    done = forbear("decide", str(path))
    assert done.returncode == 1
    first, broken, odd, last = rows(done)
    assert first["decision"] == last["decision"] == "deny"
    assert broken == {
        "id": None,
        "error": "column 1: it is no JSON (Expecting value); write one object a line",
        "file": str(path),
        "line": 3,
    }
    assert (odd["id"], odd["line"]) == ("odd", 4)
    assert odd["error"] == (
        "proposed.at: 'today' is no time; write one such as 2026-03-10T17:59:00+08:00"
    )


def test_nothing_done_is_told_from_something_done() -> None:
    assert forbear("decide", "-", given="").returncode == 0
    assert forbear("decide", "-", given="not json\n").returncode == 2
    assert forbear("decide", "-", given=lines(CASE) + "not json\n").returncode == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("decide", "/nowhere.jsonl"), "/nowhere.jsonl: it cannot be opened"),
        (("decide", "/"), "it cannot be opened"),
        (("decide", "-", "--pack", "mars"), "pack 'mars' is unknown; name one of cn"),
        (("decide", "-", "--pack", "cn@then"), "'then' is no date"),
        (("when", "-", "--from", "noon"), "'noon' is no time"),
        (("show", "--on", "noon"), "'noon' is no date"),
        (("show", "--rule", "cn-gbt-hour"), "did you mean cn-gbt-hours"),
        (("explain", "-", "--id", "nobody"), "no case has the id 'nobody'"),
        (("diff", "cn", "mars"), "pack 'mars' is unknown"),
        (("coverage", "--pack", "mars"), "pack 'mars' is unknown"),
        ((), "WHAT"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(args: tuple[str, ...], said: str) -> None:
    done = forbear(*args, given=lines(CASE))
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("forbear")


def test_a_jurisdiction_without_a_pack_is_told_apart_from_a_misspelt_one() -> None:
    done = forbear("decide", "-", given=lines(CASE | {"jurisdiction": "uk"}))
    assert (
        rows(done)[0]["error"]
        == "jurisdiction: 'uk' has no pack; write one of cn, us, or add --pack"
    )
    for odd in ("cn-humane", "../packs/cn", ""):
        assert "error" in rows(forbear("decide", "-", given=lines(CASE | {"jurisdiction": odd})))[0]
    (row,) = rows(forbear("decide", "-", "--pack", "cn", given=lines(CASE | {"jurisdiction": ""})))
    assert row["decision"] == "deny"


def test_files_from_other_systems_are_read() -> None:
    body = lines(CASE).strip()
    for given in (f"\ufeff{body}\r\n\r\n{body}\r\n".encode(), f"{body}\n\n{body}".encode()):
        done = forbear("decide", "-", given=given)
        assert (done.returncode, len(rows(done))) == (0, 2)
    done = forbear("decide", "-", given=body.encode("utf-16"))
    assert (done.returncode, "save it as UTF-8" in done.stderr) == (2, True)
    text = CASE | {"proposed": CASE["proposed"] | {"text": "一行\u2028两行\x85"}}  # type: ignore[operator]
    done = forbear("decide", "-", given=json.dumps(text, ensure_ascii=False))
    assert (done.returncode, len(rows(done))) == (0, 1)


def test_a_line_that_is_not_utf_8_is_an_error_row() -> None:
    done = forbear("decide", "-", given=lines(CASE).encode() + "催收\n".encode("gb18030"))
    assert done.returncode == 1
    assert rows(done)[1]["error"] == "the line is not UTF-8; save the file as UTF-8"


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(CASE) * 300, encoding="utf-8")
    command = f"{sys.executable} -m forbear.cli.main law decide {path} | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    assert json.loads(done.stdout)["id"] == "night"
    assert done.stderr == ""


# ── odd input ──

ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e300, float("inf"), 10**30, "", "x", "a\u2028b", "\x00", "\ud800",
    "../../etc", "A" * 3_000, [], [[]], [1], ["mon", {}], {}, {"a": 1}, [None], [{}],
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-10", "24:00",
    "2026-02-30T10:00:00+08:00", ["22:00", "08:00"], ["aa", "bb"], [22, 8], {"not": []}, "call",
    "Asia/Shanghai", "2026-03-10T12:00:00+08:00", "debtor",
]  # fmt: skip
RICH = CASE | {
    "debtor": {
        "timezone": "Asia/Shanghai",
        "region": "US-NY",
        "facts": [
            {"kind": "consent", "since": "2026-03-01T00:00:00+08:00", "channel": "call",
             "window": ["22:00", "23:00"], "value": {"given": "directly"}},
            {"kind": "guarantee", "since": "2026-03-01T00:00:00+08:00", "until": None,
             "debts": ["A"], "value": {"type": "joint_and_several"}},
            {"kind": "possible_timezone", "since": "2026-03-01T00:00:00+08:00",
             "value": "Asia/Tokyo"},
        ],
    },
    "history": [
        {"at": "2026-03-10T09:00:00+08:00", "channel": "call", "outcome": "conversation",
         "agents": ["a"], "agent_profile": {"employer": "agency:a"}, "seq": 1, "debts": ["A"]},
        {"at": "2026-03-09T09:00:00+08:00", "channel": "sms", "direction": "inbound", "text": "停"},
    ],
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*path, number))


def spoiled(rnd: random.Random) -> Any:
    """A case with one or two values that do not belong where they stand."""
    case = json.loads(json.dumps(RICH))
    case["jurisdiction"] = rnd.choice(["cn", "us"])
    for _ in range(rnd.choice([1, 1, 2])):
        odd = json.loads(json.dumps(rnd.choice(ODD)))
        path = rnd.choice(list(places(case)))
        if not path:
            return odd
        inner = case
        for key in path[:-1]:
            inner = inner[key]
        if isinstance(inner, dict) and rnd.random() < 0.4:
            extra = ["recorded_at", "lender", "weekdays", "relation", "party", "form", *MORE_KEYS]
            inner[rnd.choice(extra)] = odd
        else:
            inner[path[-1]] = odd
    return case


@pytest.mark.parametrize("command", ["decide", "when"])
def test_a_thousand_odd_cases_each_get_an_answer_or_one_line_that_helps(command: str) -> None:
    rnd = random.Random(f"odd cases for {command}")
    cases = [spoiled(rnd) for _ in range(1_000)]
    done = forbear(command, "-", given=lines(*cases))
    assert done.stderr == ""
    assert done.returncode == 1
    found = rows(done)
    assert len(found) == 1_000
    errors = [row["error"] for row in found if "error" in row]
    assert 300 < len(errors) < 900
    for error in errors:
        assert "\n" not in error
        assert len(error) < 300
        # What, where, and how to mend it.
        assert re.search(r"[:;]", error)
        assert "Error" not in error
        assert "object at 0x" not in error


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '{"proposed": ' + "[" * 900 + "]" * 900 + "}",
        json.dumps(CASE)[:-1] + ', "meta": ' + "[" * 400 + "]" * 400 + "}",
        '{"proposed": {"at": ' + "9" * 5_000 + "}}",
        "NaN",
        '"text"',
        "null",
        "{}" * 2,
        "{'id': 1}",
    ],
    ids=range(10),
)
def test_json_that_is_deep_or_long_or_none_is_one_row(line: str) -> None:
    done = forbear("decide", "-", given=line)
    assert done.stderr == ""
    (row,) = rows(done)
    assert "decision" in row or len(row["error"]) < 300


# ── when ──


def test_when_says_the_first_lawful_moment_from_a_moment_on() -> None:
    def ask(*options: str) -> dict[str, Any]:
        (row,) = rows(forbear("when", "-", *options, given=lines(CASE)))
        return row

    row = ask()
    assert (row["schema"], row["earliest"]) == ("forbear.when/1", "2026-03-11T08:00:00+08:00")
    assert row["packs"]
    assert ask("--from", "2026-03-20T09:30:00+08:00")["earliest"] == "2026-03-20T09:30:00+08:00"
    short = ask("--until", "2026-03-11T07:59:59+08:00")
    assert (short["earliest"], short["why_no_earliest"]) == (None, "beyond the horizon")
    assert ask("--until", "2026-03-11T08:00:00+08:00")["earliest"] is not None
    assert "--until lies before" in ask("--until", "2026-03-01T00:00:00+08:00")["error"]


def test_when_says_why_there_is_no_moment() -> None:
    order = {"kind": "no_contact_order", "since": "2026-03-01T00:00:00+08:00"}
    case = CASE | {"debtor": {"timezone": "Asia/Shanghai", "facts": [order]}}
    (row,) = rows(forbear("when", "-", given=lines(case)))
    assert (row["earliest"], row["why_no_earliest"]) == (None, "never")


# ── show ──


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("pack", ["cn", "us", "cn-humane"])
def test_the_table_of_rules_fits_a_terminal_and_names_every_rule(pack: str, language: str) -> None:
    done = forbear("show", "--pack", pack, "--lang", language)
    assert done.returncode == 0
    assert is_page(done.stdout)
    listed = json.loads(forbear("show", "--pack", pack, "--format", "json").stdout)
    assert listed["schema"] == "forbear.rules/1"
    for each in listed["rules"]:
        assert each["rule"] in done.stdout
    assert re.search(rf"{pack} [0-9a-f]{{12}}", done.stdout)


def test_the_language_is_that_of_the_law_unless_another_is_asked_for() -> None:
    clause = ("--clause", "5.3 催收时间")
    assert "每日 22:00 至次日 08:00" in forbear("show", *clause).stdout
    assert "no collection between" in forbear("show", *clause, "--lang", "en").stdout
    assert "No contact before 8 a.m." in forbear("show", "--pack", "us").stdout


def test_only_what_was_in_force_on_a_day_is_shown() -> None:
    def shown(*args: str) -> set[str]:
        found = json.loads(forbear("show", "--format", "json", *args).stdout)
        return {each["rule"] for each in found["rules"]}

    assert "cn-gbt-hours" not in shown("--on", "2025-02-27")
    assert "cn-gbt-hours" in shown("--on", "2025-02-28")
    assert "cn-gbt-hours" in shown()
    assert shown("--on", "2025-02-27") == shown("--pack", "cn@2025-02-27")
    assert shown("--clause", "gb/t 45251") < shown()
    empty = forbear("show", "--clause", "no such clause")
    assert (empty.returncode, "没有符合条件的规则" in empty.stdout) == (0, True)


def test_one_rule_is_shown_in_full_with_its_words_and_its_source() -> None:
    done = forbear("show", "--rule", "cn-gbt-persons")
    assert is_page(done.stdout)
    for part in (
        "GB/T 45251-2025 5.3 催收对象",
        "国家推荐性标准",
        "2025-02-28 –",
        '{ is = "asked_by_third_party" },',
        "answerable: 可以就债务与其联系的人",
        "lost: 债务人失联",
        "您是保证人或共同债务人",
        "gbt-45251-2025/source.md",
    ):
        assert part in done.stdout


def test_every_rule_of_every_pack_can_be_shown_in_full(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", rule("until = 2025-01-01"), rule("since = 2025-01-01"))
    done = forbear("show", "--pack", str(folder), "--rule", "r", "--lang", "en")
    assert "2020-01-01 – 2024-12-31" in done.stdout
    assert "2025-01-01 –" in done.stdout
    assert "No source row: nothing in tiny/act/source.md names this rule." in done.stdout
    assert "\nPacks: tiny " in done.stdout


# ── explain ──


def test_a_refusal_is_explained_with_clause_level_reason_and_the_moment_it_clears() -> None:
    talk = {"channel": "call", "party": "debtor", "outcome": "conversation", "debts": ["A"],
            "mode": "interactive", "address": "line-1"}  # fmt: skip
    made = [talk | {"at": f"2026-03-10T{hour}:00:00+08:00"} for hour in ("09", "11", "14")]
    done = forbear("explain", "-", given=lines(at("15:00:00", history=made)))
    assert done.returncode == 0
    assert is_page(done.stdout)
    for part in (
        "案例 15:00:00：不可以联系。",
        "2026年3月10日 15:00 电话",
        "GB/T 45251-2025《互联网金融",
        "5.3 交互式催收频次",
        "每名债务人每日至多三次",
        "2026年3月10日 09:00 电话",
        "通话",
        "2026年3月11日 00:00 起，这一条不再妨碍",
        "最早可以联系的时间：2026年3月11日 08:00。",
        "放贷人类别（案例没有写明，按缺省）",
    ):
        assert part in done.stdout
    assert "（国家推荐性标准）" in "".join(done.stdout.split())


def test_an_explanation_in_english_names_the_instrument_for_readers_of_english() -> None:
    done = forbear("explain", "-", "--lang", "en", given=lines(CASE))
    for part in (
        "Case night: this contact may not be made.",
        "(recommended national standard)",
        "(industry self-regulation)",
        "Clears: from 11 March 2026 08:00 on",
        "Earliest lawful moment: 11 March 2026 08:00.",
    ):
        assert part in " ".join(done.stdout.split())
    assert is_page(done.stdout)


def test_what_an_exception_lifted_is_said() -> None:
    consent = {
        "kind": "consent",
        "since": "2026-03-01T10:00:00+08:00",
        "window": ["22:00", "23:00"],
    }
    case = CASE | {"debtor": {"timezone": "Asia/Shanghai", "facts": [consent]}}
    done = forbear("explain", "-", given=lines(case))
    assert "案例 night：可以联系。" in done.stdout
    assert "因例外而不妨碍的规定" in done.stdout
    assert "同意，自 2026年3月1日 10:00 起" in done.stdout
    (row,) = rows(forbear("explain", "-", "--format", "json", given=lines(case)))
    assert "cn-gbt-hours" in {each["rule"] for each in row["lifted"]}
    assert row["schema"] == "forbear.explanation/1"
    # Nothing is lifted where nothing would have stood.
    (row,) = rows(forbear("explain", "-", "--format", "json", given=lines(at("15:00:00"))))
    assert row["lifted"] == []


def test_why_there_is_no_moment_is_said_plainly() -> None:
    order = {"kind": "no_contact_order", "since": "2026-03-01T00:00:00+08:00",
             "until": "9999-12-31T23:59:59-12:00"}  # fmt: skip
    case = CASE | {"debtor": {"timezone": "Asia/Shanghai", "facts": [order]}}
    done = forbear("explain", "-", given=lines(case))
    assert "禁止联系的命令，自 2026年3月1日 00:00 起" in done.stdout
    assert "9999" not in done.stdout
    assert "最早可以联系的时间：" in done.stdout


def test_one_case_of_many_is_explained_by_its_id_and_bad_ones_are_named() -> None:
    given = lines(at("09:00:00"), at("10:00:00")) + "not json\n"
    one = forbear("explain", "-", "--id", "10:00:00", given=given)
    assert (one.returncode, one.stderr) == (0, "")
    assert "案例 10:00:00" in one.stdout
    assert "案例 09:00:00" not in one.stdout
    every = forbear("explain", "-", given=given)
    assert every.returncode == 1
    assert every.stdout.count("案例 ") >= 2
    assert every.stderr.startswith("forbear: - line 3: column 1: it is no JSON")


def test_every_case_of_the_packs_can_be_explained_in_both_languages() -> None:
    for pack in ("cn", "us", "cn-humane"):
        listed = json.loads(forbear("coverage", "--pack", pack, "--format", "json").stdout)
        assert listed["schema"] == "forbear.coverage/1"
    folder = Path(__file__).parents[2] / "src" / "forbear" / "law" / "packs"
    for path in sorted(folder.glob("*/*/cases.jsonl"))[::4]:
        for language in ("zh", "en"):
            done = forbear("explain", str(path), "--lang", language)
            assert (done.returncode, done.stderr) == (0, ""), path
            assert is_page(done.stdout), path


# ── coverage ──


def test_coverage_lists_every_row_and_ends_well_where_all_fits(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", rule())
    source = folder / "act" / "source.md"
    head = "| Clause | Duty | Encoded |\n|---|---|---|\n"
    rows_ = "| Act r | no calls | `r` |\n| Act 2 | be kind | not encoded: no number |\n"
    source.write_text(head + rows_, encoding="utf-8")
    done = forbear("coverage", "--pack", str(folder), "--lang", "en")
    assert done.returncode == 0
    assert "tiny/act: 2 rows, 1 encoded, 1 not encoded" in done.stdout
    assert "not encoded: no number" in done.stdout
    assert "The sources and the rules fit together." in done.stdout
    source.write_text(head + "| Act r | no calls | `q` |\n", encoding="utf-8")
    done = forbear("coverage", "--pack", str(folder), "--lang", "en")
    assert done.returncode == 1
    assert "there is no rule 'q'; correct the id" in done.stdout


# ── diff ──


def test_diff_between_two_dates_names_what_came_and_went_and_the_cases_that_turn() -> None:
    done = forbear("diff", "cn@2025-02-27", "cn@2025-02-28")
    assert done.returncode == 0
    assert is_page(done.stdout)
    assert "从 cn@2025-02-27 到 cn@2025-02-28" in done.stdout
    assert "cn-gbt-hours" in done.stdout
    assert re.search(r"问了 \d+ 个案例，\d+ 个答案不同", done.stdout)
    found = json.loads(forbear("diff", "cn@2025-02-27", "cn@2025-02-28", "--format", "json").stdout)
    assert "cn-gbt-hours" in found["added"]
    # What the standard took the place of.
    assert "cn-iac-2024-hours" in found["removed"]
    assert list(found["packs"]["before"]) == ["cn@2025-02-27"]


def test_nothing_changes_from_one_day_to_the_next() -> None:
    done = forbear("diff", "cn@2025-03-01", "cn@2025-03-02", "--lang", "en")
    assert "No rule changes." in done.stdout
    assert "answered differently: 0." in done.stdout


def test_diff_names_the_keys_that_change_and_asks_further_cases(tmp_path: Path) -> None:
    term = '[[term]]\nname = "agreed"\nwhen = {{ {} = true }}'
    limit = 'kind = "limit"\nat_most = {}\nwithin = "day"'
    old = make(tmp_path / "a" / "tiny", rule(limit.format(3)), top=term.format("consent"))
    new = make(tmp_path / "b" / "tiny", rule(limit.format(1)), rule('on = { channel = "visit" }', "v"),
               top=term.format("same_call"))  # fmt: skip
    made = call("2026-03-10T09:00:00+08:00", outcome="busy")
    case = {"id": "second", "history": [made], "proposed": call("2026-03-10T10:00:00+08:00")}
    path = tmp_path / "cases.jsonl"
    path.write_text(lines(case, case | {"jurisdiction": "cn"}) + "bad\n", encoding="utf-8")
    done = forbear("diff", str(old), str(new), "--cases", str(path), "--lang", "en")
    assert done.returncode == 1
    assert "line 3" in done.stderr
    for part in (
        "Rules added: 1",
        "Rules changed: 1",
        "at_most: 3 → 1",
        "Terms and derived facts changed: agreed",
        "Cases asked: 1; answered differently: 1.",
        "allow → deny: 1",
        "second  allow → deny",
        "now also: Act r",
        "1 more belong to other jurisdictions",
    ):
        assert part in done.stdout
    found = json.loads(
        forbear("diff", str(old), str(new), "--cases", str(path), "--format", "json").stdout
    )
    assert found["changed"] == [{"rule": "r", "keys": {"at_most": [3, 1]}}]
    assert found["differ"] == [
        {"id": "second", "before": "allow", "after": "deny", "gained": ["Act r"], "lost": []}
    ]


def test_a_house_pack_only_ever_refuses_more() -> None:
    found = json.loads(forbear("diff", "cn", "cn-humane", "--format", "json").stdout)
    assert found["removed"] == [] == found["changed"]
    assert all(name.startswith("humane-") for name in found["added"])
    rank = ["allow", "review", "deny"]
    assert found["differ"]
    for case in found["differ"]:
        assert rank.index(case["before"]) <= rank.index(case["after"])
        assert case["lost"] == []


# ── help ──


@pytest.mark.parametrize("what", ["decide", "when", "explain", "show", "coverage", "diff"])
def test_help_says_in_plain_words_what_a_command_does(what: str) -> None:
    done = forbear(what, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: forbear law {what}")
    assert what in forbear("--help").stdout
    # Every option says what it is for.
    for option in re.findall(r"^  (--[a-z]+)", done.stdout, flags=re.MULTILINE):
        assert re.search(rf"{option}\b[^\n]*(\n {{10,}})?[^\n]* [a-z]", done.stdout)


def test_deciding_loads_nothing_that_only_other_commands_need() -> None:
    program = (
        "import sys; from forbear.cli.main import main; main(['law', 'decide', '-']); "
        "print([m for m in ('chinese_calendar', 'openpyxl', 'forbear.evidence', 'forbear.intake')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=lines(CASE), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
