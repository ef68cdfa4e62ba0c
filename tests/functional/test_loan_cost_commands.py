"""``forbear loan apr`` and ``forbear loan annuity`` as a user runs them, right input and wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOAN: dict[str, Any] = {
    "id": "one",
    "method": "regz_actuarial",
    "time_basis": "date",
    "advances": [{"at": "1978-01-10", "amount": "5000"}],
    "payments": [{"at": f"1978-{month:02d}-10", "amount": "450"} for month in range(2, 13)],
}
QUESTION: dict[str, Any] = {
    "id": "one",
    "kind": "equal_installment",
    "inputs": {"principal": "10000", "annual_rate_percent": "8", "months": 10},
    "asked": ["instalment", "row_4"],
}


def forbear(what: str, *rows: dict[str, Any] | str) -> tuple[int, list[dict[str, Any]], str]:
    given = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "loan", what, "-"],
        input=given.encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    lines = done.stdout.decode().splitlines()
    return done.returncode, [json.loads(line) for line in lines], done.stderr.decode()


def refused(what: str, row: dict[str, Any] | str) -> str:
    """The one line that a wrong row gets, while the right one beside it is answered."""
    right = LOAN if what == "apr" else QUESTION
    status, said, wrong = forbear(what, row, right)
    assert (status, wrong, len(said)) == (1, "", 2), said
    assert "error" not in said[1]
    assert (said[0]["file"], said[0]["line"]) == ("-", 1)
    message: str = said[0]["error"]
    assert "\n" not in message
    return message


def flow(at: Any = "1978-06-10", amount: Any = "100", **more: Any) -> dict[str, Any]:
    return {"at": at, "amount": amount, **more}


def test_a_loan_is_answered_with_its_proof():
    status, said, wrong = forbear("apr", LOAN)
    assert (status, wrong) == (0, "")
    answer = said[0]
    assert answer["id"] == "one"
    assert answer["schema"] == "forbear.apr/1"
    low, high = map(float, answer["between_percent"])
    assert low <= float(answer["apr_percent"]) + 1e-9
    assert high - low < 1e-8
    assert (answer["per"], answer["periods_per_year"]) == ("month", "12")
    assert float(answer["effective_percent"]) > float(answer["nominal_percent"])


def test_several_rates_are_an_answer_in_both_languages_and_no_number():
    """The borrower is owed in between, so neither of the two rates is what the loan costs."""
    row = {
        "id": "two",
        "method": "eu_aprc",
        "time_basis": "years",
        "advances": [flow(0, 100), flow(2, 132)],
        "payments": [flow(1, 230)],
    }
    status, said, _ = forbear("apr", row)
    assert status == 0
    assert said[0]["apr_percent"] is None
    assert said[0]["why"] == "several_rates"
    assert said[0]["rates_percent"] == ["10.0000000000", "20.0000000000"]
    assert "利率" in said[0]["says_zh"]
    assert "rates" in said[0]["says_en"]


def test_the_chinese_rate_says_whether_it_is_simple_or_compound():
    timed = {"advances": [flow(0, "10000")], "payments": [flow(k, "900") for k in range(1, 13)]}
    row = {"id": "cn", "method": "cn_all_in", "time_basis": "months", **timed}
    charge = {"costs": [flow(0, "300", name="服务费")]}
    _, said, _ = forbear("apr", row, {**row, "simple": True}, {**row, **charge})
    compound, simple, dearer = said
    assert (compound["apr_percent"][:5], simple["apr_percent"][:5]) == ("15.44", "14.45")
    assert "复利" in compound["says_zh"]
    assert "单利" in simple["says_zh"]
    assert float(dearer["apr_percent"]) > 22


@pytest.mark.parametrize(
    ("row", "percent"),
    [
        # Thirteen months, and three days of a year of 365.
        (
            {
                "method": "eu_aprc",
                "time_basis": "date",
                "unit_period": "month",
                "advances": [flow("2014-01-15", 1000)],
                "payments": [flow("2015-02-18", 1100)],
            },
            "9.1242",
        ),
        (
            {
                "method": "eu_aprc",
                "time_basis": "weeks",
                "advances": [flow(0, 100)],
                "payments": [flow(52, 110)],
            },
            "10.0000",
        ),
        (
            {
                "method": "xirr",
                "time_basis": "date",
                "advances": [flow("2023-01-01", 100)],
                "payments": [flow("2024-01-01", 110)],
            },
            "10.0000",
        ),
        (
            {
                "method": "effective",
                "time_basis": "unit_periods",
                "unit_periods_per_year": 12,
                "advances": [flow(0, 100)],
                "payments": [flow(1, 101)],
            },
            "12.6825",
        ),
        (
            {
                "method": "regz_actuarial",
                "time_basis": "unit_periods",
                "unit_periods_per_year": 12,
                "advances": [flow(0, 6000)],
                "payments": [flow(k, 200, odd="19/30") for k in range(1, 37)],
            },
            "11.8165",
        ),
        (
            {
                "method": "regz_actuarial",
                "unit_period": "term",
                "advances": [flow("1978-01-03", 1000)],
                "payments": [flow("1978-09-15", 1080)],
            },
            "11.4510",
        ),
    ],
)
def test_time_is_told_in_many_ways(row: dict[str, Any], percent: str):
    _, said, _ = forbear("apr", row)
    assert f"{float(said[0]['apr_percent']):.4f}" == percent


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**LOAN, "method": "guess"}, "method: «guess» is not known; known are regz_actuarial"),
        ({**LOAN, "method": None}, "method: nothing is not known"),
        ({**LOAN, "payments": []}, "payments: there are none"),
        ({**LOAN, "advances": []}, "advances: there are none"),
        ({**LOAN, "payments": "900"}, "payments: write a list"),
        ({**LOAN, "payments": [900]}, "payments[0]: «900» is no flow"),
        ({**LOAN, "payments": [{"amount": "1"}]}, "payments[0].at: it is missing"),
        (
            {**LOAN, "payments": [flow("1978-02-31")]},
            "payments[0].at: 1978-02-31 is no day of the calendar; correct it",
        ),
        ({**LOAN, "payments": [flow("10 June")]}, "payments[0].at: «10 June» is no date"),
        ({**LOAN, "payments": [flow(197806)]}, "payments[0].at: «197806» is no date"),
        ({**LOAN, "payments": [flow("1977-06-10")]}, "1977-06-10: it lies before 1978-01-10"),
        ({**LOAN, "payments": [flow(amount="-5")]}, "payments[0].amount: -5 is negative"),
        ({**LOAN, "payments": [flow(amount="five")]}, "payments[0].amount: «five» is not a number"),
        ({**LOAN, "payments": [flow(amount=True)]}, "payments[0].amount: «True» is not a number"),
        ({**LOAN, "payments": [flow(amount=None)]}, "payments[0].amount: nothing is not a number"),
        ({**LOAN, "payments": [flow(amount="1e99")]}, "payments[0].amount: «1e99» is not a number"),
        (
            {**LOAN, "payments": [flow(amount=10**17)]},
            "payments[0].amount: it is beyond any loan; look for a slip of the hand",
        ),
        (
            {**LOAN, "payments": [flow(currency="USD"), flow(currency="CNY")]},
            "currency: «USD» and «CNY» in one loan; convert one of them first",
        ),
        (
            {**LOAN, "currency": "EUR", "payments": [flow(currency="USD")]},
            "currency: «USD» and «EUR» in one loan",
        ),
        ({**LOAN, "currency": "XYZ"}, "currency «XYZ» is not known"),
        ({**LOAN, "unit_period": "moon"}, "unit_period: «moon» is not a standard interval"),
        ({**LOAN, "unit_period": "13 months"}, "unit_period: 13 months is no unit period"),
        ({**LOAN, "unit_period": "0 weeks"}, "unit_period: «0 weeks» is not a standard interval"),
        ({**LOAN, "payment": []}, "payment: it is not known; known are advances"),
        (
            {**LOAN, "method": "eu_aprc", "time_basis": "moons"},
            "time_basis: «moons» is not known; known are date, years, months, weeks, days",
        ),
        (
            {**LOAN, "method": "eu_aprc", "time_basis": "years", "payments": [flow(5000, 1)]},
            "advances[0].at: «1978-01-10» is not a number",
        ),
        (
            {
                **LOAN,
                "method": "nominal",
                "time_basis": "unit_periods",
                "unit_periods_per_year": 0,
                "advances": [flow(0)],
                "payments": [flow(1)],
            },
            "unit_periods_per_year: write how many periods a year has",
        ),
        ('{"id": "one", "amount": NaN}', "NaN is no number"),
        ('{"id": "one", "id": "two"}', "id: it stands twice in one object; keep one"),
        ("[1, 2]", "the line holds no object"),
        ("{id: 1}", "column 2: it is no JSON"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_a_wrong_loan_gets_one_clear_line(row: dict[str, Any] | str, message: str):
    assert message in refused("apr", row)


def test_questions_are_answered_by_name():
    status, said, wrong = forbear("annuity", QUESTION)
    assert (status, wrong) == (0, "")
    assert said[0]["instalment"] == "1037.032089359152"
    assert len(said[0]["row_4"]) == 3


def test_a_rate_of_return_that_is_not_the_only_one_is_no_number_but_where_a_guess_says_which():
    row = {"id": "two", "kind": "irr", "inputs": {"flows": [-100, 230, -132]}, "asked": ["irr"]}
    near = {**row, "inputs": {**row["inputs"], "guess": "0.11"}}  # type: ignore[dict-item]
    _, said, _ = forbear("annuity", row, near)
    assert (said[0]["irr"], said[0]["why"]) == (None, "several_rates")
    assert [round(float(each), 9) for each in said[0]["found"]] == [0.1, 0.2]
    assert said[1]["irr"] == "0.100000000000"


def with_inputs(kind: str = "equal_installment", **inputs: Any) -> dict[str, Any]:
    plain = dict(QUESTION["inputs"]) if kind == QUESTION["kind"] else {}
    return {"id": "one", "kind": kind, "inputs": {**plain, **inputs}}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**QUESTION, "kind": "magic"}, "kind: «magic» is not known; known are equal_installment"),
        ({**QUESTION, "inputs": []}, "inputs: write them as an object"),
        ({**QUESTION, "asked": ["rate"]}, "asked: «rate» is not known; known are instalment"),
        ({**QUESTION, "asked": ["row_11"]}, "asked: row_11: the plan has 10 instalments"),
        ({**QUESTION, "asked": "all"}, "asked: write a list of names"),
        (with_inputs(principal="-1"), "inputs.principal: «-1» is out of range"),
        (with_inputs(principal=None), "inputs.principal: it is missing; add it"),
        (with_inputs(principal="1,5"), "inputs.principal: «1,5» is not a number"),
        (with_inputs(months="2.5"), "inputs.months: «2.5» is out of range"),
        (with_inputs(months=0), "inputs.months: «0» is out of range"),
        (with_inputs(months=10**9), "inputs.months: «1000000000» is out of range"),
        (with_inputs(periods=3), "inputs.months: write months, periods or years, one of them"),
        (
            with_inputs(annual_rate_percent="999999"),
            "inputs.annual_rate_percent: «999999» is no rate of a loan; write percent a year",
        ),
        (
            with_inputs(annual_rate_percent="4.9876543210987"),
            "inputs.annual_rate_percent: «4.9876543210987» has more than 12 digits after the point",
        ),
        (with_inputs(annual_rate_percent="-3"), "inputs.annual_rate_percent: «-3» is no rate"),
        (with_inputs(rate_per_period="0.1"), "inputs.annual_rate_percent: write it or"),
        (with_inputs(loan="1"), "inputs.loan: it is not known; known are"),
        (with_inputs("irr", flows=[]), "inputs.flows: write a list of amounts"),
        (with_inputs("irr", flows=["-1", "x"]), "inputs.flows[1]: «x» is not a number"),
        (
            with_inputs(
                "days_past_due_inclusive", oldest_unpaid_due="2023-02-31", as_of="2023-03-01"
            ),
            "inputs.oldest_unpaid_due: 2023-02-31 is no day of the calendar",
        ),
        (
            with_inputs("aprc_effective", flows_years=[["0"]]),
            "inputs.flows_years[0]: «['0']» is no pair",
        ),
        (
            with_inputs(
                "number_of_periods", principal="100", annual_rate_percent="12", payment="1"
            ),
            "payment: 1.00 never repays the loan",
        ),
        ('{"id": "one", "inputs": {"flows": [-Infinity]}}', "-Infinity is no number"),
    ],
)
def test_a_wrong_question_gets_one_clear_line(row: dict[str, Any] | str, message: str):
    assert message in refused("annuity", row)


def test_nothing_but_errors_is_said_with_the_status(tmp_path: Path):
    assert forbear("apr", "{}")[0] == 2
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "loan", "apr", str(tmp_path / "none.jsonl")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot be opened" in done.stderr
