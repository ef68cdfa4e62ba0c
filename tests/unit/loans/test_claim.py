"""Claims worked by hand, ceiling by ceiling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.base.words import Confidence, Level
from forbear.loans.ceiling import Book, Cost, load
from forbear.loans.claim import Claimed, Finding, claim, counts_months, due_now
from forbear.loans.claim_limits import Circumstances
from forbear.loans.parts import Parts
from forbear.loans.state import Posting, Row, State
from forbear.loans.terms import Allocation, Terms

START = date(2025, 1, 1)
YUAN = 100


def terms(**more: Any) -> Terms:
    given = {
        "currency": "CNY", "principal": 10_000 * YUAN, "annual_rate_percent": Decimal(36), "n": 1,
        "every": 12, "unit": "months", "starts_on": START,
        "allocation": Allocation("mifos-standard"),
    }  # fmt: skip
    return Terms(**{**given, **more})


def books(
    owed: Parts,
    *paid: tuple[date, Parts],
    lent: int = 10_000 * YUAN,
    start: date = START,
    as_of: date = date(2026, 1, 1),
    due: date | None = None,
    currency: str = "CNY",
) -> State:
    """A loan paid out at once, due in one row, with what was paid on it."""
    postings = [Posting("d", start, "disbursement", lent, Parts(), lent)]
    total = Parts()
    for on, parts in paid:
        total = total.plus(parts)
        postings.append(Posting(f"p{on}", on, "repayment", parts.total, parts, 0))
    row = Row(1, start, due or as_of, owed, total)
    return State(as_of, currency, (row,), tuple(postings))


def on(day: date) -> tuple[date, date]:
    return day, day


def amounts(found: Finding) -> dict[str, int]:
    return {line.part: line.claimable for line in found.lines if line.claimed}


def ids(found: Finding) -> set[str]:
    return {reason.id for line in found.lines for reason in line.reasons}


def asks(found: Finding) -> set[str]:
    return {question.id for question in found.questions}


PRIVATE = Circumstances(lender="private", contract=on(START))
BANK = Circumstances(lender="bank", product="cash_loan", contract=on(START))
CHINA = load("cn")
# Ten thousand yuan for a year at 36 %, half of the interest paid after half a year.
HALF = books(
    Parts(10_000 * YUAN, 3_600 * YUAN, 0, 500 * YUAN),
    (date(2025, 7, 1), Parts(interest=1_800 * YUAN)),
)


def test_a_private_lender_may_claim_four_times_the_lpr_on_what_is_really_out():
    found = claim(HALF, terms(), CHINA, PRIVATE)
    # 4 × 3.10 % = 12.4 %; 181 days of 10,000 give 614.90, so 1,185.10 of the 1,800 repay principal.
    assert 1_000_000 * 124 * 181 // 365_000 == 61_490
    balance = 1_000_000 - 118_510
    left = (1_000_000 * 124 * 181 + balance * 124 * 184) / 365_000 - 61_490
    assert amounts(found) == {"principal": balance, "interest": int(left), "penalty": 0}
    principal, interest = found.lines[0], found.lines[1]
    assert principal.reasons[0].clause == "民间借贷规定(2020修正) 第25条、第28条、第29条"
    assert (principal.reasons[0].level, interest.reasons[0].confidence) == (
        Level.LAW, Confidence.TEXT
    )  # fmt: skip
    assert "614.90" in interest.reasons[0].says.en
    assert "12.4%" in interest.reasons[0].says.zh


def test_a_bank_may_claim_24_percent_in_all_and_what_was_paid_within_it_stays_paid():
    found = claim(HALF, terms(), CHINA, BANK)
    assert amounts(found) == {"principal": 1_000_000, "interest": 60_000, "penalty": 0}
    assert ids(found) == {"cn-licensed-24"}
    assert found.owed_back == 0


@pytest.mark.parametrize("lender", ["bank", "consumer_finance", "microloan"])
def test_no_licensed_lender_falls_under_the_rules_on_private_lending(lender: str):
    about = replace(BANK, lender=lender)
    assert not {name for name in ids(claim(HALF, terms(), CHINA, about)) if "private" in name}


def test_a_loan_within_its_ceiling_is_claimable_whole():
    state = books(Parts(10_000 * YUAN, 1_200 * YUAN))
    found = claim(state, terms(annual_rate_percent=Decimal(12)), CHINA, PRIVATE)
    assert found.claimable == found.claimed == 1_120_000
    assert not ids(found)


def test_february_alone_does_not_lift_a_rate_over_its_ceiling():
    """Interest of a month is a twelfth of a year's, so the ceiling of that month is one too."""
    state = books(
        Parts(0, 100 * YUAN), start=date(2025, 2, 1), as_of=date(2025, 3, 1), lent=10_000 * YUAN
    )
    months = terms(
        annual_rate_percent=Decimal(12), starts_on=date(2025, 2, 1),
        interest_period="same_as_repayment",
    )  # fmt: skip
    assert counts_months(months)
    asked = claim(state, months, CHINA, PRIVATE)
    assert asked.claimable == 100 * YUAN
    by_days = claim(state, months, CHINA, PRIVATE, by_months=False)
    assert by_days.claimable == 1_000_000 * 124 * 28 // 365_000


def test_a_contract_that_counts_days_or_weeks_is_measured_in_days():
    assert not counts_months(terms())
    assert not counts_months(terms(unit="weeks", interest_period="same_as_repayment"))
    assert counts_months(terms(days_in_month="30", days_in_year="360"))


def test_a_contract_of_before_20_august_2020_has_the_old_ceiling_until_then():
    start = date(2020, 2, 1)
    state = books(
        Parts(10_000 * YUAN, 4_000 * YUAN),
        (date(2020, 8, 1), Parts(interest=1_600 * YUAN)),
        start=start,
        as_of=date(2021, 2, 1),
    )
    about = Circumstances(lender="private", contract=on(start), filed=date(2021, 2, 1))
    found = claim(state, terms(starts_on=start), CHINA, about)
    # 182 days at 24 % would be 1,196.71, but up to 36 % what was paid stays paid: 1,795.06.
    assert not found.account.set_off
    # The 19 days to 19 August at 24 %, then 165 days at 4 × 3.85 %: unpaid interest.
    unpaid = 1_000_000 * (24 * 19 + Decimal("15.4") * 165) / 36_500
    assert amounts(found) == {"principal": 1_000_000, "interest": int(unpaid)}
    assert found.lines[1].reasons[0].confidence is Confidence.QUOTED


def test_what_was_paid_beyond_36_percent_under_the_old_ceiling_repays_principal():
    start = date(2020, 2, 1)
    state = books(
        Parts(10_000 * YUAN, 4_000 * YUAN),
        (date(2020, 8, 1), Parts(interest=2_000 * YUAN)),
        start=start,
        as_of=date(2020, 8, 2),
    )
    about = Circumstances(lender="private", contract=on(start))
    found = claim(state, terms(starts_on=start), CHINA, about)
    assert [each.amount for each in found.account.set_off] == [
        200_000 - 1_000_000 * 36 * 182 // 36_500
    ]


def test_from_2028_a_new_microloan_may_cost_four_times_the_lpr():
    start = date(2028, 3, 1)
    state = books(Parts(10_000 * YUAN, 2_400 * YUAN), start=start, as_of=date(2029, 3, 1))
    about = Circumstances(lender="microloan", product="x", contract=on(start), lpr=Decimal("2.5"))
    found = claim(state, terms(starts_on=start, annual_rate_percent=Decimal(24)), CHINA, about)
    assert amounts(found)["interest"] == 1_000_000 * 10 * 365 // 36_500
    assert "lpr-given" in asks(found)
    before = replace(about, contract=on(date(2027, 12, 31)))
    assert claim(state, terms(starts_on=start), CHINA, before).claimable > found.claimable


def test_until_2028_a_new_microloan_above_four_times_the_lpr_is_put_to_a_person():
    start = date(2026, 1, 20)
    state = books(Parts(10_000 * YUAN, 2_400 * YUAN), start=start, as_of=date(2027, 1, 20))
    about = Circumstances(lender="microloan", product="x", contract=on(start))
    found = claim(state, terms(starts_on=start, annual_rate_percent=Decimal(24)), CHINA, about)
    interest = found.lines[1]
    assert (interest.refused, interest.to_judge) == (0, 1_200 * YUAN)


def test_no_room_of_an_outer_ceiling_is_spent_on_what_an_inner_one_refuses():
    """Of 100 interest and 100 fee, 60 of interest and 150 in all leave 90 of the fee."""
    one = next(each for each in CHINA.ceilings if each.id == "cn-civil-no-interest-agreed")
    inner = replace(one, id="inner", contract_rate_zero=False, fixed="60.00")
    outer = replace(inner, id="outer", covers=frozenset(Cost), fixed="150.00")
    state = books(Parts(10_000 * YUAN, 100 * YUAN, 100 * YUAN))
    for order in ((inner, outer), (outer, inner)):
        found = claim(state, terms(), Book(country="cn", ceilings=order), PRIVATE)
        assert amounts(found)["interest"] == 60 * YUAN
        assert amounts(found)["fee"] == 90 * YUAN


def test_interest_taken_in_advance_is_no_principal_and_bears_no_interest():
    state = books(Parts(10_000 * YUAN, 1_000 * YUAN))
    about = replace(PRIVATE, received=9_000 * YUAN)
    found = claim(state, terms(annual_rate_percent=Decimal(10)), CHINA, about)
    # Nine tenths were really lent, so nine tenths of the interest are owed.
    assert amounts(found) == {"principal": 9_000 * YUAN, "interest": 900 * YUAN}
    assert found.lines[0].reasons[0].clause == "民间借贷规定(2020修正) 第26条"
    licensed = claim(
        state, terms(annual_rate_percent=Decimal(10)), CHINA, replace(BANK, received=9_000 * YUAN)
    )
    assert licensed.lines[0].reasons[0].clause == "民法典 第670条"
    assert amounts(licensed) == amounts(found)


def test_interest_collected_on_the_day_of_the_payout_was_taken_in_advance():
    state = books(Parts(10_000 * YUAN, 1_000 * YUAN), (START, Parts(interest=1_000 * YUAN)))
    found = claim(state, terms(annual_rate_percent=Decimal(10)), CHINA, BANK)
    assert found.deducted == 1_000 * YUAN
    assert amounts(found)["principal"] == 9_000 * YUAN


def test_more_received_than_paid_out_is_a_slip():
    with pytest.raises(LoanError, match="received: it is more than was paid out"):
        claim(HALF, terms(), CHINA, replace(PRIVATE, received=10_001 * YUAN))


def test_interest_added_to_principal_needs_the_room_of_interest():
    # The books hold 500 of interest as principal; really lent are 10,000, the ceiling gives 1,240.
    state = books(Parts(10_500 * YUAN, 1_000 * YUAN))
    found = claim(state, terms(), CHINA, PRIVATE)
    assert amounts(found) == {"principal": 10_500 * YUAN, "interest": 740 * YUAN}
    state = books(Parts(12_000 * YUAN, 1_000 * YUAN))
    found = claim(state, terms(), CHINA, PRIVATE)
    assert amounts(found) == {"principal": 11_240 * YUAN, "interest": 0}
    assert found.lines[0].reasons[0].clause == "民间借贷规定(2020修正) 第27条"


def test_where_no_interest_was_agreed_none_is_owed():
    state = books(Parts(10_000 * YUAN, 100 * YUAN))
    found = claim(state, terms(annual_rate_percent=Decimal(0)), CHINA, PRIVATE)
    assert amounts(found)["interest"] == 0
    assert found.lines[1].reasons[0].clause == "民法典 第680条"


def test_what_was_paid_beyond_everything_is_owed_back():
    state = books(
        Parts(10_000 * YUAN, 9_000 * YUAN),
        (date(2025, 1, 2), Parts(9_990 * YUAN, 9_000 * YUAN)),
    )
    found = claim(state, terms(), CHINA, PRIVATE)
    assert found.claimable == 0
    # One day of the ceiling gives 3.39; all else that was paid for interest is beyond it.
    assert found.owed_back == 9_000 * YUAN - 339 - 10 * YUAN


def test_a_claim_beyond_the_books_is_refused_by_the_books():
    state = books(Parts(10_000 * YUAN, 100 * YUAN, 0, 50 * YUAN))
    asked = Claimed(
        principal=10_001 * YUAN, interest=90 * YUAN, overdue_interest=70 * YUAN, fee=5 * YUAN
    )
    found = claim(state, terms(), CHINA, PRIVATE, claimed=asked)
    assert amounts(found) == {
        "principal": 10_000 * YUAN, "interest": 90 * YUAN, "overdue_interest": 60 * YUAN, "fee": 0
    }  # fmt: skip
    assert ids(found) == {"not-in-the-books"}


def test_overdue_interest_is_asked_about_where_its_rate_may_not_be_agreed():
    asked = Claimed(overdue_interest=10 * YUAN)
    assert "cn-private-overdue" in asks(claim(HALF, terms(), CHINA, PRIVATE, claimed=asked))
    assert "cn-private-overdue" not in asks(claim(HALF, terms(), CHINA, PRIVATE))


def test_a_negative_claim_and_an_unknown_lender_are_refused_in_words():
    with pytest.raises(LoanError, match=r"claim\.fee: it is negative"):
        claim(HALF, terms(), CHINA, PRIVATE, claimed=Claimed(fee=-1))
    with pytest.raises(LoanError, match="«shark» is not known; known are bank"):
        claim(HALF, terms(), CHINA, Circumstances(lender="shark"))


def test_only_what_is_due_is_claimed_by_default():
    later = Row(2, date(2026, 1, 1), date(2027, 1, 1), Parts(5_000, 100))
    state = replace(HALF, rows=(*HALF.rows, later))
    assert due_now(state) == Claimed(principal=1_000_000, interest=180_000, penalty=50_000)


def test_what_was_set_off_lowers_what_is_due_before_what_is_not():
    first = replace(HALF.rows[0], owed=Parts(5_000 * YUAN, 3_600 * YUAN))
    later = Row(2, date(2026, 1, 1), date(2027, 1, 1), Parts(5_000 * YUAN))
    found = claim(replace(HALF, rows=(first, later)), terms(), CHINA, PRIVATE)
    assert found.lines[0].claimable == 5_000 * YUAN - 118_510


def test_penalty_interest_of_more_than_half_the_rate_is_judged_by_a_person():
    start, due = date(2024, 1, 1), date(2025, 1, 1)
    state = books(
        Parts(10_000 * YUAN, 0, 0, 1_200 * YUAN), start=start, due=due, as_of=date(2026, 1, 1)
    )
    about = Circumstances(lender="bank", product="x", contract=on(start))
    found = claim(state, terms(annual_rate_percent=Decimal(6), starts_on=start), CHINA, about)
    penalty = next(line for line in found.lines if line.part == "penalty")
    # A year overdue at one and a half times 6 % is 900.
    assert (penalty.claimable, penalty.to_judge) == (1_200 * YUAN, 300 * YUAN)
    assert penalty.judge[0].clause == "银发〔2003〕251号 第三条"
    assert "cn-civil-penalty" in asks(found)


def test_a_doubt_about_principal_says_that_it_is_about_what_was_paid_before():
    start = date(2024, 1, 1)
    state = books(
        Parts(10_000 * YUAN, 0, 0, 500 * YUAN),
        (date(2024, 7, 1), Parts(penalty=500 * YUAN)),
        start=start, due=date(2025, 1, 1), as_of=date(2025, 1, 1),
    )  # fmt: skip
    about = Circumstances(lender="bank", product="x", contract=on(start))
    found = claim(state, terms(annual_rate_percent=Decimal(6), starts_on=start), CHINA, about)
    principal = found.lines[0]
    assert (principal.refused, principal.to_judge) == (0, 500 * YUAN)
    assert "counts as principal repaid" in principal.judge[0].says.en


def test_the_draft_on_cards_asks_and_never_refuses():
    state = books(Parts(1_000 * YUAN, 3_000 * YUAN), start=date(2010, 1, 1), lent=1_000 * YUAN)
    about = Circumstances(lender="bank", product="credit_card", contract=on(date(2010, 1, 1)))
    found = claim(state, terms(starts_on=date(2010, 1, 1)), CHINA, about)
    interest = found.lines[1]
    assert (interest.refused, interest.to_judge) == (0, 2_000 * YUAN)
    assert interest.judge[0].confidence is Confidence.DRAFT
    other = claim(state, terms(starts_on=date(2010, 1, 1)), CHINA, replace(about, product="x"))
    assert other.lines[1].to_judge == 0


def test_a_product_that_is_not_told_is_asked_for_where_it_would_matter():
    state = books(Parts(1_000 * YUAN, 3_000 * YUAN), start=date(2010, 1, 1), lent=1_000 * YUAN)
    about = Circumstances(lender="bank", contract=on(date(2010, 1, 1)))
    found = claim(state, terms(starts_on=date(2010, 1, 1)), CHINA, about)
    assert "cn-card-principal-applies" in asks(found)
    assert "cn-card-principal-applies" not in asks(claim(HALF, terms(), CHINA, BANK))


def test_an_unknown_lender_meets_every_ceiling_and_a_person_is_asked():
    found = claim(HALF, terms(), CHINA, Circumstances(contract=on(START)))
    assert found.claimable == claim(HALF, terms(), CHINA, PRIVATE).claimable
    assert {"lender-unknown", "cn-private-void"} <= asks(found)


def test_an_unknown_day_of_contract_has_the_lowest_rate_of_the_days_it_may_be():
    span = replace(PRIVATE, contract=(date(2025, 1, 1), date(2025, 5, 20)), contract_told=False)
    found = claim(HALF, terms(), CHINA, span)
    assert [quote.percent for quote in found.bound.quotes] == [Decimal("3.00")]
    assert "contract-day-unknown" in asks(found)
    nothing = claim(HALF, terms(), CHINA, replace(PRIVATE, contract=None))
    assert "contract-day-unknown" in asks(nothing)
    assert nothing.claimable <= found.claimable


def test_a_month_without_a_known_lpr_is_read_strictly_and_asked_for():
    start = date(2026, 9, 1)
    state = books(Parts(10_000 * YUAN, 2_000 * YUAN), start=start, as_of=date(2026, 11, 1))
    about = Circumstances(lender="private", contract=on(start))
    found = claim(state, terms(starts_on=start), CHINA, about)
    assert "lpr-unknown" in asks(found)
    assert amounts(found)["interest"] == 1_000_000 * 12 * 61 // 36_500
    weak = replace(about, contract=on(date(2026, 5, 21)))
    assert "lpr-weak" in asks(claim(state, terms(starts_on=start), CHINA, weak))


def test_a_loan_that_is_older_than_the_rules_is_put_to_a_person():
    start = date(2014, 1, 1)
    state = books(Parts(10_000 * YUAN, 2_000 * YUAN), start=start, as_of=date(2019, 1, 1))
    about = Circumstances(lender="private", contract=on(start), filed=date(2026, 1, 20))
    found = claim(state, terms(starts_on=start), CHINA, about)
    assert "cn-private-before-2015" in asks(found)
    assert "cn-private-before-2015" not in asks(claim(HALF, terms(), CHINA, PRIVATE))


# ── elsewhere ──

POUND = 100
PAYDAY = {
    "currency": "GBP", "principal": 100 * POUND, "annual_rate_percent": Decimal(292), "n": 1,
    "every": 1,
}  # fmt: skip


def test_the_three_caps_of_british_short_term_credit():
    state = books(
        Parts(100 * POUND, 30 * POUND, 0, 25 * POUND),
        lent=100 * POUND, as_of=date(2025, 1, 31), currency="GBP",
    )  # fmt: skip
    found = claim(state, terms(**PAYDAY), load("uk"), Circumstances(contract=on(START)))
    # Thirty days at 0.8 % are 24; default charges are 15 at most.
    assert amounts(found) == {
        "principal": 100 * POUND, "interest": 24 * POUND, "penalty": 15 * POUND
    }  # fmt: skip
    assert "uk-hcstc-unenforceable" in asks(found)
    late = books(
        Parts(100 * POUND, 95 * POUND, 0, 15 * POUND),
        lent=100 * POUND, due=date(2025, 1, 31), as_of=date(2025, 12, 31), currency="GBP",
    )  # fmt: skip
    whole = claim(late, terms(**PAYDAY), load("uk"), Circumstances(contract=on(START)))
    assert sum(amounts(whole).values()) == 200 * POUND


def test_a_british_loan_that_is_neither_dear_nor_short_has_no_such_cap():
    state = books(
        Parts(100 * POUND, 30 * POUND), lent=100 * POUND, as_of=date(2028, 1, 31), currency="GBP"
    )
    cheap = terms(**{**PAYDAY, "annual_rate_percent": Decimal(10)})
    assert claim(state, cheap, load("uk"), Circumstances(contract=on(START))).claimable == 13_000


def test_a_service_member_pays_36_percent_at_most_and_an_unknown_borrower_is_asked_about():
    state = books(Parts(1_000_00, 500_00), lent=1_000_00, currency="USD")
    american = terms(currency="USD", principal=1_000_00, annual_rate_percent=Decimal(50))
    about = Circumstances(contract=on(START), borrower="military")
    assert amounts(claim(state, american, load("us"), about))["interest"] == 360_00
    unknown = claim(state, american, load("us"), Circumstances(contract=on(START)))
    interest = unknown.lines[1]
    assert (interest.refused, interest.to_judge) == (0, 140_00)
    assert {"us-mla-36-applies", "us-states"} <= asks(unknown)


def test_a_ceiling_of_one_state_holds_there_only():
    state = books(Parts(1_000_00, 500_00), lent=1_000_00, currency="USD")
    american = terms(currency="USD", principal=1_000_00, annual_rate_percent=Decimal(50))
    about = Circumstances(contract=on(START), borrower="civilian", region="US-IL")
    assert amounts(claim(state, american, load("us"), about))["interest"] == 360_00
    about = replace(about, region="US-TX")
    assert amounts(claim(state, american, load("us"), about))["interest"] == 500_00


def test_a_moneylender_in_singapore_may_not_take_more_than_was_lent():
    state = books(
        Parts(1_000_00, 900_00, 150_00), lent=1_000_00, as_of=date(2027, 1, 1), currency="SGD"
    )
    lent = terms(currency="SGD", principal=1_000_00, annual_rate_percent=Decimal(48))
    found = claim(state, lent, load("sg"), Circumstances(contract=on(START)))
    assert amounts(found) == {"principal": 1_000_00, "interest": 900_00, "fee": 100_00}


def test_a_small_amount_in_australia_costs_a_fifth_and_four_percent_a_month():
    state = books(Parts(1_000_00, 0, 700_00), lent=1_000_00, currency="AUD")
    lent = terms(currency="AUD", principal=1_000_00, annual_rate_percent=Decimal(0))
    about = Circumstances(contract=on(START), product="small_amount")
    assert amounts(claim(state, lent, load("au"), about))["fee"] == 680_00


def test_less_received_where_no_rule_is_held_goes_to_a_person():
    state = books(Parts(1_000_00), lent=1_000_00, currency="AUD")
    lent = terms(currency="AUD", principal=1_000_00, annual_rate_percent=Decimal(0))
    found = claim(state, lent, load("au"), Circumstances(contract=on(START), received=900_00))
    assert found.claimable == 1_000_00
    assert "deducted" in asks(found)
