"""The words of ``forbear loan relief`` in Chinese and English."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("减负预览，{day}", "Relief, as previewed for {day}"),
    "granted": ("已生成减负步骤 {step}，{day}", "Relief granted as step {step} on {day}"),
    "undone": ("已撤销减负步骤 {step}，{day}", "Relief undone: step {step}, on {day}"),
    "refused": ("这样减负办不了：", "This relief cannot be granted:"),
    "asked": ("申请", "Asked for"),
    "today": ("今天结清要付", "Would close it today"),
    "still": ("不作任何安排，共还", "To pay by standing still"),
    "after": ("减负后，共还", "To pay with this relief"),
    "until": ("{amount}，到 {day}", "{amount}, until {day}"),
    "saved": ("少还", "Less by"),
    "forgiven": ("免除", "Forgiven"),
    "postponed": ("推后", "Postponed"),
    "payment": ("每月最多还", "Most in one month"),
    "payment.was": ("{now}（原来 {was}）", "{now} (was {was})"),
    "payment.share": (
        "{now}（原来 {was}），占每月结余的 {share}",
        "{now} (was {was}), {share} of what can be spared",
    ),
    "late": ("逾期天数", "Days past due"),
    "rate": ("整笔贷款的年化成本", "Annual cost of the whole loan"),
    "became": ("{was} → {now}", "{was} → {now}"),
    "none": ("没有", "nothing"),
    "no_rate": ("算不出", "no such number"),
    "negative": ("低于 0%", "below 0%"),
    "part.principal": ("本金 {amount}", "principal {amount}"),
    "part.interest": ("利息 {amount}", "interest {amount}"),
    "part.fee": ("费用 {amount}", "fees {amount}"),
    "part.penalty": ("违约金 {amount}", "penalties {amount}"),
    "head.number": ("期", "No."),
    "head.due": ("应还日期", "Due"),
    "head.total": ("应还", "Instalment"),
    "head.principal": ("本金", "Principal"),
    "head.interest": ("利息", "Interest"),
    "head.fee": ("费用", "Fees"),
    "head.penalty": ("违约金", "Penalties"),
    "sum": ("合计", "Sum"),
    "norm": ("（{level}：{clause}）", " ({level}: {clause})"),
    "norm.house": ("（{level}）", " ({level})"),
    "nothing_entered": (
        "这只是预览，没有写入任何东西；要办理请加 --grant。",
        "This is a preview; nothing was entered. Add --grant to enter it.",
    ),
    "written": ("已写入 {file}。", "Written to {file}."),
    "entered": (
        "把这些记录一起加入这笔贷款，要么都加，要么都不加：",
        "Add these entries to the loan together or not at all:",
    ),
    "drawn": ("图已写入 {file}。", "The chart was written to {file}."),
    "chart.title": ("减负后共还 {total}，到 {day}", "{total} to pay until {day}"),
    "chart.desc": (
        "本金从 {principal} 逐期减少到零，利息和费用合计 {cost}。",
        "The principal goes down from {principal} to nothing; interest and fees make {cost}.",
    ),
    "chart.balance": ("未还本金", "Principal left"),
    "chart.cost": ("利息和费用", "Interest and fees"),
    "chart.head.cost": ("其中息费", "Of it cost"),
    "chart.head.balance": ("剩余本金", "Balance"),
    # Measures, as they were asked for.
    "measure.reage": (
        "重新排期，{n}期，从{first_due}起",
        "re-age: {n} instalments from {first_due}",
    ),
    "measure.reamortize": ("逾期款并入以后各期", "re-amortise what is past due"),
    "measure.interest_pause": (
        "{start}到{end}暂停计息",
        "no interest from {start} to {end}",
    ),
    "measure.rate_change": (
        "年利率降到 {annual_rate_percent}%",
        "the rate falls to {annual_rate_percent}%",
    ),
    "measure.due_move": (
        "{due}的还款日移到{new_due}",
        "the instalment of {due} moves to {new_due}",
    ),
    "measure.extra_terms": ("再加{n}期", "{n} more instalments"),
    "measure.termination": ("提前终止，{deadline}前还清", "the contract ends, due by {deadline}"),
    "measure.waiver": ("减免{amounts}", "waiver of {amounts}"),
    "measure.settlement": ("{deadline}前还 {amount} 即结清", "{amount} by {deadline} settles it"),
    "measure.personal_plan": (
        "个性化分期，{n}期，从{first_due}起，年利率 {annual_rate_percent}%",
        "a plan of {n} months from {first_due} at {annual_rate_percent}%",
    ),
    "measure.delinquency_pause": (
        "{start}到{end}不计逾期天数",
        "{start} to {end} not counted as days past due",
    ),
    "all": ("全部", "all"),
}
