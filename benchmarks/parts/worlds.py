"""Made-up debtors of one lender, each with a history, and contacts proposed to them later on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, Final

CHINA: Final = timezone(timedelta(hours=8))
_FIRST: Final = datetime(2026, 1, 5, tzinfo=CHINA)
_HISTORY_DAYS: Final = 85
_ASKED_DAYS: Final = 25
_AGENTS: Final = 12
_NIGHT_SHARE: Final = 0.2
_WORDS: Final = (
    "【甲小贷】您的借款已逾期,可在App内还款或申请协商。",
    "【甲小贷】您本月应还款项尚未到账,如已还款请忽略。",
    "您好,这里是甲小贷,想和您确认一下还款安排。",
    "【甲小贷】您的借款今日到期,请通过官方渠道还款。",
    "【甲小贷】您的协商申请已收到,我们会在三日内答复。",
    "您好,这里是甲小贷,请问现在方便说话吗?",
)
_BAD_WORDS: Final = ("再不还就让你全村都知道,你这个老赖。", "今天不还,明天就来抓人。")
_TO_OTHERS: Final = "您好,能否请您转告张三先生回电?"
_CALL_ENDS: Final = (
    ["no_answer"] * 54 + ["busy"] * 10 + ["conversation"] * 18 + ["answered_limited"] * 8
    + ["voicemail_left"] * 4 + ["out_of_service"] * 2 + ["voicemail_unavailable"] * 4
)  # fmt: skip
_FACTS: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "agreed_time", "window": ["19:00", "21:00"]},
    {"kind": "consent", "channel": "call", "window": ["21:00", "23:00"]},
    {"kind": "contact_refused", "address": "13800000002"},
    {"kind": "dispute", "debts": ["B"], "value": {"verified": False}},
    {"kind": "hardship"},
    {"kind": "instalment_agreement", "debts": ["B"], "value": {"status": "performing"}},
    {"kind": "wrong_number", "address": "13800000003"},
)


def lender(rnd: Random, number: int) -> dict[str, Any]:
    """One debtor of the lender as a case without a proposal; 200 contacts in twelve weeks."""
    facts = [
        {**fact, "since": _moment(rnd, rnd.randrange(_HISTORY_DAYS)).isoformat()}
        for fact in rnd.sample(_FACTS, rnd.randrange(3))
    ]
    lent = {"lender_type": rnd.choice(["microloan", "bank"]), "product": "online_consumer"}
    facts.append({"kind": "lender_profile", "since": "2025-01-01T00:00:00+08:00", "value": lent})
    return {
        "id": f"debtor-{number}",
        "jurisdiction": "cn",
        "debtor": {"timezone": "Asia/Shanghai", "facts": facts},
    }


def made(rnd: Random, count: int, agents: tuple[int, ...]) -> list[dict[str, Any]]:
    """A history: contacts as they happened, oldest first."""
    moments = sorted(_moment(rnd, rnd.randrange(_HISTORY_DAYS)) for _ in range(count))
    return [happened(rnd, contact(rnd, moment, agents)) for moment in moments]


def proposals(rnd: Random, count: int, agents: tuple[int, ...]) -> list[dict[str, Any]]:
    """Contacts asked about after the history, at rising moments over three weeks and a half."""
    days = (_HISTORY_DAYS + rnd.randrange(_ASKED_DAYS) for _ in range(count))
    moments = sorted(_moment(rnd, day) for day in days)
    return [contact(rnd, moment, agents) for moment in moments]


def agents_of(rnd: Random) -> tuple[int, ...]:
    """The person who has a debtor's file, and the one who stands in."""
    return tuple(rnd.sample(range(_AGENTS), 2))


def happened(rnd: Random, table: dict[str, Any]) -> dict[str, Any]:
    """A proposed contact as it came to be made: with its outcome, or answered by the debtor."""
    if rnd.random() < 0.06:
        keys = ("at", "channel", "debts", "address")
        return {**{k: table[k] for k in keys if k in table}, "direction": "inbound"}
    calls = table["channel"] == "call"
    return {**table, "outcome": rnd.choice(_CALL_ENDS) if calls else "delivered"}


def _moment(rnd: Random, day: int) -> datetime:
    night = rnd.random() < _NIGHT_SHARE
    second = rnd.randrange(0, 3 * 3600) if night else rnd.randrange(0, 13 * 3600)
    start = 21 if night else 8
    return _FIRST + timedelta(days=day, hours=start, seconds=second)


def contact(rnd: Random, at: datetime, agents: tuple[int, ...]) -> dict[str, Any]:
    """A contact that says all that the gate asks for; a visit is announced and made by two."""
    channel = rnd.choices(["call", "sms", "app", "letter", "visit"], [64, 24, 6, 4, 2])[0]
    other = channel == "call" and rnd.random() < 0.05
    debts: list[list[str]] = [["A"]] * 7 + [["B"]] + [["A", "B"]] * 2
    table = {
        "at": at.isoformat(),
        "channel": channel,
        "party": "emergency_contact" if other else "debtor",
        "debts": rnd.choice(debts),
        "purpose": "locate" if other else rnd.choice(["collect"] * 5 + ["remind"]),
        "address": f"1380000000{rnd.choice('11111123')}"
        if channel in ("call", "sms")
        else "address-1",
        "address_source": "contract",
        "text": _TO_OTHERS if other else rnd.choice([*_WORDS, *_BAD_WORDS]),
        "device": "company_system",
        **_agent(rnd.choices(agents, (4, 1))[0]),
    }
    if channel == "call":
        table |= {"mode": rnd.choice(["interactive"] * 6 + ["inform"]), "recorded": True}
    if channel == "visit":
        table |= {"agents": ["a1", "a2"], "place": "public", "entry_consent": True}
        table |= {"id_shown": True, "recorded": True}
    return table


def _agent(number: int) -> dict[str, Any]:
    """Who makes the contact: two in three are the lender's own people, the others an agency's."""
    employer = "lender" if number % 3 else "agency:b"
    profile = {
        "employer": employer,
        "listed": True,
        "trained_at": f"2025-{number % 6 + 6:02d}-10",
        "exam_passed": True,
        "notified_since": "2025-12-01",
        "violence_record": False,
        "violation_record": False,
    }
    return {"agent": f"agent-{number}", "agent_profile": profile, "identified": True}
