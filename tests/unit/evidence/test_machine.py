"""The report as data: its shape is a promise to programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

from forbear.evidence.given import ReportInput
from forbear.evidence.machine import as_json


def test_shape_is_exactly_the_promised_one(in_both: Callable[..., ReportInput]) -> None:
    given = in_both()
    made = json.loads(json.dumps(as_json(given)))
    assert list(made) == [
        "schema", "contacts", "findings", "not_shown", "unreadable", "notes", "packs", "inputs",
        "collectors", "suggestions", "version",
    ]  # fmt: skip
    assert made["schema"] == "forbear.audit/1"
    assert made["contacts"] == given.audit.contacts
    first = made["findings"][0]
    assert list(first) == [
        "clause", "rule", "level", "effect", "confidence", "breached", "at", "says", "rows",
        "unless",
    ]  # fmt: skip
    assert first["at"] == "2026-03-11T18:22:10+08:00"
    assert first["breached"] is True
    assert first["level"] == "standard"
    assert first["rows"][-1] == {"file": "calls.xml", "line": 13}
    assert first["says"] == given.audit.findings[0].says.in_language(given.language)
    assert list(made["not_shown"][0]) == ["clause", "rule", "level", "says", "missing", "contacts"]
    assert made["unreadable"] == [
        {"file": "sms.xml", "line": 40, "what": "the date 'x' is no number"}
    ]
    assert made["packs"] == dict(given.audit.packs)
    assert made["inputs"] == dict(given.inputs)
    assert made["collectors"] == [{"number": "95187", "name": "甲小贷"}]
    assert made["suggestions"][0]["likelihood"] == "high"


def test_nothing_is_left_out_however_much_there_is(samples: SimpleNamespace) -> None:
    given = samples.years(2_000, broken_each=4)
    assert len(as_json(given)["findings"]) == len(given.audit.findings) == 500


def test_empty_log(samples: SimpleNamespace) -> None:
    made = as_json(samples.report_input([], []))
    assert made["contacts"] == 0
    assert made["findings"] == []
