"""Random logs of every form that people have, small and reproducible."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook

CHINA = timezone(timedelta(hours=8))
COLLECTORS = ("95187", "1069018795187", "13800001234", "4000000001")
OTHERS = ("13900005678", "01088886666", "+14155550100", "")
WORDS = (
    "【甲小贷】您已逾期,请今日还款",
    "【甲小贷】再不还就上门,老赖",
    "验证码123456,请勿告诉他人",
    "妈给你炖了汤 😀",
    "Final notice: you will be arrested",
    '-- 第一行\n第二行, "引号" & <尖括号>',
)
WHOSE = ("debtor", "relative", "guarantor", "stranger")
COUNTRIES = ("cn", "us", "uk", "india", "au", "hk", "ie")


@dataclass(frozen=True)
class Given:
    """One person's files and what she says of them."""

    files: dict[str, bytes]
    country: str
    whose: str
    lender_type: str | None
    collectors: tuple[tuple[str, str], ...]


def given(seed: int) -> Given:
    """The log number ``seed``: one or two files of random forms, some rows of them broken."""
    rnd = Random(seed)
    forms = rnd.sample((_calls, _texts, _written, _bill, _workbook), rnd.choice((1, 1, 2)))
    country = rnd.choice(COUNTRIES) if rnd.random() < 0.5 else "cn"
    numbers = rnd.sample(COLLECTORS, rnd.choice((1, 2, 3)))
    names = [rnd.choice(("甲小贷", "甲小贷", "乙公司", "")) for _ in numbers]
    types = ("bank", "consumer_finance", "microloan", "private", "unlicensed", None)
    return Given(
        files=dict(form(rnd) for form in forms),
        country=country,
        whose=rnd.choice(WHOSE),
        lender_type=rnd.choice(types) if country == "cn" else None,
        collectors=tuple(zip(numbers, names, strict=True)),
    )


def _moments(rnd: Random) -> list[datetime]:
    first = datetime(2026, rnd.choice((1, 3, 6)), rnd.randrange(1, 20), tzinfo=CHINA)
    count = rnd.randrange(1, 60)
    seconds = sorted(rnd.randrange(6 * 86_400) for _ in range(count))
    return [first + timedelta(seconds=second) for second in seconds]


def _who(rnd: Random) -> str:
    return rnd.choice(COLLECTORS) if rnd.random() < 0.8 else rnd.choice(OTHERS)


def _calls(rnd: Random) -> tuple[str, bytes]:
    rows = []
    for at in _moments(rnd):
        kind = rnd.choice((1, 1, 2, 3, 3, 5))
        seconds = rnd.randrange(200) if kind in (1, 2) else 0
        stamp = int(at.timestamp()) * 1000 if rnd.random() > 0.03 else "yesterday"
        rows.append(
            f'<call number={quoteattr(_who(rnd))} duration="{seconds}" date="{stamp}" '
            f'type="{kind}" presentation="1" contact_name="(Unknown)" />'
        )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<calls count="{len(rows)}">\n'
    return "calls.xml", (text + "\n".join(rows) + "\n</calls>\n").encode()


def _texts(rnd: Random) -> tuple[str, bytes]:
    rows = [
        f'<sms address={quoteattr(_who(rnd))} date="{int(at.timestamp()) * 1000}" '
        f'type="{rnd.choice((1, 1, 1, 2, 3))}" body={quoteattr(rnd.choice(WORDS))} read="1" />'
        for at in _moments(rnd)
    ]
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<smses count="{len(rows)}">\n'
    return "sms.xml", (text + "\n".join(rows) + "\n</smses>\n").encode()


def _written(rnd: Random) -> tuple[str, bytes]:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["日期", "时间", "对方号码", "来电/去电", "是否接通", "分钟", "说了什么"])
    for at in _moments(rnd):
        way = rnd.choice(("来电", "来电", "去电", "收到短信", "上门", "收到信函", "敲门"))
        answered = rnd.choice(("是", "否", ""))
        said = rnd.choice(WORDS)
        table.writerow([f"{at:%Y-%m-%d}", f"{at:%H:%M}", _who(rnd), way, answered, "", said])
    return "手写记录.csv", ("\ufeff" + out.getvalue()).encode()


def _bill_rows(rnd: Random) -> list[list[str]]:
    rows = [
        ["起始时间", "通信地点", "通信方式", "对方号码", "通信时长", "通信类型", "实收通信费(元)"]
    ]
    for at in _moments(rnd):
        length = f"{rnd.randrange(5)}分{rnd.randrange(60)}秒"
        way = rnd.choice(("主叫", "被叫", "被叫"))
        rows.append([f"{at:%Y-%m-%d %H:%M:%S}", "北京", way, _who(rnd), length, "本地", "0.00"])
    return rows


def _bill(rnd: Random) -> tuple[str, bytes]:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(_bill_rows(rnd))
    return "详单.csv", out.getvalue().encode(rnd.choice(("gbk", "utf-8-sig")))


def _workbook(rnd: Random) -> tuple[str, bytes]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in _bill_rows(rnd):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return "bill.xlsx", out.getvalue()


def long_log(rows: int, seed: int = 7) -> bytes:
    """A backup of calls over a year, two in three of them from the collector."""
    rnd = Random(seed)
    first = datetime(2025, 5, 1, tzinfo=CHINA)
    made = []
    for second in sorted(rnd.randrange(365 * 86_400) for _ in range(rows)):
        at = first + timedelta(seconds=second)
        number = "95187" if rnd.random() < 2 / 3 else f"139{rnd.randrange(300):08d}"
        kind = rnd.choice((1, 3, 3, 5))
        seconds = rnd.randrange(5, 200) if kind == 1 else 0
        made.append(
            f'<call number="{number}" duration="{seconds}" date="{int(at.timestamp()) * 1000}" '
            f'type="{kind}" presentation="1" contact_name="(Unknown)" />'
        )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<calls count="{rows}">\n'
    return (head + "\n".join(made) + "\n</calls>\n").encode()
