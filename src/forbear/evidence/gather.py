"""What to gather: the things that rules miss in a log, most wanted first, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from forbear.evidence.voice import Voice
from forbear.law.answers import NotShown

MISSING: Final[dict[str, tuple[str, str]]] = {
    "address": ("联系的是哪个号码或地址", "which number or address was used"),
    "address_source": (
        "对方从哪里得到您的号码",
        "where the collector got your number from",
    ),
    "agent": ("由谁联系（姓名或工号）", "who made the contact (name or staff number)"),
    "agent_profile": ("联系人员的资格", "the qualification of the person who made contact"),
    "agents": ("到场的有哪些人", "who came to the visit"),
    "bot": ("是否为智能语音", "whether a machine was speaking"),
    "device": ("对方用什么设备联系", "what device the collector used"),
    "entry_consent": ("进门前是否征得同意", "whether entry was agreed to"),
    "id_shown": ("上门人员是否出示证件", "whether visitors showed identification"),
    "identified": ("对方是否说明身份", "whether the caller said who they were"),
    "identity_disclosed": (
        "对方是否说明机构和来意",
        "whether the caller said for whom and why",
    ),
    "identity_verified": (
        "对方是否先核实您的身份",
        "whether the caller first checked who you were",
    ),
    "mode": (
        "是人工、智能语音还是播报",
        "whether a person, a machine or a recording spoke",
    ),
    "outcome": ("每次联系的结果", "how each contact ended"),
    "party": ("联系到的是谁", "who was reached"),
    "place": ("上门的地点", "where the visit took place"),
    "purpose": ("联系的目的", "what the contact was for"),
    "recorded": ("通话是否录音", "whether the call was recorded"),
    "relation": (
        "被联系的人与借款人的关系",
        "how the person reached is related to the borrower",
    ),
    "text": ("通话或短信的内容", "what was said or written"),
    "visibility": ("旁人能否看到信息", "whether others could see the message"),
}


def gather(not_shown: Iterable[NotShown]) -> list[tuple[str, int]]:
    """Each thing that rules miss with the number of rules that miss it, most wanted first."""
    wanted = Counter(key for lack in not_shown for key in set(lack.missing))
    return sorted(wanted.items(), key=lambda item: (-item[1], item[0]))


def missing_in_words(key: str, voice: Voice) -> str:
    """What to gather for a key; a key without words of its own stands as it is."""
    zh, en = MISSING.get(key.rpartition(".")[2], (key, key))
    return voice.tidy(zh if voice.chinese else en)
