"""Random debtors with facts and histories, drawn so that rules meet at their borders.

Everything comes from one ``random.Random``, so that a seed, or a failing example that hypothesis
has made smaller, says it all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

PACKS = ("cn", "cn-humane", "us", "uk", "au", "india", "other")
_ZONES = {
    "cn": ["Asia/Shanghai"],
    "us": ["America/New_York", "America/Los_Angeles"],
    "uk": ["Europe/London"],
    "au": ["Australia/Sydney", "Australia/Perth"],
    "india": ["Asia/Kolkata"],
    "other": ["Europe/Dublin", "Asia/Hong_Kong"],
}
_REGIONS = {
    "cn": [None],
    "us": ["US", "US-MA", "US-WA", "US-NY-NYC"],
    "uk": ["GB", "GB-ENG", "GB-SCT"],
    "au": ["AU-NSW", "AU-WA"],
    "india": ["IN"],
    "other": ["IE", "HK", None],
}
_BORDERS = ["07:30:00", "07:59:59", "08:00:00", "12:00:00", "20:59:59", "21:00:00", "21:00:01",
            "21:59:59", "22:00:00", "00:00:00", "09:00:00", "15:00:00", "17:00:00"]  # fmt: skip
_ADDRESSES = ["line-1", "line-2", "mail-1@example.com", None]
_TEXTS = {
    "cn": [None, None, "【甲小贷】您的借款已逾期,可在App内还款或申请协商。", "你这个老赖,丢人现眼!",
           "请转告张三先生尽快回电。", "张三欠款2万元,请替他还上。", "今天不还明天抓人。"],
    "us": [None, None, "Reply STOP to stop texts.", "Call us about your account.",
           "My name is Robin Smith. I am confirming location information for Pat Doe.",
           "Pat Doe owes a debt.", "We will sue you. Reply STOP to stop texts."],
    "uk": [None, None, "It is about your arrears.", "May I speak to Ms Jones, please?",
           "Sorry we missed you. Your parcel is waiting.", "Or we will tell your employer."],
    "au": [None, None, "It is about your loan.", "Could I speak to Jo Smith?"],
    "india": [None, None, "Kindly pay your EMI.", "We will send our recovery boys."],
    "other": [None, None, "Please ring us back.", "再唔還錢就上門淋紅油。"],
}  # fmt: skip
_OUTCOMES = {
    "call": ["conversation", "no_answer", "busy", "answered_limited", "voicemail_left",
             "out_of_service", "wrong_number", None],
    "visit": ["conversation", "no_answer"],
}  # fmt: skip


def country(pack: str) -> str:
    """The jurisdiction of a pack."""
    return pack.split("-", maxsplit=1)[0]


def _start(pack: str) -> datetime:
    # The United States put their clocks on during the second week.
    zone = ZoneInfo(_ZONES[country(pack)][0])
    return datetime(2026, 3, 3, 0, 0, tzinfo=zone)


def moment(rnd: Random, pack: str, days: int = 12) -> datetime:
    """Some instant of the fortnight, often on a border of some rule's hours."""
    day = _start(pack) + timedelta(days=rnd.randrange(days))
    if rnd.random() < 0.4:
        hour, minute, second = map(int, rnd.choice(_BORDERS).split(":"))
        return day.replace(hour=hour, minute=minute, second=second)
    return day + timedelta(minutes=rnd.randrange(7 * 60, 22 * 60))


def contact(rnd: Random, pack: str, at: datetime, *, made: bool) -> dict[str, Any]:
    """A contact made or proposed at an instant."""
    channels = ["call"] * 5 + ["sms", "sms", "email", "visit", "letter", "voicemail"]
    channel = rnd.choice(channels)
    inbound = made and rnd.random() < 0.15
    party = rnd.choice(["debtor"] * 8 + ["emergency_contact", "third_party", "spouse", "guarantor"])
    table: dict[str, Any] = {
        "at": at.isoformat(),
        "channel": channel,
        "direction": "inbound" if inbound else "outbound",
        "party": "debtor" if inbound else party,
        "debts": rnd.choice([["A"], ["A"], ["B"], ["A", "B"], []]),
        "purpose": rnd.choice(["collect", "collect", "remind", "locate", "respond"]),
        "address": rnd.choice(_ADDRESSES),
        "text": rnd.choice(_TEXTS[country(pack)]),
    }
    if made:
        table["outcome"] = rnd.choice(_OUTCOMES.get(channel, ["delivered", "undelivered", None]))
    table |= {key: value for key, value, chance in _EXTRAS if rnd.random() < chance}
    return {key: value for key, value in table.items() if value is not None}


_EXTRAS: list[tuple[str, Any, float]] = [
    ("mode", "interactive", 0.6),
    ("mode", "inform", 0.1),
    ("consent", True, 0.05),
    ("requested_by_debtor", True, 0.05),
    ("same_call", True, 0.02),
    ("identified", False, 0.05),
    ("recorded", False, 0.05),
    ("address_source", "device_address_book", 0.03),
    ("relation", "heir", 0.03),
    ("general", True, 0.02),
    ("notice", "required_by_law", 0.03),
    ("thread", "t-1", 0.15),
    ("identity_verified", True, 0.5),
    ("identity_disclosed", True, 0.5),
    ("agent_profile", {"employer": "agency:a", "listed": False, "trained_at": "2025-03-08"}, 0.05),
]


def fact(rnd: Random, pack: str, kind: str | None = None) -> dict[str, Any]:
    """A fact that may bear on some rule, sometimes known later than it holds."""
    kinds = {"cn": _CN_FACTS, "us": _US_FACTS}.get(country(pack), _OTHER_FACTS)
    chosen = rnd.choice([k for k in kinds if kind is None or k["kind"] == kind])
    since = moment(rnd, pack)
    until = since + timedelta(hours=rnd.randrange(1, 200)) if rnd.random() < 0.3 else None
    table = {
        **chosen,
        "since": since.isoformat(),
        "until": None if until is None else until.isoformat(),
    }
    if rnd.random() < 0.2:
        table["recorded_at"] = (since + timedelta(hours=rnd.randrange(0, 72))).isoformat()
    if rnd.random() < 0.3 and "debts" not in table:
        table["debts"] = [rnd.choice("AB")]
    return table


_CN_FACTS: list[dict[str, Any]] = [
    {"kind": "consent", "channel": "call", "window": ["22:00", "23:00"]},
    {"kind": "agreed_time", "window": ["19:00", "21:00"], "value": {"exclusive": True}},
    {"kind": "agreed_time", "window": ["07:00", "08:30"]},
    {"kind": "contact_refused", "address": "line-1"},
    {"kind": "deceased"},
    {"kind": "dispute", "value": {"verified": False}},
    {"kind": "guarantee", "value": {"type": "joint_and_several"}},
    {"kind": "instalment_agreement", "value": {"status": "performing"}},
    {"kind": "joint_debt", "value": {"evidence": "doc-1"}},
    {"kind": "lender_profile", "value": {"lender_type": "bank", "product": "credit_card"}},
    {"kind": "lender_profile", "value": {"lender_type": "private", "annual_rate": 0.3}},
    {"kind": "minor", "value": {"ratified_by_guardian": False}},
    {"kind": "no_contact_order"},
    {"kind": "stop_request"},
    {"kind": "hardship"},
    {"kind": "complaint"},
    {"kind": "wrong_number", "address": "line-2"},
]
_US_FACTS: list[dict[str, Any]] = [
    {"kind": "consent", "channel": "call", "value": {"given": "directly"}},
    {
        "kind": "consent",
        "channel": "call",
        "window": ["21:00", "22:00"],
        "value": {"given": "directly"},
    },
    {"kind": "inconvenient_time", "window": ["15:00", "17:00"]},
    {"kind": "inconvenient_time", "weekdays": ["sat", "sun"]},
    {"kind": "inconvenient_place", "value": "home"},
    {"kind": "address_kind", "address": "line-1", "value": "home_landline"},
    {"kind": "address_kind", "address": "line-2", "value": "work_landline"},
    {"kind": "attorney", "debts": ["A"], "value": {"name_known": True}},
    {"kind": "attorney_consent", "debts": ["A"]},
    {"kind": "cease_request", "debts": ["B"]},
    {"kind": "opt_out", "channel": "sms"},
    {"kind": "opt_out", "channel": "email", "address": "mail-1@example.com"},
    {"kind": "possible_timezone", "value": "America/Los_Angeles"},
    {"kind": "possible_timezone", "value": "America/Denver"},
    {"kind": "debt_group", "debts": ["A", "B"]},
    {"kind": "wrong_number", "address": "line-2"},
    {
        "kind": "dispute",
        "debts": ["A"],
        "value": {"written": True, "within_validation_period": True},
    },
    {"kind": "verification_sent", "debts": ["A"]},
    {"kind": "minor"},
    {"kind": "time_barred", "debts": ["B"]},
]


_OTHER_FACTS: list[dict[str, Any]] = [
    {"kind": "consent", "channel": "call", "weekdays": ["sun"], "value": {"given": "directly"}},
    {"kind": "consent", "channel": "call", "window": ["21:00", "22:00"]},
    {"kind": "consent", "channel": "visit", "address": "line-2", "value": {"given": "express"}},
    {"kind": "consent", "party": "spouse", "value": {"form": "separate_written"}},
    {"kind": "agreed_time", "window": ["21:00", "22:00"]},
    {"kind": "inconvenient_time", "window": ["15:00", "17:00"]},
    {"kind": "inconvenient_place", "value": "home", "alternative": "line-2"},
    {"kind": "address_kind", "address": "line-1", "value": "home_landline"},
    {"kind": "address_kind", "address": "line-2", "value": "work_place"},
    {"kind": "working_hours", "window": ["07:30", "15:00"]},
    {"kind": "working_hours", "window": ["17:00", "00:00"]},
    {"kind": "authorised_representative", "debts": ["A"]},
    {"kind": "moratorium", "debts": ["A"], "value": "breathing_space"},
    {"kind": "vulnerable", "value": "lacks mental capacity"},
    {"kind": "vulnerable", "value": "recent bereavement"},
    {"kind": "dispute", "debts": ["B"], "value": "valid grounds"},
    {"kind": "preferred_channel", "channel": "email", "value": "only"},
    {"kind": "opt_out", "channel": "visit"},
    {"kind": "public_holiday", "value": "Monday"},
    {"kind": "visit_notice", "value": {"date": "2026-03-09", "time": "afternoon"}},
    {"kind": "repayment_plan_in_preparation"},
    {"kind": "time_barred", "debts": ["A"]},
    {"kind": "refuses_to_pay", "debts": ["A"]},
    {"kind": "loan_class", "debts": ["A"], "value": "microfinance"},
    {"kind": "sensitive_occasion", "value": "marriage"},
    {"kind": "possible_timezone", "value": "Australia/Perth"},
]


def world(rnd: Random, pack: str) -> dict[str, Any]:
    """A whole case: facts, a history with ties and some numbered contacts, and a proposal."""
    history = []
    at = moment(rnd, pack, days=5)
    for _ in range(rnd.randrange(0, 14)):
        made = contact(rnd, pack, at, made=True)
        history.append(made)
        # Several contacts within one second, and long silences, both happen.
        at += timedelta(seconds=rnd.choice([0, 0, 1, 600, 4_000, 9_000, 30_000, 90_000]))
    numbered = rnd.random() < 0.5
    for number, made in enumerate(history):
        if numbered or rnd.random() < 0.2:
            made["seq"] = number
    proposed = contact(rnd, pack, rnd.choice([at, moment(rnd, pack)]), made=False)
    if rnd.random() < 0.5:
        proposed["seq"] = 1_000
    return {
        "id": "world",
        "jurisdiction": {"india": "in"}.get(pack, country(pack)),
        "debtor": {
            "timezone": rnd.choice(_ZONES[country(pack)]),
            "region": rnd.choice(_REGIONS[country(pack)]),
            "facts": [fact(rnd, pack) for _ in range(rnd.randrange(0, 5))],
        },
        "history": history,
        "proposed": proposed,
    }
