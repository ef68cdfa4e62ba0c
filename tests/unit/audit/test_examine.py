from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forbear.audit.examine import (
    Asked,
    _days,
    _lender,
    _number_in,
    examine,
    language_of,
    suggested,
)
from forbear.base.errors import InputError
from forbear.base.words import Channel, FactKind
from forbear.intake import Log, LogRow, parse_collector
from forbear.law.auditing import Debtor
from forbear.law.book import load


def test_what_is_said_of_the_lender_takes_the_place_of_what_the_pack_assumes():
    book = load(["cn"])
    (fact,) = _lender(Asked(lender_type="bank", product="credit_card"), book)
    assert fact.kind is FactKind.LENDER_PROFILE
    assert fact.value == {"lender_type": "bank", "product": "credit_card"}
    (fact,) = _lender(Asked(lender_type="bank"), book)
    assert fact.value == {"lender_type": "bank", "product": "online_consumer"}
    assert _lender(Asked(), book) == ()


def test_a_pack_that_assumes_nothing_gets_only_what_was_said():
    (fact,) = _lender(Asked(product="credit_card"), load(["us"]))
    assert fact.value == {"product": "credit_card"}


def test_reports_under_chinese_law_are_chinese():
    assert language_of(load(["cn"])) == "zh"
    assert language_of(load(["cn-humane"])) == "zh"
    assert language_of(load(["us"])) == "en"
    assert language_of(load(["us", "cn"])) == "zh"


@pytest.mark.parametrize("written", ["95187=甲", "95187＝甲", " 95187 ", "95187"])
def test_a_collector_is_shown_by_the_number_that_was_written(written: str):
    assert _number_in(written) == "95187"


def test_the_days_of_a_log_are_local_and_begin_with_the_first_contact(
    debtor: Callable[..., Debtor],
):
    contacts = debtor("2026-03-10T00:30:00", "2026-03-12T23:30:00").contacts
    assert len(_days(contacts, "Asia/Shanghai")) == 3
    assert len(_days(contacts, "UTC")) == 4
    assert len(_days((), "UTC")) == 0


def test_a_number_that_is_judged_is_no_longersuggested(
    log: Callable[..., Log], row: Callable[..., LogRow]
):
    text = {"kind": Channel.SMS, "text": "【甲小贷】您已逾期,请还款"}
    one = log([row("1069018795187", **text), row("95187")])
    assert {s.number for s in suggested(one, [])} == {"1069018795187", "95187"}
    assert {s.number for s in suggested(one, [parse_collector("1069*")])} == {"95187"}


def test_the_search_for_circles_is_taken_up_again_after_a_failure():
    assert gc.isenabled()
    with pytest.raises(InputError):
        examine([Path("nowhere.xml")], Asked(), now=datetime(2026, 3, 16, tzinfo=UTC))
    assert gc.isenabled()
