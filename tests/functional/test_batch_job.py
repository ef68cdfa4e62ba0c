"""A job: whole ledgers in, findings and their summary out, whatever form and size they have."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.functional.batch_ledgers import (
    findings_in,
    ledger,
    said,
    write_arrow,
    write_csv,
    write_folder,
    write_json_lines,
    write_parquet,
)

from forbear.base.errors import InputError
from forbear.batch import plain
from forbear.batch.job import Done, Job, Progress, run
from forbear.batch.schema import Chunk
from forbear.law.book import Book, load


@dataclass(frozen=True)
class Made:
    """A ledger, its files, and what the plain form says of it in memory."""

    chunk: Chunk
    files: Path
    book: Book
    found: list[dict[str, Any]]

    def run(self, out: Path, **changes: Any) -> Done:
        """Audit the files, by the plain form unless told otherwise."""
        told = {
            "contacts": [str(self.files / "contacts.parquet")],
            "facts": [str(self.files / "facts.parquet")],
            "persons": [str(self.files / "persons.parquet")],
            "books": {"us": self.book},
            "engine": plain.audit_chunk,
            "out": out,
            **changes,
        }
        return run(Job(**told))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    chunk, book = ledger("us", 150), load(("us",))
    folder = tmp_path_factory.mktemp("ledgers")
    write_parquet(chunk.contacts, folder / "contacts.parquet", row_group_size=300)
    write_parquet(chunk.facts, folder / "facts.parquet")
    write_parquet(chunk.persons, folder / "persons.parquet")
    (audited,) = plain.audit_chunk([book], chunk)
    assert audited.findings.num_rows > 200
    return Made(chunk, folder, book, audited.findings.to_pylist())


_FORMS: dict[str, Callable[[pa.Table, Path], Path]] = {
    "contacts.parquet": write_parquet,
    "parts": write_folder,
    "contacts.csv": write_csv,
    "contacts.csv.gz": write_csv,
    "contacts.arrow": lambda table, path: write_arrow(table, path, stream=False),
    "contacts.arrows": lambda table, path: write_arrow(table, path, stream=True),
    "contacts.jsonl": write_json_lines,
}


# Both engines answer alike; None is the compiled one.
_both_engines = pytest.mark.parametrize(
    "engine", [plain.audit_chunk, None], ids=["plain", "compiled"]
)


@_both_engines
@pytest.mark.parametrize("name", _FORMS)
def test_every_form_of_a_ledger_gives_the_same_findings(
    name: str, engine: Any, made: Made, tmp_path: Path
):
    path = _FORMS[name](made.chunk.contacts, tmp_path / name)
    done = made.run(tmp_path / "out", contacts=[str(path)], engine=engine)
    assert findings_in(done.out, "us") == made.found
    assert (done.contacts, done.errors, done.notes) == (made.chunk.contacts.num_rows, 0, ())
    assert pq.read_table(done.out / "errors.parquet").num_rows == 0


@pytest.mark.parametrize("form", [write_csv, write_json_lines, write_parquet])
def test_facts_and_persons_may_have_any_form_too(
    form: Callable[[pa.Table, Path], Path], made: Made, tmp_path: Path
):
    facts, persons = (
        form(made.chunk.facts, tmp_path / "facts"),
        form(made.chunk.persons, tmp_path / "persons"),
    )
    done = made.run(tmp_path / "out", facts=[str(facts)], persons=[str(persons)])
    assert (findings_in(done.out, "us"), done.errors) == (made.found, 0)


def test_a_stream_on_standard_input_gives_the_same_findings(made: Made, tmp_path: Path):
    stream = write_arrow(made.chunk.contacts, tmp_path / "contacts.arrows", stream=True)
    code = (
        "import sys; from pathlib import Path\n"
        "from forbear.batch.job import Job, run; from forbear.batch.plain import audit_chunk\n"
        "from forbear.law.book import load\n"
        "run(Job(contacts=['-'], facts=[sys.argv[1]], persons=[sys.argv[2]],"
        " out=Path(sys.argv[3]), books={'us': load(('us',))}, engine=audit_chunk))"
    )
    arguments = [made.files / "facts.parquet", made.files / "persons.parquet", tmp_path / "out"]
    with stream.open("rb") as file:
        subprocess.run([sys.executable, "-c", code, *map(str, arguments)], stdin=file, check=True)
    assert findings_in(tmp_path / "out", "us") == made.found


@_both_engines
def test_a_ledger_far_larger_than_its_memory_gives_the_same_findings(
    engine: Any, made: Made, tmp_path: Path
):
    done = made.run(tmp_path / "out", memory=50_000, threads=2, engine=engine)
    assert done.buckets > 20
    assert findings_in(done.out, "us") == made.found
    assert not (done.out / ".work").exists()


def test_several_files_are_one_ledger(made: Made, tmp_path: Path):
    half = made.chunk.contacts.num_rows // 2
    first = write_csv(made.chunk.contacts.slice(0, half), tmp_path / "first.csv")
    second = write_parquet(made.chunk.contacts.slice(half), tmp_path / "second.parquet")
    done = made.run(tmp_path / "out", contacts=[str(first), str(second)], memory=300_000)
    assert findings_in(done.out, "us") == made.found


@_both_engines
def test_persons_that_are_whole_numbers_are_the_same_persons(
    engine: Any, made: Made, tmp_path: Path
):
    def numbered(table: pa.Table) -> pa.Table:
        whole = [int(name.removeprefix("p-")) for name in table["person"].to_pylist()]
        at = table.schema.get_field_index("person")
        return table.set_column(at, "person", pa.array(whole, pa.int32()))

    contacts = write_parquet(numbered(made.chunk.contacts), tmp_path / "contacts.parquet")
    # Persons as text, as a CSV has them, are the same ones.
    facts = write_csv(numbered(made.chunk.facts), tmp_path / "facts.csv")
    persons = write_parquet(numbered(made.chunk.persons), tmp_path / "persons.parquet")
    done = made.run(tmp_path / "out", contacts=[str(contacts)], facts=[str(facts)],
        persons=[str(persons)], memory=200_000,
    )  # fmt: skip
    assert done.errors == 0
    expected = [{**row, "person": str(row["person"]).removeprefix("p-")} for row in made.found]
    assert findings_in(done.out, "us") == expected


@_both_engines
def test_zone_and_region_may_stand_in_the_ledger(engine: Any, made: Made, tmp_path: Path):
    places = {row["person"]: row for row in made.chunk.persons.to_pylist()}
    contacts = said(made.chunk.contacts)
    for name in ("zone", "region"):
        column = [places.get(p, {}).get(name) for p in contacts["person"].to_pylist()]
        contacts = contacts.append_column(name, pa.array(column, pa.string()))
    path = write_parquet(contacts, tmp_path / "contacts.parquet")
    done = made.run(
        tmp_path / "out", contacts=[str(path)], persons=[], memory=300_000, engine=engine
    )
    assert findings_in(done.out, "us") == made.found


def test_several_books_are_asked_in_one_pass(made: Made, tmp_path: Path):
    books = {"us": load(("us",)), "uk": load(("uk",))}
    done = made.run(tmp_path / "out", books=books)
    assert findings_in(done.out, "us") == made.found
    assert 0 < len(findings_in(done.out, "uk")) == done.findings["uk"] != done.findings["us"]
    assert set(done.judged) == {"us", "uk"}


def test_the_summary_counts_what_the_findings_say(made: Made, tmp_path: Path):
    done = made.run(tmp_path / "out", memory=100_000)
    told = json.loads((done.out / "summary.json").read_text())
    (of_book,) = told["books"].values()
    assert of_book["packs"] == dict(made.book.hashes)
    assert of_book["findings"] == len(made.found) == done.findings["us"]
    assert of_book["contacts"] == len({row["position"] for row in made.found})
    assert (
        of_book["judged"] == pc.sum(pc.equal(made.chunk.contacts["direction"], "outbound")).as_py()
    )
    for way in ("rule", "clause", "agent"):
        for row in pq.read_table(done.out / "summary" / f"by_{way}.parquet").to_pylist():
            own = [each for each in made.found if each[way] == row[way]]
            assert row["findings"] == len(own) > 0
            assert row["breached"] == sum(bool(each["breached"]) for each in own)
            assert row["contacts"] == len({each["position"] for each in own})
            marked = {each["position"] for each in own if each["breached"]}
            assert row["contacts_breached"] == len(marked)
    days = pq.read_table(done.out / "summary" / "by_day.parquet")
    assert sum(days["findings"].to_pylist()) == len(made.found)
    (audited,) = plain.audit_chunk([made.book], made.chunk)
    assert of_book["not_shown"] == sorted(audited.not_shown.to_pylist(), key=lambda n: n["rule"])


def test_a_finished_job_only_says_so(made: Made, tmp_path: Path):
    first = made.run(tmp_path / "out")
    before = (tmp_path / "out" / "summary.json").stat().st_mtime_ns

    def never(*_: object) -> list[plain.Audited]:
        raise AssertionError("nothing is judged twice")

    again = made.run(tmp_path / "out", engine=never)
    assert again.resumed
    assert not first.resumed
    assert (again.findings, again.judged) == (first.findings, first.judged)
    assert (tmp_path / "out" / "summary.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("what", ["input", "pack", "files"])
def test_another_job_does_not_go_on_in_its_folder(what: str, made: Made, tmp_path: Path):
    path = write_parquet(made.chunk.contacts, tmp_path / "contacts.parquet")
    changes: dict[str, object] = {"contacts": [str(path)]}
    made.run(tmp_path / "out", **changes)
    if what == "input":
        write_parquet(made.chunk.contacts.slice(1), path)
    elif what == "pack":
        changes["books"] = {"us": load(("uk",))}
    else:
        changes["persons"] = []
    says = {"input": f"{path} has changed since", "pack": "other packs", "files": "other files"}
    with pytest.raises(InputError, match=says[what]) as refused:
        made.run(tmp_path / "out", **changes)
    assert "--anew" in str(refused.value)
    done = made.run(tmp_path / "out", anew=True, **changes)
    assert not done.resumed
    assert len(findings_in(done.out, "us")) == done.findings["us"]


def test_what_others_keep_in_a_folder_is_not_touched(made: Made, tmp_path: Path):
    mine = tmp_path / "findings" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(InputError, match="it holds findings, but no audit that could go on"):
        made.run(tmp_path)
    assert mine.read_text() == "mine"


def test_progress_ends_where_the_ledger_does(made: Made, tmp_path: Path):
    told: list[Progress] = []
    job = Job(
        contacts=[str(made.files / "contacts.parquet")],
        out=tmp_path / "out",
        books={"us": made.book},
        engine=plain.audit_chunk,
        memory=200_000,
    )
    run(job, told.append)
    for stage in ("reading", "judging"):
        steps = [progress for progress in told if progress.stage == stage]
        counts = [progress.contacts for progress in steps]
        assert counts == sorted(counts)
        assert counts[-1] == steps[-1].of == made.chunk.contacts.num_rows
