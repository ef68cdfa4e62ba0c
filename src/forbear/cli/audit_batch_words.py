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
    "compare.forbidden": ("新禁止的联系:{n}次", "Newly forbidden: {n} contact(s)"),
    "compare.review": (
        "新须由专人判断的联系:{n}次",
        "Newly for a named person to judge: {n} contact(s)",
    ),
    "compare.allowed": ("新允许的联系:{n}次", "Newly allowed: {n} contact(s)"),
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
