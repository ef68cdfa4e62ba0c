"""Previews, refusals and grants of one loan that is two months behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.loans.relief.plain import ENTRIES, TERMS, TODAY

from forbear.base.errors import LoanError
from forbear.loans.entries import Entry
from forbear.loans.ledger import fold, payoff
from forbear.loans.parts import Component, Parts
from forbear.loans.relief.answers import Grant, Preview, Refusal
from forbear.loans.relief.measures import (
    DelinquencyPause,
    DueMove,
    Excess,
    ExtraTerms,
    InterestPause,
    Measure,
    PersonalPlan,
    RateChange,
    ReAge,
    Reamortize,
    Request,
    Settlement,
    Termination,
    Waiver,
)
from forbear.loans.relief.previewing import grant, preview, undo

NEXT = date(2026, 4, 10)
REAGE = ReAge(n=6, first_due=NEXT)
WAIVER = Waiver(amounts={Component.PENALTY: None})


def shown(*measures: Measure, surplus: int | None = None) -> Preview:
    found = preview(TERMS, ENTRIES, TODAY, Request(measures=measures), surplus)
    assert isinstance(found, Preview), found
    return found


def refused(*measures: Measure, surplus: int | None = None, **more: object) -> list[str]:
    request = replace(Request(measures=measures), **more)  # type: ignore[arg-type]
    found = preview(TERMS, ENTRIES, TODAY, request, surplus)
    assert isinstance(found, Refusal), found
    for reason in found.reasons:
        assert reason.says.zh
        assert reason.says.en
    return [f"{reason.code} {reason.field}" for reason in found.reasons]


def granted(*measures: Measure, entries: tuple[Entry, ...] = ENTRIES, step: str = "r") -> Grant:
    found = grant(TERMS, entries, TODAY, Request(measures=measures), step=step)
    assert isinstance(found, Grant), found
    return found


def test_standing_still_is_the_plan_as_it_stands() -> None:
    still = shown(REAGE).standing_still
    state = fold(TERMS, ENTRIES, TODAY)
    assert still.to_pay == state.outstanding
    assert still.last_day == date(2026, 5, 10)
    assert still.owed_today.total < still.to_pay.total


def test_a_preview_tells_all_figures_of_a_waiver_with_a_re_age() -> None:
    found = shown(WAIVER, REAGE, surplus=20_000)
    assert found.forgiven.penalty == 500
    assert found.forgiven.principal == 0
    assert found.forgiven.plus(found.after.to_pay) == found.before.to_pay
    assert found.saved == found.forgiven.total
    assert found.after.days_past_due == 0
    assert found.before.days_past_due == 10
    assert found.after.last_day == date(2026, 9, 10)
    assert found.share == Fraction(found.after.payment, 20_000)
    assert found.postponed.principal > 0
    assert found.postponed.penalty == 0
    assert found.before.annual_rate is not None
    assert found.after.annual_rate is not None
    assert found.after.annual_rate < found.before.annual_rate


def test_the_payment_of_a_month_is_all_that_falls_due_in_it() -> None:
    weekly = ReAge(n=10, first_due=date(2026, 4, 3), unit="weeks")
    found = shown(weekly)
    april = sum(row.outstanding.total for row in found.after.rows if row.due.month == 4)
    assert found.after.payment >= april
    assert found.after.payment == max(
        sum(row.outstanding.total for row in found.after.rows if row.due.month == month)
        for month in (4, 5, 6)
    )


def test_no_share_is_told_of_a_surplus_that_is_nothing() -> None:
    assert shown(REAGE, surplus=0).share is None
    assert shown(REAGE).share is None


def test_interest_that_is_not_charged_is_told() -> None:
    found = shown(ExtraTerms(n=12))
    assert found.trimmed > 0
    assert found.saved == 0
    assert any("not charged" in each.en for each in found.remarks)


def test_on_wish_it_is_refused_with_both_figures() -> None:
    request = Request(measures=(ExtraTerms(n=12),), on_excess=Excess.REFUSE)
    found = preview(TERMS, ENTRIES, TODAY, request)
    assert isinstance(found, Refusal)
    (reason,) = found.reasons
    assert (reason.code, reason.field) == ("dearer", "on_excess")
    assert "CNY" in reason.says.en


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (ReAge(n=0, first_due=NEXT), "count measures[0].n"),
        (PersonalPlan(n=601, first_due=NEXT), "limit_plan_months measures[0].n"),
        (PersonalPlan(n=61, first_due=NEXT), "limit_plan_months measures[0].n"),
        (ReAge(n=262, first_due=NEXT, unit="weeks"), "limit_plan_months measures[0].n"),
        (ReAge(n=3, first_due=TODAY), "first_due_past measures[0].first_due"),
        (ExtraTerms(n=-1), "count measures[0].n"),
        (InterestPause(start=NEXT, end=TODAY), "pause_reversed measures[0].end"),
        (DelinquencyPause(start=NEXT, end=TODAY), "pause_reversed measures[0].end"),
        (
            RateChange(annual_rate_percent=Decimal(12)),
            "rate_not_lower measures[0].annual_rate_percent",
        ),
        (DueMove(due=TODAY, new_due=NEXT), "no_such_instalment measures[0].due"),
        (DueMove(due=NEXT, new_due=NEXT), "not_later measures[0].new_due"),
        (
            DueMove(due=date(2026, 3, 10), new_due=date(2026, 3, 12)),
            "deadline_past measures[0].new_due",
        ),
        (Termination(deadline=date(2026, 3, 19)), "deadline_past measures[0].deadline"),
        (
            Settlement(amount=1_000, deadline=date(2026, 3, 19)),
            "deadline_past measures[0].deadline",
        ),
        (Settlement(amount=10_000_000, deadline=NEXT), "settlement_not_less measures[0].amount"),
        (Settlement(amount=-1, deadline=NEXT), "settlement_not_less measures[0].amount"),
        (
            Waiver(amounts={Component.PENALTY: 501}),
            "waiver_beyond_owed measures[0].amounts.penalty",
        ),
        (Waiver(amounts={Component.PENALTY: -1}), "not_positive measures[0].amounts.penalty"),
        (Waiver(amounts={Component.FEE: None}), "nothing_to_waive measures[0].amounts.fee"),
        (Waiver(amounts={}), "nothing_asked measures[0].amounts"),
    ],
)
def test_what_cannot_be_granted_is_refused_with_its_field(measure: Measure, says: str) -> None:
    assert refused(measure) == [says]


def test_the_open_due_days_are_listed_as_each_language_writes_days() -> None:
    request = Request(measures=(DueMove(due=TODAY, new_due=NEXT),))
    found = preview(TERMS, ENTRIES, TODAY, request)
    assert isinstance(found, Refusal)
    (reason,) = found.reasons
    assert "2026年4月10日" in reason.says.zh
    assert "10 April 2026" in reason.says.en
    assert "2026-" not in reason.says.zh + reason.says.en
    assert "," not in reason.says.zh


def test_a_request_without_a_measure_is_refused() -> None:
    assert refused() == ["nothing_asked measures"]


def test_a_settlement_stands_beside_waivers_only_and_last() -> None:
    settlement = Settlement(amount=50_000, deadline=NEXT)
    assert refused(settlement, REAGE) == ["settlement_not_last measures[0]"]
    assert refused(REAGE, settlement) == ["settlement_not_last measures[1]"]
    assert shown(WAIVER, settlement).after.to_pay.total == 50_000


def test_ending_the_contract_is_refused_where_it_cannot_be_paid() -> None:
    ending = Termination(deadline=date(2026, 4, 30))
    assert refused(ending, surplus=10_000) == ["beyond_surplus measures[0].deadline"]
    assert shown(ending, surplus=10_000_000).forgiven.interest > 0
    assert shown(ending, REAGE, surplus=10_000).after.payment < 20_000


def test_ending_the_contract_is_refused_where_it_saves_nothing() -> None:
    free = replace(TERMS, annual_rate_percent=Decimal(0))
    request = Request(measures=(Termination(deadline=NEXT),))
    found = preview(free, ENTRIES, TODAY, request)
    assert isinstance(found, Refusal)
    assert [reason.code for reason in found.reasons] == ["nothing_saved"]


def test_nothing_past_due_cannot_be_reamortised() -> None:
    paid = (*ENTRIES, Entry("more", "repayment", TODAY, TODAY, 3, 31_500))
    found = preview(TERMS, paid, TODAY, Request(measures=(Reamortize(),)))
    assert isinstance(found, Refusal)
    assert [reason.code for reason in found.reasons] == ["nothing_past_due"]


def test_after_the_last_day_there_is_nothing_to_reamortise_into() -> None:
    late = date(2026, 8, 1)
    found = preview(TERMS, ENTRIES, late, Request(measures=(Reamortize(),)))
    assert isinstance(found, Refusal)
    assert [reason.code for reason in found.reasons] == ["no_instalment_left"]


def test_a_closed_loan_and_one_not_paid_out_need_no_relief() -> None:
    closing = payoff(TERMS, ENTRIES, TODAY).total
    closed = (*ENTRIES, Entry("all", "repayment", TODAY, TODAY, 3, closing))
    for entries, code in ((closed, "nothing_owed"), ((), "not_paid_out")):
        found = preview(TERMS, entries, TODAY, Request(measures=(REAGE,)))
        assert isinstance(found, Refusal)
        assert [reason.code for reason in found.reasons] == [code]


def test_a_third_extension_is_refused_by_the_rule_on_cash_loans() -> None:
    entries = ENTRIES
    for number in range(2):
        entries = (*entries, *granted(REAGE, entries=entries, step=f"r{number}").entries)
    request = Request(measures=(REAGE,))
    found = grant(TERMS, entries, TODAY, request, step="r2")
    assert isinstance(found, Refusal)
    (reason,) = found.reasons
    assert reason.code == "limit_extensions"
    assert (reason.level, reason.confidence) == ("regulation", "quoted")
    assert "141" in reason.clause
    # What does not extend the loan is still possible, and so is another kind of loan.
    assert isinstance(preview(TERMS, entries, TODAY, Request(measures=(WAIVER,))), Preview)
    private = replace(request, product="private_loan")
    assert isinstance(preview(TERMS, entries, TODAY, private), Preview)
    # An extension that was taken back does not count.
    back = (*entries, undo(entries, "r1", TODAY, entry="u"))
    assert isinstance(preview(TERMS, back, TODAY, request), Preview)


def test_a_step_is_one_id_and_all_of_its_entries() -> None:
    made = granted(WAIVER, REAGE)
    assert [each.id for each in made.entries] == ["r/1", "r/2"]
    assert [each.kind for each in made.entries] == ["relief_waiver", "relief_reage"]
    assert {each.details["grant"] for each in made.entries} == {"r"}
    assert {each.on for each in made.entries} == {TODAY}
    state = fold(TERMS, (*ENTRIES, *made.entries), TODAY)
    assert state.outstanding == made.preview.after.to_pay


def test_a_name_is_used_once() -> None:
    made = granted(REAGE)
    with pytest.raises(LoanError, match="id: «r» stands in the loan already; choose one"):
        grant(TERMS, (*ENTRIES, *made.entries), TODAY, Request(measures=(WAIVER,)), step="r")
    with pytest.raises(LoanError, match="id: «paid» stands in the loan already"):
        grant(TERMS, ENTRIES, TODAY, Request(measures=(WAIVER,)), step="paid")


def test_undo_names_a_step_that_there_is() -> None:
    made = granted(REAGE)
    entries = (*ENTRIES, *made.entries)
    with pytest.raises(LoanError, match="grant: there is no step «x» to undo; known are r"):
        undo(entries, "x", TODAY, entry="u")
    back = undo(entries, "r", TODAY, entry="u")
    assert fold(TERMS, (*entries, back), TODAY) == fold(TERMS, ENTRIES, TODAY)
    with pytest.raises(LoanError, match="known are none"):
        undo((*entries, back), "r", TODAY, entry="u2")


def test_an_undo_of_nothing_in_a_file_is_refused() -> None:
    stray = Entry("u", "relief_undo", TODAY, TODAY, 9, 0, {"grant": "r"})
    with pytest.raises(LoanError, match=r"entry u.grant: there is no step «r» to undo"):
        fold(TERMS, (*ENTRIES, stray), TODAY)


def test_a_pause_of_delinquency_takes_its_days_away_and_moves_no_row() -> None:
    pause = DelinquencyPause(start=date(2026, 3, 12), end=date(2026, 3, 18))
    found = shown(pause)
    assert found.before.days_past_due == 10
    assert found.after.days_past_due == 4
    assert found.after.to_pay == found.before.to_pay
    made = granted(pause)
    state = fold(TERMS, (*ENTRIES, *made.entries), TODAY)
    assert state.rows == fold(TERMS, ENTRIES, TODAY).rows


def test_a_payment_dated_back_before_the_relief_is_reckoned_with() -> None:
    made = granted(REAGE)
    entries = (*ENTRIES, *made.entries)
    early = date(2026, 3, 18)
    later = TODAY + timedelta(days=3)
    found_later = Entry("found", "repayment", early, later, 9, 10_000)
    state = fold(TERMS, (*entries, found_later), later)
    before = made.preview.after.to_pay
    assert state.outstanding.total <= before.total - 10_000
    assert max(row.due for row in state.rows if row.outstanding.total) == date(2026, 9, 10)


def test_what_an_agreed_plan_cannot_take_is_refused_with_the_mend() -> None:
    made = granted(REAGE)
    entries = (*ENTRIES, *made.entries)
    more = Entry("more", "disburse", NEXT, NEXT, 9, 5_000)
    with pytest.raises(LoanError, match="entry more: an agreed plan cannot take «disburse»; undo"):
        fold(TERMS, (*entries, more), NEXT)


def test_a_settlement_that_is_met_closes_and_one_that_is_missed_comes_back() -> None:
    made = granted(Settlement(amount=50_000, deadline=NEXT))
    assert made.preview.conditional.total == made.preview.forgiven.total
    entries = (*ENTRIES, *made.entries)
    late = NEXT + timedelta(days=1)
    met = (*entries, Entry("m", "repayment", NEXT, NEXT, 9, 50_000))
    assert fold(TERMS, met, late).status == "closed"
    short = (*entries, Entry("m", "repayment", NEXT, NEXT, 9, 49_999))
    plain = (*ENTRIES, Entry("m", "repayment", NEXT, NEXT, 9, 49_999))
    assert fold(TERMS, short, NEXT).outstanding == Parts(1)
    assert fold(TERMS, short, late) == fold(TERMS, plain, late)
    assert payoff(TERMS, short, late) == payoff(TERMS, plain, late)


def test_while_a_settlement_runs_no_other_plan_is_made() -> None:
    made = granted(Settlement(amount=50_000, deadline=NEXT))
    entries = (*ENTRIES, *made.entries)
    found = preview(TERMS, entries, TODAY, Request(measures=(REAGE,)))
    assert isinstance(found, Refusal)
    assert [reason.code for reason in found.reasons] == ["settlement_running"]
    pause = DelinquencyPause(start=TODAY, end=NEXT)
    assert isinstance(preview(TERMS, entries, TODAY, Request(measures=(pause,))), Preview)
    late = NEXT + timedelta(days=1)
    again = ReAge(n=6, first_due=date(2026, 5, 10))
    assert isinstance(preview(TERMS, entries, late, Request(measures=(again,))), Preview)
