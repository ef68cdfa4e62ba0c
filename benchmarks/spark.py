"""A ledger on one machine and on a cluster of Spark. Run ``benchmarks/spark.py``.

The cluster is a real one, a master and two workers of one core each, on this machine: it shows what
Spark costs beside the engine, not what more machines give. Both ways read the same Parquet files
and write their findings, which must be the same.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, Final

import pyarrow as pa
import pyarrow.dataset as ds
from parts import cluster, scale_data
from parts.job_runs import Asked, Told, used, watched
from parts.measure import NOISE, Figure, machine, number, refuse, table, tally, write_figures
from parts.turns import mib

from forbear.batch.schema import FINDINGS

_CONTACTS: Final = 1_000_000
_QUICK: Final = 20_000
_MEMORY: Final = 2 << 30
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PLANNED: Final = 10_000_000_000


@dataclass
class Watch:
    """The processes below the workers: their processor time, and the most that one of each held."""

    pids: tuple[int, ...]
    peak: dict[str, int] = field(default_factory=dict)
    stop: Event = field(default_factory=Event)

    def __call__(self) -> None:
        """Look again and again until told to stop."""
        while not self.stop.wait(0.1):
            self.look()

    def look(self) -> dict[str, float]:
        """Look once; gives the processor seconds that Java and Python have taken so far."""
        spent = {"java": 0.0, "python": 0.0}
        for pid in [each for worker in self.pids for each in _tree(worker)]:
            try:
                told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
            except OSError:
                continue
            name, _, rest = told.partition("(")[2].rpartition(")")
            name = "java" if name == "java" else "python"
            cells = rest.split()
            spent[name] += sum(map(int, cells[11:15])) / _TICKS
            held = int(cells[21]) * os.sysconf("SC_PAGE_SIZE")
            self.peak[name] = max(self.peak.get(name, 0), held)
        return spent


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _tree(int(child))
    except OSError:
        return


@contextmanager
def watching(pids: tuple[int, ...]) -> Iterator[Watch]:
    """Watch the processes for as long as the block runs."""
    watch = Watch(pids)
    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield watch
    finally:
        watch.stop.set()
        watcher.join()


@dataclass(frozen=True, kw_only=True)
class Run:
    """One audit by Spark. Seconds and bytes; ``worker`` is the most that a Python process held."""

    partitions: int
    wall: float
    java_cpu: float
    python_cpu: float
    worker: int
    java: int
    shuffled: int
    kept: int

    @property
    def cpu(self) -> float:
        """Processor seconds of all processes."""
        return self.java_cpu + self.python_cpu


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where Spark runs: its session, its cluster, and the folder of its log of events."""

    session: Any
    cluster: cluster.Cluster
    log: Path


def by_spark(place: Place, ledger: Path, out: Path, pack: str, partitions: int) -> Run:
    """Audit a ledger on the cluster."""
    from forbear.batch.spark import audit_on_spark, read_parquet  # noqa: PLC0415 - if installed

    began = time.time()
    with watching(place.cluster.workers) as watch:
        before, start = watch.look(), time.perf_counter()
        inputs = {
            name: read_parquet(place.session, str(ledger / f"{name}.parquet"))
            for name in ("contacts", "facts", "persons")
        }
        answer = audit_on_spark(place.session, **inputs, packs=[pack], partitions=partitions)
        answer.saved(str(out))
        wall, after = time.perf_counter() - start, watch.look()
    time.sleep(1)  # the log of events is written a little later
    return Run(
        partitions=partitions,
        wall=wall,
        java_cpu=after["java"] - before["java"],
        python_cpu=after["python"] - before["python"],
        worker=watch.peak.get("python", 0),
        java=watch.peak.get("java", 0),
        shuffled=_shuffled(place.log, began),
        kept=used(out),
    )


def _shuffled(log: Path, began: float) -> int:
    """Bytes that the tasks since then wrote to be shuffled, by Spark's own log of events."""
    total = 0
    for file in log.rglob("*"):
        if not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            if '"SparkListenerTaskEnd"' not in line:
                continue
            told = json.loads(line)
            if told["Task Info"]["Launch Time"] >= began * 1000:
                wrote = told["Task Metrics"]["Shuffle Write Metrics"]
                total += wrote["Shuffle Bytes Written"]
    return total


def alike(alone: Path, out: Path) -> int:
    """Refuse where the two did not find the same, to the last field; gives how many findings."""
    found = []
    for folder in (alone, out):
        rows = ds.dataset(folder, exclude_invalid_files=True).to_table(columns=FINDINGS.names)
        plain = {
            one.name: rows[one.name].cast(
                one.type.value_type if pa.types.is_dictionary(one.type) else one.type
            )
            for one in FINDINGS
        }
        found.append(pa.table(plain).sort_by([("position", "ascending"), ("rule", "ascending")]))
    if not found[0].combine_chunks().equals(found[1].combine_chunks()):
        refuse(
            f"Spark does not find what one machine finds: {found[1].num_rows} and "
            f"{found[0].num_rows} findings"
        )
    return int(found[0].num_rows)


def one_machine(ledger: Path, out: Path, pack: str) -> Told:
    """Audit the ledger by the job of one machine, in a process of its own."""
    return watched(Asked(ledger=ledger, out=out, pack=pack, memory=_MEMORY))


def measure(options: argparse.Namespace, folder: Path) -> tuple[list[Told], list[Run], int, int]:
    """Both ways in turn; gives their runs, the bytes of the ledger and how many findings."""
    count = _QUICK if options.quick else options.contacts
    ledger = scale_data.write(folder / "ledger", count)
    size = sum(path.stat().st_size for path in ledger.iterdir())
    alone = [one_machine(ledger, folder / "alone", options.pack)]
    why = "it takes half a minute to start" if options.quick else cluster.lacking()
    if why is not None:
        print(f"\nSpark was not measured: {why}.")
        return alone, [], size, alone[0].findings
    log = folder / "events"
    log.mkdir()
    with (
        cluster.cluster(folder / "cluster", memory="2g") as made,
        cluster.session(
            made.address, folder / "driver", executor_memory="1g", cores_max="2",
            eventLog_enabled="true", eventLog_dir=f"file://{log}", eventLog_compress="false",
        ) as session,
    ):  # fmt: skip
        small = scale_data.write(folder / "small", _QUICK)
        place = Place(session=session, cluster=made, log=log)
        by_spark(place, small, folder / "warm", options.pack, 4)
        more, runs, findings = in_turn(place, ledger, folder, options)
    return alone + more, runs, size, findings


def in_turn(
    place: Place, ledger: Path, folder: Path, options: argparse.Namespace
) -> tuple[list[Told], list[Run], int]:
    """Spark again and again, and one machine in between, whose first findings lie in ``alone``."""
    alone, runs, findings = [], [], 0
    for turn in range(options.rounds):
        for parts in options.partitions:
            NOISE.feel()
            out = folder / f"spark-{turn}-{parts}"
            runs.append(by_spark(place, ledger, out, options.pack, parts))
            findings = alike(folder / "alone" / "findings", out / "what=finding")
        NOISE.feel()
        if turn:
            alone.append(one_machine(ledger, folder / f"alone-{turn}", options.pack))
    return alone, runs, findings


def report(alone: list[Told], runs: list[Run], size: int, findings: int) -> list[Figure]:
    """Print the table and the plan, and give the figures."""
    count = alone[0].contacts
    wall, cpu = median(run.wall for run in alone), median(run.cpu for run in alone)
    kept = alone[0].kept
    rows = [
        ["one machine", "", number(wall), number(cpu), "", number(count / wall / 1e6),
         number(count / cpu / 1e6), number(mib(max(run.peak for run in alone))), "", "",
         number(kept / count), str(len(alone))]
    ]  # fmt: skip
    figures = [Figure(name="one machine", value=count / cpu, unit="contacts a core-second")]
    for parts in sorted({run.partitions for run in runs}):
        own = [run for run in runs if run.partitions == parts]
        took, spent = median(run.wall for run in own), median(run.cpu for run in own)
        shuffled = own[0].shuffled / count
        rows.append(
            ["Spark", str(parts), number(took), number(spent),
             number(median(run.java_cpu for run in own)), number(count / took / 1e6),
             number(count / spent / 1e6), number(mib(max(run.worker for run in own))),
             number(mib(max(run.java for run in own))), number(shuffled),
             number(own[0].kept / count), str(len(own))]
        )  # fmt: skip
        figures += [
            Figure(
                name=f"Spark, {parts} partitions", value=count / spent,
                unit="contacts a core-second", peer="one machine", ratio=cpu / spent,
            ),
            Figure(name=f"shuffle, {parts} partitions", value=shuffled, unit="bytes a contact"),
            Figure(
                name=f"a Python worker, {parts} partitions",
                value=mib(max(run.worker for run in own)), unit="MiB",
            ),
        ]  # fmt: skip
    heads = [
        "", "partitions", "wall s", "processor s", "of it Java", "M contacts a second",
        "M a core-second", "peak of a Python process, MiB", "of a Java process, MiB",
        "shuffled bytes each",
        "findings bytes each", "runs",
    ]  # fmt: skip
    title = f"{tally(count)} contacts, {number(size / count)} bytes each as Parquet"
    table(title, heads, rows)
    if runs:
        print(f"\nBoth found the same {tally(findings)} breaches, to the last field.")
        if count >= _CONTACTS:
            plan(count, size, min(runs, key=lambda run: run.cpu))
    return figures


def plan(count: int, size: int, run: Run) -> None:
    """What ten thousand million contacts would take by one run: arithmetic, not measured."""
    many = _PLANNED / count
    hours = run.cpu * many / 3600
    rows = [
        ["core-hours", number(hours)],
        ["hours on 64 cores at 70 %", number(hours / 64 / 0.7)],
        ["Parquet to be read, GiB", number(size * many / (1 << 30))],
        ["shuffled, GiB", number(run.shuffled * many / (1 << 30))],
        ["findings, GiB", number(run.kept * many / (1 << 30))],
        ["partitions of 250 000 contacts", tally(_PLANNED / 250_000)],
    ]
    table(f"Planned, not measured: {tally(_PLANNED)} contacts", ["", ""], rows)


def main() -> None:
    """Measure, and print the table with the machine and its noise."""
    asked = argparse.ArgumentParser(description="Audit a ledger on one machine and by Spark.")
    asked.add_argument("--quick", action="store_true", help="a small ledger, without Spark")
    asked.add_argument("--json", type=Path, help="write the figures to this file")
    asked.add_argument("--contacts", type=int, default=_CONTACTS, help="how many contacts")
    asked.add_argument("--pack", default="cn", help="by which pack")
    asked.add_argument(
        "--partitions", type=int, nargs="+", default=[4, 16], help="into how many partitions"
    )
    asked.add_argument("--rounds", type=int, default=2, help="how often")
    asked.add_argument("--folder", type=Path, help="where to write meanwhile")
    options = asked.parse_args()
    print(machine())
    NOISE.feel()
    with TemporaryDirectory(dir=options.folder) as made:
        figures = report(*measure(options, Path(made)))
    NOISE.feel()
    print(f"\n{NOISE.told()}")
    write_figures(options.json, figures)


if __name__ == "__main__":
    main()
