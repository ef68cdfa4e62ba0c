"""Versions of the law before one log: what would be newly forbidden, and what newly allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forbear.law.packs import requested

ROOT = Path(__file__).parents[2]
CALLS = ROOT / "examples" / "sample-calls.xml"
TEXTS = ROOT / "examples" / "sample-sms.xml"
LENDER = ("--collector", "95187=甲小贷", "--collector", "1069018795187=甲小贷")
LATER = ("--pack", "cn@2024-01-01", "--pack", "cn@next")

Run = Callable[..., tuple[int, str, str]]
Judged = Callable[..., dict[str, Any]]

AGENCY = '"{""employer"": ""甲外包""}"'
LEDGER = f"""at,channel,party,id,person,purpose,outcome,address,agent,mode,agent_profile
2026-03-11T09:00:00+08:00,call,debtor,C1,P1,collect,conversation,A1,L-017,interactive,{AGENCY}
2026-03-11T10:00:00+08:00,call,debtor,C2,P1,collect,conversation,A1,L-017,interactive,{AGENCY}
2026-03-11T11:00:00+08:00,call,debtor,C3,P1,collect,conversation,A1,L-017,interactive,{AGENCY}
2026-03-11T15:00:00+08:00,call,debtor,C4,P1,collect,conversation,A1,L-018,interactive,{AGENCY}
2026-03-11T15:30:00+08:00,call,debtor,C5,P2,collect,conversation,A2,L-018,interactive,
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return path


def one_line(err: str) -> str:
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


# ── what changes ──


def test_what_each_version_alone_finds_is_what_the_comparison_says(judged: Judged):
    """The comparison and two audits, made one after the other, must tell the same story."""
    denied = []
    for pack in ("cn@2024-01-01", "cn@next"):
        found = judged(CALLS, TEXTS, *LENDER, "--pack", pack)
        denied.append(
            {
                (f["rows"][-1]["file"], f["rows"][-1]["line"])
                for f in found["findings"]
                if f["effect"] == "deny"
            }
        )
    compared = judged(CALLS, TEXTS, *LENDER, *LATER)
    (comparison,) = compared["comparisons"]
    assert denied[0] < denied[1]
    assert comparison["turns"]["forbidden"] == len(denied[1] - denied[0])
    assert compared["contacts"] == 28
    assert comparison["changed"] == sum(comparison["turns"].values())


def test_the_data_say_which_contact_by_which_clause_by_whom(judged: Judged, ledger: Path):
    compared = judged(ledger, *LATER)
    assert compared["schema"] == "forbear.comparison/1"
    (comparison,) = compared["comparisons"]
    assert comparison["turns"] == {"forbidden": 1, "review": 0, "allowed": 0, "clauses": 0}
    assert comparison["answers"] == [{"before": "allow", "after": "deny", "contacts": 1}]
    clauses = {each["clause"]: each for each in comparison["clauses"] if each["decides"]}
    daily = clauses["GB/T 45251-2025 5.3 交互式催收频次"]
    assert (daily["turn"], daily["change"], daily["effect"]) == ("forbidden", "gained", "deny")
    (example,) = daily["examples"]
    assert (example["id"], example["agent"], example["agency"]) == ("C4", "L-018", "甲外包")
    assert (example["before"], example["after"]) == ("allow", "deny")
    assert example["at"] == "2026-03-11T07:00:00+00:00"
    assert comparison["agencies"] == [{"turn": "forbidden", "name": "甲外包", "contacts": 1}]
    assert comparison["agents"] == [{"turn": "forbidden", "name": "L-018", "contacts": 1}]
    day = requested("cn@next")[1]
    assert list(compared["before"]["packs"]) == ["cn@2024-01-01"]
    assert comparison["after"]["asked"] == "cn@next"
    assert list(comparison["after"]["packs"]) == [f"cn@{day}"]


def test_the_other_way_round_the_same_contacts_are_newly_allowed(judged: Judged, ledger: Path):
    (back,) = judged(ledger, "--pack", "cn@next", "--pack", "cn@2024-01-01")["comparisons"]
    assert back["turns"] == {"forbidden": 0, "review": 0, "allowed": 1, "clauses": 0}
    assert all(each["change"] == "lost" for each in back["clauses"])


def test_the_page_says_it_in_both_languages(run: Run, ledger: Path):
    status, said, err = run(ledger, *LATER)
    assert (status, err) == (0, "")
    assert "对照：cn@2024-01-01 → cn@next（即" in said
    assert "判断了 5 次联系，其中 1 次的结论或依据有变化。" in said
    assert "改为不允许的联系：1 次" in said
    assert "C4  2026年3月11日 15:00  甲外包  L-018  允许 → 不允许" in said
    _, said, _ = run(ledger, *LATER, "--lang", "en")
    assert "5 contacts judged; 1 of them answered differently or by other clauses." in said
    assert "Newly forbidden: 1 contact\n" in said
    assert "C4  11 March 2026 15:00  甲外包  L-018  allow → deny" in said


def test_each_later_version_is_set_beside_the_first(judged: Judged, ledger: Path):
    compared = judged(
        ledger, "--pack", "cn@2024-01-01", "--pack", "cn@2025-03-01", "--pack", "cn@2024-06-01"
    )
    turns = [each["turns"]["forbidden"] for each in compared["comparisons"]]
    assert turns == [1, 0]


def test_a_promise_beside_the_law_alone_is_a_comparison_too(judged: Judged, ledger: Path):
    (promise,) = judged(ledger, "--pack", "cn", "--pack", "cn+cn-humane")["comparisons"]
    assert promise["turns"]["forbidden"] >= 2
    assert promise["turns"]["allowed"] == 0


def test_what_goes_along_with_both_versions_changes_nothing(judged: Judged, ledger: Path):
    """A promise that stands in both is broken in both, and the law changes less than without."""
    (alone,) = judged(ledger, *LATER)["comparisons"]
    (along,) = judged(ledger, *LATER, "--pack", "cn-humane")["comparisons"]
    assert along["turns"]["forbidden"] <= alone["turns"]["forbidden"]
    assert not any("宽和" in each["clause"] for each in along["clauses"])


def test_two_versions_that_are_the_same_change_nothing(run: Run, ledger: Path):
    day = requested("cn@next")[1]
    status, said, _ = run(ledger, "--pack", f"cn@{day}", "--pack", "cn@next", "--lang", "en")
    assert status == 0
    assert "5 contacts judged; no answer and no clause changes." in said


def test_a_log_without_contacts_is_compared_and_says_how_to_name_whose(run: Run):
    status, said, _ = run(CALLS, *LATER)
    assert status == 0
    assert "判断了 0 次联系" in said
    assert "--collector" in said


def test_one_version_alone_is_an_audit_under_it(judged: Judged, ledger: Path):
    found = judged(ledger, "--pack", "cn@next")
    assert found["schema"] == "forbear.audit/1"
    assert list(found["packs"]) == [f"cn@{requested('cn@next')[1]}"]


def test_a_row_that_cannot_be_read_leaves_the_others_compared(run: Run, ledger: Path):
    with ledger.open("a", encoding="utf-8") as file:
        file.write("2026-03-11T16:00:00,call,debtor,C6,P2,collect,no_answer,A2,L-018,,\n")
    status, said, _ = run(ledger, *LATER, "--format", "json")
    assert status == 1
    assert json.loads(said)["contacts"] == 5


def test_it_is_written_to_a_file_as_its_name_ends(run: Run, ledger: Path, tmp_path: Path):
    out = tmp_path / "what-if.json"
    status, said, _ = run(ledger, *LATER, "-o", out)
    assert (status, said.strip()) == (0, str(out))
    assert json.loads(out.read_text(encoding="utf-8"))["schema"] == "forbear.comparison/1"


# ── what cannot be asked ──


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pack", "cn@2024-01-01", "--pack", "cn@nxt"), "write one such as cn@2024-06-01, or cn"),
        (("--pack", "cn@2024-13-01", "--pack", "cn"), "'2024-13-01' is no date"),
        (("--pack", "cn", "--pack", "nowhere@next"), "pack 'nowhere' is unknown"),
        (("--pack", "cn", "--pack", "cn@next", "--pack", "us", "--pack", "us@next"), "join what"),
        (("--pack", "cn+cn@next"), "was asked for as of two dates"),
        ((*LATER, "-o", "what-if.html"), "a comparison is written as text or json"),
        ((*LATER, "--format", "csv"), "a comparison is written as text or json"),
        ((*LATER, "--papers", "out"), "--papers: versions of a pack cannot be compared with it"),
        ((*LATER, "--against", str(CALLS)), "--against: versions of a pack cannot be compared"),
        ((*LATER, "--joint"), "--joint: versions of a pack cannot be compared with it"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(CALLS, *LENDER, *words)
    assert (status, out) == (2, "")
    assert said in one_line(err)
    assert not list(tmp_path.iterdir())
