"""``forbear law`` as a user meets it: cases in, answers out, and never a crash."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.functional.law_runs import CASE, at, forbear, lines, rows

from forbear.base.words import MORE_KEYS

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
        (("decide", "-", "--pack", "mars"), "pack 'mars' is unknown; name one of au, cn"),
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
    done = forbear("decide", "-", given=lines(CASE | {"jurisdiction": "mars"}))
    assert rows(done)[0]["error"] == (
        "jurisdiction: 'mars' has no pack; write one of au, cn, in, other, uk, us, or add --pack"
    )
    # The name of a pack is no jurisdiction, unless cases call the place so.
    for odd in ("cn-humane", "india", "../packs/cn", ""):
        assert "error" in rows(forbear("decide", "-", given=lines(CASE | {"jurisdiction": odd})))[0]
    (row,) = rows(forbear("decide", "-", "--pack", "cn", given=lines(CASE | {"jurisdiction": ""})))
    assert row["decision"] == "deny"


def test_a_case_is_asked_under_the_pack_of_its_jurisdiction_whatever_that_is_called() -> None:
    late = {"at": "2023-05-10T19:05:00+05:30", "channel": "call", "purpose": "collect"}
    case = {"id": "late", "jurisdiction": "in", "proposed": late}
    for packs in ((), ("--pack", "india"), ("--pack", "india@2023-05-10")):
        (row,) = rows(forbear("decide", "-", *packs, given=lines(case)))
        assert [reason["rule"] for reason in row["because"]] == ["in-hours"]
        assert [name.partition("@")[0] for name in row["packs"]] == ["india"]
        assert row["earliest"] == "2023-05-11T08:00:00+05:30"


def test_files_from_other_systems_are_read() -> None:
    body = lines(CASE).strip()
    for given in (f"\ufeff{body}\r\n\r\n{body}\r\n".encode(), f"{body}\n\n{body}".encode()):
        done = forbear("decide", "-", given=given)
        assert (done.returncode, len(rows(done))) == (0, 2)
    done = forbear("decide", "-", given=body.encode("utf-16"))
    assert (done.returncode, "save it as UTF-8" in done.stderr) == (2, True)
    text = at("22:00:00")
    text["proposed"]["text"] = "一行\u2028两行\x85"
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
    None, True, False, 0, -1, 1.5, 1e300, float("inf"), 10**30, "", "x", "a\u2028b",
    "\x00", "\ud800",
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
