"""The published loan prime rates: every month is there, and one that is not is said to be so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from forbear.base.errors import LoanError
from forbear.base.words import Confidence
from forbear.loans.ceiling import load
from forbear.loans.lpr import Lpr, read_lpr


@pytest.fixture(scope="module")
def rates() -> Lpr:
    found = load("cn").lpr
    assert found is not None
    return found


def test_every_month_since_august_2019_is_published_once(rates: Lpr):
    months = [(quote.published.year, quote.published.month) for quote in rates.one_year]
    first, last = months[0], months[-1]
    assert first == (2019, 8)
    span = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    assert months == [(2019 + (7 + n) // 12, (7 + n) % 12 + 1) for n in range(span)]
    assert last >= (2026, 3)


def test_a_rate_is_published_on_the_twentieth_or_the_next_working_day(rates: Lpr):
    for quote in rates.one_year:
        assert 20 <= quote.published.day <= 24
        # 20 February 2021 was a Saturday that was worked.
        assert quote.published.weekday() < 5 or quote.published == date(2021, 2, 20)


def test_rates_only_fell_and_the_long_one_is_never_below_the_short_one(rates: Lpr):
    for quotes in (rates.one_year, rates.five_year):
        percents = [quote.percent for quote in quotes]
        assert percents == sorted(percents, reverse=True)
    for short, long in zip(rates.one_year, rates.five_year, strict=True):
        assert short.percent < long.percent


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        ("2019-08-20", "4.25"), ("2019-09-19", "4.25"), ("2019-09-20", "4.20"),
        ("2020-04-19", "4.05"), ("2020-04-20", "3.85"), ("2021-12-19", "3.85"),
        ("2021-12-20", "3.80"), ("2022-08-21", "3.70"), ("2022-08-22", "3.65"),
        ("2024-10-20", "3.35"), ("2024-10-21", "3.10"), ("2025-05-19", "3.10"),
        ("2025-05-20", "3.00"), ("2026-03-31", "3.00"),
    ],
)  # fmt: skip
def test_a_rate_holds_from_its_publication_to_the_next(rates: Lpr, day: str, percent: str):
    quote = rates.at(date.fromisoformat(day))
    assert (quote.percent, quote.sure) == (Decimal(percent), True)


def test_a_month_that_is_not_held_gets_the_lowest_rate_of_all_and_says_so(rates: Lpr):
    for day in (date(2019, 8, 19), rates.known_until, date(2030, 1, 1)):
        quote = rates.at(day)
        assert not quote.sure
        assert quote.percent == min(each.percent for each in rates.one_year)
    assert rates.at(rates.known_until - timedelta(1)).sure


def test_months_that_rest_on_a_poor_report_are_weak(rates: Lpr):
    assert rates.at(date(2026, 3, 20)).confidence is Confidence.QUOTED
    assert rates.at(date(2026, 5, 20)).confidence is Confidence.WEAK


def test_the_lowest_rate_of_a_span_is_that_of_any_day_in_it(rates: Lpr):
    assert rates.lowest(date(2024, 10, 1), date(2024, 10, 20)).percent == Decimal("3.35")
    assert rates.lowest(date(2024, 10, 1), date(2024, 10, 21)).percent == Decimal("3.10")
    assert not rates.lowest(date(2018, 1, 1), date(2024, 10, 20)).sure


ROW = [date(2025, 5, 20), "3.00", "3.50"]
SPAN = {
    "from": date(2025, 1, 1),
    "until": date(2025, 12, 31),
    "confidence": "text",
    "source": "a paper",
}


@pytest.mark.parametrize(
    ("rows", "spans", "says"),
    [
        ([[date(2025, 5, 20), "3.00"]], [SPAN], "it is no row|is no row"),
        ([[date(2025, 5, 20), "x", "3.5"]], [SPAN], "is no row"),
        ([ROW, ROW], [SPAN], "keep them in order"),
        ([ROW], [], "stands in 0 spans"),
        ([ROW], [SPAN, SPAN], "stands in 2 spans"),
    ],
)
def test_a_wrong_row_is_refused(rows: list[object], spans: list[object], says: str):
    with pytest.raises(LoanError, match=says):
        read_lpr({"rates": {"published": rows}, "span": spans}, "here")
