"""The time line and the exhibit: everything that lets a stranger check the findings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from forbear.evidence.papers import Paper, Told, as_data, papers
from forbear.evidence.papers.records import EXHIBIT_MAX, TIMELINE_MAX

Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]
EXAMPLES = Path(__file__).parents[4] / "examples"


def test_the_exhibit_holds_hashes_rows_packs_version_and_command(made: Made, text: Text):
    said = text(made()["exhibit"])
    for name in ("sample-calls.xml", "sample-sms.xml"):
        assert hashlib.sha256((EXAMPLES / name).read_bytes()).hexdigest() in said
    assert "sample-calls.xml第10、11、12、13行" in said
    assert "95187（甲小贷）" in said
    exact = [b["value"] for b in as_data(made()["exhibit"])["blocks"] if b.get("exact")]
    assert exact == [
        "forbear audit calls.xml --pack cn",
        'Get-FileHash -Algorithm SHA256 "sample-calls.xml"',
        'shasum -a 256 "sample-calls.xml"',
        'sha256sum "sample-calls.xml"',
    ]


def test_the_time_line_has_every_contact(made: Made):
    (table, rules) = [b for b in as_data(made()["timeline"])["blocks"] if b["kind"] == "table"]
    assert len(table["rows"]) == 30
    assert [row[1] for row in table["rows"]].count("本人发起的短信") == 1
    assert [row[0] for row in rules["rows"]] == [str(n) for n in range(1, 9)]


def test_long_logs_are_cut_and_say_so(samples: SimpleNamespace, text: Text):
    log = samples.years(3000, broken_each=3)
    found = {paper.id: paper for paper in papers(log, Told())}
    (table, _) = [b for b in as_data(found["timeline"])["blocks"] if b["kind"] == "table"]
    assert len(table["rows"]) == TIMELINE_MAX
    assert all(row[4] for row in table["rows"]), "those with findings come before the others"
    assert f"列出{TIMELINE_MAX}次，共3,000次" in text(found["timeline"])
    assert f"另有{len(log.audit.findings) - EXHIBIT_MAX}次没有列出" in text(found["exhibit"])


def test_an_empty_log_says_so(samples: SimpleNamespace, text: Text):
    found = {paper.id: paper for paper in papers(samples.report_input([], []), Told())}
    assert "没有与上述号码有关的联系" in text(found["timeline"])
    assert "没有发现不符的联系" in text(found["exhibit"])


def test_every_way_of_breaking_a_rule_has_its_words(samples: SimpleNamespace):
    for language in ("zh", "en"):
        for paper in papers(samples.broken_many_ways(language=language), Told()):
            as_data(paper)
