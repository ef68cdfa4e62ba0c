"""The reference of loan files and of what is printed of loans is complete.

What the reading knows is taken from the reading itself; a word that no page explains fails here.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from forbear.base.money import Rounding
from forbear.cli import (
    loan_annuity,
    loan_apr,
    loan_claim,
    loan_close_page,
    loan_journal,
    loan_offers_data,
    loan_reconcile,
    loan_relief_page,
    loan_replay,
    loan_schedule,
    loan_show,
)
from forbear.loans import orders, reading, reading_events
from forbear.loans.ceiling import LENDERS
from forbear.loans.claim_lines import PARTS
from forbear.loans.lateness import TABLES, Moving
from forbear.loans.relief.measures import WORD, Kept

PRINTING = (
    loan_annuity, loan_apr, loan_claim, loan_close_page, loan_journal, loan_offers_data,
    loan_reconcile, loan_relief_page, loan_replay, loan_schedule, loan_show,
)  # fmt: skip
# What a checked file may hold and nothing reads; a page that explained it would mislead.
_NOT_READ = {"global_config", "accrual_activity_posting"}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "reference" / "loan-file.md").read_text(encoding="utf-8")


def unexplained(text: str, words: object) -> list[str]:
    """The words that stand nowhere in the text as code."""
    named = set(re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
    return sorted(set(map(str, words)) - named)  # type: ignore[call-overload]


def test_every_kind_of_event_and_what_it_needs(page: str):
    needed = {field for fields in reading_events._NEED.values() for field in fields}
    told = {*reading.KINDS, *needed, *reading_events._CHANGES, *reading_events._PLAIN}
    assert {"disburse", "reage", "undo"} <= told
    assert not unexplained(page, told)


def test_every_measure_of_relief_and_its_fields(page: str):
    words = {"relief_undo"} | {
        word if word == "delinquency_pause" else f"relief_{word}" for word in WORD.values()
    }
    fields = {field.name for measure in WORD for field in dataclasses.fields(measure)}
    assert not unexplained(page, {*words, *fields, *Kept})


def test_every_word_of_a_product(page: str):
    words = {*reading._LOAN, *reading._PRODUCT, *reading._OPTIONS} - _NOT_READ
    words |= {*reading._AMORTIZATIONS, *reading._EARLY, *Rounding, *TABLES, *Moving}
    for key, known in reading._RECALCULATION.items():
        words |= {key, *known}
    assert not unexplained(page, words)


def test_what_nothing_reads_is_not_explained(page: str):
    assert unexplained(page, _NOT_READ) == sorted(_NOT_READ)


def test_every_order_of_allocation(page: str):
    section = page.split("### Who gets a payment first")[1].split("\n## ", maxsplit=1)[0]
    assert not unexplained(section, {*orders.names(), *orders.FUTURES, *orders.FIXED})


def test_every_word_that_a_claim_reads(page: str):
    section = page.split("## What `claim` reads beside it")[1]
    assert not unexplained(section, {*LENDERS, *PARTS})


@pytest.mark.parametrize("module", PRINTING, ids=lambda module: module.SCHEMA)
def test_every_schema_is_in_the_reference_of_output(module: object, root: Path):
    text = (root / "docs" / "reference" / "output.md").read_text(encoding="utf-8")
    assert f"`{module.SCHEMA}`" in text  # type: ignore[attr-defined]
