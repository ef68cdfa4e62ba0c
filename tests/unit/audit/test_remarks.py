from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from forbear.audit.remarks import remarks, unanswered_not_shown
from forbear.base.contact import Fact, FactId
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Direction, FactKind, Outcome
from forbear.intake import Log, LogRow, parse_collector
from forbear.law.answers import Audit, NotShown
from forbear.law.auditing import Debtor
from forbear.law.book import load

UNANSWERED = "cn-cba-unanswered-calls"
NONE = Audit(contacts=0, findings=(), not_shown=())


def english(log: Log, *collectors: str) -> list[str]:
    return [note.en for note in remarks(log, [parse_collector(text) for text in collectors])]


def left_open(*debtors: Debtor, audit: Audit = NONE) -> dict[str, NotShown]:
    found = unanswered_not_shown(audit, load(["cn"]), debtors)
    return {lack.rule: lack for lack in found.not_shown}


def test_a_log_that_shows_everything_needs_no_remark(log: Callable[..., Log]):
    assert english(log()) == []


def test_the_remarks_of_the_importers_come_first(log: Callable[..., Log]):
    noted = Sentence(zh="甲", en="first")
    assert english(log(notes=(noted,), shows_texts=False))[0] == "first"


def test_what_no_file_lists_is_said(log: Callable[..., Log]):
    assert "lists calls" in english(log(shows_calls=False))[0]
    assert "lists texts" in english(log(shows_texts=False))[0]


def test_a_number_that_does_not_occur_is_named(log: Callable[..., Log], row: Callable[..., LogRow]):
    (note,) = english(log([row("95187")]), "95187=甲", "95500=甲")
    assert "95500 does not occur" in note


def test_numbers_without_a_name_are_said_to_be_counted_as_one_lenders(
    log: Callable[..., Log], row: Callable[..., LogRow]
):
    rows = [row("95187"), row("95500")]
    (note,) = english(log(rows), "95187", "95500")
    assert "95187, 95500" in note
    assert english(log(rows), "95187=甲", "95500=甲") == []
    assert english(log(rows), "95187=甲", "95500=乙") == []


def test_a_number_that_cannot_call_is_named_once_with_its_count(
    log: Callable[..., Log], row: Callable[..., LogRow]
):
    rows = [row("4000000001"), row("4000000001"), row("8008208820"), row("95187")]
    notes = english(log(rows))
    assert len(notes) == 2
    assert notes[0].endswith("It was displayed 2 times.")
    assert notes[1].endswith("It was displayed once.")


def test_a_rule_that_counts_unanswered_calls_is_left_open(debtor: Callable[..., Debtor]):
    lack = left_open(debtor("2026-03-10T10:00:00", "2026-03-10T11:00:00"))[UNANSWERED]
    assert lack.missing == ("outcome",)
    assert lack.contacts == 2


def test_a_rule_that_counts_talks_alone_is_not_left_open(debtor: Callable[..., Debtor]):
    assert "cn-gbt-interactive-calls" not in left_open(debtor("2026-03-10T10:00:00"))


def test_a_rule_is_left_open_from_its_first_day(debtor: Callable[..., Debtor]):
    assert UNANSWERED not in left_open(debtor("2026-01-29T10:00:00"))
    assert UNANSWERED in left_open(debtor("2026-01-30T10:00:00"))


def test_a_rule_for_other_lenders_is_not_left_open(debtor: Callable[..., Debtor]):
    unlicensed = Fact(
        id=FactId("lender"),
        kind=FactKind.LENDER_PROFILE,
        since=0,
        value={"lender_type": "unlicensed"},
    )
    one = debtor("2026-03-10T10:00:00")
    assert UNANSWERED in left_open(one)
    assert UNANSWERED not in left_open(replace(one, facts=(unlicensed,)))


def test_texts_from_a_collector_leave_its_unanswered_calls_open(debtor: Callable[..., Debtor]):
    texts = debtor(
        "2026-03-10T10:00:00", channel=Channel.SMS, outcome=Outcome.DELIVERED, text="请还款"
    )
    assert UNANSWERED in left_open(texts)


def test_calls_by_the_debtor_leave_nothing_open(debtor: Callable[..., Debtor]):
    assert left_open(debtor("2026-03-10T10:00:00", direction=Direction.INBOUND)) == {}


def test_what_was_already_open_stays_open_once_with_everything_that_is_missing(
    debtor: Callable[..., Debtor],
):
    one = debtor("2026-03-10T10:00:00")
    known = replace(left_open(one)[UNANSWERED], missing=("address",), contacts=7)
    other = replace(known, rule="another")
    found = left_open(one, audit=replace(NONE, not_shown=(other, known)))
    assert found["another"] == other
    assert found[UNANSWERED].missing == ("address", "outcome")
    assert found[UNANSWERED].contacts == 7
