"""``forbear loan close`` from Parquet to Parquet, night after night, and of bad rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.property.portfolios import portfolio
from tests.property.test_nightly import table_of

from forbear.batch import nightly_files, nightly_plain
from forbear.batch.nightly_schema import CLOSED, ERRORS
from forbear.cli.main import main
from forbear.loans.close import close

ON = date(2026, 6, 15)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, str, str]:
        try:
            status = main(["loan", "close", *map(str, words)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.parquet"
    pq.write_table(table_of(portfolio(Random(1), 120, ON)), path)
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_a_portfolio_is_closed_and_told_by_bucket(run: Run, ledger: Path, tmp_path: Path):
    status, out, err = run(ledger, "--on", ON, "-o", tmp_path / "out", "--format", "json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert (told["schema"], told["on"]) == ("forbear.close/1", "2026-06-15")
    assert (told["loans"], told["errors"]) == (120, 0)
    assert sum(each["loans"] for each in told["buckets"]) == 120
    closed = pq.read_table(tmp_path / "out" / "closed.parquet")
    assert closed.schema.names == CLOSED.names
    for each in told["buckets"]:
        of = [r for r in closed.to_pylist() if (r["currency"], r["bucket"]) == of_bucket(each)]
        places = {"JPY": 0, "CNY": 2, "KWD": 3}[each["currency"]]
        overdue = sum(row["overdue_principal"] for row in of)
        assert each["overdue_principal"].replace(".", "").lstrip("0") == (str(overdue).lstrip("0"))
        assert len(each["overdue_principal"].partition(".")[2]) == places
    assert told["worse"] == sum(row["bucket_move"] > 0 for row in closed.to_pylist())


def of_bucket(each: dict[str, Any]) -> tuple[str, str]:
    return each["currency"], each["bucket"]


def test_a_chunk_border_changes_nothing(
    run: Run, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert run(ledger, "--on", ON, "-o", tmp_path / "one")[0] == 0
    monkeypatch.setattr(nightly_files, "CHUNK", 7)
    assert run(ledger, "--on", ON, "-o", tmp_path / "many")[0] == 0
    one, many = (rows_of(tmp_path / name / "closed.parquet") for name in ("one", "many"))
    assert one == many


def test_the_next_night_starts_from_what_this_one_wrote(run: Run, ledger: Path, tmp_path: Path):
    assert run(ledger, "--on", ON, "-o", tmp_path / "out")[0] == 0
    closed = pq.read_table(tmp_path / "out" / "closed.parquet")
    tonight = pq.read_table(ledger)
    for name in ("closed_on", "bucket", "interest_earned", "late_rest"):
        place = tonight.column_names.index(name)
        tonight = tonight.set_column(place, name, closed.column(name))
    pq.write_table(tonight, tmp_path / "tonight.parquet")
    next_day = ON + timedelta(days=1)
    assert run(tmp_path / "tonight.parquet", "--on", next_day, "-o", tmp_path / "next")[0] == 0
    for said, found in zip(
        pq.read_table(ledger).to_pylist(),
        rows_of(tmp_path / "next" / "closed.parquet"),
        strict=True,
    ):
        rows = [nightly_plain._row(row, n, "") for n, row in enumerate(said["rows"], 1)]
        night = nightly_plain.closed(said, ON).night
        pauses = [nightly_plain._pause(each, "") for each in said["pauses"] or ()]
        right = close(rows, nightly_plain._closing(said), next_day, night, pauses)
        assert (found["bucket"], found["interest_accrued"]) == (right.bucket, right.accrued)
        assert (found["late_interest"], found["late_rest"]) == (
            right.late_interest,
            right.late_rest,
        )


def test_bad_rows_become_error_rows_and_the_others_are_closed(run: Run, tmp_path: Path):
    made = portfolio(Random(2), 300, ON, wrong=True)
    made[10]["id"] = made[200]["id"]
    pq.write_table(table_of(made), tmp_path / "ledger.parquet")
    status, out, err = run(tmp_path / "ledger.parquet", "--on", ON, "-o", tmp_path / "out")
    assert (status, err) == (1, "")
    errors = rows_of(tmp_path / "out" / "errors.parquet")
    assert set(errors[0]) == set(ERRORS.names)
    closed = {row["id"] for row in rows_of(tmp_path / "out" / "closed.parquet")}
    assert len(closed) + len(errors) == 300
    assert 10 < len(errors) < 60
    twice = [row for row in errors if row["id"] == made[200]["id"]]
    assert [row["row"] for row in twice] == [11, 201]
    assert made[200]["id"] not in closed
    for row in errors:
        assert made[row["row"] - 1]["id"] == row["id"]
        assert "\n" not in row["why"]
        assert ";" in row["why"] or "known are" in row["why"] or row["why"].endswith("add it")
    assert errors[0]["why"] in out


def test_an_id_that_stands_in_two_files_is_wrong_in_both(run: Run, ledger: Path, tmp_path: Path):
    folder = tmp_path / "ledgers"
    folder.mkdir()
    table = pq.read_table(ledger)
    pq.write_table(table, folder / "a.parquet")
    pq.write_table(table.slice(0, 1), folder / "b.parquet")
    assert run(folder, "--on", ON, "-o", tmp_path / "out")[0] == 1
    errors = rows_of(tmp_path / "out" / "errors.parquet")
    assert [Path(row["file"]).name for row in errors] == ["a.parquet", "b.parquet"]
    assert len(rows_of(tmp_path / "out" / "closed.parquet")) == 119


def test_where_no_loan_can_be_closed_what_stood_there_stays(run: Run, ledger: Path, tmp_path: Path):
    out = tmp_path / "out"
    assert run(ledger, "--on", ON, "-o", out)[0] == 0
    before = (out / "closed.parquet").read_bytes()
    bad = pa.Table.from_pylist([{"id": "A", "currency": "XXX", "day_count": "?", "rows": []}])
    pq.write_table(bad, tmp_path / "bad.parquet")
    status, said, err = run(tmp_path / "bad.parquet", "--on", ON, "-o", out)
    assert (status, said) == (2, "")
    assert err.startswith("forbear: no loan could be closed, 1 in all; ")
    assert "currency «XXX» is not known" in err
    assert (out / "closed.parquet").read_bytes() == before
    assert sorted(path.name for path in out.iterdir()) == [
        ".lock", "closed.parquet", "errors.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["none.parquet", "--on", "2026-06-15", "-o", "out"], "there is no such file"),
        ([".", "--on", "2026-06-15", "-o", "out"], "there is no Parquet file in it"),
        (["a.txt", "--on", "2026-06-15", "-o", "out"], "it cannot be read as Parquet"),
        (["ledger.parquet", "--on", "2026-02-31", "-o", "out"], "'2026-02-31' is no date"),
        (["ledger.parquet", "--on", "2026-06-15", "-o", "a.txt"], "it is a file"),
        (["short.parquet", "--on", "2026-06-15", "-o", "out"], "there is no column day_count"),
        (["closed.parquet", "--on", "2026-06-15", "-o", "."], "it would be written over"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
):
    monkeypatch.chdir(ledger.parent)
    Path("a.txt").write_text("no Parquet", encoding="utf-8")
    if "." in words[0:1]:
        ledger.unlink()
    elif words[0] == "short.parquet":
        pq.write_table(pa.table({"id": ["A"], "currency": ["CNY"]}), "short.parquet")
    elif words[0] == "closed.parquet":
        ledger.rename("closed.parquet")
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert why in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(("lang", "said"), [("zh", "当日应还"), ("en", "Due today")])
def test_the_close_is_told_in_both_languages(
    run: Run, ledger: Path, tmp_path: Path, lang: str, said: str
):
    status, out, _ = run(ledger, "--on", ON, "-o", tmp_path / "out", "--lang", lang)
    assert status == 0
    assert said in out
    assert str(tmp_path / "out" / "closed.parquet") in out
