"""Why relief is refused, and what is worth knowing where it is not: every sentence in one place."""

from __future__ import annotations

from typing import Final

from forbear.base.reasons import Sentence

# Placeholders are filled with sentences of :mod:`forbear.loans.said` or with whole numbers.
WORDS: Final[dict[str, tuple[str, str]]] = {
    # Refusals.
    "nothing_asked": (
        "没有写明要哪种减负；请至少选一种。",
        "No measure is named; name at least one.",
    ),
    "not_paid_out": (
        "这笔贷款还没有放款，谈不上减负；请放款后再申请。",
        "The loan has not been paid out, so there is nothing to relieve; ask again once it is.",
    ),
    "nothing_owed": (
        "这笔贷款已经没有欠款，不需要减负；请核对是哪一笔。",
        "Nothing is owed on this loan any more; check whether another one is meant.",
    ),
    "count": (
        "期数是{given}；请写 1 到{most}的整数。",
        "The number of instalments is {given}; write a whole number from 1 to {most}.",
    ),
    "first_due_past": (
        "首期还款日{given}不在今天（{today}）之后；请改为更晚的日子。",
        "The first instalment on {given} is not after today ({today}); name a later day.",
    ),
    "pause_reversed": (
        "暂停的最后一天{end}早于第一天{start}；请对调。",
        "The pause ends on {end}, before it starts on {start}; exchange them.",
    ),
    "nothing_past_due": (
        "今天没有到期未还的款项，不需要并入以后各期；想减轻每月负担，可以申请延长期数。",
        "Nothing is due today, so there is nothing to move; ask for extra terms to lower the "
        "instalments.",
    ),
    "no_instalment_left": (
        "后面已经没有未到期的期次，逾期款项无处可并；请改为重新分期（reage）。",
        "No instalment is still to come that could take what is past due; ask for a re-age.",
    ),
    "no_interest": (
        "这段时间没有利息可以减；请核对起止日，或改用其他办法。",
        "There is no interest in that time to spare; check the days, or ask for another measure.",
    ),
    "rate_not_lower": (
        "新利率{given}不低于现在的{now}；作为减负，利率只能下调。",
        "The new rate {given} is not below today's {now}; as relief a rate only goes down.",
    ),
    "no_such_instalment": (
        "{given}没有待还的期次；待还的到期日有：{known}。",
        "No open instalment is due on {given}; known are {known}.",
    ),
    "not_later": (
        "新的还款日{given}不晚于原来的{due}；延后还款日须往后改。",
        "The new due day {given} is not after {due}; as relief a due day only moves later.",
    ),
    "deadline_past": (
        "截止日{given}已经过去（今天是{today}）；请改为今天或以后。",
        "The deadline {given} lies before today ({today}); name today or a later day.",
    ),
    "nothing_saved": (
        "解除合同不会少收一分钱，只会让全部欠款立刻到期，因此不作为减负。",
        "Ending the contract would save nothing and make everything due at once; that is no "
        "relief.",
    ),
    "beyond_surplus": (
        "解除合同后要在{deadline}前还清{due}，超过这段时间能拿出的{can}；请改为停息并重新分期。",
        "Ending the contract makes {due} due by {deadline}, more than the {can} that can be "
        "spared until then; ask for a re-age with interest frozen.",
    ),
    "not_positive": (
        "{component}减免{given}，不是大于零的金额；请写要减免多少。",
        "A waiver of {given} of {component} is not above nothing; write how much is waived.",
    ),
    "waiver_beyond_owed": (
        "要减免{component}{given}，但只欠{owed}；请写不超过这个数的金额，或写 all。",
        "A waiver of {given} of {component} is beyond the {owed} owed; write no more than that, "
        "or all.",
    ),
    "nothing_to_waive": (
        "没有欠{component}，无可减免；请去掉这一项。",
        "There is nothing of {component} to waive; leave it out.",
    ),
    "settlement_not_less": (
        "减额结清要还{given}，不少于今天结清所需的{owed}；请写更低的金额，或直接还清。",
        "A settlement of {given} is no less than the {owed} that would close the loan today; "
        "write a lower amount, or just pay it off.",
    ),
    "settlement_not_last": (
        "减额结清只能与减免同时申请，并写在最后；请去掉其他安排。",
        "A settlement goes together with waivers only, and comes last; leave the others out.",
    ),
    "settlement_running": (
        "减额结清的约定还在进行，截止日是{deadline}；请等它有结果，或先撤销那个步骤。",
        "A settlement is still running until {deadline}; wait for it, or undo that step first.",
    ),
    "dearer": (
        "照合同利率，这样安排要多付{added}利息（{after}，维持现状是{still}），按您的要求不予办理；"
        "改为 trim 则多出的利息不收。",
        "At the contract's rate this would cost {added} more interest ({after}, against {still} "
        "by standing still) and is refused as you asked; with trim that interest is not charged.",
    ),
    "limit_extensions": (
        "已经展期{had}次，再展期就超过{most}次。{says}可以改为暂停计息、减免或减额结清。",
        "The loan was extended {had} time(s); once more would exceed {most}. {says} An interest "
        "pause, a waiver or a settlement remain possible.",
    ),
    "limit_plan_months": (
        "要求{given}个月，超过{most}个月。{says}请减少期数，或同时申请减免。",
        "{given} months are more than {most}. {says} Ask for fewer, or for a waiver as well.",
    ),
    # Remarks.
    "trimmed": (
        "照合同利率还会多出{added}利息，这部分不收，所以总额不会超过维持现状。",
        "The contract's rate would have added {added} interest; it is not charged, so that this "
        "never costs more than standing still.",
    ),
    "conditional": (
        "若{deadline}前没有付足{amount}，已免除的{back}全部恢复，已付的钱照样算数。",
        "If {amount} is not paid by {deadline}, all {back} that was forgiven comes back; what "
        "was paid still counts.",
    ),
    "parked": (
        "从今天起停息；已经产生的利息{amount}先挂账，还清本金之后再还。",
        "No interest runs from today; {amount} that has accrued waits until the principal is paid.",
    ),
    "at_once": (
        "这样一来，{due}在{deadline}前全部到期；请确认拿得出这笔钱。",
        "This makes {due} due by {deadline}, all of it; be sure that it can be found.",
    ),
    "still_past_due": (
        "办理后仍有{amount}处于逾期。",
        "{amount} stays past due after this.",
    ),
    "agreed_plan": (
        "从今天起按约定的计划还：逾期不再加收利息，提前还款会少付利息，还款先还本金。",
        "From today the agreed plan holds: paying late adds no interest, paying early saves some, "
        "and money goes to principal first.",
    ),
}

COMPONENTS: Final[dict[str, tuple[str, str]]] = {
    "principal": ("本金", "principal"),
    "interest": ("利息", "interest"),
    "fee": ("费用", "fees"),
    "penalty": ("违约金", "penalties"),
}


def say(key: str, **values: object) -> Sentence:
    """The words ``key``; each value a sentence, of which each language takes its own, or plain."""
    zh, en = WORDS[key]
    return Sentence(
        zh=zh.format(**{name: _in(value, "zh") for name, value in values.items()}),
        en=en.format(**{name: _in(value, "en") for name, value in values.items()}),
    )


def component(name: str) -> Sentence:
    """What a component is called."""
    zh, en = COMPONENTS[name]
    return Sentence(zh=zh, en=en)


def _in(value: object, language: str) -> object:
    return value.in_language(language) if isinstance(value, Sentence) else value
