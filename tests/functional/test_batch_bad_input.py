"""The audit of a ledger where something is wrong, and what is seen of it meanwhile."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc
from tests.functional.ledger_runs import (
    LATER,
    LEDGER,
    Run,
    findings,
    flat,
    one_line,
    plainly,
    rows,
)

# ── what goes wrong ──


def test_a_row_that_cannot_be_read_is_an_error_row_and_the_others_are_judged(
    run: Run, out: Path, tmp_path: Path
):
    bad = [*rows(), {**rows()[0], "id": "C-013", "at": "2026-03-14T16:00:00"}]
    path = tmp_path / "ledger.parquet"
    pq.write_table(pa.Table.from_pylist(bad), path)
    status, said, err = run(path, "-o", out, "--lang", "en")
    assert (status, err) == (1, "")
    assert "1 row could not be read; the others were judged:\n" in said
    assert "ledger.parquet, row 13: at: '2026-03-14T16:00:00' has no offset from" in flat(said)
    assert f"and why: {out}/errors.parquet" in flat(said)
    assert "12 contacts judged" in said
    (error,) = pq.read_table(out / "errors.parquet").to_pylist()
    assert error["position"] == 12
    assert findings(out) == plainly(run)


def test_where_no_row_can_be_read_nothing_is_done(run: Run, out: Path, tmp_path: Path):
    path = tmp_path / "ledger.parquet"
    pq.write_table(pa.table({"at": ["yesterday"], "channel": ["call"]}), path)
    status, said, err = run(path, "-o", out)
    assert (status, said) == (2, "")
    assert "no row could be read, 1 in all" in one_line(err)


def test_an_empty_ledger_has_nothing_to_judge(run: Run, out: Path, tmp_path: Path):
    path = tmp_path / "ledger.parquet"
    pq.write_table(pa.Table.from_pylist(rows()).slice(0, 0), path)
    status, said, err = run(path, "-o", out, "--lang", "en")
    assert (status, err) == (0, "")
    assert "There is no contact to judge." in said
    assert run(path, *LATER, "-o", out.with_name("other"), "--lang", "en")[0] == 0


def test_a_folder_that_holds_another_audit_is_left_alone(
    run: Run, ledger: Path, out: Path, tmp_path: Path
):
    run(ledger, "-o", out)
    before = findings(out)
    other = tmp_path / "other.parquet"
    pq.write_table(pa.Table.from_pylist(rows()[:3]), other)
    status, said, err = run(other, "-o", out)
    assert (status, said) == (2, "")
    assert str(out) in one_line(err)
    assert findings(out) == before
    assert run(other, "-o", out, "--anew")[0] == 0
    assert findings(out) < before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.parquet", "-o", "out"), "missing.parquet"),
        (("ledger.parquet",), "need a folder; add -o FOLDER"),
        (("ledger.parquet", "-o", "ledger.parquet"), "it is a file, and a ledger's findings need"),
        (("ledger.parquet", "--facts", "missing.csv", "-o", "out"), "missing.csv"),
        (("ledger.parquet", "--persons", "missing.csv", "-o", "out"), "missing.csv"),
        (("cut.parquet", "-o", "out"), "cut.parquet"),
        (("strange.parquet", "-o", "out"), "strange.parquet"),
        (("ledger.parquet", "-o", "out", "--pack", "nowhere"), "pack 'nowhere' is unknown"),
        (("ledger.parquet", "-o", "out", "--pack", "cn@nxt"), "or cn@next"),
        (("ledger.parquet", "-o", "out", "--pack", "cn", "--pack", "cn@2024-13-01"), "is no date"),
        (("ledger.parquet", "-o", "out", "--format", "html"), "reported as text or json"),
        (("ledger.parquet", "-o", "out", "--collector", "95187"), "not for a whole ledger"),
        (("ledger.parquet", "-o", "out", "--memory", "some"), "is no size"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line_and_leaves_nothing(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
):
    tmp_path = ledger.parent
    monkeypatch.chdir(tmp_path)
    whole = ledger.read_bytes()
    Path("cut.parquet").write_bytes(whole[: len(whole) // 2])
    pq.write_table(pa.table({"a": [1]}), "strange.parquet")
    before = {path.name for path in tmp_path.iterdir()}
    status, printed, err = run(*words)
    assert (status, printed) == (2, "")
    assert said in one_line(err)
    assert {path.name for path in tmp_path.iterdir()} - before <= {"out"}
    assert not list(tmp_path.glob("out/findings/*/*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(run: Run, ledger: Path, tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    status, _, err = run(ledger, "-o", closed / "out")
    assert status == 2
    assert str(closed) in one_line(err)


def test_a_folder_that_cannot_be_made_is_named(run: Run, ledger: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    status, _, err = run(ledger, "-o", tmp_path / "file" / "out")
    assert status == 2
    assert str(tmp_path / "file") in one_line(err)


@pytest.mark.parametrize("library", ["pyarrow", "numba", "numpy"])
def test_without_the_extra_one_line_says_what_to_install(library: str, ledger: Path, out: Path):
    code = (
        f"import sys; sys.modules[{library!r}] = None; from forbear.cli.main import main; "
        f"sys.exit(main(['audit', {str(ledger)!r}, '-o', {str(out)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert one_line(done.stderr) == (
        f"forbear: an audit of a whole ledger needs {library}, which is not installed; "
        "pip install 'forbear[batch]'"
    )
    assert not out.exists()


def test_a_small_log_needs_nothing_of_the_extra():
    code = (
        "import sys; sys.modules |= dict.fromkeys(['pyarrow', 'numba', 'numpy']); "
        "from forbear.cli.main import main; "
        f"sys.exit(main(['audit', {str(LEDGER)!r}, '--lang', 'en']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 broke a rule" in done.stdout


# ── a terminal ──


def test_stopped_from_the_keyboard_it_says_how_to_go_on(out: Path):
    """The stream is not over, so that the run cannot be either."""
    table = pa.Table.from_pylist(rows())
    # Whoever runs the tests in the background has interrupts ignored, and so have its children.
    code = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from forbear.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "audit", "-", "-o", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        with ipc.new_stream(running.stdin, table.schema) as writer:
            writer.write_table(table)
            running.stdin.flush()
            while not (out / ".work").exists():
                assert running.poll() is None
                sleep(0.05)
            running.send_signal(signal.SIGINT)
            err = running.stderr.read().decode()
            assert running.wait(30) == 130
            with suppress(BrokenPipeError):
                writer.close()
        with suppress(BrokenPipeError):
            running.stdin.close()
    assert one_line(err) == (
        "forbear: stopped; a stream comes once only, so begin again with --anew"
    )


def test_progress_is_shown_on_a_terminal_and_wiped(ledger: Path, out: Path):
    """Standard error is a terminal here, standard output a file, as with ``> report.txt``."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "forbear.cli.main", "audit", ledger, "-o", out, "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            # The other side of a terminal is gone once the program is.
            pass
        finally:
            os.close(ours)
        assert running.stdout is not None
        said = running.stdout.read()
    assert running.returncode == 0
    assert b"forbear: reading" in shown
    assert shown.endswith(b"\r\x1b[K")
    assert said.startswith(b"12 contacts judged")
    assert b"\x1b" not in said
