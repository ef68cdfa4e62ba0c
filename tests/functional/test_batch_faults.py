"""What goes wrong with whole ledgers: a killed run, a full disk, a cut file, rows nobody can read.

Each time there is one clear line, or the rest goes on; and what was killed ends as if it never was.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.functional.batch_ledgers import files_of, ledger, write_arrow, write_csv, write_parquet

from forbear.base.errors import InputError
from forbear.batch import plain
from forbear.batch.job import Job, run
from forbear.batch.state import locked
from forbear.law.book import load

# A run of its own, so that it can be killed: contacts, facts, persons, out, memory, file size.
_RUN = """
import sys
from pathlib import Path
from forbear.base.errors import InputError
from forbear.batch.job import Job, run
from forbear.batch.plain import audit_chunk
from forbear.law.book import load
contacts, facts, persons, out, memory, size = sys.argv[1:]
if int(size):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
try:
    run(Job(contacts=[contacts], facts=[facts], persons=[persons], out=Path(out),
            books={"us": load(("us",))}, engine=audit_chunk, memory=int(memory), threads=2))
except InputError as error:
    sys.exit(str(error))
"""
_SPILLING, _IN_MEMORY = 60_000, 1_000_000


@dataclass(frozen=True)
class Ledger:
    """A ledger's files, and what an audit of it leaves that nothing disturbed."""

    files: Path
    whole: dict[int, dict[str, bytes]]

    def begin(self, out: Path, memory: int, size: int = 0) -> subprocess.Popen[str]:
        """Start a run in a process of its own; no file may grow beyond ``size`` unless 0."""
        inputs = [self.files / f"{kind}.parquet" for kind in ("contacts", "facts", "persons")]
        arguments = [*map(str, inputs), str(out), str(memory), str(size)]
        return subprocess.Popen(
            [sys.executable, "-c", _RUN, *arguments], stderr=subprocess.PIPE, text=True
        )

    def run(self, out: Path, memory: int, size: int = 0) -> str:
        """Run to the end; returns what it says where it refuses."""
        with self.begin(out, memory, size) as process:
            return process.communicate()[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("ledger")
    chunk = ledger("us", 250, seed=4)
    # One row in a hundred cannot be read, so that errors are resumed as well.
    contacts = chunk.contacts.to_pylist()
    for row in contacts[::100]:
        row["agent_profile"] = "{"
    chunk = pa.Table.from_pylist(contacts, schema=chunk.contacts.schema), chunk.facts, chunk.persons
    for name, table in zip(("contacts", "facts", "persons"), chunk, strict=True):
        write_parquet(table, folder / f"{name}.parquet", row_group_size=400)
    whole = {}
    made = Ledger(folder, whole)
    for memory in (_SPILLING, _IN_MEMORY):
        out = folder / f"whole-{memory}"
        assert made.run(out, memory) == ""
        whole[memory] = files_of(out)
    # The first lies in many buckets on disk, the second in few in memory.
    parts = [sum("part" in name for name in files) for files in whole.values()]
    assert parts[0] > 3 * parts[1]
    return made


def _kill(made: Ledger, out: Path, memory: int, after: float) -> bool:
    """Kill a run so many seconds after it has begun to work; whether it was not yet through."""
    with made.begin(out, memory) as process:
        while not (out / "manifest.json").exists() and process.poll() is None:
            time.sleep(0.005)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("memory", [_SPILLING, _IN_MEMORY])
def test_a_killed_audit_goes_on_to_the_same_files(made: Ledger, memory: int, tmp_path: Path):
    rnd = Random(memory)
    killed = [_kill(made, tmp_path, memory, rnd.uniform(0.0, 0.4)) for _ in range(3)]
    assert any(killed)
    assert made.run(tmp_path, memory) == ""
    assert files_of(tmp_path) == made.whole[memory]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_killed_at_any_moment_an_audit_ends_as_if_it_never_was(
    made: Ledger, seed: int, tmp_path: Path
):
    rnd = Random(seed)
    for _ in range(rnd.randrange(1, 6)):
        _kill(made, tmp_path, _SPILLING, rnd.uniform(0.0, 1.0))
    assert made.run(tmp_path, _SPILLING) == ""
    assert files_of(tmp_path) == made.whole[_SPILLING]


def test_two_runs_do_not_share_a_folder(made: Ledger, tmp_path: Path):
    with locked(tmp_path):
        said = made.run(tmp_path, _IN_MEMORY)
    assert said.strip() == (
        f"{tmp_path}: another run writes to it; wait for it or name another folder"
    )
    # The lock ends with the run that holds it.
    assert made.run(tmp_path, _IN_MEMORY) == ""


# ── a full disk ──


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 128 KiB; a machine on which we may not make one skips."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk of its own")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("memory", [_SPILLING, _IN_MEMORY])
def test_a_full_disk_is_one_line_and_the_audit_goes_on_when_there_is_room(
    made: Ledger, memory: int, small_disk: Path
):
    out = small_disk / "out"
    (small_disk / "filler").write_bytes(bytes(64 << 10))
    said = made.run(out, memory)
    assert said.strip() == (
        f"{out}: there is no space left on the disk; make some and run the same command, which "
        "goes on from here, or name a folder on another disk"
    )
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert made.run(out, memory) == ""
    assert files_of(out) == made.whole[memory]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit the size of files")
def test_a_file_that_may_not_grow_is_one_line(made: Ledger, tmp_path: Path):
    said = made.run(tmp_path, _SPILLING, size=3_000)
    assert said.startswith(f"{tmp_path}: there is no space left on the disk")
    assert said.count("\n") == 1
    assert made.run(tmp_path, _SPILLING) == ""
    assert files_of(tmp_path) == made.whole[_SPILLING]


# ── inputs that are cut short, missing or strange ──


def _refused(contacts: Path | str, out: Path) -> str:
    with pytest.raises(InputError) as refused:
        run(
            Job(
                contacts=[str(contacts)],
                out=out,
                books={"us": load(("us",))},
                engine=plain.audit_chunk,
            )
        )
    said = str(refused.value)
    assert "\n" not in said
    return said


def test_a_parquet_file_cut_anywhere_is_one_line(made: Ledger, tmp_path: Path):
    whole = (made.files / "contacts.parquet").read_bytes()
    for size in (*range(0, len(whole), len(whole) // 40), len(whole) - 1):
        path = tmp_path / "cut.parquet"
        path.write_bytes(whole[:size])
        assert _refused(path, tmp_path / "out").startswith(f"{path}: it is no whole Parquet file")


def test_a_parquet_file_with_a_hole_is_one_line(made: Ledger, tmp_path: Path):
    whole = bytearray((made.files / "contacts.parquet").read_bytes())
    whole[200:4000] = bytes(3800)
    path = tmp_path / "hole.parquet"
    path.write_bytes(whole)
    said = _refused(path, tmp_path / "out")
    assert said.startswith(f"{path}: row group 1 cannot be read")


@pytest.mark.parametrize("stream", [False, True])
def test_an_arrow_file_cut_anywhere_is_one_line(made: Ledger, stream: bool, tmp_path: Path):
    table = pq.read_table(made.files / "contacts.parquet")
    whole = write_arrow(table, tmp_path / "whole", stream=stream).read_bytes()
    for size in range(10, len(whole) - 600, len(whole) // 17):
        path = tmp_path / "cut.arrow"
        path.write_bytes(whole[:size])
        assert _refused(path, tmp_path / "out").startswith(f"{path}: ")


def test_a_packed_text_cut_short_is_one_line(made: Ledger, tmp_path: Path):
    table = pq.read_table(made.files / "contacts.parquet")
    whole = write_csv(table, tmp_path / "whole.csv.gz").read_bytes()
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    assert f"{path}: it cannot be read to its end" in _refused(path, tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "it cannot be opened (No such file or directory)"),
        ("", "it is empty; its first line must name its columns"),
        ("when,how\n1,2\n", "there is no column at for contacts, only when, how; known are at, "),
        ("at,how\n1,2\n", "there is no column channel for contacts, only at, how; known are at"),
    ],
)
def test_an_input_without_what_is_needed_is_one_line(
    content: str | None, says: str, tmp_path: Path
):
    path = tmp_path / "contacts.csv"
    if content is not None:
        path.write_text(content)
    assert _refused(path, tmp_path / "out").startswith(f"{path}: {says}")


def test_times_without_a_zone_are_refused_with_the_remedy(tmp_path: Path):
    path = tmp_path / "naive.parquet"
    pq.write_table(pa.table({"at": pa.array([0], pa.timestamp("us")), "channel": ["call"]}), path)
    assert _refused(path, tmp_path / "out") == (
        f"{path}: the times of column at have no offset from UTC; store them as timestamps with "
        "a zone, or as texts such as 2026-03-10T17:59:00+08:00"
    )


def test_a_ledger_without_a_single_sound_row_is_refused(tmp_path: Path):
    path = tmp_path / "contacts.csv"
    path.write_text("at,channel\nyesterday,call\n2026-03-10T17:59:00+08:00,fax\n")
    assert _refused(path, tmp_path / "out") == (
        f"no row could be read, 2 in all; the first: {path}, line 2: at: 'yesterday' is no time; "
        "write one such as 2026-03-10T17:59:00+08:00"
    )


def test_a_column_that_nobody_knows_is_told_and_left_out(made: Ledger, tmp_path: Path):
    table = pq.read_table(made.files / "contacts.parquet").slice(1, 50)
    path = tmp_path / "contacts.parquet"
    pq.write_table(table.append_column("mood", pa.array(["grim"] * 50)), path)
    done = run(
        Job(
            contacts=[str(path)],
            out=tmp_path / "out",
            books={"us": load(("us",))},
            engine=plain.audit_chunk,
        )
    )
    assert done.notes == (f"{path}: these columns are unknown and were not read: mood.",)


# ── rows that cannot be read ──


def _million(path: Path, bad: dict[int, dict[str, str]]) -> Path:
    """A million inbound contacts, which no rule finds anything in, with bad ones among them."""
    rows = 1_000_000
    columns = {
        "at": np.full(rows, "2026-03-10T17:59:00+08:00", object),
        "channel": np.full(rows, "call", object),
        "direction": np.full(rows, "inbound", object),
        "person": np.array([f"p-{n % 1000}" for n in range(rows)], object),
        "agent_profile": np.full(rows, None, object),
        "text": np.full(rows, "hello", object),
    }
    for row, cells in bad.items():
        for name, cell in cells.items():
            columns[name][row] = cell
    if path.suffix == ".parquet":
        table = {name: pa.array(column, pa.string()) for name, column in columns.items()}
        pq.write_table(pa.table(table), path)
    else:
        cells = [np.where(column == None, "", column) for column in columns.values()]  # noqa: E711
        lines = [",".join(columns), *map(",".join, zip(*cells, strict=True)), ""]
        path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    return path


_BAD = {
    0: ({"at": "2026-03-10T17:59:00"}, "has no offset from UTC; add one, such as +08:00"),
    7: ({"at": ""}, "at: the time is missing; add one such as"),
    99: ({"channel": "fax"}, "channel 'fax' is unknown; known are call, voicemail"),
    123_456: ({"at": "0226-03-10T17:59:00+08:00"}, "the year 226 cannot be right"),
    500_000: ({"agent_profile": "{"}, "agent_profile: '{' is no JSON"),
    500_001: ({"direction": "sideways"}, "direction 'sideways' is unknown; known are outbound"),
    999_999: ({"at": "2026-02-30T17:59:00+08:00"}, "is no time; write one such as"),
}
_BAD_IN_TEXT = {
    250_000: ({"text": "a,b"}, "the row has 7 cells where the first line names 6 columns"),
    250_001: ({"text": '"open'}, 'a quotation mark " is never closed'),
    777_777: ({"text": "\udcff"}, "the encoding is wrong here"),
}


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_bad_rows_among_a_million_good_ones_are_told_and_the_rest_goes_on(
    suffix: str, tmp_path: Path
):
    bad = _BAD if suffix == ".parquet" else {**_BAD, **_BAD_IN_TEXT}
    path = _million(tmp_path / f"c{suffix}", {row: cells for row, (cells, _) in bad.items()})
    done = run(
        Job(contacts=[str(path)], out=tmp_path / "out", books={"us": load(("us",))}, threads=2)
    )
    assert (done.contacts, done.errors, done.findings) == (1_000_000, len(bad), {"us": 0})
    assert done.stats["us"].contacts == 1_000_000 - len(bad)
    told = pq.read_table(tmp_path / "out" / "errors.parquet").to_pylist()
    assert [row["position"] for row in told] == sorted(bad)
    for row in told:
        assert bad[row["position"]][1] in row["why"]
        assert (row["file"], row["input"]) == (str(path), "contacts")
        assert row["row"] == row["position"] + 1
        assert row["line"] == (row["row"] + 1 if suffix == ".csv" else None)
