"""The surplus: what a household has left each month after what it must live on.

    income counted − the higher of spending told and the floor − what other debts take a month

Every line is shown with its reason. More income never lowers the surplus, more spending, debts or
dependants never raise it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from forbear.base.money import Rounding, rounded
from forbear.base.reasons import Sentence
from forbear.loans.offers.circumstances import Circumstances
from forbear.loans.offers.floors import Floor, floor, rule_says
from forbear.loans.said import amount

# Of an income that varies and of which one figure is told, this part is counted.
IRREGULAR_COUNTS: Final = Fraction(4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the reckoning: a word for programs, minor units, and why it is so much."""

    id: str  # income | spending | other_debts
    amount: int
    says: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """What is left each month, in minor units; ``left`` may be negative, ``amount`` is not."""

    currency: str
    left: int
    lines: tuple[Line, ...]
    floor: Floor | None
    remarks: tuple[Sentence, ...] = ()

    @property
    def amount(self) -> int:
        """What a plan may take at most; nothing where more must go out than comes in."""
        return max(0, self.left)


def surplus(told: Circumstances) -> Surplus:
    """The surplus of a household, with the lines it is made of."""
    people = 1 + told.dependants
    kept = None if told.region is None else floor(told.region, people, told.area)
    income = _income(told)
    spending, remarks = _spending(told, kept)
    debts = Line(
        id="other_debts",
        amount=told.other_debts,
        says=Sentence(
            zh="其他债务每月要还的，全部先扣除。",
            en="What other debts take a month comes off first.",
        ),
    )
    return Surplus(
        currency=told.currency,
        left=income.amount - spending.amount - debts.amount,
        lines=(income, spending, debts),
        floor=kept,
        remarks=remarks,
    )


def _income(told: Circumstances) -> Line:
    months, n = told.incomes, len(told.incomes)
    if told.irregular and n > 1:
        worse = months[: (n + 1) // 2]
        return Line(
            id="income",
            amount=rounded(Fraction(sum(worse), len(worse)), Rounding.DOWN),
            says=Sentence(
                zh=f"收入不固定：按 {n} 个月里较低的 {len(worse)} 个月的平均数计。",
                en=f"The income varies, so the mean of the lower {len(worse)} of {n} months "
                "counts.",
            ),
        )
    if told.irregular:
        return Line(
            id="income",
            amount=rounded(months[0] * IRREGULAR_COUNTS, Rounding.DOWN),
            says=Sentence(
                zh="收入不固定：只按所报数额的八成计。",
                en="The income varies, so four fifths of the figure told count.",
            ),
        )
    said = Sentence(zh="所报的税后月收入。", en="The monthly income told, after tax.")
    if n > 1:
        said = Sentence(zh=f"{n} 个月的平均收入。", en=f"The mean income of {n} months.")
    return Line(id="income", amount=rounded(Fraction(sum(months), n), Rounding.DOWN), says=said)


def _spending(told: Circumstances, kept: Floor | None) -> tuple[Line, tuple[Sentence, ...]]:
    """What must go out: as told, but never less than the floor."""
    least = max(told.floor or 0, 0 if kept is None else kept.amount)
    shown = amount(least, told.currency)
    why = rule_says()
    if kept is None or (told.floor or 0) >= kept.amount:
        why = Sentence(zh="底线由您或您的顾问提出。", en="The floor was stated for this household.")
    elif kept.region.by_size:
        why = kept.sources[0].read
    if told.spending is None:
        said = Sentence(
            zh=f"没有说明支出，按生活底线 {shown.zh}计；实际需要更多的，请补充说明。",
            en=f"No spending was told, so the floor of {shown.en} counts; say so if you need more.",
        )
        return Line(id="spending", amount=least, says=said + why), ()
    if told.spending < least:
        said = Sentence(
            zh=f"所报的必要支出低于生活底线，按底线 {shown.zh}计。",
            en=f"The spending told is below the floor, so the floor of {shown.en} counts.",
        )
        return Line(id="spending", amount=least, says=said + why), ()
    line = Line(
        id="spending",
        amount=told.spending,
        says=Sentence(
            zh=f"所报的必要支出，不低于生活底线 {shown.zh}。",
            en=f"The necessary spending told; the floor is {shown.en}.",
        ),
    )
    if kept is None or kept.typical is None or told.spending <= kept.typical:
        return line, ()
    usual = amount(kept.typical, told.currency)
    return line, (
        Sentence(
            zh=f"所报支出高于当地平均（{usual.zh}），仍全额计入；"
            "备好房租、医疗等凭证，可以说明原因。",
            en=f"The spending told is above the local average ({usual.en}). It counts in full; "
            "keep papers on rent, illness and the like at hand, to explain it.",
        ),
    )
