from __future__ import annotations

import pytest
from tests.unit.intake.conftest import Read

from forbear.intake import Form, Log

HEAD = "at,channel,person,outcome,agent,text\n"
ROW = "2026-03-10T17:59:02+08:00,call,p1,conversation,a7,hello\n"


def only(log: Log):
    assert len(log.rows) == 1
    assert log.unreadable == ()
    return log.rows[0]


def problem(log: Log):
    assert len(log.unreadable) == 1
    return str(log.unreadable[0])


def said(read: Read, column: str, cell: str):
    quoted = '"' + cell.replace('"', '""') + '"'
    text = f"at,channel,{column}\n2026-03-10T17:59:02+08:00,call,{quoted}\n"
    return only(read(text)).more


def test_a_lender_s_contact_is_read_by_the_names_of_the_contact_format(read: Read):
    log = read(HEAD + ROW)
    row = only(log)
    assert (row.form, row.kind, row.outcome, row.text) == (
        Form.LEDGER,
        "call",
        "conversation",
        "hello",
    )
    assert row.at.isoformat() == "2026-03-10T17:59:02+08:00"
    assert row.more == {"person": "p1", "agent": "a7", "direction": "outbound"}
    assert log.shows_unanswered
    assert log.shows_texts


def test_a_time_without_its_zone_is_reported_and_the_others_kept(read: Read):
    log = read(HEAD + ROW.replace("+08:00", "") + ROW)
    assert len(log.rows) == 1
    assert "line 2: at: '2026-03-10T17:59:02' has no offset from UTC; add one" in problem(log)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2026-03-10T17:59:02+08:00", "soon", "at: 'soon' is no time; write one such as"),
        ("2026-", "1970-", "clock was not set"),
        ("2026-", "2099-", "lies in the future"),
        ("call", "cal", "channel 'cal' is unknown; write one of call, voicemail"),
        ("call", "", "channel is empty; write one of call"),
        ("conversation", "fine", "outcome 'fine' is unknown; write one of conversation"),
        ("hello", "hello, you", "more cells than there are columns; quote a text"),
    ],
)
def test_a_row_with_a_wrong_word_is_reported_and_the_others_kept(
    read: Read, old: str, new: str, what: str
):
    log = read(HEAD + ROW.replace(old, new) + ROW)
    assert len(log.rows) == 1
    assert "log0.txt line 2: " in problem(log)
    assert what in problem(log)


def test_words_are_read_in_capitals_too(read: Read):
    assert only(read(HEAD + ROW.replace("call", "Call"))).kind == "call"


def test_a_contact_by_the_person_is_inbound(read: Read):
    text = "at,channel,direction\n2026-03-10T17:59:02+08:00,call,inbound\n"
    row = only(read(text))
    assert (row.incoming, row.more["direction"]) == (False, "inbound")


@pytest.mark.parametrize(
    ("column", "cell", "key", "value"),
    [
        ("loan_id", "d1;d2", "debts", ("d1", "d2")),
        ("debts", "d1、d2,d3", "debts", ("d1", "d2", "d3")),
        ("debtor_id", "p9", "person", "p9"),
        ("contact_id", "c1", "id", "c1"),
        ("bot", "yes", "bot", True),
        ("id_shown", "否", "id_shown", False),
        ("party_age", "11", "party_age", 11),
        ("relation", "family", "relation", "family"),
        ("agents", "a1;a2", "agents", ["a1", "a2"]),
        ("agents", '["a1"]', "agents", ["a1"]),
        ("party", "employer", "party", "employer"),
        ("purpose", "remind", "purpose", "remind"),
    ],
)
def test_each_column_gives_a_value_of_its_type(
    read: Read, column: str, cell: str, key: str, value: object
):
    assert said(read, column, cell)[key] == value


def test_an_empty_cell_leaves_the_matter_unsaid(read: Read):
    assert said(read, "bot", "") == {"direction": "outbound"}
    assert said(read, "bot", "null") == {"direction": "outbound"}


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [
        ("bot", "maybe", "bot: 'maybe' is neither yes nor no"),
        ("party_age", "old", "party_age 'old' is no age in years"),
        ("agents", "[1,", "is no JSON; mend its brackets"),
        ("agents", "[NaN]", "is no JSON"),
        ("agents", "[1e999]", "is no JSON"),
        ("agents", "[" * 100_000, "is no JSON"),
        ("duration", "long", "no length of a call"),
    ],
)
def test_a_value_of_a_wrong_type_is_reported(read: Read, column: str, cell: str, what: str):
    quoted = f'"{cell}"'
    log = read(f"at,channel,{column}\n2026-03-10T17:59:02+08:00,call,{quoted}\n")
    assert log.rows == ()
    assert what in problem(log)


def test_columns_that_nobody_knows_are_named_and_not_read(read: Read):
    log = read("at,channel,mood\n2026-03-10T17:59:02+08:00,call,bad\n")
    assert "these columns are unknown and were not read: mood" in log.notes[0].en


def test_the_number_stands_for_the_agent_where_there_is_none(read: Read):
    assert only(read(HEAD + ROW)).number == "A7"
    text = "at,channel,number\n2026-03-10T17:59:02+08:00,call,+86 95187\n"
    assert only(read(text)).number == "95187"


def test_blank_lines_titles_and_repeated_headers_are_no_rows(read: Read):
    log = read("Contacts of March\n\n" + HEAD + ROW + "\n" + HEAD + ROW.replace("p1", "p2"))
    assert (len(log.rows), log.unreadable) == (2, ())
