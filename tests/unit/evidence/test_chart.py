"""The two pictures: every number drawn or said, nothing outside, nothing by colour alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace

import pytest

from forbear.base.words import Outcome
from forbear.evidence.chart import (
    bar_name,
    counts_in_words,
    day_chart,
    hours_in_words,
    timeline_chart,
)
from forbear.evidence.figures import Grain, bars, figures, timeline_days
from forbear.evidence.given import ClosedHours, Counted, DayLimit, ReportInput
from forbear.evidence.svg import WIDTH, Caption, text_width
from forbear.evidence.voice import Voice

SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption(title="一", desc="二")
NIGHT = ClosedHours(clause="某条", start=22 * 3600, end=8 * 3600)


def days_drawn(given: ReportInput, voice: Voice) -> ET.Element:
    """The bars of ``given``."""
    grain, made = bars(figures(given))
    return ET.fromstring(day_chart(made, grain, limits=given.limits, voice=voice, caption=CAPTION))


def times_drawn(given: ReportInput, voice: Voice, closed: ClosedHours | None = None) -> ET.Element:
    """The times of day of ``given``."""
    fig = figures(given)
    days, _, _ = timeline_days(given, fig, days_max=31)
    return ET.fromstring(timeline_chart(days, fig, closed=closed, voice=voice, caption=CAPTION))


def said(picture: ET.Element) -> str:
    """The labels of a picture, its thin spaces made plain."""
    return " ".join("".join(e.itertext()) for e in picture.iter(f"{SVG}text")).replace(
        "\u2009", " "
    )


def classes(picture: ET.Element) -> list[str]:
    """The class of every shape."""
    return [element.get("class", "") for element in picture.iter()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_drawn_lies_within_the_picture(samples: SimpleNamespace, language: str) -> None:
    crowded = [samples.contact(n, f"2026-03-09T{n // 60:02d}:{n % 60:02d}:00") for n in range(900)]
    busy = samples.report_input(crowded, [samples.finding(crowded)])
    voice = Voice(language)  # type: ignore[arg-type]
    for given in (samples.week(), samples.broken_many_ways(), samples.years(2_000), busy):
        for picture in (days_drawn(given, voice), times_drawn(given, voice, NIGHT)):
            height = float(picture.get("viewBox", "").split()[3])
            for shape in picture.iter(f"{SVG}rect"):
                x, y, w, h = (float(shape.get(k, "nan")) for k in ("x", "y", "width", "height"))
                assert w > 0
                assert h > 0
                assert 0 <= x <= x + w <= WIDTH
                assert 0 <= y <= y + h <= height
            for text in picture.iter(f"{SVG}text"):
                wide = text_width("".join(text.itertext()))
                x, anchor = float(text.get("x", "nan")), text.get("text-anchor")
                if anchor != "middle":
                    assert (x if anchor == "start" else x - wide) >= 0
                    assert (x + wide if anchor == "start" else x) <= WIDTH
                assert 0 < float(text.get("y", "nan")) <= height


def test_one_text_beside_hundreds_of_calls_is_still_drawn(samples: SimpleNamespace) -> None:
    calls = [samples.contact(n, f"2026-03-09T{n // 60:02d}:{n % 60:02d}:00") for n in range(900)]
    text = samples.contact(1, "2026-03-10T10:00:00", "sms")
    picture = days_drawn(samples.report_input([*calls, text], []), Voice("zh"))
    thin = [shape for shape in picture.iter(f"{SVG}rect") if shape.get("class") == "thin"]
    assert [float(shape.get("width", "0")) > 0 for shape in thin] == [True]


def test_limit_is_drawn_with_what_it_counts_and_its_clause(samples: SimpleNamespace) -> None:
    week = samples.week()
    picture = days_drawn(week, Voice("zh"))
    assert "每日上限 3（只算接通的电话）：GB/T 45251-2025 5.3" in said(picture)
    # One beside its words, and one on each of the five days with calls.
    assert classes(picture).count("limit") == classes(picture).count("halo") == 6
    texts = DayLimit(rule="threat", clause="Some clause", at_most=1, counted=Counted.TEXTS)
    picture = days_drawn(replace(week, limits=(texts,)), Voice("en"))
    assert "Limit 1 a day (texts only): Some clause" in said(picture)


def test_limit_per_day_is_not_drawn_on_longer_bars(samples: SimpleNamespace) -> None:
    limit = DayLimit(rule="x", clause="某条", at_most=3, counted=Counted.CALLS)
    picture = days_drawn(replace(samples.years(2_000), limits=(limit,)), Voice("zh"))
    assert "limit" not in classes(picture)


def test_what_was_found_stands_beside_its_day_in_words(samples: SimpleNamespace) -> None:
    text = said(days_drawn(samples.week(), Voice("zh")))
    for words in (
        "1 次违反 · 2 次不应发起 · 1 次待判断",
        "1 次超出承诺",
        "接通 4 次 · 未接通 2 次",
    ):
        assert words in text


def test_unclear_outcomes_are_explained(samples: SimpleNamespace) -> None:
    contacts = [
        samples.contact(1, "2026-03-09T10:00:00", outcome="unsaid"),
        samples.contact(2, "2026-03-09T12:00:00", "voicemail", outcome=Outcome.VOICEMAIL_LEFT),
    ]
    given = samples.report_input(contacts, [])
    text = said(days_drawn(given, Voice("zh")))
    assert "记录没有写明是否接通" in text
    assert "其他 1 次" in text
    assert "未写明是否接通" in said(times_drawn(given, Voice("zh")))


def test_closed_hours_are_shaded_over_midnight(samples: SimpleNamespace) -> None:
    assert classes(times_drawn(samples.week(), Voice("zh"), NIGHT)).count("shade") == 2
    lunch = ClosedHours(clause="某条", start=12 * 3600, end=14 * 3600)
    picture = times_drawn(samples.week(), Voice("zh"), lunch)
    assert classes(picture).count("shade") == 1
    assert "阴影：12:00–14:00：某条" in said(picture)
    assert "shade" not in classes(times_drawn(samples.week(), Voice("zh")))
    assert (
        hours_in_words(ClosedHours(clause="", start=22 * 3600 + 1800, end=86_400)) == "22:30–00:00"
    )


def test_many_contacts_become_strokes_and_few_stay_marks(samples: SimpleNamespace) -> None:
    def drawn(count: int) -> ET.Element:
        calls = [
            samples.contact(n, f"2026-03-09T{n // 4:02d}:{n % 4 * 15:02d}:00") for n in range(count)
        ]
        found = [samples.finding([calls[9]]), samples.finding([calls[20]], breached=False)]
        return times_drawn(samples.report_input(calls, found), Voice("zh"))

    few, many = drawn(40), drawn(41)
    assert not any("stroke" in name for name in classes(few))
    # Two of the strokes explain the two kinds of finding.
    assert sum("stroke" in name for name in classes(many)) == 41 + 2
    assert classes(many).count("stroke bad") == classes(many).count("stroke bad tried") == 2
    assert not any("ring" in name for name in classes(many))


def test_key_names_only_what_is_drawn(samples: SimpleNamespace) -> None:
    text = said(times_drawn(samples.week(), Voice("zh")))
    for words in (
        "实线圈：违反规定",
        "虚线圈：本不应发起",
        "您打出或发出",
        "待人判断、超出本机构承诺",
    ):
        assert words in text
    one = samples.report_input([samples.contact(1, "2026-03-09T10:00:00")], [])
    assert not re.search("圈|短线|短信|未接通", said(times_drawn(one, Voice("zh"))))


@pytest.mark.parametrize(
    ("grain", "zh", "en"),
    [
        (Grain.DAY, "3月9日（周一）", "Mon 9 March"),
        (Grain.WEEK, "2026年3月9日起的一周", "week of 9 March 2026"),
        (Grain.MONTH, "2026年3月", "March 2026"),
        (Grain.YEAR, "2026", "2026"),
    ],
)
def test_bars_are_named(samples: SimpleNamespace, grain: Grain, zh: str, en: str) -> None:
    given = samples.report_input([samples.contact(1, "2026-03-09T10:00:00")], [])
    bar = bars(figures(given))[1][0]
    assert bar_name(bar, grain, Voice("zh")) == zh
    assert bar_name(bar, grain, Voice("en")) == en
    assert counts_in_words(bar, Voice("en")) == "1 connected"
