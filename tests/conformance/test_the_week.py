"""The week that Forbear began from: eleven calls and eleven texts, within the public caps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from forbear.law.answers import Decision, Earliest, Verdict
from forbear.law.book import load
from forbear.law.case import read_case, with_defaults
from forbear.law.deciding import decide, when

_MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
# Two calls on each of the first four days and one on each of the other three.
_CALLS = (2, 2, 2, 2, 1, 1, 1)


def the_week() -> list[dict[str, Any]]:
    made = []
    for day, calls in enumerate(_CALLS):
        for number in range(calls):
            at = _MONDAY + timedelta(days=day, hours=5 * number)
            outcome = "conversation" if number else "no_answer"
            made.append(_contact(at, "call", outcome))
            made.append(_contact(at + timedelta(minutes=30), "sms", "delivered"))
    return made


def _contact(at: datetime, channel: str, outcome: str) -> dict[str, Any]:
    words = (
        {"text": "【甲小贷】您的借款已逾期,可在App内还款或申请协商。"} if channel == "sms" else {}
    )
    return {
        "at": at.isoformat(), "channel": channel, "party": "debtor", "purpose": "collect",
        "debts": ["A"], "address": "+8613800000001", "outcome": outcome, **words,
    }  # fmt: skip


def ask(pack: str, history: list[dict[str, Any]], made: dict[str, Any]) -> tuple[Verdict, Earliest]:
    book = load([pack])
    proposed = {key: value for key, value in made.items() if key != "outcome"}
    case = read_case({"jurisdiction": "cn", "history": history, "proposed": proposed})
    for each in book.packs:
        case = with_defaults(case, each.case_defaults)
    return decide(book, case, lenient=True), when(book, case, lenient=True)


def test_it_is_eleven_calls_and_as_many_texts_in_seven_days() -> None:
    week = the_week()
    assert sum(c["channel"] == "call" for c in week) == 11
    assert sum(c["channel"] == "sms" for c in week) == 11


def test_every_contact_of_the_week_passes_under_the_public_rules() -> None:
    week = the_week()
    for number, made in enumerate(week):
        assert ask("cn", week[:number], made)[0].decision is Decision.ALLOW


def test_it_is_refused_under_the_humane_promise_from_the_first_contact_too_many() -> None:
    week = the_week()
    verdicts = [ask("cn-humane", week[:n], made)[0].decision for n, made in enumerate(week)]
    # A call and a text on Monday morning are within two a day; the second call is the third.
    assert verdicts[:3] == [Decision.ALLOW, Decision.ALLOW, Decision.DENY]
    # From the eighth on nothing more is let through in seven days.
    assert set(verdicts[7:]) == {Decision.DENY}


def test_each_refusal_of_the_week_names_its_promise_and_the_next_lawful_moment() -> None:
    week = the_week()
    verdict, earliest = ask("cn-humane", week[:2], week[2])
    assert [b.clause for b in verdict.because] == ["宽和承诺 每日联系"]
    assert earliest.at == datetime(2026, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    verdict, earliest = ask("cn-humane", week[:7], week[7])
    assert "宽和承诺 每周联系" in [b.clause for b in verdict.because]
    # Seven contacts stand behind it; the first of them, on Monday, leaves after seven dates.
    assert earliest.at == datetime(2026, 3, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
