"""Rule set R over a whole ledger by other engines: each written by hand, as its own users would.

Every engine takes its own tables and gives one byte of bits for each contact, in the order of the
ledger. Joins, sorting and putting back into order are inside the clock. Contacts of one second
never count for each other, which rolling windows of pandas and a seventh contact back both miss.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from parts.audit_data import START, WEEK, ZONES, Array, Ledger, offsets, read
from parts.turns import Run

_OPENS, _CLOSES = 8 * 3600, 22 * 3600
_CAP = 7


def _switches() -> tuple[list[int], list[int], list[int]]:
    """The offsets of all zones as three columns: zone, from when, seconds."""
    rows = [(z, at, offset) for z, name in enumerate(ZONES) for at, offset in offsets(name)]
    rows.sort(key=lambda row: row[1])
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def polars_windows(folder: Path) -> Run:
    """Polars with its rolling window over the calls of a debt."""
    return _polars(folder, _rolled)


def polars_keys(folder: Path) -> Run:
    """Polars with one sorted key of debt and time in place of a window, searched for both ends."""
    return _polars(folder, _searched)


def _polars(folder: Path, week: Any) -> Run:
    import polars as pl  # noqa: PLC0415 - it is optional

    ledger = read(folder)
    made = pl.DataFrame(
        {
            "at": ledger.at,
            "person": ledger.person,
            "debt": ledger.debt,
            "channel": ledger.channel,
            "third": ledger.third,
            "talk": ledger.talk,
        }
    ).with_row_index("row")
    zone_of = pl.Series("zone", ledger.zone)
    zone, since, offset = _switches()
    switches = pl.DataFrame(
        {"zone": pl.Series(zone, dtype=pl.UInt8), "at": since, "offset": offset}
    ).lazy()
    opted = pl.DataFrame(
        {"person": ledger.opted_person, "channel": ledger.opted_channel, "since": ledger.opted_at}
    ).lazy()
    stopped = pl.DataFrame(
        {
            "person": ledger.stopped_person,
            "since": ledger.stopped_from,
            "until": ledger.stopped_until,
        }
    ).lazy()
    at, call, third = pl.col("at"), pl.col("channel") == 0, pl.col("third")

    def run() -> Array:
        zoned = made.lazy().select("at", zone=zone_of.gather(made["person"]))
        clock = (at + pl.col("offset")) % 86_400
        quiet = zoned.join_asof(switches, on="at", by="zone", check_sortedness=False).select(
            ~clock.is_between(_OPENS, _CLOSES - 1)
        )
        calls = week(pl, made.lazy().filter(call, ~third))
        others = made.lazy().filter(call, third).filter(at > at.min().over("person"))
        out = opted.group_by("person", "channel").agg(pl.col("since").min())
        refused = made.lazy().join(out, on=["person", "channel"]).filter(pl.col("since") < at)
        halted = made.lazy().join(stopped, on="person")
        halted = halted.filter(at.is_between(pl.col("since"), pl.col("until"), closed="left"))
        rows = [query.select("row") for query in (others, refused, halted)]
        bits, *found = pl.collect_all([quiet, *rows])
        mask = bits.to_series().to_numpy().astype(np.uint8)
        mask[calls["row"].to_numpy()] |= calls["bits"].to_numpy()
        for bit, few in zip((8, 16, 32), found, strict=True):
            mask[few["row"].to_numpy()] |= np.uint8(bit)
        return mask

    return run


def _rolled(pl: Any, calls: Any) -> Any:
    calls = calls.sort("debt", "at").collect()
    seen = calls.rolling("at", period=f"{WEEK}i", closed="left", group_by="debt").agg(
        made=pl.len(), talked=pl.col("talk").any()
    )
    return calls.select("row").with_columns(
        seen.select(
            bits=(pl.col("made") >= _CAP).cast(pl.UInt8) * 2 + pl.col("talked").cast(pl.UInt8) * 4
        )
    )


def _searched(pl: Any, calls: Any) -> Any:
    # A week lies between the keys of two debts, so that the search stays within one of them.
    key = pl.col("debt").cast(pl.Int64) * (1 << 32) + (pl.col("at") - START + WEEK)
    calls = calls.select("row", "talk", key=key).sort("key").collect()
    keys = calls["key"]
    upto, since = keys.search_sorted(keys), keys.search_sorted(keys - WEEK)
    talks = pl.concat([pl.Series([0], dtype=pl.UInt32), calls["talk"].cast(pl.UInt32).cum_sum()])
    capped, talked = upto - since >= _CAP, talks.gather(upto) > talks.gather(since)
    return calls.select("row", bits=capped.cast(pl.UInt8) * 2 + talked.cast(pl.UInt8) * 4)


_SQL = """
with calls as (
  select row, count(*) over earlier as made, count_if(talk) over earlier as talks
  from made where channel = 0 and not third
  window earlier as (
    partition by debt order by instant range between 604800 preceding and 1 preceding
  )
), firsts as (
  select person, min(instant) as instant from made where channel = 0 and third group by person
), outs as (
  select person, channel, min(instant) as instant from opted group by person, channel
), halts as (
  select distinct row from made join stopped using (person)
  where made.instant >= stopped.since and made.instant < stopped.until
)
select made.row, (
    if((made.instant + switches.seconds) % 86400 between 28800 and 79199, 0, 1)
    + if(calls.made >= 7, 2, 0)
    + if(calls.talks > 0, 4, 0)
    + if(made.third and made.instant > firsts.instant, 8, 0)
    + if(made.instant > outs.instant, 16, 0)
    + if(halts.row is null, 0, 32)
  )::utinyint as bits
from made
join zones using (person)
asof join switches on switches.zone = zones.zone and switches.instant <= made.instant
left join calls on calls.row = made.row
left join firsts on firsts.person = made.person
left join outs on outs.person = made.person and outs.channel = made.channel
left join halts on halts.row = made.row
"""


def duckdb(folder: Path) -> Run:
    """DuckDB: a window of a range of seconds, and an ASOF join to the offsets of zones."""
    import duckdb  # noqa: PLC0415 - it is optional
    import pyarrow as pa  # noqa: PLC0415 - only DuckDB is handed Arrow here

    ledger = read(folder)
    zone, since, seconds = _switches()
    tables = {
        "made": {
            "row": np.arange(len(ledger.at)),
            "instant": ledger.at,
            "person": ledger.person,
            "debt": ledger.debt,
            "channel": ledger.channel,
            "third": ledger.third,
            "talk": ledger.talk,
        },
        "zones": {
            "person": np.arange(ledger.persons, dtype=np.int32),
            "zone": ledger.zone,
        },
        "switches": {
            "zone": np.array(zone, dtype=np.uint8),
            "instant": np.array(since),
            "seconds": np.array(seconds),
        },
        "opted": {
            "person": ledger.opted_person,
            "channel": ledger.opted_channel,
            "instant": ledger.opted_at,
        },
        "stopped": {
            "person": ledger.stopped_person,
            "since": ledger.stopped_from,
            "until": ledger.stopped_until,
        },
    }
    con = duckdb.connect()
    for name, columns in tables.items():
        con.register("given", pa.table(columns))
        con.execute(f"create table {name} as from given")
        con.unregister("given")

    def run() -> Array:
        found = con.execute(_SQL).fetchnumpy()
        mask = np.empty(len(found["row"]), np.uint8)
        mask[found["row"]] = found["bits"]
        return mask

    return run


def pandas(folder: Path) -> Run:
    """pandas: rolling windows by debt over distinct seconds, because its windows count ties."""
    import pandas as pd  # noqa: PLC0415 - it is optional

    ledger = read(folder)
    made = pd.DataFrame(
        {
            "at": pd.to_datetime(ledger.at, unit="s"),
            "person": ledger.person,
            "debt": ledger.debt,
            "channel": ledger.channel,
            "third": ledger.third,
            "talk": ledger.talk,
        }
    )
    zones = ledger.zone
    switches, opted, stopped = _pandas_tables(pd, ledger)

    def run() -> Array:
        zoned = made[["at"]].assign(zone=zones[made["person"]])
        zoned = pd.merge_asof(zoned, switches, on="at", by="zone")
        hour = (zoned["at"] + zoned["offset"]).dt.hour
        mask = (~hour.between(8, 21)).to_numpy().astype(np.uint8)

        calls = made[(made["channel"] == 0) & ~made["third"]]
        by_second = calls.groupby(["debt", "at"])["talk"].agg(made="size", talks="sum")
        by_second = by_second.reset_index()
        seen = by_second.groupby("debt").rolling(f"{WEEK}s", on="at", closed="left")
        seen = seen[["made", "talks"]].sum().fillna(0).reset_index(drop=True)
        bits = (seen["made"] >= _CAP) * 2 + (seen["talks"] > 0) * 4
        by_second["bits"] = bits.to_numpy().astype(np.uint8)
        keyed = calls[["debt", "at"]].merge(by_second, on=["debt", "at"], how="left")
        mask[calls.index] |= keyed["bits"].to_numpy()

        others = made[(made["channel"] == 0) & made["third"]]
        first = others.groupby("person")["at"].transform("min")
        mask[others.index[others["at"] > first]] |= np.uint8(8)

        out = opted.groupby(["person", "channel"], as_index=False)["since"].min()
        refused = made[["person", "channel", "at"]].merge(out, how="left")
        mask |= (refused["since"] < refused["at"]).to_numpy().astype(np.uint8) << 4

        halted = made[["person", "at"]].reset_index().merge(stopped, on="person")
        open_then = (halted["since"] <= halted["at"]) & (halted["at"] < halted["until"])
        mask[halted["index"][open_then]] |= np.uint8(32)
        return mask

    return run


def _pandas_tables(pd: Any, ledger: Ledger) -> tuple[Any, Any, Any]:
    """Switches of zones, opt-outs and disputes."""
    zone, since, seconds = _switches()
    switches = {
        "zone": np.array(zone, dtype=np.uint8),
        "at": pd.to_datetime(np.array(since), unit="s"),
        "offset": pd.to_timedelta(seconds, unit="s"),
    }
    opted = {
        "person": ledger.opted_person,
        "channel": ledger.opted_channel,
        "since": pd.to_datetime(ledger.opted_at, unit="s"),
    }
    stopped = {
        "person": ledger.stopped_person,
        "since": pd.to_datetime(ledger.stopped_from, unit="s"),
        "until": pd.to_datetime(ledger.stopped_until, unit="s"),
    }
    return pd.DataFrame(switches), pd.DataFrame(opted), pd.DataFrame(stopped)
