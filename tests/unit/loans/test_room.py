"""The room of a ceiling, by hand: days, months, what uses it up, what is set off."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level
from forbear.loans import journal
from forbear.loans.ceiling import Base, Cost, Norm
from forbear.loans.parts import Parts
from forbear.loans.room import (
    GIVEN,
    IN,
    OUT,
    Flow,
    Limit,
    Pace,
    fit,
    flows_of,
    share_of_year,
    walk,
)
from forbear.loans.state import Posting, Row, State

ALL = frozenset(Cost)
JAN, APR, JUL = date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1)
NORM = Norm(
    id="n",
    clause="1",
    says=Sentence(zh="上限。", en="A ceiling."),
    level=Level.LAW,
    confidence=Confidence.TEXT,
    source="a test",
)


def limit(
    *paces: Pace,
    covers: frozenset[Cost] = ALL,
    fixed: int = 0,
    share: Fraction = Fraction(0),
    at_the_end: bool = False,
) -> Limit:
    return Limit(
        norm=NORM,
        covers=covers,
        paces=paces,
        fixed=Fraction(fixed),
        share=share,
        at_the_end=at_the_end,
    )


def pace(percent: int, base: Base = Base.BALANCE, kept: int | None = None) -> Pace:
    return Pace(
        yearly=Fraction(percent, 100), kept=Fraction(percent if kept is None else kept, 100),
        base=base,
    )  # fmt: skip


def test_every_kind_of_posting_that_lowers_a_debt_is_money_or_a_claim_given_up():
    """A kind that this module did not know would leave a payment out of the account."""
    assert set(journal.SETTLED_BY) == IN | GIVEN
    assert not IN & GIVEN
    assert {"disbursement", *journal._GIVEN_BACK} == OUT
    paid = {kind for kind, account in journal.SETTLED_BY.items() if account == "cash"}
    assert paid == IN


def test_days_are_counted_over_365_in_a_leap_year_too():
    assert share_of_year(date(2024, 2, 1), date(2024, 3, 1)) == Fraction(29, 365)
    assert share_of_year(date(2024, 1, 1), date(2025, 1, 1)) == Fraction(366, 365)


def test_months_are_twelfths_from_the_seed_day_and_days_their_share_of_the_month():
    seed = date(2025, 1, 31)
    assert share_of_year(seed, date(2025, 2, 28), seed) == Fraction(1, 12)
    assert share_of_year(seed, date(2025, 3, 31), seed) == Fraction(2, 12)
    begun = date(2025, 1, 10)
    assert share_of_year(date(2025, 2, 10), date(2025, 2, 24), begun) == Fraction(14, 28 * 12)
    assert share_of_year(date(2025, 1, 10), date(2026, 1, 10), begun) == 1


def test_shares_of_adjoining_spans_add_up():
    seed = date(2024, 12, 31)
    days = [date(2025, 1, 15), date(2025, 2, 3), date(2025, 2, 28), date(2025, 6, 1)]
    whole = share_of_year(seed, days[-1], seed)
    parts = zip([seed, *days], days, strict=False)
    assert sum(share_of_year(a, b, seed) for a, b in parts) == whole


def test_costs_fill_the_inner_room_first_and_then_the_outer_in_order():
    amounts = {Cost.INTEREST: 50, Cost.OVERDUE_INTEREST: 10, Cost.PENALTY: 30, Cost.FEE: 20}
    rooms = [(frozenset({Cost.PENALTY}), 15), (ALL, 70)]
    kept, cuts = fit(amounts, rooms)
    assert kept == {
        Cost.INTEREST: 50, Cost.OVERDUE_INTEREST: 10, Cost.PENALTY: 10, Cost.FEE: 0
    }  # fmt: skip
    assert cuts == [{Cost.PENALTY: 15}, {Cost.PENALTY: 5, Cost.FEE: 20}]


def test_room_that_is_below_nothing_is_none():
    kept, _ = fit(dict.fromkeys(Cost, 1), [(ALL, -5)])
    assert sum(kept.values()) == 0


def test_room_grows_with_the_balance_really_out():
    flows = [
        Flow(JAN, out=1_000_000),
        Flow(APR, parts=Parts(principal=400_000, interest=20_000)),
    ]
    account = walk(flows, [], JUL, [limit(pace(12))])
    room = account.rooms[0]
    # 90 days of ten thousand yuan and 91 of six thousand.
    assert room.earned == Fraction(12, 100) * (90 * 1_000_000 + 91 * 600_000) / 365
    assert room.left == room.earned - 20_000
    assert (account.balance, account.set_off) == (600_000, [])


def test_what_is_paid_above_the_room_of_the_day_repays_principal_on_that_day():
    flows = [Flow(JAN, out=1_000_000), Flow(JUL, parts=Parts(interest=180_000))]
    account = walk(flows, [], date(2026, 1, 1), [limit(pace(12))])
    kept = 1_000_000 * 12 * 181 // 36_500
    assert kept == 59_506
    assert [(each.on, each.amount) for each in account.set_off] == [(JUL, 180_000 - kept)]
    assert account.balance == 1_000_000 - 180_000 + kept
    assert account.rooms[0].earned == Fraction(12, 36_500) * (
        181 * 1_000_000 + 184 * account.balance
    )


def test_a_ceiling_that_settles_at_the_end_lets_early_cost_be_earned_later():
    flows = [Flow(JAN, out=1_000_000), Flow(JAN, parts=Parts(fee=50_000))]
    flows = [flows[0].plus(flows[1])]
    early = walk(flows, [], APR, [limit(pace(12), at_the_end=True)])
    # Ninety days give 295.89, so 204.11 is beyond: what is set off is rounded up.
    assert early.balance == 1_000_000 - 20_411
    late = walk(flows, [], date(2026, 1, 1), [limit(pace(12), at_the_end=True)])
    assert (late.balance, late.set_off) == (1_000_000, [])
    at_once = walk(flows, [], date(2026, 1, 1), [limit(pace(12))])
    assert at_once.balance == 950_000


def test_a_higher_rate_for_what_was_paid_keeps_it_paid_and_still_bounds_what_is_unpaid():
    flows = [Flow(JAN, out=1_000_000), Flow(JUL, parts=Parts(interest=180_000))]
    account = walk(flows, [], JUL, [limit(pace(24, kept=36))])
    paid_at_36 = 1_000_000 * 36 * 181 // 36_500
    assert sum(each.amount for each in account.set_off) == 180_000 - paid_at_36
    assert account.rooms[0].left == 0


def test_a_share_grows_with_each_payout_and_a_fixed_sum_is_there_at_once():
    flows = [Flow(JAN, out=1_000), Flow(APR, out=500)]
    account = walk(flows, [], JUL, [limit(fixed=7, share=Fraction(1, 10))])
    assert account.rooms[0].earned == 7 + 150


def test_what_is_overdue_is_what_fell_due_and_was_not_paid():
    rows = [
        Row(1, JAN, APR, Parts(principal=400_000)),
        Row(2, APR, JUL, Parts(principal=600_000)),
    ]
    flows = [Flow(JAN, out=1_000_000), Flow(date(2025, 5, 1), parts=Parts(principal=100_000))]
    account = walk(flows, rows, date(2025, 8, 1), [limit(pace(10, Base.OVERDUE))])
    # April: 400,000; May and June: 300,000; July: 900,000.
    days = 30 * 400_000 + 61 * 300_000 + 31 * 900_000
    assert account.rooms[0].earned == Fraction(days, 3_650)


def test_the_credit_first_given_does_not_fall_with_payments():
    flows = [Flow(JAN, out=1_000_000), Flow(APR, parts=Parts(principal=900_000))]
    account = walk(flows, [], JUL, [limit(pace(10, Base.CREDIT))])
    assert account.rooms[0].earned == Fraction(181 * 1_000_000, 3_650)


def test_a_surplus_is_given_back_before_new_money_is_principal():
    flows = [
        Flow(JAN, out=1_000),
        Flow(APR, parts=Parts(principal=1_000), over=300),
        Flow(JUL, out=500),
    ]
    account = walk(flows, [], date(2025, 8, 1), [])
    assert (account.balance, account.surplus) == (200, 0)
    assert walk(flows[:2], [], JUL, []).surplus == 300


def test_money_after_the_day_is_not_there_yet():
    flows = [Flow(JAN, out=1_000), Flow(JUL, parts=Parts(principal=1_000))]
    assert walk(flows, [], date(2025, 6, 30), []).balance == 1_000
    assert walk(flows, [], JUL, []).balance == 0
    assert walk([], [], JUL, [limit(pace(10))]).rooms[0].earned == 0


def test_paces_follow_each_other_to_the_day():
    old = Pace(yearly=Fraction(24, 100), kept=Fraction(24, 100), before=APR)
    new = Pace(yearly=Fraction(12, 100), kept=Fraction(12, 100), since=APR)
    account = walk([Flow(JAN, out=36_500)], [], date(2025, 4, 11), [limit(old, new)])
    assert account.rooms[0].earned == 24 * 90 + 12 * 10


def test_the_money_of_a_day_is_one_sum_and_what_moves_none_is_left_out():
    postings = [
        Posting("b", APR, "repayment", 30, Parts(10, 20), 0),
        Posting("a", JAN, "disbursement", 100, Parts(), 100),
        Posting("c", APR, "waiver", 9, Parts(4, 5), 0),
        Posting("d", APR, "repayment", 12, Parts(interest=2), 0, over=10),
        Posting("e", APR, "re_age", 50, Parts(principal=50), 0),
        Posting("f", JUL, "chargeback", 30, Parts(10, 20), 0),
    ]
    state = State(date(2025, 8, 1), "CNY", (), tuple(postings), overpaid=10)
    assert flows_of(state) == (
        Flow(JAN, out=100),
        Flow(APR, parts=Parts(14, 22), over=10),
        Flow(JUL, out=30),
    )


def test_what_was_paid_too_much_and_taken_for_a_later_charge_is_paid_once():
    """The books show it in the row only, so the posting alone would count it as a surplus."""
    rows = (Row(1, JAN, JUL, Parts(100, penalty=10), Parts(100, penalty=1)),)
    postings = (
        Posting("a", JAN, "disbursement", 100, Parts(), 100),
        Posting("b", APR, "repayment", 101, Parts(100), 0, over=1),
    )
    flows = flows_of(State(JUL, "CNY", rows, postings))
    assert flows[-1] == Flow(JUL, parts=Parts(penalty=1), over=-1)
    account = walk(flows, rows, JUL, [limit(fixed=10)])
    assert (account.balance, account.surplus, account.rooms[0].left) == (0, 0, 9)
    kept = flows_of(State(JUL, "CNY", rows, postings, overpaid=1))
    assert [flow.on for flow in kept] == [JAN, APR]
