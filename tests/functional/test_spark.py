"""A ledger audited by Spark: the findings of one machine, and every failure in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.parts import cluster
from tests.functional.batch_ledgers import findings_in, ledger, said, write_folder
from tests.property.engines import chunk_of
from tests.property.histories import histories
from tests.property.pieces import RULE_SET_R
from tests.property.worlds import PACKS

from forbear.base.errors import InputError
from forbear.batch import compiled, job, plain
from forbear.batch.schema import FINDINGS, Audited, Chunk
from forbear.law.book import load

LACKING = cluster.lacking()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(LACKING is not None, reason=str(LACKING)),
    # PySpark warns of the newest pandas, which nothing here uses.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    # Java's gateway leaves its sockets to the collector when a session ends.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ROOT = Path(__file__).parents[2]
BOOKS = [*PACKS, RULE_SET_R]
PAGE = ROOT / "docs" / "how-to" / "when-one-machine-is-not-enough.md"


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One session for all tests; nothing of it may come to lie where it was started."""
    before = set(Path.cwd().iterdir())
    folder, log = tmp_path_factory.mktemp("spark"), tmp_path_factory.mktemp("events")
    with cluster.session(
        "local[2]", folder,
        eventLog_enabled="true", eventLog_dir=f"file://{log}", eventLog_compress="false",
    ) as session:  # fmt: skip
        yield session
    assert set(Path.cwd().iterdir()) <= before


def frames(session: Any, chunk: Chunk, folder: Path) -> dict[str, Any]:
    """The chunk as Parquet files, read by Spark as a ledger is."""
    from forbear.batch.spark import read_parquet  # noqa: PLC0415 - only where PySpark is

    folder.mkdir(parents=True)
    found = {}
    for name in ("contacts", "facts", "persons"):
        table = getattr(chunk, name)
        if table.num_rows:
            pq.write_table(said(table), folder / f"{name}.parquet")
            found[name] = read_parquet(session, str(folder / f"{name}.parquet"))
    return found


def found_by(answer: Any, book: str) -> list[dict[str, Any]]:
    """The findings of a book as one machine gives them: by position and rule."""
    rows = answer.findings.where(answer.findings["book"] == book).drop("book").toArrow()
    assert rows.column_names == FINDINGS.names
    return rows.sort_by([("position", "ascending"), ("rule", "ascending")]).to_pylist()


def same(answer: Any, book: str, expected: Audited) -> None:
    for found, told in zip(found_by(answer, book), expected.findings.to_pylist(), strict=True):
        assert found == told
    totals = answer.totals()[book]
    assert totals.judged == expected.judged
    assert totals.not_shown.to_pylist() == expected.not_shown.to_pylist()
    assert totals.stats.contacts == expected.stats.contacts
    assert totals.stats.debtors == expected.stats.debtors


def alike(one: Audited, other: Audited) -> None:
    """Hold every column of what two engines found against each other."""
    for name in FINDINGS.names:
        assert one.findings[name].to_pylist() == other.findings[name].to_pylist(), name
    assert one.judged == other.judged
    assert one.not_shown.to_pylist() == other.not_shown.to_pylist()
    assert one.stats.debtors == other.stats.debtors


@pytest.mark.parametrize("pack", BOOKS)
def test_spark_finds_what_one_machine_finds_in_fifty_thousand_histories(
    pack: str, spark: Any, tmp_path: Path
):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    # The debtors on whom test_engines_agree holds the compiled form against the plain one, so that
    # all three are known to agree on them; here the plain form is asked again of a seventh.
    made = [
        each
        for seed in range(14)
        for each in histories(f"slow-{seed}", pack, 450, facts_share=(0.05, 0.7)[seed % 2])
    ]
    assert len(made) * len(BOOKS) == 50_400
    book, chunk, some = load([pack]), chunk_of(made), chunk_of(made[:900])
    (expected,) = compiled.audit_chunk([book], chunk)
    alike(plain.audit_chunk([book], some)[0], compiled.audit_chunk([book], some)[0])
    answer = audit_on_spark(
        spark, **frames(spark, chunk, tmp_path / "in"), packs=[pack], partitions=4
    )
    answer = answer.saved(str(tmp_path / "out"))
    (name,) = answer.books
    assert expected.findings.num_rows > 5_000
    same(answer, name, expected)
    assert answer.errors.count() == 0


def test_files_in_a_folder_are_numbered_and_refused_as_on_one_machine(spark: Any, tmp_path: Path):
    from forbear.batch.spark import audit_on_spark, read_parquet  # noqa: PLC0415

    chunk = ledger("us", 150)
    channels = chunk.contacts["channel"].to_pylist()
    channels[7], channels[700] = "pigeon", None
    at = chunk.contacts.schema.get_field_index("channel")
    contacts = chunk.contacts.set_column(at, "channel", pa.array(channels, pa.string()))
    inputs = {
        "contacts": write_folder(contacts, tmp_path / "contacts"),
        "facts": write_folder(chunk.facts, tmp_path / "facts", parts=2),
        "persons": write_folder(chunk.persons, tmp_path / "persons", parts=1),
    }
    done = job.run(
        job.Job(
            **{name: [str(path)] for name, path in inputs.items()},
            books={"us": load(["us"])},
            out=tmp_path / "alone",
            engine=plain.audit_chunk,
        )
    )
    answer = audit_on_spark(
        spark,
        **{name: read_parquet(spark, str(path)) for name, path in inputs.items()},
        packs=["us"],
        engine=plain.audit_chunk,
    ).saved(str(tmp_path / "spark"))
    alone = findings_in(tmp_path / "alone", "us")
    assert len(alone) == done.findings["us"] > 100
    assert found_by(answer, "us") == alone
    errors = pq.read_table(tmp_path / "alone" / "errors.parquet")
    told = answer.errors.toArrow().sort_by("position")
    assert told.to_pylist() == errors.select(told.column_names).to_pylist()
    assert told["position"].to_pylist() == [7, 700]


def test_several_packs_and_a_folder_of_ones_own_are_judged_in_one_pass(spark: Any, tmp_path: Path):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    chunk = chunk_of(histories("versions", "cn", 120))
    packs = ["cn", "cn@2024-06-01", str(RULE_SET_R)]
    expected = plain.audit_chunk([load([pack]) for pack in packs], chunk)
    answer = audit_on_spark(
        spark, **frames(spark, chunk, tmp_path / "in"), packs=packs, partitions=2
    )
    answer = answer.saved(str(tmp_path / "out"))
    assert len(answer.books) == 3
    for book, one in zip(answer.books, expected, strict=True):
        same(answer, book, one)


def test_contacts_alone_and_more_partitions_than_debtors(spark: Any):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    contacts = spark.createDataFrame(
        pa.table(
            {
                "position": [0, 1, 2],
                "at": ["2026-03-10T23:00:00+08:00", "2026-03-10T12:00:00+08:00", "yesterday"],
                "channel": ["call"] * 3,
                "Borrower ID": [7.0, None, 8.0],
                "shoe_size": [41, 42, 43],
            }
        )
    )
    answer = audit_on_spark(spark, contacts, packs=["cn"], partitions=7)
    assert answer.notes == ("contacts: these columns are unknown and were not read: shoe_size.",)
    assert answer.totals()["cn"].judged == 2
    assert {(row["position"], row["person"]) for row in found_by(answer, "cn")} >= {(0, "7")}
    (error,) = answer.errors.collect()
    assert (error["input"], error["position"]) == ("contacts", 2)


SOUND: Mapping[str, Any] = {"position": [0], "at": [0], "channel": ["call"], "person": ["P"]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"position": None}, "contacts: there is no column position; read the ledger with "),
        ({"position": ["x"]}, "contacts: the column position holds no whole numbers"),
        ({"at": None}, "contacts: there is no column at for contacts, only channel, person"),
        ({"at": pa.array([0], pa.date32())}, "contacts: column at holds date32"),
        ({"channel": [1.5]}, "contacts: column channel holds double; it holds words: "),
        ({"party_age": [[1]]}, "contacts: column party_age holds list"),
    ],
)
def test_a_column_that_nobody_can_read_is_one_line(changed: dict[str, Any], said: str, spark: Any):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    columns = {name: cells for name, cells in {**SOUND, **changed}.items() if cells is not None}
    with pytest.raises(InputError) as refused:
        audit_on_spark(spark, spark.createDataFrame(pa.table(columns)))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_times_without_a_zone_are_refused(spark: Any):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    contacts = spark.createDataFrame(pa.table(dict(SOUND)))
    at = contacts["at"].cast("timestamp").cast("timestamp_ntz")
    with pytest.raises(InputError, match="the times of column at have no offset from UTC"):
        audit_on_spark(spark, contacts.withColumn("at", at))


def without(package: str, folder: Path) -> str:
    """A Python that is like this one but lacks a package."""
    (folder / package).mkdir(parents=True)
    text = f"raise ModuleNotFoundError(\"No module named '{package}'\")\n"
    (folder / package / "__init__.py").write_text(text, encoding="utf-8")
    python = folder / "python"
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{folder}:$PYTHONPATH" exec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    return str(python)


@pytest.mark.parametrize("package", ["forbear", "numba", "pyarrow"])
def test_an_executor_that_lacks_a_package_is_one_line(
    package: str, spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    monkeypatch.setattr(spark.sparkContext, "pythonExec", without(package, tmp_path))
    with pytest.raises(InputError) as refused:
        audit_on_spark(spark, spark.createDataFrame(pa.table(dict(SOUND))))
    told = str(refused.value)
    assert f"No module named '{package}'" in told
    assert "install forbear[batch,spark]" in told
    assert "\n" not in told


def test_what_stops_an_executor_on_its_way_is_one_line(spark: Any, tmp_path: Path):
    from forbear.batch.spark import audit_on_spark  # noqa: PLC0415

    cells = {**SOUND, "position": pa.array([None], pa.int64())}
    answer = audit_on_spark(spark, spark.createDataFrame(pa.table(cells)))
    with pytest.raises(InputError) as refused:
        answer.saved(str(tmp_path / "out"))
    assert str(refused.value) == (
        "the audit stopped: contacts: a row has no position; number all of them"
    )


def test_a_ledger_that_is_not_there_is_one_line(spark: Any, tmp_path: Path):
    from forbear.batch.spark import read_parquet  # noqa: PLC0415

    with pytest.raises(InputError) as refused:
        read_parquet(spark, str(tmp_path / "nowhere"))
    assert "nowhere" in str(refused.value)
    assert "\n" not in str(refused.value)


def script(folder: Path) -> Path:
    """The script that the page shows."""
    text = PAGE.read_text(encoding="utf-8")
    path = folder / "audit_ledger.py"
    path.write_text(text.split("```python audit_ledger.py\n")[1].split("```")[0], encoding="utf-8")
    return path


def submit(master: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    options = {**cluster.settings(folder), "spark.executor.memory": "512m"}
    conf = [word for name, value in options.items() for word in ("--conf", f"{name}={value}")]
    return subprocess.run(
        [str(cluster.home() / "bin" / "spark-submit"), "--master", master, *conf,
         str(script(folder)), *words],
        cwd=folder, env={**os.environ, "PYSPARK_PYTHON": sys.executable,
                         "SPARK_LOCAL_IP": cluster.HOST},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        timeout=300, check=False,
    )  # fmt: skip


def test_the_script_of_the_page_runs_on_a_cluster(tmp_path: Path):
    chunk = chunk_of(histories("cluster", "cn", 200))
    (expected,) = plain.audit_chunk([load(["cn"])], chunk)
    read = tmp_path / "ledger"
    read.mkdir()
    for name in ("contacts", "facts", "persons"):
        pq.write_table(said(getattr(chunk, name)), read / f"{name}.parquet")
    words = [f"file://{read}", f"file://{tmp_path}/out", "cn"]
    with cluster.cluster(tmp_path / "cluster") as made:
        done = submit(made.address, *words, folder=tmp_path / "driver")
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"cn: {expected.judged:,} contacts judged" in done.stdout
    assert "0 rows could not be read" in done.stdout
    found = pq.read_table(tmp_path / "out", filters=[("what", "=", "finding")])
    found = found.select(FINDINGS.names).sort_by([("position", "ascending"), ("rule", "ascending")])
    assert found.to_pylist() == expected.findings.to_pylist()
    assert {path.name for path in (tmp_path / "driver").iterdir()} <= {"audit_ledger.py", "local"}


def test_the_script_tells_a_failure_in_one_line(tmp_path: Path):
    done = submit("local[1]", str(tmp_path / "nowhere"), str(tmp_path / "out"), "cn",
                  folder=tmp_path / "driver")  # fmt: skip
    assert done.returncode == 1
    # Spark hands what a driver says on standard error to its own standard output.
    told = done.stdout + done.stderr
    (line,) = (line for line in told.splitlines() if line.startswith("forbear: "))
    assert "nowhere" in line
    assert "Traceback" not in told


def test_the_benchmark_holds_spark_against_one_machine(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))  # as for a script that is run there
    from benchmarks import spark as benchmark  # noqa: PLC0415 - see above

    # The session of all tests stands for the cluster, whose workers are then below this process.
    log = Path(spark.conf.get("spark.eventLog.dir").removeprefix("file://"))
    here = cluster.Cluster(address="local[2]", workers=(os.getpid(),))
    place = benchmark.Place(session=spark, cluster=here, log=log)
    ledger = benchmark.scale_data.write(tmp_path / "ledger", 20_000)
    size = sum(path.stat().st_size for path in ledger.iterdir())
    alone = benchmark.one_machine(ledger, tmp_path / "alone", "cn")
    asked = Namespace(pack="cn", rounds=1, partitions=[3])
    _, runs, findings = benchmark.in_turn(place, ledger, tmp_path, asked)
    figures = benchmark.report([alone], runs, size, findings)
    assert f"same {benchmark.tally(findings)} breaches" in capsys.readouterr().out
    assert findings == alone.findings > 0
    assert [figure.name for figure in figures] == [
        "one machine", "Spark, 3 partitions", "shuffle, 3 partitions",
        "a Python worker, 3 partitions",
    ]  # fmt: skip
    assert all(figure.value > 0 for figure in figures)
