"""Sources held against rules: no clause is forgotten, and no rule stands without its clause."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.law.small import make, rule

from forbear.base.errors import PackError
from forbear.law.book import load
from forbear.law.coverage import Coverage, coverage, read_source

HEAD = "# Act\n\n| Clause | Duty | Encoded |\n|---|---|---|\n"


def covered(tmp_path: Path, rows: str | None, *rules: str) -> Coverage:
    folder = make(tmp_path / "tiny", *(rules or (rule(),)))
    if rows is not None:
        (folder / "act" / "source.md").write_text(rows, encoding="utf-8")
    return coverage(load([str(folder)]))


def test_a_row_names_its_rules_or_says_why_there_is_none(tmp_path: Path) -> None:
    rows = "| Act r | no calls | `r` `s` |\n| Act 2 | be kind | not encoded: no number |\n"
    found = covered(tmp_path, HEAD + rows + "\nAct s\n", rule(), rule(ident="s"))
    assert found.problems == ()
    one, two = found.rows
    assert (one.clause, one.duty, one.rules, one.reason) == ("Act r", "no calls", ("r", "s"), None)
    assert (two.rules, two.reason) == ((), "no number")
    assert (one.line, two.line) == (5, 6)
    assert (one.pack, one.source) == ("tiny", "act")


def test_a_row_may_be_encoded_in_part(tmp_path: Path) -> None:
    found = covered(tmp_path, HEAD + "| Act r | x | `r` 不编码:衣着不在记录里 |\n")
    assert (found.rows[0].rules, found.rows[0].reason) == (("r",), "衣着不在记录里")


def test_chinese_headings_and_tables_of_two_columns_are_read(tmp_path: Path) -> None:
    rows = "| 条 | 编码 |\n|:--|--:|\n| Act r | `r` |\n"
    found = covered(tmp_path, rows)
    assert [(row.clause, row.duty) for row in found.rows] == [("Act r", "")]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("| Act r | x | `r` |\n| Act 2 | y | |\n", "act/source.md line 6 (Act 2): neither encoded"),
        ("| Act r | x | `r` `q` |\n", "act/source.md line 5 (Act r): there is no rule 'q'"),
        ("| Act r | x | not encoded: later |\n", "tiny/act: rule r stands in no row of source.md"),
        ("| Art. 1 | x | `r` |\n", "tiny/act: clause 'Act r' of rule r is not in source.md"),
    ],
)
def test_what_does_not_fit_together_is_named_with_its_place(
    tmp_path: Path, rows: str, problem: str
) -> None:
    found = covered(tmp_path, HEAD + rows)
    assert any(problem in each for each in found.problems)


def test_an_instrument_without_a_source_is_a_problem(tmp_path: Path) -> None:
    found = covered(tmp_path, None)
    assert found.rows == ()
    assert any("rule r stands in no row" in each for each in found.problems)


def test_two_versions_of_a_rule_need_one_row(tmp_path: Path) -> None:
    versions = (rule("until = 2025-01-01"), rule("since = 2025-01-01"))
    assert covered(tmp_path, HEAD + "| Act r | x | `r` |\n", *versions).problems == ()


def test_a_table_without_a_last_column_for_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "source.md"
    path.write_text("| Clause | Duty |\n|---|---|\n| 1 | x |\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"source.md line 1: the last column of a table must be"):
        read_source(path, "tiny")


def test_a_source_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "source.md"
    path.write_bytes("条".encode("gb18030"))
    with pytest.raises(PackError, match=r"it cannot be read .*mend the file"):
        read_source(path, "tiny")
