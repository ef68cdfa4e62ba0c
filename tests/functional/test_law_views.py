"""The law shown to people: tables, one rule, one case explained, coverage, and what changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.functional.law_runs import CASE, at, forbear, is_page, lines, rows
from tests.unit.law.small import call, make, rule

from forbear.law.packs import shipped_names

# ── show ──


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("pack", shipped_names())
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


def test_a_case_that_says_too_little_for_a_strict_pack_is_refused_and_told_what_to_add(
    tmp_path: Path,
) -> None:
    folder = make(tmp_path / "tiny", rule("on = { recorded = false }"))
    given = lines({"proposed": call("2026-03-10T10:00:00+08:00")})
    done = forbear("explain", "-", "--pack", str(folder), given=given)
    assert "Case case: this contact may not be made." in done.stdout
    assert "What is missing: whether the call was recorded" in done.stdout
    assert "Earliest lawful moment: cannot be told until what is missing is known." in done.stdout


def test_dates_are_not_torn_apart_at_the_end_of_a_line() -> None:
    week = [
        call(f"2026-03-{day:02}T10:00:00+08:00", outcome="no_answer", purpose="collect")
        for day in range(4, 11)
    ]
    case = at("22:00:00", history=week)
    done = forbear("explain", "-", "--pack", "cn-humane", given=lines(case))
    assert "宽和承诺 每周联系" in done.stdout
    assert not re.search("[年月]$", done.stdout, flags=re.MULTILINE)


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
    for pack in shipped_names():
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
    new = make(tmp_path / "b" / "tiny", rule(limit.format(1)),
               rule('on = { channel = "visit" }', "v"),
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
