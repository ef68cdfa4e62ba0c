"""The examples of 12 CFR Part 1026, Appendix J, (c)(1) to (c)(5), each with its published rate."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from forbear.loans.cost.methods import Dated, regz_actuarial
from forbear.loans.cost.rates import Rate
from forbear.loans.cost.reading import unit_of
from forbear.loans.days import month_after


def run(first: str, count: int, amount: str, months: int = 0, weeks: int = 0) -> list[Dated]:
    """So many payments of one amount, months or weeks apart."""
    begin = date.fromisoformat(first)
    days = [
        month_after(begin, months * k) if months else begin + timedelta(weeks=weeks * k)
        for k in range(count)
    ]
    return [Dated(Decimal(amount), day) for day in days]


def one(day: str, amount: str) -> list[Dated]:
    return [Dated(Decimal(amount), date.fromisoformat(day))]


EXAMPLES = [
    ("(1)(i)", one("1978-01-10", "5000"), run("1978-02-10", 24, "230", 1), "month", "9.69"),
    ("(1)(ii)", one("1978-02-10", "6000"), run("1978-04-01", 36, "200", 1), "month", "11.82"),
    (
        "(1)(iii)",
        one("1978-02-23", "5000"),
        run("1978-03-01", 12, "219.17", 1) + run("1978-03-16", 12, "219.17", 1),
        "semimonth",
        "10.34",
    ),
    ("(1)(iv)", one("1978-05-23", "10000"), run("1978-10-01", 40, "385", 3), "quarter", "8.97"),
    ("(1)(v)", one("1978-03-20", "500"), run("1978-04-21", 30, "17.60", 0, 1), "week", "14.96"),
    (
        "(2)(i)",
        one("1978-01-10", "5000"),
        one("1978-02-10", "250") + run("1978-03-10", 23, "230", 1),
        "month",
        "10.08",
    ),
    (
        "(2)(ii)",
        one("1978-03-18", "400"),
        one("1978-04-20", "39.50") + run("1978-05-18", 11, "38.31", 0, 4),
        "4 weeks",
        "28.50",
    ),
    (
        "(3)(i)",
        one("1978-01-10", "5000"),
        run("1978-02-10", 23, "230", 1) + one("1980-01-10", "280"),
        "month",
        "10.50",
    ),
    (
        "(3)(ii)",
        one("1978-04-03", "200"),
        run("1978-04-11", 19, "9.50", 0, 2) + one("1979-01-02", "30"),
        "2 weeks",
        "12.22",
    ),
    (
        "(4)(i)",
        one("1978-01-10", "5000"),
        one("1978-02-10", "250") + run("1978-03-10", 22, "230", 1) + one("1980-01-10", "280"),
        "month",
        "10.90",
    ),
    (
        "(4)(ii)",
        one("1978-01-10", "8000"),
        one("1978-03-01", "449.36") + run("1978-05-01", 18, "465", 2) + one("1981-05-01", "200"),
        "2 months",
        "7.30",
    ),
    ("(5)(i)", one("1978-01-03", "1000"), one("1978-09-15", "1080"), "day", "11.45"),
    ("(5)(ii)", one("1978-07-15", "1000"), one("1979-01-15", "1044"), "6 months", "8.80"),
    ("(5)(iv)", one("1978-01-03", "1000"), one("1980-01-03", "1240"), "year", "11.36"),
]


@pytest.mark.parametrize(
    ("advances", "payments", "unit", "percent"),
    [pytest.param(*example[1:], id=example[0]) for example in EXAMPLES],
)
@pytest.mark.parametrize("told", [False, True], ids=["unit found", "unit told"])
def test_an_example_has_its_published_rate(
    advances: list[Dated], payments: list[Dated], unit: str, percent: str, told: bool
):
    found = regz_actuarial(advances, payments, unit=unit_of(unit) if told else None)
    assert isinstance(found.rate, Rate)
    assert round(found.rate.value * 100, 2) == Decimal(percent)
