"""The nightly close in plain pandas, as its users would write it: a frame of loans, one of rows.

Days are numbers and words are codes, which is a gift to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from parts.loan_close import WHAT
from parts.loan_data import AMOUNTS, DAY_COUNTS, TODAY, Array, Portfolio, read
from parts.turns import Run

_KINDS: Final = ("principal", "interest", "fee", "penalty")
_FIRST: Final = np.array([1, 4, 31, 61, 91, 121, 151, 181, 241])
_FROM: Final = -25_567  # 1900-01-01
_HALF_EVEN, _HALF_UP = 0, 1
_BY_YEARS: Final = DAY_COUNTS.index("actual/actual")


def pandas(folder: Path) -> Run:
    """Pandas: group by loan, and rows of interest picked out by masks."""
    import pandas as pd  # noqa: PLC0415 - it is optional

    portfolio = read(folder)
    loans, rows = _frames(pd, portfolio)
    weight = _weights()

    def run() -> Any:
        left = pd.DataFrame({k: rows[f"owed_{k}"] - rows[f"settled_{k}"] for k in _KINDS})
        total, past = left.sum(axis=1), rows["due"] < TODAY
        out: dict[str, Any] = {}
        for when, mask in (("due", rows["due"] == TODAY), ("overdue", past), ("outstanding", None)):
            some, of = (left, rows["loan"]) if mask is None else (left[mask], rows["loan"][mask])
            sums = some.groupby(of).sum().reindex(loans.index, fill_value=0)
            out |= {f"{when}_{kind}": sums[kind] for kind in _KINDS}
        out |= _aged(loans, rows[past & (total > 0)])
        out |= _interest(loans, rows, weight)
        out |= _ahead(pd, loans, rows, total)
        out |= _late(loans, rows[past], left[past], weight)
        return pd.DataFrame(out)

    return run


def of_frame(closed: Any) -> Array:
    """What pandas found, as every engine's answer is compared."""
    return np.concatenate([closed[name].to_numpy(np.int64) for name in WHAT])


def _frames(pd: Any, portfolio: Portfolio) -> tuple[Any, Any]:
    names = ("count", "rounding", "grace", "late_ppm", "bucket", "earned", "late_rest")
    loans = pd.DataFrame({name: getattr(portfolio, name) for name in names})
    numbers = np.repeat(np.arange(portfolio.loans, dtype=np.int32), np.diff(portfolio.first))
    columns = {name: getattr(portfolio, name) for name in ("start", "due", *AMOUNTS)}
    return loans, pd.DataFrame({"loan": numbers, **columns})


def _weights() -> Array:
    """The days since 1900, those of leap years times 365, those of others times 366, summed up."""
    days = np.arange(_FROM, 84_007)
    years = (days + 1).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return np.concatenate([[0], np.cumsum(np.where(leap, 365, 366))])


def _days(weight: Array, start: Any, end: Any, count: Any) -> Any:
    by_years = weight[np.asarray(end) - _FROM] - weight[np.asarray(start) - _FROM]
    return np.where(count == _BY_YEARS, by_years, np.asarray(end, np.int64) - np.asarray(start))


def _aged(loans: Any, late: Any) -> dict[str, Any]:
    oldest = late.groupby("loan")["due"].min().reindex(loans.index, fill_value=TODAY)
    past_due = TODAY - oldest
    delinquent = (past_due - loans["grace"]).clip(lower=0)
    bucket = np.searchsorted(_FIRST, delinquent, "right")
    return {
        "days_past_due": past_due,
        "delinquent_days": delinquent,
        "bucket": bucket,
        "bucket_move": bucket - loans["bucket"].astype(np.int64),
    }


def _interest(loans: Any, rows: Any, weight: Array) -> dict[str, Any]:
    earned = rows["owed_interest"].where(rows["due"] <= TODAY, 0)
    now = rows[(rows["start"] < TODAY) & (rows["due"] > TODAY)]
    terms = loans.loc[now["loan"]]
    count = terms["count"].to_numpy()
    part = now["owed_interest"].to_numpy() * _days(weight, now["start"], TODAY, count)
    whole = _days(weight, now["start"], now["due"], count)
    found, rest = np.divmod(part, whole)
    how, twice = terms["rounding"].to_numpy(), 2 * rest
    tie = (how == _HALF_UP) | ((how == _HALF_EVEN) & (found % 2 == 1))
    up = (how <= _HALF_UP) & ((twice > whole) | ((twice == whole) & tie))
    earned.loc[now.index] = found + up
    sums = earned.groupby(rows["loan"]).sum()
    receivable = (earned - rows["settled_interest"]).clip(lower=0).groupby(rows["loan"]).sum()
    return {
        "interest_earned": sums,
        "interest_accrued": sums - loans["earned"],
        "interest_receivable": receivable,
    }


def _ahead(pd: Any, loans: Any, rows: Any, total: Any) -> dict[str, Any]:
    ahead = (rows["due"] > TODAY) & (total > 0)
    owed = pd.DataFrame({"loan": rows["loan"], "due": rows["due"], "total": total})[ahead]
    next_due = owed.groupby("loan")["due"].min().reindex(loans.index, fill_value=0)
    first = owed[owed["due"].to_numpy() == next_due.to_numpy()[owed["loan"]]]
    amount = first.groupby("loan")["total"].sum().reindex(loans.index, fill_value=0)
    return {"next_due": next_due, "next_amount": amount}


def _late(loans: Any, past: Any, left: Any, weight: Array) -> dict[str, Any]:
    owing = past[left["principal"] > 0]
    terms = loans.loc[owing["loan"]]
    since = np.maximum(owing["due"].to_numpy() + terms["grace"].to_numpy(), TODAY - 1)
    since = np.minimum(since, TODAY)
    base = left["principal"][owing.index].to_numpy() * terms["late_ppm"].to_numpy()
    found = base * _days(weight, since, TODAY, terms["count"].to_numpy())
    sums = np.bincount(owing["loan"], minlength=len(loans)) * 0
    np.add.at(sums, owing["loan"].to_numpy(), found)
    year = np.array([365, 360, 365 * 366, 360])[loans["count"]]
    late, rest = np.divmod(sums + loans["late_rest"].to_numpy(), 1_000_000 * year)
    return {"late_interest": late, "late_rest": rest}
