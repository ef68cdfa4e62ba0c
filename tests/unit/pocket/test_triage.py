"""The triage as it is shipped: what it promises to somebody who is afraid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence
from forbear.evidence.voice import tidy_chinese
from forbear.intake import Whose
from forbear.law.book import load as load_book
from forbear.pocket.lands import LANDS
from forbear.pocket.triage import ACTS, PAPERS, QUESTIONS, Card, Kind, as_data, cards_for, load

TRIAGE = load()
EVERY = [(name, card) for name, cards in TRIAGE.cards.items() for card in cards]
COUNTRIES = sorted(LANDS)
# The acts by which a person acknowledges a debt, or gives up what time has given.
ACKNOWLEDGING = frozenset({"pay", "sign", "offer", "promise"})
# How each level of norms is spoken of; what is spoken of must be backed by a clause of that level.
SPOKEN = {
    "law": r"法律规定|是法律的要求",
    "regulation": r"监管规定|联邦法规",
    "standard": r"国家推荐性标准",
    "guidance": r"监管机构的指引|监管指引",
    "self-regulation": r"行业自律|自律守则|行业公约",
}
FIRST_NUMBERS = {
    "cn": ("12356", "110"),
    "hk": ("2389 2222", "999"),
    "us": ("988", "911"),
    "uk": ("116 123", "999"),
    "ie": ("116 123", "112"),
    "au": ("13 11 14", "000"),
    "india": ("14416", "112"),
}


def named(found: tuple[str, Card]) -> str:
    return f"{found[0]}-{found[1].id}"


def sentences(card: Card) -> Iterator[Sentence]:
    yield from (card.title, *card.body)
    for contact in card.contacts:
        yield from (contact.name, contact.what)
    if card.source is not None:
        yield card.source


def everything_said() -> list[Sentence]:
    asked = [
        said
        for question in TRIAGE.questions
        for said in (question.ask, question.help, *(answer.says for answer in question.answers))
    ]
    return asked + [said for _, card in EVERY for said in sentences(card)]


def ways_to(card: Card) -> Iterator[dict[str, tuple[str, ...]]]:
    """The fewest answers that call for a card. More answers only ever add cards."""
    for chosen in product(*card.when.values()):
        yield {question: (answer,) for question, answer in zip(card.when, chosen, strict=True)}


def answered() -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """Answers to some of the questions, several where several may be chosen."""
    return st.fixed_dictionaries(
        {},
        optional={
            question.id: st.lists(
                st.sampled_from([answer.id for answer in question.answers]),
                min_size=1,
                max_size=len(question.answers) if question.many else 1,
                unique=True,
            ).map(tuple)
            for question in TRIAGE.questions
        },
    )


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    ("question", "answer"), [(q, a) for q, answers in QUESTIONS.items() for a in answers]
)
def test_every_answer_leads_to_a_card_at_once(country: str, question: str, answer: str):
    shown = TRIAGE.cards_for({question: (answer,)}, country, after=question)
    # To be told only what not to do would be no answer.
    assert {card.kind for card in shown} - {Kind.NEVER}


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("want", QUESTIONS["want"])
@pytest.mark.parametrize("whose", QUESTIONS["whose"])
def test_whatever_is_wanted_there_is_something_to_do(country: str, want: str, whose: str):
    answers = {"danger": ("no",), "real": ("owe",), "whose": (whose,), "want": (want,)}
    kinds = {card.kind for card in TRIAGE.cards_for(answers, country, after="want")}
    assert Kind.STEP in kinds


@pytest.mark.parametrize("country", COUNTRIES)
def test_everybody_learns_a_right_of_her_own(country: str):
    for whose, lender in product(QUESTIONS["whose"], QUESTIONS["lender"]):
        shown = cards_for({"whose": (whose,), "lender": (lender,)}, country)
        assert {c.after for c in shown if c.kind is Kind.RIGHT} == {"whose", "lender"}


def check_warned(shown: list[Card]) -> None:
    for place, card in enumerate(shown):
        for act in card.leads:
            before = [c for c in shown[:place] if c.kind is Kind.WARNING and act in c.before]
            assert before, f"{card.id} leads to {act} without a warning before it"
            if act in ACKNOWLEDGING:
                assert "limitation" in {c.id for c in before}, f"{card.id}: no word of limitation"


@pytest.mark.parametrize("country", COUNTRIES)
def test_no_way_leads_to_paying_or_an_offer_past_the_limitation_warning(country: str):
    led = [card for card in (*TRIAGE.cards["all"], *TRIAGE.cards[country]) if card.leads]
    assert {act for card in led for act in card.leads} >= {"pay", "offer"}
    assert all("offer" in card.leads for card in led if card.paper == "offer")
    for card in led:
        for answers in ways_to(card):
            shown = TRIAGE.cards_for(answers, country)
            assert card in shown
            check_warned(shown)
            # The page shows one question at a time, so the warning must stand on the same one.
            check_warned(TRIAGE.cards_for(answers, country, after=card.after))


@settings(max_examples=300, deadline=None)
@given(answers=answered(), country=st.sampled_from(COUNTRIES))
def test_nor_does_any_other_way(answers: dict[str, tuple[str, ...]], country: str):
    check_warned(TRIAGE.cards_for(answers, country))


@settings(max_examples=300, deadline=None)
@given(
    answers=answered(),
    more=answered(),
    country=st.sampled_from(COUNTRIES),
)
def test_more_answers_never_hide_a_card(
    answers: dict[str, tuple[str, ...]], more: dict[str, tuple[str, ...]], country: str
):
    both = {q: (*answers.get(q, ()), *more.get(q, ())) for q in QUESTIONS}
    assert {c.id for c in cards_for(answers, country)} <= {c.id for c in cards_for(both, country)}


@settings(max_examples=300, deadline=None)
@given(
    answers=answered(),
    whose=st.sampled_from(["relative", "stranger"]),
    country=st.sampled_from(COUNTRIES),
)
def test_who_does_not_owe_is_never_led_to_pay(
    answers: dict[str, tuple[str, ...]], whose: str, country: str
):
    shown = cards_for({**answers, "whose": (whose,)}, country)
    assert not [card.id for card in shown if card.leads]
    assert {"not_liable"} <= {card.id for card in shown}


@pytest.mark.parametrize("country", COUNTRIES)
def test_somebody_who_thinks_of_ending_her_life_sees_the_number_and_nothing_else(country: str):
    (card,) = TRIAGE.cards_for({"danger": ("life",)}, country, after="danger")
    assert card.kind is Kind.URGENT
    assert card.contacts[0].number == FIRST_NUMBERS[country][0]
    assert len(card.body) == 1
    assert len(card.body[0].zh) <= 40
    assert not card.paper


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("danger", ["door", "threat"])
def test_in_danger_the_police_come_first(country: str, danger: str):
    shown = TRIAGE.cards_for({"danger": (danger,), "want": QUESTIONS["want"]}, country)
    assert shown[0].kind is Kind.URGENT
    assert shown[0].contacts[0].number == FIRST_NUMBERS[country][1]
    assert [c.kind for c in shown].count(Kind.URGENT) == 1


@pytest.mark.parametrize("flag", ["private_account", "code"])
def test_signs_of_fraud_warn_before_anything_else(flag: str):
    act = {"private_account": "pay", "code": "code"}[flag]
    for country in COUNTRIES:
        first = TRIAGE.cards_for({"real": (flag,)}, country, after="real")[0]
        assert first.kind is Kind.WARNING
        assert act in first.before


@pytest.mark.parametrize("country", COUNTRIES)
def test_asking_for_peace_is_no_advice_to_hide(country: str):
    shown = TRIAGE.cards_for({"whose": ("debtor",), "want": ("stop",)}, country)
    assert "stop_not_hide" in {card.id for card in shown}


def test_every_act_is_warned_of_and_every_paper_reached():
    for country in COUNTRIES:
        cards = (*TRIAGE.cards["all"], *TRIAGE.cards[country])
        assert {act for card in cards for act in card.before} == set(ACTS)
        # Not every country has a law for a letter about one's credit record or one's data.
        assert {card.paper for card in cards} >= set(PAPERS) - {"credit", "data"}
    assert {card.paper for _, card in EVERY} - {None} == set(PAPERS)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_clause_is_one_that_the_engine_knows(country: str):
    known = {rule.clause for rule in load_book(LANDS[country].packs).rules}
    assert {clause for card in TRIAGE.cards[country] for clause in card.clauses} <= known


@pytest.mark.parametrize("found", EVERY, ids=named)
def test_a_level_is_named_only_where_a_clause_has_it(found: tuple[str, Card]):
    country, card = found
    packs = LANDS[country].packs if country in LANDS else ()
    rules = load_book(packs).rules if packs else ()
    levels = {str(rule.level) for rule in rules if rule.clause in card.clauses}
    said = "".join(each.zh for each in (card.title, *card.body))
    for level, words in SPOKEN.items():
        if re.search(words, said):
            assert level in levels, f"{level} is named, but the clauses are of {levels}"


def test_what_is_recalled_says_so():
    for name, card in EVERY:
        if card.source is not None and "凭记忆" in card.source.zh:
            assert card.confidence == "recalled", f"{name}: {card.id}"


@pytest.mark.parametrize("found", EVERY, ids=named)
def test_numbers_can_be_rung(found: tuple[str, Card]):
    for contact in found[1].contacts:
        assert re.fullmatch(r"\d+(?:[ -]\d+)*", contact.number)
        assert 3 <= sum(sign.isdigit() for sign in contact.number) <= 11


def test_the_documentation_lists_every_number_with_its_confidence():
    page = Path(__file__).parents[3] / "docs" / "concepts" / "triage.md"
    rows = re.findall(r"^\| (\w+) \| ([\d -]+) \|[^|]*\| (\w+) \|", page.read_text("utf-8"), re.M)
    listed = {(country, number): confidence for country, number, confidence in rows}
    shipped = [
        (name, contact.number, str(card.confidence))
        for name, card in EVERY
        for contact in card.contacts
    ]
    assert {(name, number) for name, number, _ in shipped} == set(listed)
    order = [str(each) for each in Confidence]
    for name, number, confidence in shipped:
        assert order.index(confidence) >= order.index(listed[name, number]), (name, number)


def test_a_number_in_a_heading_can_be_tapped():
    for name, card in EVERY:
        for number in re.findall(r"\d{3,}", card.title.zh):
            if not re.search(rf"{number}年", card.title.zh):
                assert number in {c.number for c in card.contacts}, f"{name}: {card.id}"


def test_nothing_is_shouted():
    loud = [said for said in everything_said() if re.search("[!！]", said.zh + said.en)]
    assert not loud


def test_chinese_is_set_as_chinese():
    for said in everything_said():
        # Spaces stand within Latin names and numbers only; the page sets those around them.
        text = re.sub(r"(?<=[A-Za-z0-9]) (?=[A-Za-z0-9])", "", said.zh)
        assert not re.search(r"""[,;?!()'"]|:(?!\d)|(?<![A-Za-z0-9])\.|\s""", text), said.zh
        assert tidy_chinese(said.zh, space="") == said.zh


def test_english_is_not_left_in_chinese():
    for said in everything_said():
        assert re.search("[\u4e00-\u9fff]", said.zh)
        assert not re.search("[\u4e00-\u9fff]", said.en)


def test_whose_phone_it_is_means_the_same_to_the_audit():
    assert QUESTIONS["whose"] == tuple(map(str, Whose))


def test_kinds_of_lender_are_those_that_the_law_asks_about():
    asked = {kind for land in LANDS.values() for kind in land.lender_types}
    assert asked == set(QUESTIONS["lender"]) - {"unknown"}


def test_the_page_gets_all_of_it():
    data = as_data()
    assert [question["id"] for question in data["questions"]] == list(QUESTIONS)
    assert set(data["cards"]) == {"all", *LANDS}
    for name, cards in data["cards"].items():
        assert [card["id"] for card in cards] == [card.id for card in TRIAGE.cards[name]]
        for card in cards:
            assert {"id", "kind", "after", "when", "title", "body"} <= set(card)
            assert not [key for key, value in card.items() if value in (None, [])]
