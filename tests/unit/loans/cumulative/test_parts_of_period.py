"""Interest and principal of one period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from forbear.loans.cumulative.bargain import Bargain
from forbear.loans.cumulative.parts_of_period import Computed, Period, computed
from forbear.loans.terms import Allocation, Terms

JAN, END, NEXT = date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 11)
# A tenth of a per cent a day.
TERMS = Terms(
    "CNY", 3_000_00, Decimal("36.5"), 3, 10, "days", JAN, Allocation("mifos-standard"),
    amortization="equal_principal", engine="cumulative",
)  # fmt: skip
FIRST = Period(1, JAN, NEXT, 3_000_00, {}, 0, 0, 0)


def bargain(terms: Terms = TERMS) -> Bargain:
    made = Bargain(
        terms, JAN, END, 3_000_00, 3_000_00, 3_000_00, terms.annual_rate_percent, terms.n
    )
    made.begin()
    return made


def test_interest_is_counted_piece_by_piece() -> None:
    changes = {date(2026, 1, 6): -1_000_00, date(2026, 1, 9): 500_00, END: 9_999_00}
    # 3,000 for five days, 2,000 for three, 2,500 for two; the last day lies beyond.
    assert computed(bargain(), replace(FIRST, changes=changes)).interest == 15_00 + 6_00 + 5_00


def test_a_change_on_or_before_the_first_day_counts_from_it() -> None:
    changes = {date(2025, 12, 1): 1_000_00, JAN: -500_00}
    assert computed(bargain(), replace(FIRST, changes=changes)).interest == 35_00


def test_the_last_period_takes_what_is_left() -> None:
    last = replace(FIRST, number=3, paid_principal=1_999_99)
    assert computed(bargain(), last).principal == 1_000_01
    early = replace(FIRST, number=2, paid_principal=2_900_00)
    assert computed(bargain(), early).principal == 100_00


def test_interest_of_a_period_of_grace_is_carried() -> None:
    one = bargain(replace(TERMS, grace_interest_periods=1))
    assert computed(one, FIRST) == Computed(1_000_00, 0, 30_00)
    after = replace(FIRST, number=2, carried=30_00, balance=2_000_00)
    assert computed(one, after) == Computed(1_000_00, 50_00, 0)


def test_carried_interest_does_not_lower_the_principal_of_an_equal_instalment() -> None:
    one = bargain(replace(TERMS, amortization="equal_installment"))
    plain = computed(one, FIRST)
    assert computed(one, replace(FIRST, carried=12_34)) == Computed(
        plain.principal, plain.interest + 12_34, 0
    )


def test_flat_interest_with_equal_principal_is_carried_through_grace() -> None:
    one = bargain(replace(TERMS, interest_method="flat", grace_interest_periods=1))
    assert computed(one, FIRST) == Computed(1_000_00, 0, 30_00)
    assert computed(one, replace(FIRST, number=2, carried=30_00)).interest == 60_00


def test_flat_interest_never_exceeds_that_of_the_term() -> None:
    one = bargain(replace(TERMS, interest_method="flat"))
    assert computed(one, replace(FIRST, number=2, interest_so_far=80_00)).interest == 10_00
    assert computed(one, replace(FIRST, number=3, interest_so_far=55_00)).interest == 35_00
