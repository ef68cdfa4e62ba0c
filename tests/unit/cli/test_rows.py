from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forbear.base.errors import CaseError, InputError, LoanError
from forbear.cli.rows import answer_each, json_file, json_object, lines_of


def test_a_number_with_a_point_stays_what_was_written():
    assert json_object(b'{"a": 0.1, "b": 3}') == {"a": Decimal("0.1"), "b": 3}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"\xff", "not UTF-8"),
        (b"nothing", "column 1: it is no JSON"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1, "a": 2}', "a: it stands twice"),
        (b"3", "holds no object"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number that is too long"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, message: str):
    with pytest.raises(CaseError, match=message):
        json_object(line)


def test_a_mark_at_the_beginning_and_empty_lines_are_read_past(tmp_path: Path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n  \n{"a": 2}')
    assert [number for number, _ in lines_of(str(file))] == [1, 4]


def test_a_file_in_another_encoding_is_refused_whole(tmp_path: Path):
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 1}', encoding="utf-16")
    with pytest.raises(InputError, match="it is UTF-16"):
        list(lines_of(str(file)))


@pytest.mark.parametrize(("rows", "status"), [("1", 0), ("12", 1), ("22", 2), ("", 0)])
def test_the_status_says_how_many_were_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, status: int
):
    def say(row: Mapping[str, Any]) -> dict[str, Any]:
        if row["n"] == 2:
            raise LoanError("n: two is too many; write one")
        return {"said": row["n"]}

    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps({"id": f"row-{n}", "n": int(n)}) for n in rows))
    assert answer_each([str(file)], say) == status
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row.get("error") for row in said] == [
        "n: two is too many; write one" if n == "2" else None for n in rows
    ]
    assert [row["id"] for row in said] == [f"row-{n}" for n in rows]


def test_one_object_over_many_lines_is_answered_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "one.json"
    file.write_text(json.dumps({"id": "whole", "n": 3}, indent=2))
    assert answer_each([str(file)], lambda row: {"said": row["n"]}) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "whole", "said": 3}
    file.write_text('{\n  "id": "broken",\n  "n": \n}')
    assert answer_each([str(file)], lambda row: {"said": row["n"]}) == 2
    assert json.loads(capsys.readouterr().out)["error"].startswith(
        "line 4, column 1: it is no JSON"
    )


@pytest.mark.parametrize("content", ["{" * 100_000, '{"a": 1'])
def test_one_object_of_a_file_is_read_or_refused_by_name(tmp_path: Path, content: str):
    file = tmp_path / "one.json"
    file.write_text('{\n "a": 1\n}')
    assert json_file(str(file)) == {"a": 1}
    file.write_text(content)
    with pytest.raises(InputError, match=r"one\.json: "):
        json_file(str(file))
