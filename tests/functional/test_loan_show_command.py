"""``forbear loan show`` as a user meets it: what stands on a day, and that it adds up."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forbear.cli.main import main
from forbear.evidence.voice import columns

LOAN: dict[str, Any] = {
    "id": "A-1001",
    "currency": "CNY",
    "principal": "10000.00",
    "submitted_on": "2026-01-31",
    "disbursed_on": "2026-01-31",
    "n": 6,
    "product": {
        "annual_rate_percent": "12",
        "days_in_year": "360",
        "days_in_month": "30",
        "engine": "progressive",
        "allocation": "cn-561",
        "grace_on_arrears_ageing_days": 3,
    },
    "events": [
        {"kind": "disburse", "on": "2026-01-31", "amount": "10000.00"},
        {"kind": "repayment", "on": "2026-02-28", "amount": "1725.48"},
        {
            "kind": "charge", "on": "2026-04-02", "due": "2026-04-02", "charge": "penalty",
            "amount": "20.00",
        },
        {"kind": "repayment", "on": "2026-04-10", "amount": "500.00"},
    ],
}  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The command's exit status, and what it said, of a loan written to a file."""

    def run(loan: object, *words: object) -> tuple[int, str, str]:
        file = tmp_path / "loan.json"
        file.write_text(loan if isinstance(loan, str) else json.dumps(loan), encoding="utf-8")
        try:
            status = main(["loan", "show", str(file), *map(str, words)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


def told(run: Run, as_of: str, loan: object = LOAN) -> dict[str, Any]:
    status, out, err = run(loan, "--as-of", as_of, "--format", "json")
    assert (status, err) == (0, "")
    return json.loads(out)


def money(parts: dict[str, str], *names: str) -> Decimal:
    return sum((Decimal(parts[name]) for name in names), Decimal(0))


def test_every_amount_is_the_sum_of_its_parts(run: Run) -> None:
    for as_of in ("2026-01-31", "2026-03-31", "2026-05-06", "2027-01-01"):
        found = told(run, as_of)
        for name in ("owed", "overdue", "paid", "payoff"):
            parts = found[name]
            whole = money(parts, "principal", "interest", "fee", "penalty")
            assert whole == Decimal(parts["total"]), (as_of, name)
        rows = found["rows"]
        assert sum(Decimal(row["outstanding"]) for row in rows) == Decimal(found["owed"]["total"])
        late = [row for row in rows if row["state"] == "overdue"]
        assert sum(Decimal(row["outstanding"]) for row in late) == Decimal(
            found["overdue"]["total"]
        )
        paid = [each for each in found["movements"] if each["type"] == "repayment"]
        assert sum(Decimal(each["amount"]) for each in paid) == Decimal(found["paid"]["total"])


def test_entries_of_later_days_are_left_out(run: Run) -> None:
    found = told(run, "2026-03-31")
    assert [each["on"] for each in found["movements"]] == ["2026-01-31", "2026-02-28"]
    assert found["paid"]["total"] == "1725.48"
    # On its day a row is due and not overdue yet.
    assert [row["state"] for row in found["rows"]][:3] == ["settled", "due", "to_come"]
    assert (found["overdue"]["total"], found["next"]["due"]) == ("0.00", "2026-03-31")


def test_interest_on_what_is_overdue_runs_up_to_the_day_that_is_shown(run: Run) -> None:
    """The last entry is of 10 April; what is overdue has borne interest since then all the same."""
    status, out, _ = run(LOAN, "--as-of", "2026-05-25", "--format", "json")
    assert status == 0
    found = json.loads(out)
    run_to = {**LOAN, "events": [*LOAN["events"], {"kind": "cob", "on": "2026-05-25"}]}
    valued = json.loads(run(run_to, "--as-of", "2026-05-25", "--format", "json")[1])
    assert found["owed"] == valued["owed"]
    assert found["rows"] == valued["rows"]
    # 2,878.16 and its interest are overdue; the row of 31 May grows by a day's share each day.
    before = json.loads(run(LOAN, "--as-of", "2026-05-10", "--format", "json")[1])
    assert Decimal(before["owed"]["interest"]) < Decimal(found["owed"]["interest"])


def test_how_late_a_loan_is_is_said_in_days(run: Run) -> None:
    found = told(run, "2026-05-06")
    assert found["delinquency"]["live"]["past_due_days"] == 36
    for language, says in (
        ("zh", "36 天；扣除宽限和暂停后 33 天，分档 31–60 天"),
        ("en", "36; 33 of them count, after grace and pauses; bucket of days 31–60"),
    ):
        _, out, _ = run(LOAN, "--as-of", "2026-05-06", "--lang", language)
        assert says in out


def test_a_payment_is_shown_with_where_it_went(run: Run) -> None:
    last = told(run, "2026-05-06")["movements"][-1]
    assert (last["amount"], last["interest"], last["principal"]) == ("500.00", "83.75", "416.25")


def test_what_closes_the_loan_closes_it(run: Run) -> None:
    closing = told(run, "2026-05-06")["payoff"]["total"]
    loan = copy.deepcopy(LOAN)
    loan["events"].append({"kind": "repayment", "on": "2026-05-06", "amount": closing})
    found = told(run, "2026-05-06", loan)
    assert (found["owed"]["total"], found["overpaid"], found["next"]) == ("0.00", "0.00", None)
    assert found["payoff"] is None


def test_too_much_money_is_owed_back(run: Run) -> None:
    loan = copy.deepcopy(LOAN)
    loan["events"].append({"kind": "repayment", "on": "2026-05-06", "amount": "20000.00"})
    found = told(run, "2026-05-06", loan)
    assert Decimal(found["overpaid"]) > 0
    assert found["movements"][-1]["over"] == found["overpaid"]
    _, out, _ = run(loan, "--as-of", "2026-05-06", "--lang", "zh")
    assert "多付、应退" in out


def test_the_tables_are_aligned_in_both_languages(run: Run) -> None:
    for language in ("zh", "en"):
        _, out, _ = run(LOAN, "--as-of", "2026-05-06", "--lang", language)
        lines = out.splitlines()
        rules = [i for i, text in enumerate(lines) if text.startswith("--")]
        assert len(rules) == 2
        at = lines[rules[1]]
        for row in lines[rules[1] + 1 :]:
            assert columns(row) == columns(at)


def test_both_tables_can_be_had_as_csv(run: Run) -> None:
    for which, rows in (("rows", 6), ("movements", 3)):
        _, out, _ = run(LOAN, "--as-of", "2026-05-06", "--format", "csv", "--table", which)
        assert len(list(csv.DictReader(io.StringIO(out)))) == rows


def test_its_books_balance_in_each_form(run: Run) -> None:
    status, out, _ = run(LOAN, "--as-of", "2026-05-06", "--journal", "--format", "json")
    assert status == 0
    books = json.loads(out)
    assert books["schema"] == "forbear.journal/1"
    for lines in (*(each["lines"] for each in books["entries"]), books["trial_balance"]):
        left, right = (sum(Decimal(line[side]) for line in lines) for side in ("debit", "credit"))
        assert left == right > 0
    held = {each["account"]: Decimal(each["debit"]) for each in books["trial_balance"]}
    assert held["principal"] == Decimal(told(run, "2026-05-06")["owed"]["principal"])
    rows = list(csv.DictReader(io.StringIO(run(
        LOAN, "--as-of", "2026-05-06", "--journal", "--format", "csv")[1])))  # fmt: skip
    assert len(rows) == sum(len(each["lines"]) for each in books["entries"])


def test_its_books_are_read_in_both_languages(run: Run) -> None:
    chinese = run(LOAN, "--as-of", "2026-05-06", "--journal")[1]
    english = run(LOAN, "--as-of", "2026-05-06", "--journal", "--lang", "en")[1]
    for line in ("应收本金", "到期应收", "各科目余额"):
        assert line in chinese
    for line in ("Principal receivable", "fallen due", "What each account holds"):
        assert line in english
    # Principal of 10,000.00 less 1,625.48 and 416.25 that were paid.
    assert "7,958.27" in chinese
    assert "7,958.27" in english


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("currency", "XYZ", "currency «XYZ» is not known"),
        ("principal", "-1.00", "principal"),
        ("principal", "NaN", "principal: «NaN» is not an amount"),
        ("submitted_on", "2026-02-31", "submitted_on"),
        ("n", 0, "from 1 to 600"),
        ("n", 601, "from 1 to 600"),
        ("events", [{"kind": "repayment", "on": "2026-02-01", "amount": "5"}], "2026-02-01"),
        ("events", [{"kind": "disburse", "on": "2026-02-31", "amount": "5"}], "events[0].on"),
        ("events", [{"kind": "gift", "on": "2026-02-01"}], "events[0].kind: «gift» is not known"),
        (
            "events",
            [{"kind": "disburse", "on": "2026-02-01", "amount": "5", "currency": "USD"}],
            "events[0].currency: USD in a loan of CNY",
        ),
    ],
)
def test_a_wrong_loan_is_one_line_with_the_file_and_the_field(
    run: Run, field: str, value: object, says: str
) -> None:
    status, out, err = run({**LOAN, field: value}, "--as-of", "2026-05-06")
    assert (status, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_file_that_is_no_loan_is_told_in_one_line(run: Run) -> None:
    for wrong in ("", "[1]", "{", '{"id": "a", "id": "b"}', "[" * 5000):
        status, out, err = run(wrong, "--as-of", "2026-05-06")
        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1
        assert "loan.json" in err


def test_a_day_before_the_loan_or_outside_the_calendar_is_refused(run: Run) -> None:
    for as_of, says in (
        ("2026-01-30", "--as-of: nothing was paid out by 2026-01-30; name a later day"),
        ("2026-02-31", "--as-of: 2026-02-31 is not in the calendar"),
    ):
        status, out, err = run(LOAN, "--as-of", as_of)
        assert (status, out) == (2, "")
        assert says in err
