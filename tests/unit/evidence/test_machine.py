"""The report as data: its shape is a promise to programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from forbear.base.reasons import Sentence
from forbear.evidence.given import ReportInput, Suggested, Unreadable
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


def test_time_keeps_the_offset_that_the_log_wrote(samples: SimpleNamespace) -> None:
    at = datetime(2026, 3, 8, 1, 59, 30, 900_000, tzinfo=ZoneInfo("America/New_York"))
    contact = samples.contact(1, "2026-03-09T10:00:00").moved_to(at)
    made = as_json(samples.report_input([contact], [samples.finding([contact])]))
    assert made["findings"][0]["at"] == "2026-03-08T01:59:30-05:00"


def test_finding_without_rows_points_to_its_own_contact(samples: SimpleNamespace) -> None:
    contact = samples.contact(7, "2026-03-09T10:00:00")
    found = replace(samples.finding([contact]), rows=())
    made = as_json(samples.report_input([contact], [found]))
    assert made["findings"][0]["rows"] == [{"file": "calls.xml", "line": 7}]


def test_hostile_text_still_gives_data_that_can_be_read(samples: SimpleNamespace) -> None:
    evil = '\x00\ud800\u202e"</script>'
    said = Sentence(zh=evil, en=evil)
    contact = samples.contact(1, "2026-03-09T10:00:00", file=evil, agent=evil)
    given = samples.report_input(
        [contact],
        [samples.finding([contact], says=said, unless=(said,))],
        notes=(said,),
        collectors=((evil, evil),),
        suggestions=(Suggested(number=evil, name=evil, reasons=(said,)),),
        unreadable=(Unreadable(file=evil, line=1, what=evil),),
        inputs={evil: "a"},
    )
    written = json.dumps(as_json(given), ensure_ascii=False).encode()
    assert not re.search("[\x00\u202e]", written.decode())
    assert json.loads(written)["collectors"][0]["name"].endswith('"</script>')
