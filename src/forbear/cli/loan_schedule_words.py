"""The words of ``forbear loan schedule`` and ``forbear loan show`` in Chinese and English."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("还款计划", "Repayment schedule"),
    "lender": ("出借人", "Lender"),
    "product": ("产品", "Product"),
    "principal": ("借款金额", "Amount lent"),
    "paid_out": ("放款", "Paid out"),
    "rate": ("名义年利率", "Nominal annual rate"),
    "rate.of": ("{rate}，{way}，{days}", "{rate}, {way}, {days}"),
    "way.declining_balance": ("按剩余本金计息", "on what is left"),
    "way.flat": (
        "按放款本金计息，还了本金也不减",
        "flat: on all that was paid out, whatever has been repaid",
    ),
    "way.zero": ("不计息", "none"),
    "count.whole": ("每期按整期计", "by whole periods"),
    "repay": ("还款方式", "Repaid by"),
    "repay.of": ("{way}，{step}一期，共{n}期", "{way}, {n} of them, {step}"),
    "grace": ("宽限", "Grace"),
    "grace.principal": ("前{n}期不还本金", "no principal in the first {n}"),
    "grace.interest": (
        "前{n}期的利息推迟到下一期",
        "interest of the first {n} falls due with the next",
    ),
    "fees": ("放款日费用", "Fees on the first day"),
    "total": ("共还", "Repaid in all"),
    "cost": ("其中利息和费用", "of it interest and fees"),
    "all_in": ("综合年化成本（单利）", "All-in annual rate, nominal"),
    "all_in.compound": ("综合年化成本（复利）", "All-in annual rate, effective"),
    "all_in.none": ("算不出一个数：{why}", "there is no such number: {why}"),
    "why.nothing_moves": ("收付当天就相互抵消", "what is received goes back on the same day"),
    "why.no_rate": ("没有一个利率能使收付相等", "at no rate do the two sides meet"),
    "why.several_rates": ("有几个利率都能使收付相等", "several rates make the two sides meet"),
    "why.beyond_any_rate": ("高得无法表示", "it is beyond anything that can be stated"),
    "why.touches_only": ("收付只在一点相接", "the two sides only touch"),
    "why.undecided": ("收付变号太多，算不出来", "the flows turn too often for the search to end"),
    "head.number": ("期", "No."),
    "head.due": ("应还日期", "Due"),
    "head.total": ("应还", "Instalment"),
    "head.principal": ("本金", "Principal"),
    "head.interest": ("利息", "Interest"),
    "head.fee": ("费用", "Fees"),
    "head.penalty": ("违约金", "Penalties"),
    "head.balance": ("剩余本金", "Balance"),
    "head.paid": ("已还", "Paid"),
    "head.left": ("未还", "Owed"),
    "down": ("首付", "down"),
    "sum": ("合计", "Total"),
    "balloon": (
        "最后一期比其他各期多得多：按这个利率，期数太长，每期几乎只够付利息。缩短期数会便宜得多。",
        "The last instalment is far larger than the others: at this rate the term is so long that "
        "they hardly repay anything. A shorter term costs much less.",
    ),
    "refused": ("这个产品不能这样借：", "This product cannot be lent like that:"),
    "drawn": ("图已写入 {file}", "The chart is in {file}"),
    # chart
    "chart.title": (
        "借 {principal}，共还 {total}，其中利息和费用 {cost}",
        "Borrow {principal}, repay {total}: {cost} of it is interest and fees",
    ),
    "chart.title.free": (
        "借 {principal}，还 {total}，没有利息和费用",
        "Borrow {principal}, repay {total}: no interest and no fees",
    ),
    "chart.desc": (
        "从{start}到{end}，共{n}期。剩余本金从 {principal} 逐期降到 0；"
        "已到期的利息和费用逐期升到 {cost}。",
        "From {start} to {end}, {n} instalments. The principal left falls from {principal} to 0; "
        "the interest and fees due so far rise to {cost}.",
    ),
    "chart.balance": ("剩余本金", "principal left"),
    "chart.cost": ("利息和费用", "interest and fees"),
}
