from __future__ import annotations

import pytest

from forbear.base.errors import LoanError
from forbear.loans.offers.follows import follows
from forbear.loans.offers.signing import law_of, laws, signing


def test_in_china_agreeing_starts_the_period_anew_and_words_alone_count():
    meant = {each.id: each for each in signing("cn", "online_consumer")}
    assert meant["restarts"].clause == "民法典 第195条"
    assert "口头" in meant["asking-counts"].says.zh
    assert meant["gives-up"].effect == "gives_up"
    assert "card-plan" not in meant
    assert "card-plan" in {each.id for each in signing("cn", "credit_card")}


@pytest.mark.parametrize("law", laws())
def test_every_law_says_what_restarts_with_its_level_and_confidence(law: str):
    meant = signing(law, "online_consumer")
    assert any(each.effect == "restarts" for each in meant)
    assert {each.effect for each in meant} <= {"restarts", "gives_up", "keeps", "counts", "proves"}
    assert {each.when for each in meant} <= {"before", "after", "always"}
    assert all(each.says.zh.endswith("。") and each.says.en.endswith(".") for each in meant)


def test_an_unknown_law_lists_the_known_ones():
    with pytest.raises(
        LoanError, match=r"^law: «fr» is not known; known are cn, us, uk, in, other$"
    ):
        signing("fr", "online_consumer")


def test_a_currency_has_a_law_where_nobody_says():
    assert (law_of("CNY"), law_of("KES")) == ("cn", "other")


def test_without_a_plan_there_is_a_pause_a_waiver_and_advice():
    ids = [each.id for each in follows("cn", short=False)]
    assert ids.index("pause") < ids.index("waiver") < ids.index("counselling")
    assert "nothing-now" not in ids
    assert "moratorium" not in ids
    assert follows("uk", short=True)[0].id == "nothing-now"
