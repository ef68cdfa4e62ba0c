from __future__ import annotations

import pytest
from tests.unit.intake.conftest import Read

from forbear.base.contact import UNSAID
from forbear.intake import Whose, by_person, parse_collector, to_contacts

CALLS = """<calls count="4">
<call number="95187" duration="74" date="1773136742000" type="1" subscription_id="2" />
<call number="95187" duration="0" date="1773136743000" type="3" />
<call number="95187" duration="9" date="1773136744000" type="2" />
<call number="13800000001" duration="9" date="1773136745000" type="1" />
</calls>"""
LEDGER = """at,channel,person,id,party,purpose,bot,lender,debts,address
2026-03-10T10:00:00+08:00,call,p2,c1,employer,remind,yes,l1,d1,13800000002
2026-03-10T11:00:00+08:00,sms,p1,,,,,,,
2026-03-10T12:00:00+08:00,call,p2,,,,,,,
"""
NAMED = [parse_collector("95187=甲小贷")]


def test_only_the_named_collectors_calls_become_contacts(read: Read):
    made = to_contacts(read(CALLS), NAMED, whose="debtor")
    assert len(made) == 3
    assert {contact.lender for contact in made} == {"甲小贷"}
    assert to_contacts(read(CALLS), [], whose="debtor") == []


def test_a_missed_call_is_a_contact_and_the_owner_s_own_call_is_inbound(read: Read):
    made = to_contacts(read(CALLS), NAMED, whose="debtor")
    found = [(c.direction, c.purpose, c.outcome) for c in made]
    assert found == [
        ("outbound", "collect", "conversation"),
        ("outbound", "collect", "no_answer"),
        ("inbound", "respond", "conversation"),
    ]


def test_a_contact_points_to_its_file_and_line(read: Read):
    contact = to_contacts(read(CALLS, names=["calls.xml"]), NAMED, whose="debtor")[0]
    assert contact.id == "calls.xml:2"
    assert contact.source is not None
    assert (contact.source.file, contact.source.line) == ("calls.xml", 2)
    assert (contact.address, contact.agent) == ("this phone, SIM 2", "95187")


def test_contacts_on_one_line_have_names_of_their_own(read: Read):
    made = to_contacts(read(CALLS.replace("\n", " ")), NAMED, whose="debtor")
    assert [contact.id for contact in made] == ["log0.txt:1", "log0.txt:1#2", "log0.txt:1#3"]


@pytest.mark.parametrize(
    ("whose", "party", "more"),
    [
        (Whose.DEBTOR, "debtor", {}),
        (Whose.RELATIVE, "third_party", {"relation": "family"}),
        (Whose.GUARANTOR, "guarantor", {}),
        (Whose.STRANGER, "third_party", {}),
    ],
)
def test_the_party_is_the_one_whose_phone_it_is(
    read: Read, whose: Whose, party: str, more: dict[str, str]
):
    contact = to_contacts(read(CALLS), NAMED, whose=whose)[0]
    assert (contact.party, contact.more) == (party, more)


def test_what_a_log_cannot_know_stays_unsaid(read: Read):
    text = "日期,时间,对方号码,来电/去电,是否接通\n2026-03-10,17:59,95187,来电,\n"
    contact = to_contacts(read(text), NAMED, whose="debtor")[0]
    assert (contact.outcome, contact.text) == (UNSAID, UNSAID)
    assert "bot" not in contact.more


def test_every_row_of_a_ledger_is_a_contact_with_what_it_says(read: Read):
    first, second, _ = to_contacts(read(LEDGER), [], whose="debtor")
    assert (first.id, first.party, first.purpose) == ("c1", "employer", "remind")
    assert (first.lender, first.debts, first.address) == ("l1", ("d1",), "13800000002")
    assert first.more == {"bot": True}
    assert (second.id, second.party, second.purpose) == ("log0.txt:3", "debtor", UNSAID)
    assert second.lender == ""


def test_a_ledger_that_names_no_lender_is_the_only_collector_s(read: Read):
    assert to_contacts(read(LEDGER), NAMED, whose="debtor")[1].lender == "甲小贷"


def test_a_ledger_is_split_by_person_and_a_phone_s_log_is_one(read: Read):
    groups = by_person(read(LEDGER), [], whose="debtor")
    assert [(group.person, len(group.contacts)) for group in groups] == [("p1", 1), ("p2", 2)]
    groups = by_person(read(CALLS), NAMED, whose="debtor")
    assert [(group.person, len(group.contacts)) for group in groups] == [("", 3)]
