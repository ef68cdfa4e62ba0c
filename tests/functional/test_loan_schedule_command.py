"""``forbear loan schedule`` as a user meets it: words in, a plan out, and one line for a slip."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forbear.cli.loan_schedule_words import WORDS
from forbear.cli.main import main
from forbear.evidence.voice import columns
from forbear.loans.cost.judge import Why

PLAIN = (
    "--principal", "10000", "--rate", "12", "--months", "12", "--from", "2026-01-31",
)  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """The command's exit status, and what it said on standard output and standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        try:
            status = main(["loan", "schedule", *map(str, words)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


def planned(run: Run, *words: object) -> dict[str, Any]:
    status, out, err = run(*words, "--format", "json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_the_installed_command_prints_a_plan() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "loan", "schedule", *PLAIN],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert "888.49" in done.stdout.decode()


def test_the_table_is_aligned_whatever_the_language(run: Run) -> None:
    for language, total in (("zh", "合计"), ("en", "Total")):
        status, out, err = run(*PLAIN, "--lang", language)
        assert (status, err) == (0, "")
        lines = out.splitlines()
        start = next(i for i, text in enumerate(lines) if text.startswith("----"))
        rule = lines[start]
        rows = lines[start + 1 : start + 14]
        assert rows[-1].startswith(total)
        # Every row but the sum, which has no balance, ends where the rule ends.
        assert {columns(row) for row in rows[:-1]} == {columns(rule)}
        assert columns(lines[start - 1]) == columns(rule)


def test_the_plan_is_the_same_in_every_form(run: Run) -> None:
    told = planned(run, *PLAIN)
    assert told["schema"] == "forbear.schedule/1"
    _, out, _ = run(*PLAIN, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["total"] for row in rows] == [row["total"] for row in told["rows"]]
    assert sum(Decimal(row["principal"]) for row in rows) == Decimal("10000.00")
    _, shown, _ = run(*PLAIN)
    for row in rows:
        assert f"{Decimal(row['total']):,.2f}" in shown
    assert Decimal(told["totals"]["repaid"]) == sum(Decimal(row["total"]) for row in rows)


def test_the_all_in_rate_counts_the_fees(run: Run) -> None:
    free = planned(run, *PLAIN)["all_in_annual_rate"]
    dear = planned(run, *PLAIN, "--fee", "processing=100")["all_in_annual_rate"]
    assert free["nominal_percent"].startswith("12.00")
    assert Decimal(dear["nominal_percent"]) > Decimal(free["nominal_percent"]) + 1
    assert Decimal(dear["effective_percent"]) > Decimal(dear["nominal_percent"])


def test_no_all_in_rate_is_an_answer_and_not_a_number(run: Run) -> None:
    """Who pays the whole loan back as a fee on the first day has borrowed nothing."""
    words = (*PLAIN, "--fee", "all=10000")
    told = planned(run, *words)["all_in_annual_rate"]
    assert told == {"effective_percent": None, "nominal_percent": None, "why_none": "no_rate"}
    _, out, _ = run(*words, "--lang", "zh")
    assert "算不出一个数：没有一个利率能使收付相等" in out


def test_every_reason_for_no_rate_has_words() -> None:
    for why in Why:
        assert f"why.{why}" in WORDS


def test_every_way_to_repay_and_every_step_is_planned(run: Run) -> None:
    for way in ("equal-installment", "equal-principal", "interest-first", "bullet"):
        for day_count in ("actual/365", "actual/actual", "actual/360", "30/360"):
            for step in ("1 months", "2 weeks", "10 days"):
                told = planned(
                    run, "--principal", "5000", "--rate", "9.6", "--instalments", "6", "--every",
                    step, "--from", "2024-12-15", "--repay", way, "--day-count", day_count,
                )  # fmt: skip
                assert told["rows"][-1]["balance"] == "0.00"
                assert told["loan"]["day_count"] == day_count


def test_oddities_can_be_asked_for(run: Run) -> None:
    told = planned(
        run, "--rate", "7.2", "--months", "6", "--pay-out", "2026-03-20=1000", "--pay-out",
        "2026-01-31=5000", "--first-due", "2026-03-15", "--down-payment", "20",
        "--grace-principal", "1", "--grace-interest", "1", "--whole-units", "1",
        "--rounding", "half_up", "--interest", "declining", "--day-count", "actual/365",
    )  # fmt: skip
    assert told["loan"]["principal"] == "6000.00"
    assert [row["due"] for row in told["rows"] if row["down_payment"]] == [
        "2026-01-31", "2026-03-20"
    ]  # fmt: skip
    first = told["rows"][1]
    assert (first["due"], first["total"]) == ("2026-03-15", "0.00")


def test_money_without_digits_after_the_point_is_planned_too(run: Run) -> None:
    told = planned(
        run, "--principal", "JPY 1000000", "--rate", "3", "--months", "6", "--from", "2026-01-01"
    )
    assert told["loan"]["currency"] == "JPY"
    assert all("." not in row["total"] for row in told["rows"])


# ── products ──


def test_a_product_gives_the_terms_that_are_its_own(run: Run) -> None:
    told = planned(
        run, "--product", "weekly-flat", "--principal", "3000", "--rate", "9.9", "--instalments",
        "8", "--every", "2 weeks", "--from", "2026-01-31", "--fee", "registration=20",
    )  # fmt: skip
    assert (told["loan"]["product"], told["loan"]["interest_method"]) == ("weekly-flat", "flat")
    # Instalments of this product are whole yuan.
    assert {row["total"] for row in told["rows"][:-1]} == {"386.00"}


def test_a_refusal_is_an_answer_with_every_reason(run: Run) -> None:
    words = (
        "--product", "equal-instalments", "--principal", "300000", "--rate", "22", "--weeks", "70",
        "--from", "2026-01-31",
    )  # fmt: skip
    status, out, err = run(*words, "--lang", "en")
    assert (status, err) == (1, "")
    assert out.splitlines()[0] == "This product cannot be lent like that:"
    assert len(out.splitlines()) == 5
    status, out, err = run(*words, "--format", "json")
    assert (status, err) == (1, "")
    assert {each["limit"] for each in json.loads(out)["refused"]} == {
        "amount", "instalments", "annual_rate_percent", "every"
    }  # fmt: skip
    # A table in a file holds no sentences; they go to standard error.
    status, out, err = run(*words, "--format", "csv")
    assert (status, out) == (1, "")
    assert "不能每周还一次" in err


def test_the_rate_that_a_refusal_names_is_accepted(run: Run) -> None:
    words = (
        "--product", "equal-instalments", "--principal", "30000", "--months", "3", "--from",
        "2026-01-31", "--fee", "processing=300", "--lang", "en",
    )  # fmt: skip
    status, out, _ = run(*words, "--rate", "18")
    assert status == 1
    fits = out.partition("A nominal rate of at most ")[2].partition("%")[0]
    assert run(*words, "--rate", fits)[0] == 0
    assert run(*words, "--rate", Decimal(fits) + Decimal("0.01"))[0] == 1


def test_a_lender_can_bring_products_of_its_own(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        """
        [product]
        lender = { zh = "某某", en = "Somebody" }
        name = { zh = "小额", en = "Small" }
        currency = "INR"
        [limits]
        amount = { from = "100", to = "900.00" }
        instalments = { from = 1, to = 4 }
        annual_rate_percent = { from = "0", to = "30" }
        every = ["1 weeks"]
        amortization = ["bullet"]
        [terms]
        interest_method = "declining_balance"
        day_count = "actual/365"
        rounding = "down"
        """,
        encoding="utf-8",
    )
    told = planned(
        run, "--product", file, "--principal", "900", "--rate", "30", "--weeks", "4", "--from",
        "2026-01-01",
    )  # fmt: skip
    assert told["loan"]["currency"] == "INR"
    assert [row["interest"] for row in told["rows"]] == ["20.71"]


# ── loan files ──


def test_a_loan_file_is_planned_as_the_ledger_plans_it(run: Run, tmp_path: Path) -> None:
    for engine, strategy in (("progressive", "advanced"), ("cumulative", "mifos-standard")):
        loan = {
            "id": "L", "currency": "CNY", "principal": "6000.00", "submitted_on": "2026-01-31",
            "disbursed_on": "2026-01-31", "n": 6,
            "product": {
                "annual_rate_percent": "12", "days_in_year": "360", "days_in_month": "30",
                "engine": engine, "allocation": {"strategy": strategy},
            },
            "events": [
                {"kind": "disburse", "on": "2026-01-31", "amount": "6000.00"},
                {"kind": "repayment", "on": "2026-02-28", "amount": "100.00"},
            ],
        }  # fmt: skip
        file = tmp_path / f"{engine}.json"
        file.write_text(json.dumps(loan), encoding="utf-8")
        told = planned(run, file)
        assert [row["principal"] for row in told["rows"]][:2] == ["975.29", "985.04"]
        loan["events"] = []
        file.write_text(json.dumps(loan), encoding="utf-8")
        assert planned(run, file)["rows"] == told["rows"]
    status, out, err = run(file, "--rate", "3")
    assert (status, out) == (2, "")
    assert err == "forbear: --rate: the loan file says it; leave the option out\n"


# ── wrong input ──


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--currency", "XYZ"), "--currency: «XYZ» is not known; use its three ISO 4217 letters"),
        (("--principal", "-5"), "--principal: -5 is not an amount to lend; it is more than 0"),
        (("--principal", "0"), "--principal: 0 is not an amount to lend; it is more than 0"),
        (("--principal", "0.005"), "--principal: 0.005 has more digits than CNY has"),
        (("--principal", "lots"), "--principal: «lots» is not an amount; write it as 1234.50"),
        (("--principal", "NaN"), "--principal: «NaN» is not an amount"),
        (("--principal", "1e5"), "--principal: «1e5» is not an amount"),
        (("--principal", "9" * 30), "is beyond any loan; look for a slip of the hand"),
        (("--from", "2026-02-31"), "--from: 2026-02-31 is not in the calendar; look at the day"),
        (("--from", "yesterday"), "--from: «yesterday» is not a date; write one such as"),
        (("--from", "1026-01-31"), "--from: 1026-01-31 lies outside 1900 to 2200"),
        (("--rate", "1200"), "--rate: 1200 percent a year is beyond any loan (at most 1000)"),
        (("--rate", "-1"), "--rate: -1 is negative; a rate is 0 or more percent a year"),
        (("--rate", "NaN"), "--rate: «NaN» is not a rate; write percent as text"),
        (("--rate", "twelve"), "--rate: «twelve» is not a rate"),
        (("--months", "0"), "--months: 0 is not a number of instalments; it is 1 to 600"),
        (("--months", "601"), "--months: 601 is not a number of instalments; it is 1 to 600"),
        (("--months", "1.5"), "--months: «1.5» is not a whole number"),
        (("--every", "2 weeks"), "--every: --months already says it; write --instalments 12"),
        (("--first-due", "2026-01-31"), "--first-due: 2026-01-31 is not a first due day"),
        (("--first-due", "2030-01-31"), "--first-due: 2030-01-31 is not a first due day"),
        (("--grace-principal", "12"), "--grace-principal: 12 of 12 instalments cannot be free"),
        (("--down-payment", "100"), "--down-payment: 100 percent is no part of the amount"),
        (("--whole-units", "20000"), "--whole-units: instalments in multiples of 20000.00 do not"),
        (("--fee", "x=USD 5"), "--fee: USD 5 is not in the currency of the loan, CNY; convert"),
        (("--fee", "5"), "--fee: «5» has no name; write processing=100.00"),
        (("--fee", "x=-5"), "--fee: x=-5 is negative; a fee is 0 or more"),
        (("--fee", "x=1", "--fee", "x=2"), "--fee: «x» stands twice; add the two up"),
        (("--pay-out", "2026-01-31=5"), "--pay-out: the parts make 5.00, --principal says"),
        (("--pay-out", "2026-02-31=5"), "--pay-out: 2026-02-31 is not in the calendar"),
        (("--pay-out", "2026-01-30=10000"), "--from: 2026-01-31 is not the day of the first"),
        (("--product", "gold"), "product «gold» is not known"),
        (("--product", "bullet", "--interest", "flat"), "--interest: the product bullet says it"),
        (("--svg", "no/such/folder/a.svg"), "--svg: no/such/folder/a.svg cannot be written"),
        (("--repay", "never"), "argument --repay: invalid choice: 'never'"),
        (("--pay-out", "2026-01-31=5000", "--pay-out", "2027-02-01=5000"), "disbursements: the"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_line_that_names_the_option_and_the_mend(
    run: Run, words: tuple[str, ...], says: str
) -> None:
    status, out, err = run(*PLAIN, *words)
    assert (status, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "--principal is missing; write the amount lent"),
        (("--principal", "5"), "--months is missing; write --months 12"),
        (("--principal", "5", "--months", "3"), "--rate is missing; write percent a year"),
        (("--principal", "USD 5", "--currency", "CNY"), "--principal: USD 5 is not in the curr"),
        (("no-such-file.json",), "no-such-file.json: it cannot be opened"),
    ],
)
def test_what_is_missing_is_asked_for(run: Run, words: tuple[str, ...], says: str) -> None:
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_nothing_is_written_where_something_is_wrong(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    assert run(*PLAIN, "--rate", "-1", "--svg", file)[0] == 2
    assert not file.exists()


def test_a_term_too_long_for_its_rate_is_remarked(run: Run) -> None:
    words = ("--principal", "10000", "--rate", "36", "--months", "600", "--from", "2026-01-01")
    _, out, _ = run(*words, "--lang", "en")
    assert "The last instalment is far larger than the others" in out
    _, out, _ = run(*PLAIN, "--repay", "interest-first", "--lang", "en")
    assert "far larger" not in out
