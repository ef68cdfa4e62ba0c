"""``forbear loan reconcile`` with files as lenders and banks make them, and with bad rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forbear.cli.main import main

LOAN = {
    "id": "L-1", "currency": "CNY", "principal": "10000.00", "n": 3,
    "disbursed_on": "2026-01-05",
    "product": {
        "annual_rate_percent": "12", "amortization": "equal_installment",
        "interest_period": "same_as_repayment", "days_in_year": "360", "days_in_month": "30",
        "allocation": "cn-561",
    },
    "events": [
        {"kind": "disburse", "on": "2026-01-05", "amount": "10000.00"},
        {"kind": "repayment", "on": "2026-02-05", "amount": "3400.22"},
    ],
}  # fmt: skip
HONEST = "日期,交易类型,金额,剩余本金\n2026-01-05,放款,10000.00,10000.00\n"
PAID = "2026-02-05,还款,3400.22,6699.78\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("loan.json").write_text(json.dumps(LOAN), encoding="utf-8")

    def run(*words: str) -> tuple[int, str, str]:
        try:
            status = main(["loan", "reconcile", "loan.json", "--as-of", "2026-03-20", *words])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


def write(name: str, text: str, encoding: str = "utf-8") -> str:
    Path(name).write_bytes(text.encode(encoding))
    return name


def data(out: str) -> dict[str, Any]:
    told = json.loads(out)
    assert isinstance(told, dict)
    assert told["schema"] == "forbear.reconciliation/1"
    return told


@pytest.mark.parametrize(("lang", "said"), [("zh", "两边没有差异。"), ("en", "do not differ")])
def test_an_honest_ledger_is_said_to_be_so(run: Run, lang: str, said: str):
    status, out, err = run("--against", write("a.csv", HONEST + PAID), "--lang", lang)
    assert (status, err) == (0, "")
    assert said in out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tables_are_read_in_whatever_form_they_come(run: Run, encoding: str, delimiter: str):
    text = (HONEST + "2026年2月5日,还款,¥3400.22元,6699.78\n").replace(",", delimiter)
    status, out, _ = run("--against", write("a.csv", text, encoding), "--format", "json")
    assert (status, data(out)["alike"]) == (0, 1)


def test_a_ledger_may_be_json_with_english_names(run: Run):
    rows = [
        {"Date": "2026-01-05", "Type": "disbursement", "Amount": "10,000.00"},
        {"Date": "2026-02-05", "Type": "payment", "Principal": "3300.22", "Interest": 100.00},
    ]
    for name, text in (
        ("a.json", json.dumps(rows)),
        ("b.json", json.dumps({"rows": rows})),
        ("c.jsonl", "\n".join(map(json.dumps, rows))),
    ):
        status, out, err = run("--against", write(name, text), "--format", "json")
        assert (status, err, data(out)["alike"]) == (0, "", 1)


def test_every_difference_names_its_row_and_its_reason_in_both_languages(run: Run):
    text = HONEST + "2026-02-06,罚息,88.00,\n2026-02-07,服务费,12.00,10000.00\n"
    status, out, _ = run("--against", write("a.csv", text), "--format", "json")
    assert status == 1
    told = data(out)["differences"]
    assert [(each["what"], each["row"], each["by"]) for each in told] == [
        ("payment_missing", None, "-3400.22"),
        ("charge_not_agreed", 3, "88.00"),
        ("charge_not_agreed", 4, "12.00"),
        ("balance", 4, "3300.22"),
    ]
    for each in told:
        assert each["against_borrower"] is True
        assert each["says_zh"].endswith("。")
        assert each["says_en"].endswith(".")
        assert "{" not in each["says_zh"] + each["says_en"]


def test_a_bank_shows_payments_and_what_arrived(run: Run):
    bank = (
        "交易时间,收入,支出,对方户名\n2026-01-05 09:30:00,9000.00,,甲公司\n"
        "2026-02-05 10:00:00,,3400.22,甲公司\n2026-03-05 10:00:00,,3400.22,甲公司\n"
        "2026-03-06 10:00:00,,50.00,某超市\n"
    )
    words = ["--against", write("a.csv", HONEST + PAID), "--bank", write("b.csv", bank)]
    status, out, _ = run(*words, "--payee", "甲公司", "--format", "json")
    assert status == 1
    told = data(out)["differences"]
    assert [(each["what"], each["bank_row"], each["right"]) for each in told] == [
        ("paid_out_less", 2, "9000.00"),
        ("payment_missing", 4, "3400.22"),
    ]


def test_a_list_of_unsigned_amounts_is_a_list_of_payments(run: Run):
    words = ["--against", write("a.csv", HONEST + PAID), "--format", "json", "--bank"]
    bank = "date,amount\n2026-02-05,3400.22\n2026-03-05,100.00\n"
    _, out, _ = run(*words, write("b.csv", bank))
    assert [each["what"] for each in data(out)["differences"]] == ["payment_missing"]
    signed = "date,amount\n2026-01-05,10000.00\n2026-02-05,-3400.22\n"
    status, out, _ = run(*words, write("c.csv", signed))
    assert (status, data(out)["differences"]) == (0, [])


def test_bad_rows_become_error_rows_and_good_ones_are_never_lost(run: Run):
    text = (
        HONEST + "2026-02-31,还款,1.00,\n" + PAID + "2026-02-06,借款利息,1.00,\n"
        "2026-02-07,违约金,一百,\n2026-02-08,还款,,\n2026-02-09,还款,1.234,\n"
    )
    words = ["--against", write("a.csv", text)]
    status, out, _ = run(*words, "--format", "json")
    told = data(out)
    assert (status, told["alike"], told["differences"]) == (1, 1, [])
    assert [each["row"] for each in told["errors"]] == [3, 5, 6, 7, 8]
    for each, why in zip(
        told["errors"],
        ("not in the calendar", "known are", "is not an amount", "it is missing", "more digits"),
        strict=True,
    ):
        assert why in each["why"]
    status, out, _ = run(*words, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["what"] for row in rows] == ["error"] * 5
    status, out, _ = run(*words, "--lang", "zh")
    assert "读不了的行" in out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--against", "none.csv"], "it cannot be opened"),
        (["--against", "words.csv"], "it has no columns of a lender's ledger"),
        (["--against", "empty.csv"], "there is no row of a ledger"),
        (["--against", "broken.json"], "it is no JSON"),
        (["--against", "object.json"], "there is no list of rows"),
        (["--against", "good.csv", "--days", "99"], "is no number of days"),
        (["--against", "good.csv", "--as-of", "2026-02-31"], "is not in the calendar"),
        (["--against", "good.csv", "--as-of", "2025-02-01"], "nothing was paid out"),
        (["--against", "good.csv", "--payee", "甲"], "name one with --bank"),
        (["--against", "good.csv", "--bank", "words.csv"], "no columns of a bank's statement"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, words: list[str], why: str):
    write("good.csv", HONEST + PAID)
    write("words.csv", "a,b\n1,2\n")
    write("empty.csv", HONEST.splitlines()[0] + "\n")
    write("broken.json", "[{")
    write("object.json", "{}")
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert why in err
    assert len(err.splitlines()) == 1
