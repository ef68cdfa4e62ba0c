"""A table of loans is closed whatever types its columns have, or refused in one line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.property.portfolios import DAYS, portfolio
from tests.property.test_nightly import table_of

from forbear.base.errors import InputError
from forbear.batch.nightly import close_table
from forbear.batch.nightly_kernel import FIRST_DAY, LAST_DAY
from forbear.batch.nightly_schema import LOANS, scale
from forbear.loans.days import by_year

ON = date(2026, 6, 15)
ROW = {
    "start": date(2026, 5, 1),
    "due": date(2026, 6, 1),
    "owed_principal": 10_000,
    "owed_interest": 310,
}


def said(**fields: Any) -> dict[str, Any]:
    return {"id": "A", "currency": "CNY", "day_count": "actual/365", "rows": [ROW], **fields}


def closed(*loans: dict[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[int, Any, str]]]:
    table, wrong, _ = close_table(pa.Table.from_pylist(list(loans)), ON)
    return table.to_pylist(), wrong


def test_a_table_needs_no_more_than_its_four_columns():
    (found,), wrong = closed(said())
    assert not wrong
    assert found["overdue_principal"] == 10_000
    assert found["overdue_interest"] == found["interest_earned"] == 310
    assert (found["days_past_due"], found["bucket"]) == (14, "RANGE_3")
    assert (found["late_interest"], found["next_due"], found["bucket_move"]) == (0, None, 0)


def test_a_table_of_no_loans_is_closed():
    found, wrong, scalar = close_table(LOANS.empty_table(), ON)
    assert (found.num_rows, wrong, scalar) == (0, [], 0)


def test_a_loan_without_rows_owes_nothing():
    (found, _), wrong = closed(said(rows=[]), said(id="B"))
    assert not wrong
    assert (found["outstanding_principal"], found["days_past_due"]) == (0, 0)


@pytest.mark.parametrize("rows", [[], None, [None]])
def test_a_file_in_which_no_loan_has_rows_is_read(rows: Any):
    found, wrong = closed(said(rows=rows, pauses=[]), said(id="B", rows=[], pauses=None))
    assert [each["id"] for each in found] == (["A", "B"] if rows == [] else ["B"])
    assert [place for place, _, _ in wrong] == ([] if rows == [] else [0])


def test_days_may_be_written_out():
    row = {**ROW, "start": "2026-05-01", "due": "2026-06-01"}
    (found,), wrong = closed(said(rows=[row], closed_on="2026-06-14"))
    assert not wrong
    assert found["days_past_due"] == 14


def test_a_day_that_is_none_makes_an_error_row_and_the_others_are_closed():
    row = {**ROW, "start": "2026-02-31", "due": "2026-06-01"}
    sound = {**row, "start": "2026-05-01"}
    found, wrong = closed(
        said(id="A", rows=[sound]), said(id="B", rows=[sound, row]), said(id="C", rows=[sound])
    )
    assert [each["id"] for each in found] == ["A", "C"]
    ((place, ident, why),) = wrong
    assert (place, ident) == (1, "B")
    assert why.startswith("rows[2].start: '2026-02-31' is not a day")


@pytest.mark.parametrize(
    "kind", [pa.decimal128(9, 4), pa.decimal128(30, 6), pa.string(), pa.int32()]
)
def test_a_rate_may_be_a_decimal_a_text_or_a_whole_number(kind: Any):
    given = Decimal(18) if pa.types.is_decimal(kind) else "18" if kind == pa.string() else 18
    loans = pa.Table.from_pylist([said(), said(id="B")])
    rates = pa.array([given, None], kind)
    found, wrong, _ = close_table(loans.append_column("late_rate_percent", rates), ON)
    assert not wrong
    # 10,000 at 18 % for fourteen days of 365 is 69.04.
    assert found["late_interest"].to_pylist() == [69, 0]


def test_words_may_be_dictionaries_of_any_width():
    loans = pa.Table.from_pylist([said(), said(id="B", currency="JPY")])
    for kind in (pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int32(), pa.string())):
        coded = loans.set_column(1, "currency", loans["currency"].combine_chunks().cast(kind))
        found, wrong, _ = close_table(coded, ON)
        assert not wrong
        assert found["currency"].to_pylist() == ["CNY", "JPY"]


@pytest.mark.parametrize(
    ("name", "column", "why"),
    [
        ("late_rate_percent", pa.array([18.25]), "late_rate_percent holds double"),
        ("interest_earned", pa.array([1.0]), "interest_earned holds double; it holds whole"),
        ("closed_on", pa.array([20_000]), "closed_on holds int64; it holds dates"),
        ("rounding", pa.array([1]), "rounding holds int64; it holds words"),
        ("rows", pa.array([5]), "rows holds int64; it holds lists of start, due"),
        ("pauses", pa.array([[{"start": ON}]]), "pauses has no end, only start"),
    ],
)
def test_a_column_of_another_type_is_refused_as_a_whole(name: str, column: Any, why: str):
    loans = pa.Table.from_pylist([said()])
    place = loans.column_names.index(name) if name in loans.column_names else None
    wrong = loans.append_column(name, column) if place is None else loans.set_column(
        place, name, column
    )  # fmt: skip
    with pytest.raises(InputError, match=why):
        close_table(wrong, ON)


@pytest.mark.parametrize("name", ["id", "currency", "day_count", "rows"])
def test_a_column_that_is_missing_is_named(name: str):
    loans = pa.Table.from_pylist([said()]).drop_columns([name])
    with pytest.raises(InputError, match=f"there is no column {name}"):
        close_table(loans, ON)


def test_amounts_beyond_64_bits_are_closed_by_the_scalar_form():
    row = {**ROW, "owed_principal": 10**15, "due": date(2000, 6, 1), "start": date(2000, 1, 1)}
    loans = pa.Table.from_pylist([said(rows=[row], late_rate_percent="999")])
    found, wrong, scalar = close_table(loans, ON)
    assert (wrong, scalar) == ([], 1)
    days = (ON - date(2000, 6, 1)).days
    assert found["late_interest"].to_pylist() == [10**15 * 999 * days // 36_500]


def test_an_answer_that_no_column_holds_is_an_error_row():
    row = {**ROW, "owed_principal": 10**15, "due": date(1, 6, 1), "start": date(1, 1, 1)}
    rows = [row] * 300
    _, ((_, ident, why),), _ = close_table(
        pa.Table.from_pylist([said(rows=rows, late_rate_percent="1000")]), ON
    )
    assert ident == "A"
    assert "beyond" in why


def test_numbers_at_the_ends_of_64_bits_are_error_rows():
    most = (1 << 63) - 1
    loans = [
        said(id=f"{n}", rows=[{**ROW, **row}])
        for n, row in enumerate(
            (
                {"owed_principal": -most - 1, "settled_principal": most},
                {"owed_principal": most, "settled_principal": -most - 1},
                {"owed_fee": most},
                {"owed_interest": -most - 1},
            )
        )
    ]
    found, wrong = closed(*loans)
    assert not found
    assert len(wrong) == len(loans)


def test_a_slice_of_a_table_is_closed_as_it_is_in_the_whole():
    on = DAYS[4]
    table = table_of(portfolio(Random(7), 90, on))
    whole, _, _ = close_table(table, on)
    parts = [close_table(table.slice(start, 30), on)[0] for start in (0, 30, 60)]
    assert pa.concat_tables(parts).to_pylist() == whole.to_pylist()


def test_days_weigh_in_columns_what_they_weigh_in_the_terms():
    weight = scale().weight
    epoch = date(1970, 1, 1).toordinal()
    days = [date(1900, 1, 1), date(1903, 12, 31), date(1999, 12, 30), date(2000, 2, 29), ON]
    days += [date(2096, 12, 31), date(2100, 3, 1), date(2199, 12, 31)]
    for start in days:
        for end in days:
            if start <= end:
                common, leap = by_year(start, end)
                low, high = (day.toordinal() - epoch - FIRST_DAY for day in (start, end))
                assert weight[high] - weight[low] == common * 366 + leap * 365
    assert len(weight) == LAST_DAY - FIRST_DAY + 2
