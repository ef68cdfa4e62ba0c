"""A settlement goes from offered to accepted, and from there to met or broken, once and for all."""

from __future__ import annotations

from datetime import date

import pytest

from forbear.base.errors import LoanError
from forbear.loans.relief.settlement import Course, Stage

OFFERED = date(2026, 3, 1)
OPEN_UNTIL = date(2026, 3, 10)
DEADLINE = date(2026, 4, 30)
OFFER = Course(amount=8_000, deadline=DEADLINE, offered_on=OFFERED, open_until=OPEN_UNTIL)
ACCEPTED = OFFER.accept(date(2026, 3, 5))


def test_an_offer_is_open_until_its_last_day_and_then_lapses() -> None:
    assert OFFER.stage(OPEN_UNTIL) is Stage.OFFERED
    assert OFFER.stage(date(2026, 3, 11)) is Stage.LAPSED


def test_a_lapsed_offer_cannot_be_accepted() -> None:
    with pytest.raises(
        LoanError, match=r"accepted_on: the settlement is lapsed .* make a new offer"
    ):
        OFFER.accept(date(2026, 3, 11))


def test_it_cannot_be_accepted_twice() -> None:
    with pytest.raises(LoanError, match="accepted"):
        ACCEPTED.accept(date(2026, 3, 6))


def test_it_is_met_on_the_day_on_which_the_amount_is_full() -> None:
    course = ACCEPTED.receive(date(2026, 3, 20), 5_000).receive(DEADLINE, 3_000)
    assert course.stage(date(2026, 3, 20)) is Stage.ACCEPTED
    assert course.stage(DEADLINE) is Stage.MET
    assert course.stage(date(2030, 1, 1)) is Stage.MET


def test_the_deadline_itself_is_in_time_and_the_next_day_is_not() -> None:
    short = ACCEPTED.receive(date(2026, 3, 20), 7_999)
    assert short.stage(DEADLINE) is Stage.ACCEPTED
    late = short.receive(date(2026, 5, 1), 1)
    assert late.stage(date(2026, 5, 1)) is Stage.BROKEN


def test_a_payment_before_it_was_accepted_does_not_count() -> None:
    assert ACCEPTED.receive(date(2026, 3, 4), 8_000).stage(DEADLINE) is Stage.ACCEPTED


def test_before_it_is_accepted_it_is_an_offer() -> None:
    assert ACCEPTED.stage(date(2026, 3, 4)) is Stage.OFFERED
