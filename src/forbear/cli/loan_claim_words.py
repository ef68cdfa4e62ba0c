"""The words of ``forbear loan claim`` in Chinese and English."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("{day}可以主张多少", "What may be claimed on {day}"),
    "loan": ("贷款{id}，按{country}的上限计算", "Loan {id}, by the ceilings of {country}"),
    "country.cn": ("中国", "China"),
    "country.uk": ("英国", "the United Kingdom"),
    "country.us": ("美国", "the United States"),
    "country.sg": ("新加坡", "Singapore"),
    "country.au": ("澳大利亚", "Australia"),
    "head.part": ("部分", "Part"),
    "head.claimed": ("主张", "Claimed"),
    "head.claimable": ("可以主张", "Claimable"),
    "head.refused": ("不得主张", "Not claimable"),
    "head.to_judge": ("其中待判断", "Of it to judge"),
    "total": ("合计", "Total"),
    "reasons": ("不得主张的部分和理由", "What may not be claimed, and why"),
    "no_reasons": ("各部分都在上限以内。", "Every part is within the ceilings."),
    "judge": ("须由专人判断的部分", "What a named person has to judge"),
    "questions": ("须由专人核对的事项", "What a named person has to check"),
    "set_off": (
        "此前超过上限已付、抵充本金的息费：{amount}",
        "Costs paid beyond a ceiling before, counted as principal repaid: {amount}",
    ),
    "deducted": (
        "预先扣除、不算本金的：{amount}",
        "Taken in advance and no principal: {amount}",
    ),
    "owed_back": (
        "多付而应当退还或者另行抵扣的：{amount}",
        "Paid beyond all that could be claimed, and owed back: {amount}",
    ),
    "source": ("出处：{source}", "Read in: {source}"),
    "ceilings": (
        "上限数据 {country} {sha},核对于{day}",
        "Ceilings {country} {sha}, checked on {day}",
    ),
    "none": ("没有编入上限", "no clause"),
    "not_advice": (
        "这是按已收录的规定计算的结果，不是法律意见。",
        "This is arithmetic by the rules held here, not legal advice.",
    ),
}
