"""Which plans a household can carry, and in what order.

The rule, in full:

1. A plan whose dearest month takes more than the surplus is no offer, nor is one that costs more
   than standing still. Neither is shown as if it could be signed.
2. Plans that leave a margin of the surplus come before those that nearly use it up.
3. Among plans that leave a margin, the one worth more to the lender comes first; plans of one step
   of worth are alike, and then the lower total comes first. Where the borrower's order is asked
   for, the lower total comes first and worth decides between equal totals.
4. Among plans that leave none, the lowest month comes first, then as in 3.

The worth of a plan does not depend on the surplus. So a smaller surplus takes plans away and can
never put a dearer month in the first place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from forbear.base.reasons import Sentence
from forbear.loans.parts import Parts
from forbear.loans.said import amount


class First(StrEnum):
    """Whose advantage decides first among plans that can be carried alike."""

    LENDER = "lender"  # more worth, then the lower total
    BORROWER = "borrower"  # the lower total, then more worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One plan that could be offered. Amounts are minor units.

    ``id`` says what it is (``reage_frozen-12``), ``kind`` of what kind. ``payments`` are the days
    and amounts still to come, what is past due on the day itself. ``at_once`` is the part paid
    once from money at hand, not from the surplus; ``monthly`` the dearest calendar month.
    ``standing_still`` is what would be paid without the plan, ``value`` what it is worth to the
    lender, ``conditional`` what comes back where a deadline is missed.
    """

    id: str
    kind: str
    order: int
    payments: tuple[tuple[date, int], ...]
    at_once: int
    monthly: int
    months: int
    total: int
    standing_still: int
    forgiven: Parts
    conditional: Parts
    value: Fraction

    @property
    def saving(self) -> int:
        """How much less is paid than by standing still."""
        return self.standing_still - self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A plan in its place. ``share`` is its dearest month over the surplus; None where both are 0.

    ``reasons`` say what it takes, what it saves, what it is worth, and why it stands where it does.
    """

    rank: int
    plan: Plan
    share: Fraction | None
    margin: bool
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A plan that is no offer, and why: ``surplus``, ``lump_sum`` or ``total``; ``short`` by."""

    plan: Plan
    because: str
    short: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The offers, best first, and what was set aside, nearest first."""

    offers: tuple[Offer, ...]
    set_aside: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a household can pay: ``surplus`` each month, ``lump_sum`` once. Minor units."""

    currency: str
    surplus: int
    lump_sum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The measures of the order: the part of the surplus that leaves a margin, the step of worth.

    ``step`` is in minor units, a part of what is owed on the day. ``first`` says whose advantage
    decides among plans that leave a margin.
    """

    margin: Fraction
    step: Fraction
    first: First = First.LENDER


def rank(plans: Iterable[Plan], means: Means, rule: Rule) -> Ranked:
    """The plans that ``means`` can carry in their order. The order of ``plans`` decides nothing."""
    assert rule.step > 0, "a step of worth is more than nothing"
    carried: list[Plan] = []
    aside: list[SetAside] = []
    for plan in plans:
        refused = _set_aside(plan, means)
        if refused is None:
            carried.append(plan)
        else:
            aside.append(refused)
    carried.sort(key=lambda plan: _key(plan, means, rule))
    aside.sort(key=lambda each: (each.because, each.short, each.plan.order, each.plan.id))
    return Ranked(
        offers=tuple(
            _offer(n, plan, carried[n - 2] if n > 1 else None, means, rule)
            for n, plan in enumerate(carried, start=1)
        ),
        set_aside=tuple(aside),
    )


def _set_aside(plan: Plan, means: Means) -> SetAside | None:
    if plan.total > plan.standing_still:
        return SetAside(plan=plan, because="total", short=plan.total - plan.standing_still)
    if plan.at_once > means.lump_sum:
        return SetAside(plan=plan, because="lump_sum", short=plan.at_once - means.lump_sum)
    if plan.monthly > means.surplus:
        return SetAside(plan=plan, because="surplus", short=plan.monthly - means.surplus)
    return None


def leaves_margin(plan: Plan, means: Means, rule: Rule) -> bool:
    """Whether the dearest month of the plan leaves a margin of the surplus."""
    return plan.monthly <= rule.margin * means.surplus


def worth(plan: Plan, rule: Rule) -> int:
    """The worth of a plan in whole steps; plans of one step are alike to the lender."""
    return int(plan.value // rule.step)


def _key(plan: Plan, means: Means, rule: Rule) -> tuple[int | str, ...]:
    tight = not leaves_margin(plan, means, rule)
    month = plan.monthly if tight else 0
    gains = (-worth(plan, rule), plan.total)
    if rule.first is First.BORROWER:
        gains = (plan.total, -worth(plan, rule))
    return (int(tight), month, *gains, plan.months, plan.order, plan.id)


def _offer(n: int, plan: Plan, before: Plan | None, means: Means, rule: Rule) -> Offer:
    margin = leaves_margin(plan, means, rule)
    share = Fraction(plan.monthly, means.surplus) if means.surplus else None
    reasons = (
        _takes(plan, share, means, margin=margin),
        _saves(plan, means.currency),
        _is_worth(plan, means.currency),
        _stands(n, plan, before, means, rule),
    )
    return Offer(rank=n, plan=plan, share=share, margin=margin, reasons=reasons)


# ── reasons ──


def _takes(plan: Plan, share: Fraction | None, means: Means, *, margin: bool) -> Sentence:
    month = amount(plan.monthly, means.currency)
    if not plan.monthly:
        once = amount(plan.at_once, means.currency)
        return Sentence(
            zh=f"不占每月结余：用手头的钱一次付 {once.zh}。",
            en=f"It takes nothing of the monthly surplus: {once.en} is paid once from money at "
            "hand.",
        )
    shown = percent(share or Fraction(0))
    over = "one month" if plan.months == 1 else f"{plan.months} months"
    if margin:
        return Sentence(
            zh=f"分 {plan.months} 个月付，最多的一个月 {month.zh}，占每月结余的 {shown}，"
            "留有余地。",
            en=f"Over {over} the dearest takes {month.en}, {shown} of the surplus, "
            "which leaves a margin.",
        )
    return Sentence(
        zh=f"分 {plan.months} 个月付，最多的一个月 {month.zh}，占每月结余的 {shown}，"
        "几乎没有余地。",
        en=f"Over {over} the dearest takes {month.en}, {shown} of the surplus, "
        "with hardly any margin.",
    )


def _saves(plan: Plan, currency: str) -> Sentence:
    total, saved = amount(plan.total, currency), amount(plan.saving, currency)
    if not plan.saving:
        return Sentence(
            zh=f"一共付 {total.zh}，与维持现状一样多。",
            en=f"It comes to {total.en} in all, as much as standing still.",
        )
    if plan.conditional.total:
        return Sentence(
            zh=f"一共付 {total.zh}，比维持现状少付 {saved.zh}；逾期未付清的，减免的部分恢复。",
            en=f"It comes to {total.en} in all, {saved.en} less than standing still; where the "
            "deadline is missed, what was forgiven comes back.",
        )
    return Sentence(
        zh=f"一共付 {total.zh}，比维持现状少付 {saved.zh}。",
        en=f"It comes to {total.en} in all, {saved.en} less than standing still.",
    )


def _is_worth(plan: Plan, currency: str) -> Sentence:
    shown = amount(int(plan.value), currency)
    return Sentence(
        zh=f"对出借人来说，今天约值 {shown.zh}。",
        en=f"To the lender it is worth about {shown.en} today.",
    )


def _stands(n: int, plan: Plan, before: Plan | None, means: Means, rule: Rule) -> Sentence:
    """Why the plan stands behind the one before it, or first."""
    margin = leaves_margin(plan, means, rule)
    if before is None:
        return _stands_first(rule, margin=margin)
    if margin != leaves_margin(before, means, rule):
        return Sentence(
            zh=f"排在第 {n}：前面的方案都留有余地，这一个没有。",
            en="It stands here because the plans before it leave a margin and this one does not.",
        )
    if not margin and plan.monthly != before.monthly:
        return Sentence(
            zh=f"排在第 {n}：每月付得比前一个多。",
            en="It stands here because its dearest month takes more than that of the one before.",
        )
    less_worth, more_paid = worth(plan, rule) < worth(before, rule), plan.total > before.total
    if less_worth and not (more_paid and rule.first is First.BORROWER):
        return Sentence(
            zh=f"排在第 {n}：对出借人的价值比前一个低一档以上。",
            en="It stands here because it is worth at least one step less to the lender.",
        )
    if more_paid:
        return Sentence(
            zh=f"排在第 {n}：总额比前一个高。",
            en="It stands here because it comes to more in all than the one before.",
        )
    return Sentence(
        zh=f"排在第 {n}：价值同档、总额相同，还款时间不比前一个短。",
        en="It stands here because worth and total are alike, and it is no shorter than the one "
        "before.",
    )


def _stands_first(rule: Rule, *, margin: bool) -> Sentence:
    if not margin:
        return Sentence(
            zh="排在第一：没有方案能留出余地，这一个每月付得最少。",
            en="It is first: no plan leaves a margin, and this one has the lowest month.",
        )
    if rule.first is First.BORROWER:
        return Sentence(
            zh="排在第一：留有余地的方案里，总额最低，其中对出借人价值最高。",
            en="It is first: of the plans that leave a margin it has the lowest total, and of "
            "those the highest worth to the lender.",
        )
    return Sentence(
        zh="排在第一：留有余地的方案里，对出借人价值最高的一档，其中总额最低。",
        en="It is first: of the plans that leave a margin it is in the highest step of worth to "
        "the lender, and there the lowest in total.",
    )


def percent(share: Fraction) -> str:
    """A share as a whole percentage, rounded up so that no plan looks lighter than it is."""
    return f"{-(-share.numerator * 100 // share.denominator)}%"


def lightest(aside: Sequence[SetAside]) -> SetAside | None:
    """The plan nearest to being carried, of those that only the surplus stands against."""
    return next((each for each in aside if each.because == "surplus"), None)
