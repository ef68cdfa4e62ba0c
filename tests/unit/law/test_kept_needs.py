"""What the rules of a book need of a history that is folded away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.small import SHANGHAI, china, rule, tiny

from forbear.law.book import Book
from forbear.law.case import read_contact
from forbear.law.kept_needs import needs_of
from forbear.law.standing import Standing
from forbear.law.view import NO_CHANGE

HEARD = '[[derive]]\nfact = "heard"\nbegins_on = { direction = "inbound" }\nlasts = { dates = 2 }\n'
DAY = 86_400


def awaits(book: Book, **keys: Any) -> bool:
    table = {"at": china("2026-03-10", "09:00:00"), "channel": "call", **keys}
    standing = Standing(book, zone=SHANGHAI)
    return needs_of(book).awaits(standing.look(read_contact(table, where="", ident="c")))


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ('on = { fact = "heard" }', 0),
        ('on = { fact = { fact = "hardship", state = "past" } }', 0),
        ('kind = "hours"\nclosed = ["22:00", "08:00"]\nanswer = "heard"', 3),
        ('on = { fact = { fact = "heard", state = "past" } }', None),
        ('on = { fact = { fact = "hardship", unless_later = "heard" } }', None),
        ('kind = "hours"\nclosed = ["22:00", "08:00"]\nanswer = "hardship"', None),
        (
            'kind = "limit"\nat_most = 1\nof = { channel = "call" }\nwithin = "day"\n'
            'not_of = { fact = "heard" }',
            None,
        ),
    ],
)
def test_how_far_back_rules_look_at_what_is_over(
    body: str, days: int | None, tmp_path: Path
) -> None:
    needs = needs_of(tiny(tmp_path, rule(body), top=HEARD))
    assert needs.looks_back == (NO_CHANGE if days is None else days * DAY)


TALKS = rule(
    'kind = "limit"\nat_most = 1\nwithin = "day"\n'
    'of = { channel = "call", direction = "outbound", party = "debtor", outcome = "conversation" }'
)


def test_a_contact_waits_for_the_outcome_that_a_machine_reads(tmp_path: Path) -> None:
    book = tiny(tmp_path, TALKS)
    assert awaits(book)
    assert awaits(book, text="Hello.")


@pytest.mark.parametrize(
    "keys", [{"channel": "sms"}, {"direction": "inbound"}, {"party": "spouse"}]
)
def test_a_contact_that_is_counted_by_nothing_does_not(
    keys: dict[str, Any], tmp_path: Path
) -> None:
    assert not awaits(tiny(tmp_path, TALKS), **keys)


def test_a_contact_that_counts_however_it_ends_does_not(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('kind = "limit"\nat_most = 1\nof = { channel = "call" }'
                               '\nwithin = "day"'))  # fmt: skip
    assert not awaits(book)


def test_one_of_several_ways_to_count_is_enough(tmp_path: Path) -> None:
    several = (
        'kind = "limit"\nat_most = 1\nwithin = "day"\n'
        'of = { any = [{ channel = "sms" }, { outcome = { present = false } }] }'
    )
    assert awaits(tiny(tmp_path, rule(several)))
