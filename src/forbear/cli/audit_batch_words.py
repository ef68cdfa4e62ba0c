"""The words of an audit of a whole ledger, and of a comparison, in Chinese and English."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # how far it has come
    "progress.reading": ("读取", "reading"),
    "progress.judging": ("判断", "judging"),
    "progress.comparing": ("对照", "comparing"),
    "progress.speed": ("每秒{speed}次", "{speed} contacts/s"),
    "progress.left": ("剩余{time}", "{time} left"),
    # what came of it
    "ledger.judged": (
        "判断了{n}次联系,用时 {time},每秒{speed}次。",
        "{n} contact(s) judged in {time}, {speed} a second.",
    ),
    "ledger.resumed": (
        "判断了{n}次联系;接着上一次没有做完的部分,这一次用时 {time}。",
        "{n} contact(s) judged; this run went on where an earlier one stopped, and took {time}.",
    ),
    "ledger.finished": (
        "判断了{n}次联系。上一次已经做完,这一次没有重做。",
        "{n} contact(s) judged, all of them by an earlier run.",
    ),
    "ledger.none": (
        "没有可以判断的联系。请核对文件是否选对、列名是否正确。",
        "There is no contact to judge. Check the file and the names of its columns.",
    ),
    "ledger.errors": (
        "有{n}行没有读出,其余的照常判断:",
        "{n} row(s) could not be read; the others were judged:",
    ),
    "ledger.row": ("第{n}行", "row {n}"),
    "ledger.by": ("依照{name}", "Under {name}"),
    "ledger.clean": (
        "在这些记录能说明的范围内,没有发现违反规定的联系。",
        "Within what this ledger can show, no contact was found to break a rule.",
    ),
    "ledger.findings": (
        "发现{n}处问题,涉及{clauses}条规则:",
        "{n} finding(s), under {clauses} rule(s):",
    ),
    "ledger.more": ("另有{n}条规则。", "{n} more rule(s)."),
    "ledger.stats": (
        "{all}名借款人中有{n}名（{share}%，{contacts}次联系）逐一判断，因为：",
        "{n} of {all} debtor(s) ({share} %, {contacts} contact(s)) had to be judged one by one, "
        "because:",
    ),
    "ledger.fast": (
        "{all}名借款人的联系归为{n}种情形,每种问一次规则,没有需要逐一判断的人。",
        "The contacts of {all} debtor(s) make {n} situation(s), each put to the rules once; nobody "
        "had to be judged one by one.",
    ),
    "ledger.situations": (
        "其余的归为{n}种情形,每种问一次规则。",
        "The others make {n} situation(s), each put to the rules once.",
    ),
    "ledger.files": ("结果写在:", "Written to"),
    "ledger.file.findings": ("每处问题一行", "one row for each finding"),
    "ledger.file.summary": (
        "按规则、催收员、催收机构、日期合计",
        "sums by rule, agent, agency and day",
    ),
    "ledger.file.errors": ("没有读出的行和原因", "the rows that could not be read, and why"),
    "ledger.file.comparison": (
        "每次结论有变化的联系一行",
        "one row for each contact that is answered differently",
    ),
    # a comparison of versions
    "compare.title": ("对照:{before} → {after}", "Compared: {before} → {after}"),
    "compare.next": ("{name}(即{days})", "{name} ({days})"),
    "compare.same": (
        "判断了{all}次联系,结论和依据都没有变化。",
        "{all} contact(s) judged; no answer and no clause changes.",
    ),
    "compare.changed": (
        "判断了{all}次联系,其中{n}次的结论或依据有变化。",
        "{all} contact(s) judged; {n} of them answered differently or by other clauses.",
    ),
    "compare.forbidden": ("改为不允许的联系:{n}次", "Newly forbidden: {n} contact(s)"),
    "compare.review": (
        "改由专人判断的联系:{n}次",
        "Newly for a named person to judge: {n} contact(s)",
    ),
    "compare.allowed": ("改为允许的联系:{n}次", "Newly allowed: {n} contact(s)"),
    "compare.clauses": (
        "结论不变、依据不同的联系:{n}次",
        "Same answer, by other clauses: {n} contact(s)",
    ),
    "compare.by.clause": (
        "按条款(+ 新适用,- 不再适用)",
        "By clause (+ now stands against them, - no longer does)",
    ),
    "compare.by.agency": ("按催收机构", "By agency"),
    "compare.by.agent": ("按催收员", "By agent"),
    "compare.nobody": ("没有写明", "not said"),
    "compare.more": ("另有{n}项。", "{n} more."),
    "compare.more.in": ("另有{n}项,见 {file}。", "{n} more: see {file}."),
    "compare.instead": (
        "此前的依据:{lost};此后的依据:{gained}",
        "before: {lost}; after: {gained}",
    ),
}

# Why a debtor is judged one by one, as the engine says it; other reasons name a condition of a rule
# and are shown as they are.
WHY: Final[dict[str, str]] = {
    "a fact that became known late": "有的事实发生之后才为人所知",
    "a situation that the compiled form does not know": "有的情形只能逐一判断",
}
