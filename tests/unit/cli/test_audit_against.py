from __future__ import annotations

from argparse import Namespace
from types import SimpleNamespace
from typing import cast

import pytest

from forbear.audit import Examined
from forbear.base.contact import Source
from forbear.base.errors import InputError
from forbear.cli.audit_against import _renamed, against
from forbear.intake import BadRow, Log


def log(*names: str, **changes: object) -> Log:
    said: dict[str, object] = {
        "rows": (),
        "unreadable": (),
        "inputs": dict.fromkeys(names, "0" * 64),
        "notes": (),
        "shows_unanswered": True,
        "shows_calls": True,
        "shows_texts": True,
        "duplicates": 0,
    }
    return Log(**{**said, **changes})


def test_files_of_one_name_are_told_apart_wherever_they_are_named():
    bad = BadRow(source=Source(file="list.csv", line=3), what="?")
    record = _renamed(log("list.csv", "other.csv", unreadable=(bad,)), log("list.csv"))
    assert set(record.inputs) == {"record list.csv", "other.csv"}
    assert record.unreadable[0].source.file == "record list.csv"


def test_a_record_of_another_name_stays_as_it_is():
    record = log("record.csv")
    assert _renamed(record, log("calls.xml")) is record


def test_a_person_means_nothing_without_a_record():
    examined = cast("Examined", SimpleNamespace(given=None))
    with pytest.raises(InputError, match="add --against"):
        against(Namespace(against=[], person="P1"), examined, now=None)
