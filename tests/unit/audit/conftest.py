"""Small logs and debtors to say something about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from forbear.base.clock import instant_of
from forbear.base.contact import Contact, ContactId, Source
from forbear.base.words import Channel, Direction, Outcome, Party
from forbear.intake import Form, Log, LogRow
from forbear.law.auditing import Debtor


def a_row(number: str = "95187", **changes: Any) -> LogRow:
    """One incoming call, answered, on a March afternoon."""
    said = {
        "source": Source(file="calls.xml", line=2),
        "sha256": "0" * 64,
        "form": Form.CALL_BACKUP,
        "kind": Channel.CALL,
        "number": number,
        "displayed_as": number,
        "name": None,
        "at": datetime.fromisoformat("2026-03-10T15:00:00+08:00"),
        "incoming": True,
        "outcome": Outcome.CONVERSATION,
    }
    return LogRow(**{**said, **changes})


@pytest.fixture
def row() -> Callable[..., LogRow]:
    return a_row


@pytest.fixture
def log() -> Callable[..., Log]:
    def make(rows: Sequence[LogRow] = (), **changes: Any) -> Log:
        said: dict[str, Any] = {
            "rows": tuple(rows),
            "unreadable": (),
            "inputs": {"calls.xml": "0" * 64},
            "notes": (),
            "shows_unanswered": True,
            "shows_calls": True,
            "shows_texts": True,
            "duplicates": 0,
        }
        return Log(**{**said, **changes})

    return make


@pytest.fixture
def debtor() -> Callable[..., Debtor]:
    """A debtor who was called at the given local times."""

    def make(*times: str, **changes: Any) -> Debtor:
        said: dict[str, Any] = {
            "channel": Channel.CALL,
            "direction": Direction.OUTBOUND,
            "party": Party.DEBTOR,
            "outcome": Outcome.CONVERSATION,
        }
        contacts = []
        for n, time in enumerate(times):
            at = datetime.fromisoformat(f"{time}+08:00")
            instant = instant_of(at)
            fields = {**said, **changes}
            contacts.append(Contact(id=ContactId(str(n)), at=at, instant=instant, **fields))
        return Debtor(contacts=tuple(contacts), zone="Asia/Shanghai")

    return make
