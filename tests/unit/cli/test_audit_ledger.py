from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import make, rule

from forbear.base.errors import InputError
from forbear.batch.job import Done
from forbear.batch.schema import Stats
from forbear.cli.audit_ledger import broken_in, names_of, of_lender
from forbear.cli.audit_ledger_page import Broken, Told, ledger_data, ledger_page
from forbear.cli.law_page import Page
from forbear.law.auditing import Debtor, assumed_facts
from forbear.law.book import load

DAILY = Broken(
    rule="cn-gbt-interactive-calls",
    clause="GB/T 45251-2025 5.3 交互式催收频次",
    level="standard",
    effect="deny",
    breached=1_200,
    attempted=30,
)


def told(*broken: Broken, **changes: Any) -> Told:
    done: dict[str, Any] = {
        "out": Path("OUT"),
        "contacts": 2_000_000,
        "errors": 0,
        "judged": {"cn": 1_900_000},
        "findings": {"cn": sum(each.breached + each.attempted for each in broken)},
        "stats": {"cn": Stats(contacts=2_000_000, debtors=100_000, situations=64)},
        "buckets": 1,
        "resumed": False,
        "seconds": 4.0,
    }
    more = {key: changes.pop(key) for key in list(changes) if key in done or key == "notes"}
    return Told(
        done=Done(**{**done, **more}),
        books={"cn": load(["cn"])},
        broken={"cn": broken},
        not_shown={"cn": [{"rule": "r", "clause": "c", "contacts": 3}]},
        **changes,
    )


def page(of: Told, language: str = "en") -> str:
    made = Page("zh" if language == "zh" else "en")
    ledger_page(made, of)
    return made.text()


def test_it_says_how_many_how_fast_and_by_which_clause():
    said = page(told(DAILY))
    assert said.startswith("1,900,000 contacts judged in 0:04, 500,000 a second.\n")
    assert "1,230 findings, under 1 rule:" in said
    assert "Breached (1,200), Should not have been attempted (30), recommended national" in said
    assert "For 1 other rule, this log cannot show whether they were kept." in said
    zh = page(told(DAILY), "zh")
    assert zh.startswith("判断了 1,900,000 次联系，用时 0:04，每秒 500,000 次。\n")
    assert "已经违反（1,200 次）、本不应发起（30 次）、国家推荐性标准 · 依据：" in zh


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"resumed": True}, "this run went on where an earlier one stopped, and took 0:04"),
        ({"resumed": True, "finished": True}, "all of them by an earlier run"),
        ({"judged": {"cn": 0}}, "There is no contact to judge."),
        ({"seconds": 0.0}, "1,900,000 contacts judged in 0:00"),
    ],
)
def test_how_it_came_about_is_said_as_it_was(changes: dict[str, Any], said: str):
    assert said in page(told(**changes))


def test_a_clean_ledger_is_said_to_be_clean_as_far_as_it_can_tell():
    assert "Within what this ledger can show, no contact was found to break a rule." in page(told())


def test_a_broken_promise_is_no_broken_rule_and_a_doubt_neither():
    promise = Broken(
        rule="x", clause="C", level="house", effect="deny", breached=2, attempted=0
    )  # fmt: skip
    doubt = Broken(rule="y", clause="D", level="law", effect="review", breached=3, attempted=0)
    said = page(told(promise, doubt))
    assert "Beyond the institution's own promise (2)" in said
    assert "May be a breach, for a person to judge (3), law" in said


def test_a_long_list_of_rules_is_cut():
    many = [replace(DAILY, rule=f"r{n}", clause=f"C{n}") for n in range(14)]
    said = page(told(*many))
    assert "4 more rules." in said
    assert len(ledger_data(told(*many))["versions"][0]["rules"]) == 14


def test_rows_that_could_not_be_read_are_named_with_the_reason():
    wrong = [
        {"file": "a.csv", "line": 7, "row": 6, "why": "at is empty"},
        {"file": "b.parquet", "line": None, "row": 9, "why": "channel 'fax' is unknown"},
    ]
    said = page(told(errors=2, wrong=wrong))
    assert "2 rows could not be read; the others were judged:" in said
    assert "a.csv, line 7: at is empty" in said
    assert "b.parquet, row 9: channel 'fax' is unknown" in said
    assert "OUT/errors.parquet" in said
    assert "b.parquet 第 9 行：" in page(told(errors=2, wrong=wrong), "zh")


def test_statistics_say_who_was_judged_one_by_one_and_why():
    stats = Stats(
        contacts=2_000_000, debtors=100_000, plain_debtors=250, plain_contacts=9_000, situations=64,
        why_plain={"a fact that became known late": 50, "possible_timezone: several clocks": 200},
    )  # fmt: skip
    said = page(told(stats={"cn": stats}), "zh")
    assert "名借款人" not in said
    said = page(told(stats={"cn": stats}, show_stats=True), "zh")
    assert "100,000 名借款人中有 250 名（0.25%，9,000 次联系）逐一判断，因为：" in said
    assert said.index("possible_timezone") < said.index("有的事实发生之后才为人所知：50")
    assert "其余的归为 64 种情形" in said
    fast = page(told(show_stats=True))
    assert "The contacts of 100,000 debtors make 64 situations" in fast


def test_findings_of_books_stand_under_names_that_differ_and_fit_a_folder(tmp_path: Path):
    one = load([str(make(tmp_path / "a" / "tiny", rule()))])
    other = load([str(make(tmp_path / "b" / "tiny", rule(ident="s"))), "cn@2024-01-01"])
    odd = make(tmp_path / "c", rule())
    text = (odd / "pack.toml").read_text(encoding="utf-8")
    (odd / "pack.toml").write_text(text.replace('"c"', '"../../etc"'), encoding="utf-8")
    assert names_of([one, one, other, load([str(odd)])]) == [
        "tiny", "tiny.2", "tiny+cn@2024-01-01", "_._.._etc",
    ]  # fmt: skip
    long = [f"{'x' * 60}{n}" for n in range(3)]
    books = [load([str(make(tmp_path / name, rule())) for name in long])] * 2
    assert [len(name) for name in names_of(books)] == [80, 82]


def test_what_is_said_of_the_lender_is_assumed_in_place_of_what_the_packs_assume():
    debtor = Debtor(contacts=())
    for names in (["cn"], ["cn-humane"], ["us"]):
        book = load(names)
        (fact,) = (
            fact
            for fact in assumed_facts(of_lender(book, {"lender_type": "bank"}), debtor)
            if fact.kind == "lender_profile"
        )
        own = [f.value for f in assumed_facts(book, debtor) if f.kind == "lender_profile"]
        assert fact.value == {**(own[0] if own else {}), "lender_type": "bank"}
        others = [f for f in assumed_facts(book, debtor) if f.kind != "lender_profile"]
        assert len(assumed_facts(of_lender(book, {"lender_type": "bank"}), debtor)) == 1 + len(
            others
        )
        assert of_lender(book, {}) is book
    assert names_of([load(["cn"])], ".bank") == ["cn.bank"]


def test_sums_that_cannot_be_read_are_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"by_rule\.parquet: it cannot be read .*--anew"):
        broken_in(tmp_path, "cn")
    (tmp_path / "summary").mkdir()
    (tmp_path / "summary" / "by_rule.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError) as caught:
        broken_in(tmp_path, "cn")
    assert "\n" not in str(caught.value)
