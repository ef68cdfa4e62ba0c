from __future__ import annotations

import io
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forbear.base.errors import InputError
from forbear.cli.audit import (
    _check_output,
    _form,
    _Progress,
    _which_collectors,
)
from forbear.cli.main import parser
from forbear.evidence.given import Language, ReportInput, Suggested
from forbear.law.answers import Audit


def args(*words: str) -> Namespace:
    return parser(["audit"]).parse_args(["audit", *words])


def given(*suggestions: Suggested, language: Language = "en") -> ReportInput:
    return ReportInput(
        audit=Audit(contacts=0, findings=(), not_shown=()),
        contacts=(),
        zone="Asia/Shanghai",
        language=language,
        whose="debtor",
        made_at=datetime(2026, 3, 16, tzinfo=UTC),
        version="0.1.0",
        command="forbear audit",
        suggestions=suggestions,
    )


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ((), "text"),
        (("-o", "a.html"), "html"),
        (("-o", "a.HTM"), "html"),
        (("-o", "a.json"), "json"),
        (("-o", "a"), "text"),
        (("-o", "a.html", "--format", "text"), "text"),
        (("--format", "json"), "json"),
    ],
)
def test_the_form_is_as_asked_or_as_the_file_ends(words: tuple[str, ...], form: str):
    assert _form(args(*words)) == form


def test_a_page_is_not_poured_onto_a_terminal():
    with pytest.raises(InputError, match=r"-o report\.html"):
        _form(args("--format", "html"))


def test_a_log_is_not_overwritten_by_way_of_a_hard_link(tmp_path: Path):
    log, other = tmp_path / "calls.xml", tmp_path / "report.html"
    log.write_text("<calls/>")
    other.hardlink_to(log)
    with pytest.raises(InputError, match="one of the logs"):
        _check_output(other, [log])
    _check_output(tmp_path / "new.html", [log, tmp_path / "missing.xml"])


def test_proposed_options_can_be_pasted_into_a_shell():
    maybe = Suggested(number="95187", name="A's; rm -rf", likelihood="high", count=2)
    line = _which_collectors(given(maybe))[1]
    assert line.startswith("""  --collector '95187=A'"'"'s; rm -rf'  # """)


def test_a_sender_that_is_a_word_is_not_proposed():
    said = _which_collectors(given(Suggested(number="BANK")))
    assert said == [
        "No collector was named, and no number looks like one; add --collector NUMBER=NAME."
    ]
    assert "--collector" in _which_collectors(given(language="zh"))[0]


def test_a_long_list_of_proposals_is_cut_and_says_so():
    many = [Suggested(number=f"138000000{n}0", count=1) for n in range(14)]
    said = _which_collectors(given(*many))
    assert len(said) == 12
    assert said[-1] == "  # and 4 more"


def test_progress_is_shown_on_a_terminal_for_long_work_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    large, small = tmp_path / "large.xml", tmp_path / "small.xml"
    large.write_bytes(bytes(2 << 20))
    small.write_bytes(b"<calls/>")
    for logs, stream, shown in (
        ([large], Terminal(), True),
        ([small, tmp_path / "missing.xml"], Terminal(), False),
        ([large], io.StringIO(), False),
    ):
        monkeypatch.setattr("sys.stderr", stream)
        tell = _Progress(logs)
        tell("reading")
        tell("")
        assert ("reading" in stream.getvalue()) is shown
        # The line is wiped, so that nothing is left of it in front of the findings.
        assert stream.getvalue().endswith("\r\x1b[K") is shown
