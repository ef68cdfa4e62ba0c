"""The questions of the triage, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from forbear.base.reasons import Sentence

# Each question with its answers. Files, papers and the audit speak of these by name, so that one
# of them renamed in the data alone would no longer be understood anywhere else.
QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "danger": ("door", "threat", "life", "no"),
    "real": ("private_account", "code", "police", "no_name", "owe", "never", "unsure"),
    "whose": ("debtor", "relative", "guarantor", "stranger"),
    "lender": ("bank", "consumer_finance", "microloan", "private", "unlicensed", "unknown"),
    "log": ("file", "bill", "hand", "later"),
    "want": ("stop", "hours", "pay", "dispute", "family", "credit", "leak"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer that can be chosen."""

    id: str
    says: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; with ``many`` several answers may be chosen."""

    id: str
    many: bool
    ask: Sentence
    help: Sentence
    answers: tuple[Answer, ...]
