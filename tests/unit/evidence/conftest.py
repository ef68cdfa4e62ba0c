"""Hand-made audits: a week of calls with findings, and the pieces to make others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forbear.base.clock import instant_of
from forbear.base.contact import UNSAID, Contact, ContactId, LenderId, Source
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Confidence, Direction, Effect, Level, Outcome
from forbear.evidence.given import (
    ClosedHours,
    Counted,
    DayLimit,
    ReportInput,
    Suggested,
    Unreadable,
)
from forbear.law.answers import Audit, Finding, NotShown

ZONE = ZoneInfo("Asia/Shanghai")
SAYS = Sentence(
    zh="当日对同一债务人已主动打通3次交互式通话,每日至多三次。",
    en="Three interactive calls had already connected that day; at most three a day are allowed.",
)
NIGHT = Sentence(
    zh="22:40的电话在22:00至次日08:00之间,没有另行约定。",
    en="The call at 22:40 lies between 22:00 and 08:00 and no other time was agreed.",
)
NO_MISSED_CALLS = Sentence(
    zh="运营商账单不列未接来电,因此本记录不能说明未接通的次数。",
    en="A carrier's bill lists no unanswered calls, so this log cannot show how many.",
)
LIMIT = DayLimit(
    rule="interactive-calls-per-day",
    clause="GB/T 45251-2025 5.3 交互式催收频次",
    at_most=3,
    counted=Counted.CONNECTED,
)
CLOSED = ClosedHours(clause="GB/T 45251-2025 5.3 催收时间", start=22 * 3600, end=8 * 3600)


def contact(line: int, at: str, channel: str = "call", **more: Any) -> Contact:
    """One contact of the file calls.xml; ``at`` is local time."""
    moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    file = more.pop("file", "calls.xml")
    usual = Outcome.DELIVERED if channel == "sms" else Outcome.CONVERSATION
    values: dict[str, Any] = {
        "id": ContactId(f"{file}:{line}"),
        "at": moment,
        "instant": instant_of(moment),
        "channel": Channel(channel),
        "outcome": usual,
        "agent": "95187",
        "lender": LenderId("甲小贷"),
        "source": Source(file=file, line=line),
    }
    return Contact(**(values | more))


def finding(rows: list[Contact], **more: Any) -> Finding:
    """The last of ``rows`` against a limit per day, unless ``more`` says otherwise."""
    values: dict[str, Any] = {
        "rule": "interactive-calls-per-day",
        "clause": "GB/T 45251-2025 5.3 交互式催收频次",
        "level": Level.STANDARD,
        "effect": Effect.DENY,
        "confidence": Confidence.QUOTED,
        "breached": True,
        "contact": rows[-1],
        "says": SAYS,
        "rows": tuple(rows),
        "unless": (Sentence(zh="除非您曾同意更多次数。", en="Unless you had agreed to more."),),
    }
    return Finding(**(values | more))


def report_input(contacts: list[Contact], findings: list[Finding], **more: Any) -> ReportInput:
    """A report on these, in Chinese unless ``more`` says otherwise."""
    audit = Audit(
        contacts=len(contacts),
        findings=tuple(findings),
        not_shown=more.pop("not_shown", ()),
        packs={"cn": "c" * 64, "cn-humane": "d" * 64},
    )
    values: dict[str, Any] = {
        "audit": audit,
        "contacts": tuple(contacts),
        "zone": "Asia/Shanghai",
        "language": "zh",
        "whose": "debtor",
        "inputs": {"calls.xml": "a" * 64, "sms.xml": "b" * 64},
        "collectors": (("95187", "甲小贷"),),
        "command": "forbear audit calls.xml sms.xml --pack cn --collector 95187=甲小贷",
        "made_at": datetime(2026, 3, 16, 8, 30, tzinfo=UTC),
        "version": "0.1.0",
    }
    return ReportInput(**(values | more))


def week(**more: Any) -> ReportInput:
    """A week with every kind of contact and of finding."""
    missed = Outcome.NO_ANSWER
    c = [
        contact(4, "2026-03-09T09:41:12"),
        contact(6, "2026-03-09T15:06:31", outcome=missed),
        contact(3, "2026-03-09T15:09:00", "sms", file="sms.xml", text="【甲小贷】您的借款已逾期"),
        contact(8, "2026-03-10T10:12:08"),
        contact(10, "2026-03-11T09:08:19"),
        contact(11, "2026-03-11T11:30:55"),
        contact(12, "2026-03-11T15:47:23"),
        contact(13, "2026-03-11T18:22:10"),
        contact(14, "2026-03-11T19:02:10", outcome=missed),
        contact(15, "2026-03-11T19:04:10", outcome=missed),
        contact(5, "2026-03-11T20:00:00", "sms", file="sms.xml", text="今日不还<b>上门</b>&起诉"),
        contact(17, "2026-03-13T22:40:27"),
        contact(6, "2026-03-14T08:10:00", "sms", file="sms.xml", text="请尽快还款"),
        contact(18, "2026-03-14T10:30:00", direction=Direction.INBOUND),
        contact(19, "2026-03-15T12:00:00", outcome=missed),
    ]
    f = [
        finding([c[4], c[5], c[6], c[7]]),
        finding([c[4], c[5], c[6], c[8]], breached=False),
        finding([c[4], c[5], c[6], c[9]], breached=False),
        finding(
            [c[11]], rule="hours", clause="GB/T 45251-2025 5.3 催收时间", says=NIGHT,
            unless=(Sentence(zh="除非您另行约定了时间。", en="Unless another time was agreed."),),
        ),
        finding(
            [c[10]], rule="threat", clause="治安管理处罚法(2025) 第50条", level=Level.LAW,
            effect=Effect.REVIEW, confidence=Confidence.TEXT, unless=(),
            says=Sentence(zh="短信以起诉和上门相威胁。", en="The text threatens a visit."),
        ),
        finding(
            [*c[:9], c[12]], rule="week-cap", clause="宽和自律 每周次数", level=Level.HOUSE,
            confidence=Confidence.TEXT, unless=(),
            says=Sentence(zh="7天内已联系9次。", en="There were nine contacts in seven days."),
        ),
    ]  # fmt: skip
    lack = NotShown(
        rule="recording",
        clause="中银协催收指引(2026) 电话录音",
        level=Level.SELF_REGULATION,
        says=Sentence(zh="催收电话应当录音。", en="Calls are to be recorded."),
        missing=("recorded", "purpose_code"),
        contacts=11,
    )
    other = replace(
        lack, rule="identify", clause="中银协催收指引(2026) 表明身份", missing=("identified",)
    )
    given: dict[str, Any] = {
        "limits": (LIMIT,),
        "closed": (CLOSED,),
        "not_shown": (lack, other),
        "unreadable": (Unreadable(file="sms.xml", line=40, what="the date 'x' is no number"),),
        "notes": (NO_MISSED_CALLS,),
        "suggestions": (
            Suggested(
                number="10690000123",
                name="甲小贷",
                reasons=(Sentence(zh="1069开头,企业短信号码", en="it begins with 1069"),),
                likelihood="high",
                count=5,
            ),
        ),
    }
    return report_input(c, f, **(given | more))


def years(count: int, *, broken_each: int = 40) -> ReportInput:
    """A log of three years with ``count`` contacts, every few of which has findings."""
    start = datetime(2023, 1, 1, 9, tzinfo=ZONE)
    step = timedelta(days=1095) / count
    made = []
    for number in range(count):
        at = (start + step * number).replace(tzinfo=None, microsecond=0).isoformat()
        outcome = Outcome.CONVERSATION if number % 3 else Outcome.NO_ANSWER
        made.append(contact(number + 1, at, outcome=outcome))
    found = [
        finding(made[n - 3 : n + 1], breached=bool(n % 2)) for n in range(3, count, broken_each)
    ]
    return report_input(made, found)


def broken_many_ways(**more: Any) -> ReportInput:
    """A day for each kind of contact; each of its contacts stands against one kind of rule."""
    contacts, found = [], []
    kinds = [
        (channel, outcome) for channel in Channel for outcome in (*Outcome, UNSAID)
        if channel is Channel.CALL or outcome is UNSAID
    ]  # fmt: skip
    ways = [(lv, e, b) for lv in Level for e in Effect for b in (True, False)]
    sure = list(Confidence)
    for day, (channel, outcome) in enumerate(kinds):
        for hour in range(4):
            at = f"2026-03-{day % 14 + 1:02d}T{hour * 6:02d}:10:00"
            direction = Direction.INBOUND if hour == 3 else Direction.OUTBOUND
            line = len(contacts) + 2
            contacts.append(
                contact(line, at, channel, outcome=outcome, direction=direction, text="请还款")
            )
    contacts.sort(key=lambda made: made.instant)
    for number, (level, effect, breached) in enumerate(ways):
        found.append(
            finding(
                [contacts[number % len(contacts)]], rule=f"rule-{number}", clause=f"条款{number}",
                level=level, effect=effect, breached=breached, confidence=sure[number % len(sure)],
            )
        )  # fmt: skip
    return report_input(contacts, found, **more)


@pytest.fixture
def samples() -> SimpleNamespace:
    """The makers above, so that tests need no import from this file."""
    return SimpleNamespace(
        contact=contact,
        finding=finding,
        report_input=report_input,
        week=week,
        years=years,
        broken_many_ways=broken_many_ways,
    )


@pytest.fixture(params=["zh", "en"])
def in_both(request: pytest.FixtureRequest) -> Callable[..., ReportInput]:
    """The week, in each language in turn."""
    return lambda **more: week(language=request.param, **more)
