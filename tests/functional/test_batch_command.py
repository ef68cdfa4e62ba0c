"""``forbear audit LEDGER.parquet -o FOLDER`` as a person meets it: a ledger in, a folder out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc
from tests.functional.ledger_runs import (
    FACTS,
    LATER,
    LEDGER,
    NEXT,
    Run,
    findings,
    flat,
    one_line,
    plainly,
    rows,
)

NIGHT = "cn-gbt-hours"


# ── what comes out ──


def test_a_ledger_of_parquet_has_the_findings_of_the_same_ledger_as_csv(
    run: Run, ledger: Path, out: Path
):
    status, said, err = run(ledger, "-o", out, "--lang", "en")
    assert (status, err) == (0, "")
    assert findings(out) == plainly(run)
    assert "12 contacts judged in" in said
    assert "GB/T 45251-2025 5.3 交互式催收频次" in said
    assert "Breached (1), recommended national standard" in said
    assert f"one row for each finding: {out}/findings/" in flat(said)


def test_the_page_is_chinese_where_the_law_is(run: Run, ledger: Path, out: Path):
    _, said, _ = run(ledger, "-o", out)
    assert "判断了 12 次联系，用时" in said
    assert "发现 8 处问题，涉及" in said
    assert "已经违反（2 次）、国家推荐性标准" in said


def test_a_known_agreement_lifts_what_it_lifts(run: Run, ledger: Path, out: Path):
    status, _, _ = run(ledger, "--facts", FACTS, "-o", out)
    assert status == 0
    assert (NIGHT, "C-009") in plainly(run)
    assert (NIGHT, "C-009") not in findings(out)
    assert (NIGHT, "C-008") in findings(out)


def test_who_lends_is_said_once_for_the_whole_ledger(run: Run, ledger: Path, out: Path):
    bank = ("--lender-type", "bank", "--product", "credit_card")
    assert run(ledger, *bank, "-o", out)[0] == 0
    found = findings(out, "cn.bank.credit_card")
    assert found == plainly(run, *bank)
    assert found != plainly(run)
    # Another lender is no resumption of the same audit.
    status, _, err = run(ledger, "-o", out)
    assert (status, one_line(err).count("begun with other packs")) == (2, 1)


def test_a_fact_about_the_lender_goes_before_what_is_said_for_all(
    run: Run, ledger: Path, out: Path, tmp_path: Path
):
    """The employer of P-102 was called: no matter to a standard that binds licensed lenders."""
    facts = tmp_path / "facts.csv"
    facts.write_text(
        "person,kind,since,value\n"
        'P-102,lender_profile,2020-01-01T00:00:00Z,"{""lender_type"": ""unlicensed""}"\n',
        encoding="utf-8",
    )
    run(ledger, "--lender-type", "bank", "--facts", facts, "-o", out)
    of_standard = {ident for rule, ident in findings(out, "cn.bank") if "gbt" in rule}
    assert "C-008" in of_standard
    assert "C-007" not in of_standard


def test_the_zone_of_a_person_is_theirs(run: Run, ledger: Path, out: Path, tmp_path: Path):
    """Under a law without a clock of its own, the same call is early for one and late for none."""
    persons = tmp_path / "persons.csv"
    persons.write_text("person,zone\nP-103,America/New_York\n", encoding="utf-8")
    status, _, _ = run(ledger, "--persons", persons, "--pack", "us", "-o", out)
    assert status == 0
    assert [path.name for path in (out / "findings").iterdir()] == ["us"]


def test_data_say_the_same_for_a_program(run: Run, ledger: Path, out: Path):
    status, said, err = run(ledger, "-o", out, "--format", "json")
    assert (status, err) == (0, "")
    found = json.loads(said)
    assert found["schema"] == "forbear.ledger/1"
    assert (found["contacts"], found["errors"], found["folder"]) == (12, 0, str(out))
    (version,) = found["versions"]
    assert (version["name"], version["judged"]) == ("cn", 12)
    assert version["findings"] == len(findings(out))
    by_rule = {each["rule"]: each["breached"] + each["attempted"] for each in version["rules"]}
    assert by_rule == {
        rule: sum(own == rule for own, _ in findings(out)) for rule in {r for r, _ in findings(out)}
    }


def test_statistics_are_said_where_they_are_asked_for(run: Run, ledger: Path, out: Path):
    _, silent, _ = run(ledger, "-o", out, "--lang", "en")
    _, said, _ = run(ledger, "-o", out, "--lang", "en", "--stats")
    assert "situations" not in silent
    assert "The contacts of 4 debtors make" in said


def test_a_small_csv_is_a_whole_ledger_where_that_is_asked_for(run: Run, out: Path):
    status, _, _ = run(LEDGER, "--batch", "-o", out)
    assert status == 0
    assert findings(out) == plainly(run)


def test_a_folder_of_parquet_is_one_ledger(run: Run, out: Path, tmp_path: Path):
    folder = tmp_path / "ledger"
    for number, part in enumerate((rows()[:5], rows()[5:])):
        path = folder / f"day={number}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(part), path)
    assert run(folder, "-o", out)[0] == 0
    assert findings(out) == plainly(run)


def streamed(*words: object) -> tuple[int, bytes]:
    """The exit status of an audit of the ledger as a stream, and what it said on standard error."""
    table = pa.Table.from_pylist(rows())
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "audit", "-", *map(str, words)],
        input=sink.getvalue().to_pybytes(), capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_an_arrow_stream_on_standard_input_is_a_ledger(out: Path, run: Run):
    assert streamed("-o", out) == (0, b"")
    assert findings(out) == plainly(run)


def test_a_finished_audit_asked_for_again_says_the_same(run: Run, ledger: Path, out: Path):
    run(ledger, "-o", out)
    before = findings(out)
    status, said, _ = run(ledger, "-o", out, "--lang", "en")
    assert status == 0
    assert "12 contacts judged" in said
    assert findings(out) == before


def test_an_empty_cell_says_nothing_whatever_wrote_it(run: Run, out: Path, tmp_path: Path):
    """One tool writes an empty text, another null; a profile of an agent is then no JSON."""
    path = tmp_path / "ledger.parquet"
    empty = [{key: cell or "" for key, cell in row.items()} for row in rows()]
    pq.write_table(pa.Table.from_pylist(empty), path)
    assert run(path, "-o", out)[0] == 0
    assert findings(out) == plainly(run)


# ── versions ──


def test_versions_of_a_pack_are_compared(run: Run, ledger: Path, out: Path):
    status, said, err = run(ledger, *LATER, "-o", out, "--lang", "en")
    assert (status, err) == (0, "")
    assert "Compared: cn@2024-01-01 → cn@next (" in said
    assert "12 contacts judged; 4 of them answered differently or by other clauses." in said
    assert "Newly forbidden: 4 contacts" in said
    assert "C-006  11 March 2026 17:48  乙外包  L-018  allow → deny" in said
    written = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    changed = pq.read_table(out / "comparison" / f"{NEXT}.parquet").to_pylist()
    (comparison,) = written["comparisons"]
    assert comparison["changed"] == len(changed) == 4
    assert {row["id"] for row in changed} == {"C-006", "C-007", "C-008", "C-009"}
    assert {row["turn"] for row in changed} == {"forbidden"}


def test_a_ledger_and_its_small_copy_are_compared_alike(run: Run, ledger: Path, out: Path):
    status, said, _ = run(LEDGER, *LATER, "--format", "json")
    assert status == 0
    run(ledger, *LATER, "-o", out)
    small, large = json.loads(said), json.loads((out / "comparison.json").read_text("utf-8"))
    for found in (small, large):
        for clause in found["comparisons"][0]["clauses"]:
            # Only a ledger knows the rows of persons; examples stand in the order of the input.
            clause["examples"] = sorted(example["id"] for example in clause["examples"])
    assert small == large


def test_versions_of_a_stream_are_compared_as_those_of_a_file(run: Run, ledger: Path, out: Path):
    run(ledger, *LATER, "-o", out)
    other = out.with_name("other")
    assert streamed(*LATER, "-o", other) == (0, b"")
    written = [(folder / "comparison.json").read_bytes() for folder in (out, other)]
    assert written[0] == written[1]


def test_data_of_versions_hold_the_comparison(run: Run, ledger: Path, out: Path):
    _, said, _ = run(ledger, *LATER, "-o", out, "--format", "json")
    found = json.loads(said)
    assert [version["name"] for version in found["versions"]] == ["cn@2024-01-01", NEXT]
    assert found["comparison"] == json.loads((out / "comparison.json").read_text("utf-8"))


def test_two_folders_of_one_name_are_told_apart(run: Run, ledger: Path, out: Path, tmp_path: Path):
    for name, hour in (("a", "21:00"), ("b", "22:30")):
        folder = tmp_path / name
        (folder / "act").mkdir(parents=True)
        title = 'title = { zh = "法", en = "Act" }\n'
        (folder / "pack.toml").write_text(
            f'[pack]\nname = "mine"\n{title}clock = "Asia/Shanghai"\n', encoding="utf-8"
        )
        (folder / "act" / "rules.toml").write_text(
            f'[instrument]\n{title}level = "law"\nsince = 2020-01-01\n[[rule]]\nid = "late"\n'
            'clause = "Act 1"\nsays = { zh = "不得夜间联系。", en = "No contact at night." }\n'
            f'kind = "hours"\nclosed = ["{hour}", "08:00"]\n',
            encoding="utf-8",
        )
    status, said, err = run(
        ledger, "--pack", tmp_path / "a", "--pack", tmp_path / "b", "-o", out, "--lang", "en"
    )
    assert (status, err) == (0, "")
    assert "Newly allowed: 1 contact" in said
    assert sorted(path.name for path in (out / "findings").iterdir()) == ["mine", "mine.2"]
