from __future__ import annotations

import pytest

from forbear.base.errors import LoanError
from forbear.base.words import Confidence, Level
from forbear.loans.offers.floors import basis, floor, region, regions, rule_says


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("上海", "CN-SH"),
        ("上海市", "CN-SH"),
        (" ＳＨＡＮＧＨＡＩ ", "CN-SH"),
        ("cn_sh", "CN-SH"),
        ("310000", "CN-SH"),
        ("310115", "CN-SH"),
        ("上海市浦东新区", "CN-SH"),
        ("Zhejiang Province", "CN-ZJ"),
        ("杭州市", "CN-ZJ"),
        ("江苏省南京市", "CN-JS"),
        ("Xi'an", "CN-SN"),
        ("XIAN", "CN-SN"),
        ("深圳", "CN-440300"),
        ("广东省深圳市南山区", "CN-440300"),
        ("440305", "CN-440300"),
        ("441900", "CN-GD"),
        ("江苏省广州路", "CN-JS"),
        ("中国上海", "CN-SH"),
        ("中国广东深圳", "CN-440300"),
        ("usa", "US"),
    ],
)
def test_a_region_is_found_however_it_is_spelled(spelled: str, meant: str):
    assert region(spelled).id == meant


@pytest.mark.parametrize("name", ["", "Atlantis", "999999", "上", "shanghaiabc", "火星"])
def test_an_unknown_region_lists_the_known_ones(name: str):
    with pytest.raises(LoanError, match=r"known are .*北京市.*上海市") as told:
        region(name)
    assert "\n" not in str(told.value)


def test_every_province_has_a_floor_and_a_source_for_it():
    assert (
        len([each for each in regions() if each.id.startswith("CN-") and len(each.id) == 5]) == 31
    )
    for each in regions():
        found = floor(each, 1)
        assert found.amount > 0
        assert found.sources
        assert all(source.read.zh and source.read.en for source in found.sources)


def test_the_floor_is_the_higher_of_two_lines_rounded_up_to_whole_units():
    shanghai = floor(region("上海"), 1)
    assert shanghai.amount == 239_300  # 1.5 × 1,595.00 = 2,392.50 is above 52,722 / 24 = 2,196.75
    assert {s.confidence for s in shanghai.sources} == {Confidence.RECALLED, Confidence.QUOTED}
    assert floor(region("甘肃"), 1).amount == 82_700  # 19,829 / 24 = 826.21


def test_each_head_counts_alike():
    assert floor(region("四川"), 4).amount == 4 * floor(region("四川"), 1).amount


def test_an_area_has_its_own_figure_where_one_was_published():
    zhejiang = region("浙江")
    urban, rural = floor(zhejiang, 1, "urban"), floor(zhejiang, 1, "rural")
    assert rural.amount < floor(zhejiang, 1).amount < urban.amount
    assert floor(region("安徽"), 1, "rural").amount == floor(region("安徽"), 1).amount


def test_a_table_by_size_goes_on_beyond_its_end():
    us = region("US")
    assert [floor(us, n).amount for n in (1, 4, 6)] == [83_900, 212_900, 212_900 + 2 * 39_400]
    assert floor(us, 1).typical is None


def test_the_two_lines_come_close_where_both_are_known():
    """The page says so, since it is why half of spending may stand in for the allowance."""
    for name in ("北京", "上海", "全国"):
        here = region(name)
        by_allowance = here.allowance[""].amount * 3 / 2
        by_spending = here.consumption[""].amount / 24
        assert abs(by_allowance - by_spending) <= by_allowance / 10


def test_the_rule_says_that_it_is_no_law_and_what_the_law_is():
    assert "不是法律规定" in rule_says().zh
    clause, level, confidence, says = basis()
    assert (Level(level), confidence) == (Level.LAW, Confidence.TEXT)
    assert clause
    assert "最低生活保障" in says.zh
