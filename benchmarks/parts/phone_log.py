"""A phone's whole log to a finished report, by the command that a borrower runs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final
from xml.sax.saxutils import quoteattr

from parts.measure import NOISE, Figure, goal, number, refuse, table
from parts.worlds import CHINA

_GOAL_SECONDS: Final = 5.0
_DAYS: Final = 370
_FIRST: Final = datetime(2025, 3, 1, tzinfo=CHINA)
_COLLECTOR: Final = "95187"
_SENDER: Final = "1069018795187"
_OTHERS: Final = 300
_BODIES: Final = (
    "【甲小贷】尊敬的客户,您的借款已逾期{n}天,请尽快还款。客服95187。",
    "【甲小贷】您的账户仍有逾期款项{n}元未还清,请于今日处理,如已还款请忽略。",
    "【甲小贷】您的借款已逾期,可在App内申请协商还款,编号{n}。",
    "【甲小贷】第{n}次提醒:请与我们联系,说明您的困难。",
    "【甲小贷】再不处理将上门,欠{n}元不还的老赖。",
)
_CHATTER: Final = (
    "妈给你炖了汤,周末回来吃。",
    "您的快递已到驿站,取件码{n}。",
    "验证码{n},请勿告诉他人。",
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run of the command took."""

    wall: float
    cpu: float
    peak_mib: float
    report_kib: float


def write_logs(folder: Path, rows: int, seed: int) -> list[Path]:
    """Two Android backups: calls and texts over a year, most of them the collector's.

    Two rows in three are the collector's calls and one in ten its texts; the others are those of
    300 numbers, in both directions.
    """
    rnd = Random(seed)
    calls, texts = [], []
    for _ in range(rows):
        drawn = rnd.random()
        if drawn < 2 / 3:
            calls.append(_call(rnd, _COLLECTOR))
        elif drawn < 2 / 3 + 0.1:
            texts.append(_text(rnd, _SENDER, rnd.choice(_BODIES)))
        elif drawn < 0.9:
            calls.append(_call(rnd, _other(rnd)))
        else:
            texts.append(_text(rnd, _other(rnd), rnd.choice(_CHATTER)))
    return [
        _written(folder / "calls.xml", "calls", [row for _, row in sorted(calls)]),
        _written(folder / "sms.xml", "smses", [row for _, row in sorted(texts)]),
    ]


def _other(rnd: Random) -> str:
    return f"13800{rnd.randrange(_OTHERS):06d}"


def _moment(rnd: Random) -> datetime:
    """Mostly in working hours; one in twenty-five at night."""
    hour = rnd.choice((22, 23, 6, 7)) if rnd.random() < 0.04 else rnd.randrange(8, 22)
    second = hour * 3600 + rnd.randrange(3600)
    return _FIRST + timedelta(days=rnd.randrange(_DAYS), seconds=second)


def _call(rnd: Random, who: str) -> tuple[datetime, str]:
    at = _moment(rnd)
    kind = rnd.choices((1, 2, 3, 5), (24, 3, 58, 15))[0]
    duration = rnd.randrange(5, 240) if kind == 1 or (kind == 2 and rnd.random() < 0.7) else 0
    stamp = int(at.timestamp()) * 1000 + rnd.randrange(1000)
    return at, (
        f'<call number="{who}" duration="{duration}" date="{stamp}" type="{kind}" '
        f'presentation="1" subscription_id="1" post_dial_digits="" '
        f'readable_date="{at:%Y-%m-%d %H:%M:%S}" contact_name="(Unknown)" />'
    )


def _text(rnd: Random, who: str, body: str) -> tuple[datetime, str]:
    at = _moment(rnd)
    stamp = int(at.timestamp()) * 1000 + rnd.randrange(1000)
    said = quoteattr(body.format(n=rnd.randrange(2, 60_000)))
    return at, (
        f'<sms protocol="0" address="{who}" date="{stamp}" type="1" subject="null" body={said} '
        f'toa="null" sc_toa="null" service_center="null" read="1" status="-1" locked="0" '
        f'date_sent="{stamp}" readable_date="{at:%Y-%m-%d %H:%M:%S}" contact_name="(Unknown)" />'
    )


def _written(path: Path, name: str, rows: list[str]) -> Path:
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
    body = "\n".join(f"  {row}" for row in rows)
    text = f'{head}\n<{name} count="{len(rows)}" type="full">\n{body}\n</{name}>\n'
    path.write_text(text, encoding="utf-8")
    return path


def run_audit(folder: Path, logs: list[Path]) -> Run:
    """Run the command in a process of its own and take its measure."""
    out = folder / "report.html"
    collectors = [f"--collector={who}=甲小贷" for who in (_COLLECTOR, _SENDER)]
    command = [
        sys.executable, "-m", "forbear.cli.main", "audit", *map(str, logs), "--pack", "cn",
        *collectors, "-o", str(out),
    ]  # fmt: skip
    start = perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment()
    ) as child:
        assert child.stderr is not None
        said = child.stderr.read().decode(errors="replace")
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = perf_counter() - start
    if child.returncode not in (0, 1) or not out.is_file():
        refuse(f"forbear audit ended with {child.returncode}: {said.strip()}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(
        wall=wall,
        cpu=used.ru_utime + used.ru_stime,
        peak_mib=used.ru_maxrss / scale,
        report_kib=out.stat().st_size / 1024,
    )


def _environment() -> dict[str, str]:
    """The present one, and UTF-8 whatever the locale; the child finds the same Forbear."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def measure(*, seed: int, quick: bool) -> list[Figure]:
    """Time the command on a long log. Runs first: a child's peak begins at its parent's size."""
    rows, rounds = (800, 1) if quick else (50_000, 3)
    with TemporaryDirectory() as made:
        folder = Path(made)
        logs = write_logs(folder, rows, seed)
        size = sum(log.stat().st_size for log in logs) / (1 << 20)
        runs = []
        for _ in range(rounds):
            NOISE.feel()
            runs.append(run_audit(folder, logs))
    wall, cpu = median(run.wall for run in runs), median(run.cpu for run in runs)
    peak = max(run.peak_mib for run in runs)
    least, most = (number(pick(run.wall for run in runs)) for pick in (min, max))
    row = [f"{rows:,} rows".replace(",", " "), number(wall), number(cpu), number(peak)]
    heads = ["`forbear audit`, log to page", "wall s", "processor s", "peak MiB"]
    table("A phone's log to a finished report", heads, [row])
    print(
        f"\n{size:.1f} MiB of XML to a page of {number(runs[0].report_kib)} KiB; {rounds} rounds, "
        f"wall {least} to {most} s."
    )
    if not quick:
        goal("50 000 rows to a page, wall", wall, _GOAL_SECONDS, "s")
    name = f"forbear audit, {rows} rows"
    return [
        Figure(name=f"{name}, wall", value=wall, unit="s"),
        Figure(name=f"{name}, processor", value=cpu, unit="s"),
        Figure(name=f"{name}, peak memory", value=peak, unit="MiB"),
    ]
