"""Cases as JSON: what is read, what is refused and with which words, what is filled in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import first, rule, tiny

from forbear.base.clock import parse_moment
from forbear.base.contact import UNSAID
from forbear.base.errors import CaseError
from forbear.base.words import MORE_KEYS, FactKind, Purpose
from forbear.law.case import cut, fill, read_case, read_contact, read_fact, with_defaults

NOON = "2026-03-10T12:00:00+08:00"
NIGHT = 'kind = "hours"\nclosed = ["22:00", "08:00"]'


def contact(**more: Any) -> dict[str, Any]:
    return {"at": NOON, "channel": "call", **more}


def fact(**more: Any) -> dict[str, Any]:
    return {"kind": "consent", "since": NOON, **more}


def whole(**more: Any) -> dict[str, Any]:
    return {"id": "c-1", "jurisdiction": "cn", "proposed": contact(), **more}


def test_a_case_needs_no_more_than_a_contact() -> None:
    case = read_case({"proposed": contact()})
    assert (case.id, case.jurisdiction, case.zone, case.region) == ("case", "", None, None)
    assert case.proposed.direction == "outbound"
    assert case.proposed.party == "debtor"
    assert case.proposed.outcome is UNSAID


def test_events_without_an_id_are_named_by_their_place() -> None:
    debtor = {"facts": [fact(), fact(id="given")]}
    case = read_case(whole(debtor=debtor, history=[contact(), contact(id="x")]))
    assert [f.id for f in case.facts] == ["fact-0", "given"]
    assert [c.id for c in case.history] == ["history-0", "x"]
    assert case.proposed.id == "proposed"


def test_null_is_the_same_as_not_said() -> None:
    said = dict.fromkeys(("outcome", "purpose", "address", "text", "recorded", "mode", "seq"))
    assert read_contact(contact(**said), where="", ident="x") == read_contact(
        contact(), where="", ident="x"
    )


def test_a_number_written_as_a_number_is_still_a_number_of_a_line() -> None:
    assert read_contact(contact(address=13800000001), where="", ident="").address == "13800000001"


@pytest.mark.parametrize(
    ("case", "where", "mend"),
    [
        ([], "case", "write one in braces"),
        ("x", "case", "write one in braces"),
        ({}, "proposed", "add it"),
        (whole(propsed=1), "case", "known are"),
        (whole(proposed=[]), "proposed", "write one in braces"),
        (whole(id=[1]), "id", "in quotation marks"),
        (whole(jurisdiction={}), "jurisdiction", "in quotation marks"),
        (whole(debtor=[]), "debtor", "write one in braces"),
        (whole(debtor={"zone": "x"}), "debtor", "known are"),
        (whole(debtor={"timezone": "Mars"}), "debtor.timezone", "write an IANA name"),
        (whole(debtor={"timezone": 8}), "debtor.timezone", "write an IANA name"),
        (whole(debtor={"facts": {}}), "debtor.facts", "write one in brackets"),
        (whole(debtor={"facts": [5]}), "debtor.facts[0]", "write one in braces"),
        (whole(debtor={"facts": [fact(), fact(kind="x")]}), "debtor.facts[1].kind", "known are"),
        (whole(history={}), "history", "write one in brackets"),
        (whole(history=[contact(), contact(at="x")]), "history[1].at", "write one such as"),
    ],
)
def test_a_case_that_cannot_be_read_is_refused_with_its_place(
    case: Any, where: str, mend: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(case)
    assert str(caught.value).startswith(f"{where}: ")
    assert mend in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "mend"),
    [
        ("at", None, "add one such as"),
        ("at", 5, "write one such as"),
        ("at", "0001-01-01T00:00:00Z", "correct the date"),
        ("at", "9999-12-31T00:00:00Z", "correct the date"),
        ("recorded_at", "today", "write one such as"),
        ("channel", None, "add one, "),
        ("channel", "cal", "known are"),
        ("channel", ["call"], "known are"),
        ("direction", "out", "known are"),
        ("party", {}, "known are"),
        ("purpose", "dun", "known are"),
        ("outcome", True, "known are"),
        ("debts", "A", 'such as ["A"]'),
        ("debts", [1], 'such as ["A"]'),
        ("seq", "1", "such as 17"),
        ("seq", True, "such as 17"),
        ("seq", 1.5, "such as 17"),
        ("address", ["x"], "in quotation marks"),
        ("text", {}, "in quotation marks"),
        ("lender", True, "in quotation marks"),
        ("recorded", "false", "write true or false, unquoted"),
        ("identified", 0, "write true or false, unquoted"),
        ("consent", "yes", "write true or false, unquoted"),
        ("agents", "L-1", 'such as ["A"]'),
        ("discussed_debts", 5, 'such as ["A"]'),
        ("agent_profile", "lender", "write one in braces"),
        ("agent_profiles", 5, "write one in brackets"),
        ("agent_profiles", ["lender"], "write one in braces"),
        ("party_age", "17", "such as 17"),
        ("mode", [], "in quotation marks"),
    ],
)
def test_a_contact_with_a_wrong_value_is_refused_with_the_key_and_the_repair(
    key: str, value: Any, mend: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_contact(contact(**{key: value}), where="history[2]", ident="x")
    assert str(caught.value).startswith(f"history[2].{key}")
    assert mend in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "mend"),
    [
        ("since", None, "add it"),
        ("since", "then", "write one such as"),
        ("until", 5, "write one such as"),
        ("kind", None, "add one, "),
        ("channel", "cal", "known are"),
        ("party", "me", "known are"),
        ("debts", "A", 'such as ["A"]'),
        ("window", ["18:00"], "write ["),
        ("window", "18:00-20:00", "write ["),
        ("window", ["18:00", "25:00"], "such as 22:00"),
        ("weekdays", "mon", "write a list of"),
        ("weekdays", ["monday"], "write a list of"),
        ("weekdays", [["mon"]], "write a list of"),
        ("address", {}, "in quotation marks"),
    ],
)
def test_a_fact_with_a_wrong_value_is_refused_with_the_key_and_the_repair(
    key: str, value: Any, mend: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_fact(fact(**{key: value}), where="debtor.facts[0]", ident="x")
    assert str(caught.value).startswith(f"debtor.facts[0].{key}")
    assert mend in str(caught.value)


def test_a_fact_that_names_a_zone_names_one_that_exists() -> None:
    with pytest.raises(CaseError, match="is no time zone"):
        read_fact(fact(kind="possible_timezone", value="Mars"), where="f", ident="x")


def test_a_misspelt_key_is_refused_and_not_overlooked() -> None:
    with pytest.raises(CaseError, match="unknown key 'identifyed'"):
        read_contact(contact(identifyed=False), where="proposed", ident="x")
    with pytest.raises(CaseError, match="unknown key 'untill'"):
        read_fact(fact(untill=NOON), where="f", ident="x")


def test_a_message_is_one_short_line_however_long_the_value_is() -> None:
    for value in ("x" * 9_000, ["y" * 9_000], {"z" * 9_000: 1}, "a\nb", 10**4_000):
        with pytest.raises(CaseError) as caught:
            read_contact(contact(channel=value), where="proposed", ident="x")
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 250
    assert cut("short") == "'short'"


def test_every_key_of_a_contact_that_is_said_is_kept() -> None:
    for key in MORE_KEYS:
        for value in (True, ["a"], {"x": {"employer": "y"}}, 5, "word"):
            try:
                read = read_contact(contact(**{key: value}), where="", ident="x")
            except CaseError:
                continue
            told = read.more.get("agent_profile" if key == "agent_profiles" else key)
            assert told not in (None, [])
            break
        else:
            pytest.fail(f"{key} takes no value")


def test_profiles_of_several_agents_stand_beside_that_of_one() -> None:
    one, two = {"employer": "a"}, {"employer": "b"}
    for several in ([two], {"x": two}):
        read = read_contact(contact(agent_profile=one, agent_profiles=several), where="", ident="")
        assert read.more["agent_profile"] == [one, two]


def test_a_key_beside_a_fact_s_value_stands_within_it() -> None:
    assert read_fact(fact(value="work", form="oral"), where="", ident="").value == {
        "value": "work",
        "form": "oral",
    }
    assert read_fact(fact(value={"a": 1}, form="oral"), where="", ident="").value == {
        "a": 1,
        "form": "oral",
    }
    assert read_fact(fact(value=["a"]), where="", ident="").value == ["a"]


def test_instants_are_told_by_the_offset_that_is_written() -> None:
    east = read_contact(contact(), where="", ident="x")
    utc = read_contact(contact(at="2026-03-10T04:00:00Z"), where="", ident="x")
    assert east.instant == utc.instant
    assert east.at.utcoffset() == timedelta(hours=8)


# ── what a case leaves unsaid ──

DEFAULTS = {
    "contact": {"mode": "interactive", "purpose": "collect"},
    "facts": [{"kind": "lender_profile", "since": NOON, "value": {"lender_type": "bank"}}],
}


def test_what_is_unsaid_is_filled_and_what_is_said_is_kept() -> None:
    case = read_case(whole(history=[contact(mode="inform", purpose="remind")]))
    filled = with_defaults(case, DEFAULTS)
    assert filled.proposed.more["mode"] == "interactive"
    assert filled.proposed.purpose is Purpose.COLLECT
    assert filled.history[0].more["mode"] == "inform"
    assert filled.history[0].purpose is Purpose.REMIND


def test_a_fact_is_assumed_only_where_the_case_says_none_of_its_kind() -> None:
    assumed = with_defaults(read_case(whole()), DEFAULTS).facts
    assert [f.id for f in assumed] == ["assumed-0"]
    own = fact(kind="lender_profile", value={"lender_type": "private"})
    kept = with_defaults(read_case(whole(debtor={"facts": [own]})), DEFAULTS).facts
    assert [f.value for f in kept] == [{"lender_type": "private"}]


def test_a_contact_that_lacks_nothing_is_the_same_contact() -> None:
    read = read_contact(contact(mode="inform", purpose="remind"), where="", ident="x")
    assert fill(read, DEFAULTS["contact"]) is read  # type: ignore[arg-type]


def test_every_kind_of_fact_can_be_told() -> None:
    for kind in FactKind:
        value = "Asia/Shanghai" if kind is FactKind.POSSIBLE_TIMEZONE else None
        assert read_fact(fact(kind=kind, value=value), where="", ident="x").kind is kind


def test_of_very_many_words_the_closest_are_named() -> None:
    with pytest.raises(CaseError, match=r"the closest known are .*stop_request"):
        read_fact(fact(kind="stop_requests"), where="f", ident="x")
    with pytest.raises(CaseError, match=r"the closest known are .*identified"):
        read_contact(contact(identifyed=False), where="proposed", ident="x")


def test_a_holiday_is_known_before_it_comes_unless_somebody_says_when(tmp_path: Path) -> None:
    law = tiny(tmp_path, rule('on = { fact = "public_holiday" }'), rule(NIGHT, "s"))
    holiday = {
        "kind": "public_holiday",
        "since": "2026-06-01T00:00:00+08:00",
        "until": "2026-06-02T00:00:00+08:00",
    }
    late = {"at": "2026-05-31T23:00:00+08:00", "channel": "call"}
    ahead = first(law, late, (), [holiday])
    assert ahead.at == parse_moment("2026-06-02T08:00:00+08:00", where="here")
    told = holiday | {"recorded_at": "2026-06-01T07:00:00+08:00"}
    unknown_yet = first(law, late, (), [told])
    assert unknown_yet.at == parse_moment("2026-06-01T08:00:00+08:00", where="here")
