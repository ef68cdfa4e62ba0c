"""Published examples of instalments and annual cost, where they are at hand, as printed."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from forbear.cli import loan_annuity, loan_apr
from forbear.cli.rows import json_object

SHARED = Path(__file__).parents[3] / "shared" / "vectors"


def examples(name: str) -> list[Any]:
    path = SHARED / f"{name}.jsonl"
    if not path.is_file():
        reason = "the shared examples are not at hand"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [
        pytest.param(json_object(line), id=json.loads(line)["id"])
        for line in path.read_bytes().split(b"\n")
        if line.strip()
    ]


def same(want: Any, have: Any) -> bool:
    """Equal at the digits that the source prints."""
    if isinstance(want, list):
        return len(want) == len(have) and all(map(same, want, have))
    try:
        shown = Decimal(str(want))
        return Decimal(have).quantize(shown, ROUND_HALF_UP) == shown
    except InvalidOperation:
        return bool(want == have)


@pytest.mark.parametrize("row", examples("annuity"))
def test_an_instalment_is_as_published(row: dict[str, Any]):
    asked = {key: row[key] for key in ("id", "kind", "inputs")}
    said = loan_annuity.answered({**asked, "asked": sorted(row["expect"])})
    assert {
        name: said[name] for name in row["expect"] if not same(row["expect"][name], said[name])
    } == {}


@pytest.mark.parametrize("row", examples("apr"))
def test_an_annual_cost_is_as_published(row: dict[str, Any]):
    want, room = row["expect_apr_percent"], row["tolerance"]
    asked = {key: row[key] for key in row if key not in ("expect_apr_percent", "tolerance")}
    said = loan_apr.answered(asked)
    assert abs(Decimal(said["apr_percent"]) - want) <= room
    low, high = map(Decimal, said["between_percent"])
    assert low < Decimal(said["apr_percent"]) + Decimal("1e-9")
    assert high - low < Decimal("1e-8")
