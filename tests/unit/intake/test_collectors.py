from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from forbear.base.contact import Source
from forbear.base.errors import InputError
from forbear.base.words import Channel, Outcome
from forbear.intake import Form, Log, LogRow, parse_collector, spoofed, suggest
from forbear.intake.collectors import belongs_to, signature

START = datetime(2026, 3, 10, 2, tzinfo=UTC)


def row(
    number: str | None,
    *,
    text: str | None = None,
    minutes: int = 0,
    incoming: bool = True,
    name: str | None = None,
    form: Form = Form.CALL_BACKUP,
):
    return LogRow(
        source=Source(file="x", line=1),
        sha256="",
        form=form,
        kind=Channel.CALL if text is None else Channel.SMS,
        number=number,
        displayed_as=number,
        name=name,
        at=START + timedelta(minutes=minutes),
        incoming=incoming,
        outcome=Outcome.NO_ANSWER,
        duration_seconds=0,
        text=text,
    )


def log(*rows: LogRow):
    return Log(
        rows=rows,
        unreadable=(),
        inputs={},
        notes=(),
        shows_unanswered=True,
        shows_calls=True,
        shows_texts=True,
        duplicates=0,
    )


@pytest.mark.parametrize(
    ("text", "number", "name", "prefix"),
    [
        ("95187", "95187", "95187", True),
        ("95187=甲小贷", "95187", "甲小贷", True),
        ("\uff19\uff15\uff11\uff18\uff17\uff1d甲小贷", "95187", "甲小贷", True),
        ("1069\uff0a", "1069", "1069\uff0a", True),
        ("1069*=甲=乙", "1069", "甲=乙", True),
        ("106901879518*", "106901879518", "106901879518*", True),
        ("1069018795187 = 甲小贷 ", "1069018795187", "甲小贷", False),
        ("+86 138-0000-0001", "13800000001", "+86 138-0000-0001", False),
        ("+86138*", "138", "+86138*", True),
        ("95187*", "95187", "95187*", True),
    ],
)
def test_a_collector_is_a_number_or_a_beginning_and_a_name(
    text: str | None, number: str | None, name: str | None, prefix: bool
):
    found = parse_collector(text)
    assert (found.number, found.name, found.prefix) == (number, name, prefix)


def test_only_a_written_name_says_for_whom_a_number_collects():
    assert parse_collector("95187=甲小贷").lender == "甲小贷"
    assert parse_collector("95187").lender == ""


@pytest.mark.parametrize("text", ["", "=甲", "*", "1*", "甲小贷", "95187x", "null", "+"])
def test_a_collector_without_a_number_is_refused_with_the_way_to_write_it(text: str | None):
    with pytest.raises(InputError, match="has no number; write it as 95187 or"):
        parse_collector(text)


def test_a_short_number_stands_for_all_that_begin_with_it():
    collector = parse_collector("95187")
    assert collector.matches("95187001")
    assert not collector.matches("19518700000")
    assert not collector.matches(None)


def test_the_exact_number_goes_before_the_longest_beginning():
    all_of_them = [parse_collector(text) for text in ("1069*=a", "1069018*=b", "1069018795187=c")]
    names = [
        found.name if (found := belongs_to(number, all_of_them)) else None
        for number in ("1069018795187", "10690180", "10690000", "95187", None)
    ]
    assert names == ["c", "b", "a", None, None]


def test_a_signature_is_the_name_in_black_brackets():
    assert signature("【甲小贷】请还款") == "甲小贷"
    assert [signature(text) for text in (None, "甲小贷", "【】", "【a】")] == [None] * 4


def test_a_displayed_400_number_is_flagged_as_likely_false():
    found = spoofed(log(row("4000000001"), row("95187"), row(None)))
    assert [flag.row.number for flag in found] == ["4000000001"]
    assert "can only be called" in found[0].reason.en
    assert "伪造" in found[0].reason.zh


def test_calling_a_400_number_or_a_text_from_one_is_no_spoofing():
    assert spoofed(log(row("4000000001", incoming=False), row("4000000001", text="hello"))) == ()


def suggested(*rows: LogRow):
    return [(s.number, str(s.likelihood), s.count) for s in suggest(log(*rows))]


def test_a_text_that_demands_payment_makes_its_sender_likely():
    texts = [row("1069018795187", text="【甲小贷】您的借款已逾期") for _ in range(2)]
    assert suggested(*texts) == [("1069018795187", "high", 2)]
    found = suggest(log(*texts))[0]
    assert found.name == "甲小贷"
    assert found.reasons


def test_a_number_with_95_is_likelier_the_more_often_it_calls():
    assert suggested(row("95187")) == [("95187", "low", 1)]
    assert suggested(*[row("95187", minutes=n) for n in range(3)]) == [("95187", "medium", 3)]


def test_an_ordinary_notice_is_no_sign_of_a_collector():
    assert suggested(row("1069055512345", text="【某某快递】您的包裹已到")) == []
    assert suggested(row("13800000001", text="晚上上门看你")) == []


def test_another_number_with_a_collector_s_signature_is_suggested():
    found = suggested(
        row("1069018795187", text="【甲小贷】您已逾期"), row("13800000001", text="【甲小贷】您好")
    )
    assert ("13800000001", "low", 1) in found


def test_a_displayed_400_number_is_suggested():
    assert suggested(row("4000000001")) == [("4000000001", "low", 1)]


def test_mobiles_of_one_block_that_call_in_turn_are_suggested_together():
    rows = [row(f"1380000001{n}", minutes=n) for n in range(3)]
    assert suggested(*rows) == [("1380000*", "medium", 3)]
    assert parse_collector(suggested(*rows)[0][0]).matches("13800000019")


def test_many_strange_mobiles_that_ring_on_one_day_are_suggested():
    rows = [row(f"13{n}00000001", minutes=n) for n in range(3, 7)]
    assert [entry[1] for entry in suggested(*rows)] == ["low"] * 4
    assert suggested(*rows[:3]) == []


def test_friends_own_calls_and_a_lender_s_ledger_are_never_suggested():
    named = row("95187", name="妈妈")
    assert suggested(named, row("95188", incoming=False), row("95189", form=Form.LEDGER)) == []


def test_the_likeliest_and_busiest_come_first():
    rows = [row("95187"), *[row("95188", minutes=n) for n in range(5)], row("95189", text="逾期")]
    assert [entry[0] for entry in suggested(*rows)] == ["95189", "95188", "95187"]
