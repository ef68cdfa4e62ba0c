from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from forbear.base.errors import LoanError
from forbear.cli import audit
from forbear.cli.main import main, parser


def loaded(*words: str) -> set[str]:
    """The modules of Forbear that a command loads."""
    script = (
        "import sys; from forbear.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sorted(m for m in sys.modules if m.startswith('forbear.')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=True
    )
    return set(said.stdout.splitlines()[-1].split())


def test_the_version_is_said_without_loading_the_law():
    assert not {m for m in loaded("--version") if m.startswith(("forbear.law", "forbear.intake"))}


def test_deciding_a_case_loads_no_importer_and_no_report(tmp_path: Path):
    cases = tmp_path / "none.jsonl"
    cases.write_text("")
    seen = loaded("law", "decide", str(cases))
    assert "forbear.law.book" in seen
    assert not {m for m in seen if m.startswith(("forbear.intake", "forbear.evidence"))}


def test_help_lists_every_command():
    assert all(name in parser().format_help() for name in ("audit", "law"))


@pytest.mark.parametrize("words", [[], ["collect"], ["audit", "--soon"], ["law"]])
def test_a_misspelt_command_gets_one_line_and_the_status_of_nothing_done(
    words: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as leaving:
        main(words)
    said = capsys.readouterr()
    assert leaving.value.code == 2
    assert said.out == ""
    assert said.err.startswith("forbear")
    assert said.err.count("\n") == 1


def test_a_command_that_is_stopped_leaves_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def stop(_args: Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "run", stop)
    assert main(["audit", "calls.xml"]) == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_what_a_file_says_never_breaks_the_line_that_refuses_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(_args: Namespace) -> int:
        raise LoanError("currency «\n\nforbear: all is well\x1b[2J\u2028» is not known")

    monkeypatch.setattr(audit, "run", refuse)
    assert main(["audit", "calls.xml"]) == 2
    said = capsys.readouterr().err
    assert said == "forbear: currency « forbear: all is well [2J » is not known\n"


def test_a_value_without_end_is_cut_in_the_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(_args: Namespace) -> int:
        raise LoanError(f"n: «{'9' * 5000}» is not a whole number; write one such as 12")

    monkeypatch.setattr(audit, "run", refuse)
    assert main(["audit", "calls.xml"]) == 2
    said = capsys.readouterr().err
    assert len(said) < 200
    assert said.endswith("…» is not a whole number; write one such as 12\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_an_answer_that_cannot_be_written_is_one_line():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        said = subprocess.run(
            [sys.executable, "-m", "forbear.cli.main", "law", "show"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert said.returncode == 2
    assert said.stderr.startswith("forbear: the answer cannot be written (")
    assert said.stderr.count("\n") == 1
