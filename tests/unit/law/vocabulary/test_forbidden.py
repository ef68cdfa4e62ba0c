"""The kind ``forbidden``: a contact that meets the condition is never to be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.law.small import ask, broken, call, china, first, rule, tiny

from forbear.base.errors import PackError
from forbear.law.answers import Decision, Never

TEN = china("2026-03-10", "10:00:00")


def test_a_rule_without_a_kind_forbids(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('on = { channel = "visit" }'))
    assert book.rules[0].kind_name == "forbidden"
    assert broken(book, {"at": TEN, "channel": "visit"}) == ["r"]
    assert broken(book, call(TEN)) == []


def test_waiting_makes_nothing_lawful_that_is_forbidden(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('on = { channel = "visit" }'))
    asked = {"at": TEN, "channel": "visit"}
    found = first(book, asked)
    assert (found.at, found.why_not) == (None, Never.NEVER)
    (because,) = ask(book, asked).because
    assert because.clears_at is None
    assert because.rests_on == ()
    assert because.says.en == "Not so."


def test_a_fact_with_an_end_is_waited_for(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('on = { fact = "moratorium" }'))
    end = china("2026-04-01", "00:00:00")
    told = [{"kind": "moratorium", "since": TEN, "until": end, "id": "m-1"}]
    (because,) = ask(book, call(TEN), (), told).because
    assert because.rests_on == ("m-1",)
    assert because.clears_at is not None
    assert because.clears_at.isoformat() == end
    assert broken(book, call(china("2026-03-31", "23:59:59")), (), told) == ["r"]
    assert broken(book, call(end), (), told) == []


@pytest.mark.parametrize(
    ("effect", "decision"),
    [("deny", Decision.DENY), ("review", Decision.REVIEW), ("warn", Decision.ALLOW)],
)
def test_the_effect_says_what_a_breach_does(
    tmp_path: Path, effect: str, decision: Decision
) -> None:
    found = ask(tiny(tmp_path, rule(f'effect = "{effect}"')), call(TEN))
    assert found.decision is decision
    assert [each.effect for each in found.because] == [effect]


def test_review_is_not_allowed_and_a_remark_is(tmp_path: Path) -> None:
    assert first(tiny(tmp_path, rule('effect = "review"')), call(TEN)).at is None
    assert first(tiny(tmp_path / "w", rule('effect = "warn"')), call(TEN)).at is not None


def test_it_has_no_keys_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="key 'at_most' has no meaning in this kind of rule"):
        tiny(tmp_path, rule("at_most = 3"))
