"""The words of ``forbear loan offers`` in Chinese and English."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("可以承受的还款方案", "Plans that can be carried"),
    "title.none": ("没有可以承受的还款方案", "No plan can be carried"),
    "of": ("{loan}，{day}", "{loan}, {day}"),
    "loan": ("贷款", "Loan"),
    "surplus": ("每月结余", "Monthly surplus"),
    "line.income": ("收入", "income"),
    "line.spending": ("必要支出", "necessary spending"),
    "line.other_debts": ("其他债务", "other debts"),
    "line.left": ("结余", "left"),
    "still": (
        "维持现状：今天结清要付 {today}，按现在的计划一共还要付 {total}。",
        "Standing still: {today} would close the loan today; by the present plan {total} is still "
        "to pay.",
    ),
    "count": (
        "有 {kinds} 类、{n} 个方案付得起。每类先列最靠前的一个，共列 {shown} 类；"
        "要看全部，加 --most 0。",
        "{n} plan(s) of {kinds} kind(s) can be carried. Of each kind the first is shown, "
        "{shown} kind(s) in all; for every kind add --most 0.",
    ),
    "count.all": (
        "有 {kinds} 类、{n} 个方案付得起。每类列出最靠前的一个。",
        "{n} plan(s) of {kinds} kind(s) can be carried. Of each kind the first is shown.",
    ),
    "others": ("同类还有：{list}。", "Others of this kind: {list}."),
    "other": (
        "{n} 期（每月最多 {month}，排第 {rank}）",
        "{n} payment(s), {month} in the dearest month (rank {rank})",
    ),
    "first.only": ("{first}一次付清。", "Paid once, by {first}."),
    "rule.lender": (
        "排序：每月最多占结余 {margin} 的在前；其中对出借人价值高的在前，同一档（每档 {step}）的，"
        "总额低的在前。价值按年 {discount} 折现、{cure} 的履约可能计算，只用来排序。",
        "Order: plans whose dearest month takes at most {margin} of the surplus come first; among "
        "them the one worth more to the lender, and within one step of worth ({step}) the lower "
        "total. Worth is discounted at {discount} a year with a {cure} chance of being kept; it "
        "only orders.",
    ),
    "rule.borrower": (
        "排序：每月最多占结余 {margin} 的在前；其中总额低的在前，总额相同的，对出借人价值高的在前"
        "（每档 {step}）。价值按年 {discount} 折现、{cure} 的履约可能计算，只用来排序。",
        "Order: plans whose dearest month takes at most {margin} of the surplus come first; among "
        "them the lower total, and of equal totals the one worth more to the lender (in steps of "
        "{step}). Worth is discounted at {discount} a year with a {cure} chance of being kept; it "
        "only orders.",
    ),
    "first": (
        "第一期 {first}，最后一期 {last}，共 {n} 期。",
        "First payment {first}, last {last}, {n} payment(s) in all.",
    ),
    "cost": (
        "整笔借款的年化成本：{before} → {after}。",
        "Annual cost of the whole loan: {before} → {after}.",
    ),
    "still.beyond": (
        "其中本金以外：{parts}；这些可以请出借人减免。",
        "Of that beyond the principal: {parts}; the lender can be asked to waive these.",
    ),
    "forgiven": ("免除：{parts}。", "Forgiven: {parts}."),
    "part.principal": ("本金 {amount}", "principal {amount}"),
    "part.interest": ("利息 {amount}", "interest {amount}"),
    "part.fee": ("费用 {amount}", "fees {amount}"),
    "part.penalty": ("违约金 {amount}", "penalties {amount}"),
    "nearest": (
        "最接近的方案是「{name}」，最多的一个月 {month}，比结余多 {short}。",
        "The nearest plan is “{name}”: its dearest month takes {month}, {short} more than is left.",
    ),
    "follows": ("可以做的", "What you can do"),
    "signing": ("答应之前：签了意味着什么", "Before you agree: what signing means"),
    "contacts": ("可以找谁", "Whom to turn to"),
    "ground": ("依据", "What this rests on"),
    "norm": ("（{level}，{clause}；{sure}）", " ({level}, {clause}; {sure})"),
    "norm.house": ("（{level}）", " ({level})"),
    "source": ("{title}（{dated}）：{read}", "{title} ({dated}): {read}"),
    "contact": ("{name}：{how}（{source}）", "{name}: {how} ({source})"),
    "not_read": (
        "没有读取：{names}。这些不影响结果。",
        "Not read: {names}. They decide nothing.",
    ),
    "refused": ("规定不允许的方案", "Plans that the rules do not allow"),
    "sure.text": ("读到原文", "read in the text"),
    "sure.quoted": ("据转述", "from reports"),
    "sure.weak": ("单一来源", "from one report"),
    "sure.recalled": ("凭记忆，请先核实", "from memory, check it first"),
    "sure.draft": ("尚未施行", "not enacted"),
}
