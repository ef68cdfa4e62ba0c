from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from forbear.base.errors import InputError
from forbear.cli.audit_batch import _bytes, _refuse, is_for, loaded
from forbear.cli.main import parser


def args(*words: object) -> Namespace:
    return parser(["audit"]).parse_args(["audit", *map(str, words)])


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("2GiB", 2 << 30), ("2g", 2 << 30), ("512 MiB", 512 << 20), ("0.5G", 512 << 20),
        ("1TB", 1 << 40), ("67108864", 64 << 20),
    ],
)  # fmt: skip
def test_a_size_is_read_as_people_write_it(written: str, size: int):
    assert _bytes(written) == size


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--memory", "much", "is no size; write one such as 2GiB"),
        ("--memory", "-1GiB", "is no size"),
        ("--memory", "1MiB", "too little to work with; give 64MiB or more"),
        ("--memory", "9" * 4_000, "is no size"),
        ("--workers", "0", "is no number of threads; write one such as 4"),
        ("--workers", "many", "is no number of threads"),
    ],
)
def test_a_size_or_a_number_that_is_none_is_refused_in_one_line(
    option: str, value: str, said: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as leaving:
        args("a.parquet", f"{option}={value}")
    err = capsys.readouterr().err
    assert leaving.value.code == 2
    assert said in err
    assert err.count("\n") == 1
    assert len(err) < 300


def test_a_ledger_is_told_by_its_bytes_and_a_missing_one_by_its_name(tmp_path: Path):
    for name, data, ledger in (
        ("a", b"PAR1....", True),
        ("b", b"ARROW1\0\0", True),
        ("c", b"\xff\xff\xff\xff\x10\0\0\0", True),
        ("json", b'{"at": "2026-03-11T09:00:00Z", "channel": "call"}\n', True),
        ("d.xml", b"<calls/>", False),
        ("e.parquet", b"<calls/>", False),
        ("f.csv", b"at,channel\n", False),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert is_for(args(path)) is ledger, name
    assert is_for(args(tmp_path / "missing.parquet"))
    assert not is_for(args(tmp_path / "missing.csv"))
    assert is_for(args("-"))
    assert not is_for(args())


def test_a_folder_is_a_ledger_where_it_holds_one(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.xml").write_text("<calls/>", encoding="utf-8")
    assert not is_for(args(tmp_path / "logs"))
    part = tmp_path / "ledger" / "year=2026" / "part-0.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"PAR1")
    assert is_for(args(tmp_path / "ledger"))
    assert not is_for(args(tmp_path / "ledger", "--joint"))


def test_a_list_too_large_for_the_plain_reader_is_a_ledger_if_its_columns_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("forbear.cli.audit_batch.MAX_BYTES", 10)
    ledger, bill = tmp_path / "ledger.csv", tmp_path / "bill.csv"
    ledger.write_text('\ufeffperson,"At",channel\nP1,2026-03-11T09:00:00Z,call\n', encoding="utf-8")
    bill.write_text("起始时间,对方号码\n2026-03-11 09:00:00,95187\n", encoding="utf-8")
    assert is_for(args(ledger))
    assert not is_for(args(bill))


@pytest.mark.parametrize(
    "words",
    [("--batch",), ("--stats",), ("--facts", "f.csv"), ("--persons", "p.csv"), ("--workers", "2")],
)
def test_what_only_a_whole_ledger_can_use_makes_it_one(words: tuple[str, ...]):
    assert is_for(args("a.csv", *words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "need a folder; add -o FOLDER"),
        (("-o", __file__), "it is a file, and a ledger's findings need a folder"),
        (("--collector", "95187"), "--collector is not for a whole ledger: every row"),
        (("--whose", "relative"), "the column party says"),
        (("--zone", "Asia/Shanghai"), "say it in --persons"),
        (("--region", "US-MA"), "say it in --persons"),
        (("--year", "2026"), "times in a ledger have a year"),
        (("--against", "b.csv"), "compare one person's log"),
        (("--papers", "p"), "papers are about one person's log"),
        (("--format", "html"), "--format html: a ledger is reported as text or json"),
    ],
)
def test_what_makes_no_sense_of_a_ledger_is_refused_with_what_does(
    words: tuple[str, ...], said: str
):
    with pytest.raises(InputError) as caught:
        _refuse(args("a.parquet", *words))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("option", ["ledger", "--facts", "--persons"])
@pytest.mark.parametrize("out", [".", "out", "a/b"])
def test_a_result_is_not_written_among_what_is_read(tmp_path: Path, option: str, out: str):
    words = ("a.parquet", option, tmp_path) if option.startswith("--") else (tmp_path,)
    with pytest.raises(InputError, match="would be read with it; name a folder elsewhere"):
        _refuse(args(*words, "-o", tmp_path / out))
    _refuse(args(*words, "-o", tmp_path.parent / f"{tmp_path.name}-out"))


def test_a_ledger_must_be_named():
    with pytest.raises(InputError, match="no ledger was given; name a Parquet, Arrow or CSV file"):
        _refuse(args("--batch"))


@pytest.mark.parametrize("library", ["pyarrow", "numpy"])
def test_without_the_extra_one_line_says_what_to_install(library: str):
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from forbear.cli.audit_batch import loaded\n"
        "loaded('audit_what_if', 'a comparison of versions')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip().endswith(
        f"InputError: a comparison of versions needs {library}, which is not installed; "
        "pip install 'forbear[batch]'"
    )


def test_another_module_that_is_missing_is_no_matter_of_the_extra():
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        loaded("nowhere", "nothing")
