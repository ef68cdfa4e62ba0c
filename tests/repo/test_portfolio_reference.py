"""The page about portfolios names every column and every word that the nightly close knows."""

from __future__ import annotations

from pathlib import Path

from forbear.batch.nightly_schema import (
    CLOSED,
    DAY_COUNTS,
    ERRORS,
    LATE_ON_CODES,
    LOANS,
    PAUSE,
    ROUNDINGS,
    ROW,
    TABLE_CODES,
)


def test_every_column_and_word_of_a_portfolio_is_explained(root: Path):
    page = (root / "docs" / "reference" / "portfolio.md").read_text(encoding="utf-8")
    columns = {*LOANS.names, *CLOSED.names, *ERRORS.names}
    fields = {field.name for kind in (ROW, PAUSE) for field in kind}
    words = {*DAY_COUNTS, *ROUNDINGS, *LATE_ON_CODES, *TABLE_CODES}
    assert not sorted(name for name in columns | fields | words if f"`{name}`" not in page)
