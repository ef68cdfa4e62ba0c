from __future__ import annotations

from datetime import datetime

import pytest

from forbear.base.contact import Source
from forbear.base.words import Channel, Outcome
from forbear.intake import Form, Log, LogRow
from forbear.law.book import load
from forbear.pocket.lands import LANDS, as_data, looks_like


def a_log(*numbers: str, form: Form = Form.CALL_BACKUP) -> Log:
    rows = tuple(
        LogRow(
            source=Source(file="calls.xml", line=line),
            sha256="0" * 64,
            form=form,
            kind=Channel.CALL,
            number=number,
            displayed_as=number,
            name=None,
            at=datetime.fromisoformat("2026-03-10T15:00:00+08:00"),
            incoming=True,
            outcome=Outcome.CONVERSATION,
        )
        for line, number in enumerate(numbers, start=2)
    )
    return Log(
        rows=rows, unreadable=(), inputs={}, notes=(), shows_unanswered=True, shows_calls=True,
        shows_texts=True, duplicates=0,
    )  # fmt: skip


@pytest.mark.parametrize("country", list(LANDS))
def test_the_law_of_every_country_on_offer_is_there(country: str):
    land = LANDS[country]
    book = load(land.packs)
    assert book.rules
    assert book.zone


def test_a_country_is_seen_from_the_prefixes_of_its_numbers():
    log = a_log("+16175550101", "+16175550102", "+16175550103")
    assert looks_like(log, "cn") == "us"
    assert looks_like(log, "us") is None


def test_mobiles_of_the_mainland_are_known_without_a_prefix():
    log = a_log("13800001234", "13900001234", "18600001234", "95187")
    assert looks_like(log, "uk") == "cn"
    assert looks_like(log, "cn") is None


def test_eleven_digits_that_may_be_american_say_nothing_to_an_american():
    assert looks_like(a_log("16175550101", "16175550102", "16175550103"), "us") is None


def test_the_bill_of_a_chinese_carrier_is_chinese():
    assert looks_like(a_log("95187", form=Form.BILL), "au") == "cn"
    assert looks_like(a_log("95187", form=Form.BILL), "cn") is None


def test_two_foreign_numbers_are_too_few_to_ask_about():
    assert looks_like(a_log("+447700900101", "+447700900102"), "cn") is None


def test_a_mixed_log_is_left_alone():
    log = a_log("+16175550101", "+447700900101", "+61255500101", "+35312345678")
    assert looks_like(log, "cn") is None


def test_the_kind_of_lender_is_asked_only_where_rules_depend_on_it():
    assert LANDS["cn"].lender_type("bank") == "bank"
    assert LANDS["cn"].lender_type("unknown") is None
    assert LANDS["us"].lender_type("bank") is None


def test_the_page_is_given_every_name_in_both_languages():
    for land in as_data():
        assert land["name"]["zh"]
        assert land["name"]["en"]
