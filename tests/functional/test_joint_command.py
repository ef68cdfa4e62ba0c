"""``forbear audit FOLDER --joint`` as an examiner meets it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

Run = Callable[..., tuple[int, str, str]]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMED = ("--collector", "95187=甲小贷", "--collector", "1069018795187=甲小贷")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two complainants who can be read, one whose file cannot, and one without any."""
    people = tmp_path / "投诉"
    anna = people / "赵安娜 13900001111"
    anna.mkdir(parents=True)
    for name in ("sample-calls.xml", "sample-sms.xml"):
        shutil.copy(EXAMPLES / name, anna / name)
    shutil.copy(EXAMPLES / "sample-bill-gbk.csv", people / "钱伯特.csv")
    (people / "孙卡尔.pdf").write_bytes(b"%PDF-1.4")
    (people / "李朵拉").mkdir()
    (people / ".DS_Store").write_bytes(b"\0")
    return people


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_bytes(b"k" * 32)
    return path


def as_data(run: Run, *words: object) -> dict[str, Any]:
    status, out, _ = run(*words, "--format", "json")
    assert status in (0, 1)
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def alone(run: Run, *logs: object) -> dict[str, Any]:
    return as_data(run, *logs, *NAMED)


def test_the_table_is_the_sum_of_each_ones_own_report(run: Run, folder: Path):
    joint = as_data(run, folder, "--joint", *NAMED)
    anna = alone(run, *sorted((folder / "赵安娜 13900001111").iterdir()))
    bert = alone(run, folder / "钱伯特.csv")
    for row in joint["clauses"]:
        own = [[f for f in found["findings"] if f["rule"] == row["rule"]] for found in (anna, bert)]
        assert row["complainants"] == sum(bool(found) for found in own)
        assert row["breached"] == sum(f["breached"] for found in own for f in found)
        assert row["contacts"] == sum(map(len, own))
    assert {row["rule"] for row in joint["clauses"]} == {
        f["rule"] for found in (anna, bert) for f in found["findings"]
    }
    assert joint["lenders"][0]["contacts"] == sum(
        each["contacts"] for each in joint["complainants"]
    )


def test_two_peoples_calls_never_add_up_to_a_breach(run: Run, tmp_path: Path):
    """Three connected calls a day are allowed to each; six to two people are no breach."""
    head = "起始时间,通信方式,对方号码,通信时长\n"
    for name in ("a", "b"):
        rows = [f"2026-03-10 {hour}:00:00,被叫,95187,60秒\n" for hour in (10, 12, 15)]
        (tmp_path / f"{name}.csv").write_text(head + "".join(rows), encoding="utf-8")
    joint = as_data(run, tmp_path, "--joint", *NAMED)
    assert [each["contacts"] for each in joint["complainants"]] == [3, 3]
    assert not [row for row in joint["clauses"] if row["rule"] == "cn-gbt-interactive-calls"]


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_nobody_is_named_in_any_form(run: Run, folder: Path, form: str, tmp_path: Path):
    out = tmp_path / f"out.{form}"
    status, _, err = run(folder, "--joint", *NAMED, "--format", form, "-o", out)
    assert status == 1
    written = out.read_text(encoding="utf-8-sig")
    for secret in (
        "赵安娜",
        "13900001111",
        "钱伯特",
        "孙卡尔",
        "李朵拉",
        "sample",
        "投诉/",
        ".pdf",
    ):
        assert secret not in written
    assert str(tmp_path) not in written
    assert "甲小贷" in written
    # Whoever runs the command has to know whose file to mend.
    assert "孙卡尔.pdf: it is a PDF" in err


def test_a_bad_file_is_an_error_row_and_the_rest_goes_on(run: Run, folder: Path):
    joint = as_data(run, folder, "--joint", *NAMED)
    assert len(joint["complainants"]) == 2
    assert sorted(error["what"] for error in joint["errors"]) == ["empty", "pdf"]
    names = [each["complainant"] for each in (*joint["complainants"], *joint["errors"])]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"P-[2-9A-Z]{8}", name) for name in names)


def test_pseudonyms_stay_with_a_key_and_change_without(run: Run, folder: Path, key: Path):
    def names(*words: object) -> list[str]:
        found = as_data(run, folder, "--joint", *NAMED, *words)
        return [each["complainant"] for each in found["complainants"]]

    assert names("--joint-key", key) == names("--joint-key", key)
    assert set(names()) != set(names())


def test_without_a_collector_the_likely_ones_are_listed_for_all(run: Run, folder: Path):
    status, out, _ = run(folder, "--joint", "--lang", "en")
    assert status == 1
    assert "No collector was named, so nothing was judged." in out
    joint = as_data(run, folder, "--joint")
    assert joint["clauses"] == []
    assert {"95187", "1069018795187"} <= {maybe["number"] for maybe in joint["suggestions"]}


def test_a_number_without_a_name_stands_for_its_lender(run: Run, folder: Path):
    joint = as_data(run, folder, "--joint", "--collector", "95187")
    assert {row["lender"] for row in joint["clauses"]} == {"95187"}


def test_the_csv_has_one_row_for_each_lender_and_rule(run: Run, folder: Path):
    _, out, _ = run(folder, "--joint", *NAMED, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    joint = as_data(run, folder, "--joint", *NAMED)
    assert [(row["lender"], row["rule"]) for row in rows] == [
        (row["lender"], row["rule"]) for row in joint["clauses"]
    ]
    assert {row["small"] for row in rows} == {"yes"}


def test_a_lenders_name_cannot_be_a_formula(run: Run, folder: Path):
    _, out, _ = run(folder, "--joint", "--collector", "95187==1+1", "--format", "csv")
    assert "'=1+1" in out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_well_formed_and_warns_of_small_figures(
    run: Run, folder: Path, language: str, tmp_path: Path
):
    out = tmp_path / "joint.html"
    run(folder, "--joint", *NAMED, "--lang", language, "-o", out)
    page = out.read_text(encoding="utf-8")
    ET.fromstring(page)
    assert ("may give somebody away" if language == "en" else "可能让人认出本人") in page
    assert "forbear audit FOLDER --joint" in page


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere", "--joint"), "there is no such folder"),
        (("{folder}/钱伯特.csv", "--joint"), "it is no folder"),
        (("{folder}", "{folder}", "--joint"), "name one folder"),
        (("--joint",), "name one folder"),
        (("{folder}", "--joint", "--against", "x.csv"), "cannot be asked for with --against"),
        (("{folder}", "--joint", "--joint-key", "nowhere"), "it cannot be read"),
        (("{folder}", "--joint", "--joint-key", "{folder}/钱伯特.csv"), "lies among the logs"),
        (("{folder}", "--joint", "-o", "{folder}/out.html"), "lies among the logs"),
        (("{folder}", "--joint", "--format", "html"), "a page needs a file"),
        (("{folder}", "--joint", "--zone", "Mars"), "--zone"),
        (("{folder}/钱伯特.csv", "--format", "csv"), "add --joint"),
        (("{folder}/钱伯特.csv", "--joint-key", "k"), "add --joint"),
    ],
)
def test_a_wrong_command_gets_one_line(run: Run, folder: Path, words: tuple[str, ...], says: str):
    status, out, err = run(*(word.format(folder=folder) for word in words))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


def test_a_short_key_is_refused(run: Run, folder: Path, tmp_path: Path):
    short = tmp_path / "short"
    short.write_bytes(b"guess me")
    status, _, err = run(folder, "--joint", "--joint-key", short)
    assert status == 2
    assert "16 to 4096 bytes" in err


def test_a_folder_in_which_nothing_can_be_read_is_refused(run: Run, tmp_path: Path):
    people = tmp_path / "people"
    people.mkdir()
    status, _, err = run(people, "--joint")
    assert (status, "the folder is empty" in err) == (2, True)
    (people / "a.pdf").write_bytes(b"%PDF-1.4")
    status, _, err = run(people, "--joint")
    assert (status, "nothing of anybody could be read" in err) == (2, True)


def test_a_file_that_two_people_share_is_said(run: Run, folder: Path):
    shutil.copy(folder / "钱伯特.csv", folder / "周.csv")
    assert as_data(run, folder, "--joint", *NAMED)["shared_files"] == 1
