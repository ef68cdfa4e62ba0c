"""Auditing a log: each contact judged as if it had been asked about beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from forbear.base.clock import instant_of
from forbear.base.contact import Contact, ContactId, LenderId
from forbear.base.words import Channel, Direction, Outcome
from forbear.law.answers import Audit
from forbear.law.auditing import Debtor, audit
from forbear.law.book import load

INTERACTIVE = "cn-gbt-interactive-calls"
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def call(number: int, outcome: Outcome = Outcome.CONVERSATION, *, lender: str = "甲") -> Contact:
    at = MORNING + timedelta(hours=number)
    return Contact(
        id=ContactId(f"c{number}{lender}"),
        at=at,
        instant=instant_of(at),
        channel=Channel.CALL,
        outcome=outcome,
        lender=LenderId(lender),
    )


def judged(*contacts: Contact, pack: str = "cn") -> Audit:
    return audit(load([pack]), [Debtor(contacts=contacts)])


def found(result: Audit, rule: str) -> list[str]:
    return [finding.contact.id for finding in result.findings if finding.rule == rule]


def test_the_fourth_connected_call_of_a_day_is_found_and_the_third_is_not() -> None:
    result = judged(*(call(n) for n in range(4)))
    assert found(result, INTERACTIVE) == ["c3甲"]
    (finding,) = [f for f in result.findings if f.rule == INTERACTIVE]
    assert [c.id for c in finding.rows] == ["c0甲", "c1甲", "c2甲", "c3甲"]
    assert finding.breached


def test_a_call_too_many_that_nobody_answered_should_only_not_have_been_attempted() -> None:
    result = judged(*(call(n) for n in range(3)), call(3, Outcome.NO_ANSWER))
    (finding,) = [f for f in result.findings if f.rule == INTERACTIVE]
    assert not finding.breached


def test_two_lenders_are_never_counted_together() -> None:
    contacts = [call(n, lender="甲" if n % 2 else "乙") for n in range(6)]
    assert found(judged(*contacts), INTERACTIVE) == []
    one = [replace(c, lender=LenderId("甲")) for c in contacts]
    assert len(found(judged(*one), INTERACTIVE)) == 3


def test_what_the_person_began_is_not_judged() -> None:
    mine = replace(call(14), direction=Direction.INBOUND)
    result = judged(mine)
    assert result.contacts == 0
    assert result.findings == ()


def test_calls_within_one_second_do_not_count_for_each_other_unless_they_are_numbered() -> None:
    at_once = [replace(call(0), id=ContactId(f"s{n}")) for n in range(4)]
    assert found(judged(*at_once), INTERACTIVE) == []
    numbered = [replace(c, seq=n) for n, c in enumerate(at_once)]
    assert found(judged(*numbered), INTERACTIVE) == ["s3"]


def test_what_a_log_does_not_say_is_listed_with_what_would_show_it() -> None:
    result = judged(call(0))
    lacks = {lack.rule: lack for lack in result.not_shown}
    assert lacks["cn-cba-recording"].missing == ("recorded",)
    assert lacks["cn-cba-recording"].contacts == 1
    assert lacks["cn-cba-abuse"].missing == ("text",)


def test_a_contact_is_judged_by_the_law_of_its_day() -> None:
    night = MORNING.replace(hour=23)
    for day, rules in (
        ("2024-05-14", set()),
        ("2024-05-15", {"cn-iac-2024-hours"}),
        ("2025-02-27", {"cn-iac-2024-hours"}),
        ("2025-02-28", {"cn-gbt-hours"}),
        ("2026-01-30", {"cn-gbt-hours", "cn-cba-hours"}),
    ):
        at = datetime.combine(datetime.fromisoformat(day), night.timetz())
        late = replace(call(0), at=at, instant=instant_of(at))
        hours = {f.rule for f in judged(late).findings if f.rule.endswith("-hours")}
        assert hours == rules, day


def test_a_log_may_be_judged_by_the_law_of_another_day() -> None:
    at = MORNING.replace(year=2023, hour=23)
    late = replace(call(0), at=at, instant=instant_of(at))
    assert "cn-gbt-hours" not in {f.rule for f in judged(late).findings}
    assert found(judged(late, pack="cn@2026-03-01"), "cn-gbt-hours") == ["c0甲"]


def test_findings_stand_in_the_order_of_time_whoever_made_the_contacts() -> None:
    contacts = [call(n % 12, lender="甲" if n % 2 else "乙") for n in range(20)]
    instants = [finding.contact.instant for finding in judged(*contacts).findings]
    assert instants == sorted(instants)
