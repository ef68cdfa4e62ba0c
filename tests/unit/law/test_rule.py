"""One rule: its days, its exceptions, its doubts, and how sure a reading must be to refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import ask, broken, call, china, first, rule, tiny

from forbear.base.errors import PackError
from forbear.law.answers import Decision, Never

TEN = china("2026-03-10", "10:00:00")
CONSENT = {"kind": "consent", "since": china("2026-03-01", "00:00:00"), "id": "yes"}


# ── days ──


@pytest.mark.parametrize(
    ("time", "bound"),
    [
        ("2025-02-27T23:59:59", False),
        ("2025-02-28T00:00:00", True),
        ("2026-01-29T23:59:59", True),
        ("2026-01-30T00:00:00", False),
    ],
)
def test_a_rule_binds_from_its_first_day_to_the_day_before_until(
    tmp_path: Path, time: str, bound: bool
) -> None:
    book = tiny(tmp_path, rule("since = 2025-02-28\nuntil = 2026-01-30"))
    assert (broken(book, call(f"{time}+08:00")) == ["r"]) is bound


def test_the_first_day_is_the_debtor_s_unless_the_pack_has_a_clock(tmp_path: Path) -> None:
    asked = call("2025-02-27T20:00:00-05:00")  # the 28th in China
    own = tiny(tmp_path, rule("since = 2025-02-28"))
    assert broken(own, asked, zone="America/New_York") == []
    assert broken(own, asked, zone="Asia/Shanghai") == ["r"]


def test_a_rule_that_ends_is_waited_out(tmp_path: Path) -> None:
    found = first(tiny(tmp_path, rule("until = 2026-04-01")), call(TEN))
    assert found.at is not None
    assert found.at.isoformat() == china("2026-04-01", "00:00:00")


def test_a_rule_that_begins_later_is_seen_when_waiting_for_another(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule("until = 2026-04-01"), rule("since = 2026-03-20", ident="s"))
    found = first(book, call(TEN))
    assert (found.at, found.why_not) == (None, Never.NEVER)


def test_a_rule_without_days_has_those_of_its_instrument(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule(), since="2025-02-28", head="until = 2026-01-30")
    assert broken(book, call("2025-02-27T23:59:59+08:00")) == []
    assert broken(book, call("2025-02-28T00:00:00+08:00")) == ["r"]
    assert broken(book, call("2026-01-30T00:00:00+08:00")) == []


# ── who and where it binds ──


@pytest.mark.parametrize(
    ("region", "bound"),
    [("US-NY", True), ("US-NY-NYC", True), ("US-NJ", False), ("US", False), ("US-NYX", False)],
)
def test_a_place_takes_in_its_parts(tmp_path: Path, region: str, bound: bool) -> None:
    book = tiny(tmp_path, rule(), head='region = "US-NY"')
    assert (broken(book, call(TEN), region=region) == ["r"]) is bound


@pytest.mark.parametrize(
    ("region", "bound"),
    [("GB-ENG", True), ("GB-WLS-CRF", True), ("GB-SCT", False), ("IE", False), ("GB-ENGX", False)],
)
def test_one_of_several_places_is_enough(tmp_path: Path, region: str, bound: bool) -> None:
    book = tiny(tmp_path, rule(), head='region = ["GB-ENG", "GB-WLS"]')
    assert (broken(book, call(TEN), region=region) == ["r"]) is bound


def test_a_wider_place_does_not_tell(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule(), head='region = ["GB-ENG", "GB-WLS"]')
    assert ask(book, call(TEN), region="GB").missing == ("region",)
    assert ask(book, call(TEN), region="GB-SCT").missing == ()


def test_where_a_debtor_s_place_is_unknown_the_rule_is_unknown(tmp_path: Path) -> None:
    found = ask(tiny(tmp_path, rule(), head='region = "US-NY"'), call(TEN))
    assert (found.decision, found.missing) == (Decision.DENY, ("region",))


def test_an_instrument_applies_to_its_own_only(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule(), head='applies = { fact = "consent" }')
    assert broken(book, call(TEN)) == []
    assert broken(book, call(TEN), (), [CONSENT]) == ["r"]


# ── exceptions ──


def test_an_exception_lifts_the_rule_it_stands_in_and_no_other(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('unless = { fact = "consent" }'), rule(ident="s"))
    assert broken(book, call(TEN)) == ["r", "s"]
    assert broken(book, call(TEN), (), [CONSENT]) == ["s"]


def test_any_one_of_several_exceptions_lifts(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('unless = [{ fact = "consent" }, { requested_by_debtor = true }]'))
    assert broken(book, call(TEN)) == ["r"]
    assert broken(book, call(TEN, requested_by_debtor=True)) == []


def test_a_doubtful_exception_lifts_nothing_and_leaves_the_rule_unknown(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule("unless = { recorded = true }"))
    assert broken(book, call(TEN, recorded=True)) == []
    assert broken(book, call(TEN, recorded=False)) == ["r"]
    found = ask(book, call(TEN))
    assert (found.because, found.missing) == ((), ("recorded",))


def test_an_exception_that_ends_lets_the_rule_stand_again(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('unless = { fact = "consent" }'))
    told = [CONSENT | {"until": TEN}]
    assert broken(book, call(china("2026-03-10", "09:59:59")), (), told) == []
    assert broken(book, call(TEN), (), told) == ["r"]


ANSWER = """
on = { fact = "inconvenient_time" }
answer = { fact = "reply_owed" }
"""
OWED = (
    '[[derive]]\nfact = "reply_owed"\nbegins_on = { direction = "inbound" }\nlasts = { dates = 1 }'
)


def test_who_writes_in_a_closed_hour_may_be_answered_until_it_opens_again(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule(ANSWER), top=OWED)
    shut = {"kind": "inconvenient_time", "since": china("2026-03-01", "00:00:00"),
            "window": ["09:00", "12:00"]}  # fmt: skip

    def answered(wrote: str, asked: str) -> bool:
        heard = {"at": china("2026-03-10", wrote), "channel": "sms", "direction": "inbound"}
        reply = {"at": china("2026-03-10", asked), "channel": "sms"}
        return broken(book, reply, [heard], [shut]) == []

    assert answered("10:00:00", "10:30:00")
    assert answered("10:00:00", "12:00:00")
    # Whoever wrote before the hour closed did not open it.
    assert not answered("08:00:00", "10:30:00")


# ── several debts ──


def test_one_debt_for_which_it_breaks_refuses_the_whole_contact(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('on = { fact = "dispute" }'))
    told = [{"kind": "dispute", "since": china("2026-03-01", "00:00:00"), "debts": ["B"]}]
    assert broken(book, call(TEN, debts=["A"]), (), told) == []
    assert broken(book, call(TEN, debts=["A", "B"]), (), told) == ["r"]


def test_a_rule_that_breaks_for_one_debt_is_named_once(tmp_path: Path) -> None:
    assert broken(tiny(tmp_path, rule()), call(TEN, debts=["A", "B", "C"])) == ["r"]


# ── what refuses must be sure ──


@pytest.mark.parametrize(
    ("confidence", "most", "too_much"),
    [
        ("text", "deny", None),
        ("quoted", "deny", None),
        ("weak", "review", "deny"),
        ("recalled", "review", "deny"),
        ("draft", "warn", "review"),
    ],
)
def test_a_reading_that_is_not_sure_refuses_less(
    tmp_path: Path, confidence: str, most: str, too_much: str | None
) -> None:
    book = tiny(tmp_path, rule(f'confidence = "{confidence}"\neffect = "{most}"'))
    assert [str(each.effect) for each in ask(book, call(TEN)).because] == [most]
    if too_much is None:
        return
    with pytest.raises(PackError) as caught:
        tiny(tmp_path / "b", rule(f'confidence = "{confidence}"\neffect = "{too_much}"'))
    assert str(caught.value) == (
        f"tiny/act/rules.toml: rule r: a reading that is {confidence} can at most {most}, "
        f"not {too_much}"
    )


def test_an_unsure_instrument_makes_its_rules_unsure(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="a reading that is recalled can at most review"):
        tiny(tmp_path, rule(), head='confidence = "recalled"')


def test_a_promise_of_the_house_needs_no_source(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('confidence = "draft"'), level="house")
    assert broken(book, call(TEN)) == ["r"]


# ── what is refused when it is loaded ──


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[[rule]]\nclause = "x"\nsays = { zh = "a", en = "b" }', "number 1: a rule needs 'id'"),
        ('[[rule]]\nid = "r"\nsays = { zh = "a", en = "b" }', "rule r: a rule needs 'clause'"),
        ('[[rule]]\nid = "r"\nclause = "x"', "rule r: a rule needs 'says'"),
        ('[[rule]]\nid = 5\nclause = "x"\nsays = { zh = "a", en = "b" }', "id 5 is no text"),
        ('[[rule]]\nid = "r"\nclause = []\nsays = { zh = "a", en = "b" }', "is no text"),
        (rule('says = { zh = "甲" }'), "a sentence is written { zh"),
        (rule('says = { zh = "甲", en = "A", fr = "A" }'), "a sentence is written { zh"),
        (rule('except = { en = "A" }'), "a sentence is written { zh"),
        (rule('kind = "curfew"'), "kind 'curfew' is undefined; known are forbidden, hours, limit"),
        (rule('kind = ["limit"]'), "is undefined; known are"),
        (rule('effect = "block"'), "effect 'block' is unknown; known are deny, review, warn"),
        (rule('confidence = "sure"'), "confidence 'sure' is unknown"),
        (rule('since = "2025-02-28"'), "is no date; write one such as 2025-02-28, unquoted"),
        (rule("since = 2025-02-28T00:00:00"), "is no date"),
        (rule("colour = 3"), "key 'colour' has no meaning in this kind of rule"),
        (rule('on = "call"'), "on is a table such as"),
        (rule('unless = "agreed"'), "a condition is a table such as"),
        (rule("unless = {}"), "an empty condition says nothing"),
        (rule('answer = "x"'), "fact 'x' is undefined"),
        (rule('kind = "limit"\nat_most = 1\nwithin = "day"\nanswer = "consent"'), "use unless"),
    ],
)
def test_a_rule_that_is_not_well_formed_is_refused_with_its_place_and_repair(
    tmp_path: Path, table: str, said: str
) -> None:
    with pytest.raises(PackError) as caught:
        tiny(tmp_path, table)
    message = str(caught.value)
    assert message.startswith("tiny/act/rules.toml: rule ")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "body",
    [
        "on = { text = [['x']] }",
        "on = { is = [['x']] }",
        "on = { fact = [['x']] }",
        "on = { fact = { fact = ['consent'] } }",
        "on = { fact = { fact = 'consent', state = ['holds'] } }",
        "on = { fact = { fact = 'consent', scope = 5 } }",
        "kind = 'hours'\ndays = [['moon']]",
        "kind = 'hours'\nclosed = 5",
        "kind = 'limit'\nat_most = 1\nper = 5\nwithin = 'day'",
        "unless = [[1]]",
        "on = { channel = { not = {} } }",
        "on = { agent_profile = { trained_at = { older_than_days = [] } } }",
    ],
)
def test_a_value_of_a_form_that_nobody_expects_is_refused_and_never_a_crash(
    tmp_path: Path, body: str
) -> None:
    with pytest.raises(PackError, match=r"^tiny/act/rules.toml: rule r"):
        tiny(tmp_path, rule(body))


def test_a_breach_names_each_fact_once_and_the_oldest_first(tmp_path: Path) -> None:
    book = tiny(
        tmp_path, rule('on = { fact = ["consent", "dispute"], any = [{ fact = "consent" }] }')
    )
    told: list[dict[str, Any]] = [
        {"kind": "dispute", "since": china("2026-02-01", "00:00:00"), "id": "first"},
        CONSENT,
    ]
    (because,) = ask(book, call(TEN), (), told).because
    assert because.rests_on == ("first", "yes")
