"""What a rescheduling says, and where a due day moves to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forbear.loans.cumulative.changes import Change, change_of, moved
from forbear.loans.entries import Entry

DAY = date(2026, 1, 5)


def told(**details: object) -> Change:
    return change_of(Entry("r", "reschedule", DAY, DAY, 1, 0, details))


def test_every_word_of_a_rescheduling_is_read() -> None:
    assert told(
        **{
            "from": "2026-02-01", "new_due": "2026-02-20", "extra_terms": 2,
            "grace_principal_periods": 1, "grace_interest_periods": 3,
            "new_annual_rate_percent": "7.5",
        }
    ) == Change(date(2026, 2, 1), date(2026, 2, 20), 2, 1, 3, Decimal("7.5"))  # fmt: skip


def test_days_may_have_been_read_already() -> None:
    assert told(**{"from": date(2026, 2, 1)}) == Change(date(2026, 2, 1))


def test_without_a_day_it_starts_where_it_was_agreed() -> None:
    assert told(extra_terms=1).from_due == DAY


def test_a_month_without_principal_makes_the_term_longer() -> None:
    assert Change(DAY, extra_terms=2, grace_principal=1, grace_interest=5).further_terms == 3


def test_moves_follow_one_another_and_leave_other_days_alone() -> None:
    feb, mar, apr = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
    moves = [Change(feb, mar), Change(mar, apr), Change(apr, extra_terms=1)]
    assert moved(moves, feb) == apr
    assert moved(moves, apr) == apr
