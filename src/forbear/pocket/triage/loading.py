"""Reading the triage from its files: bytes in, checked questions and cards out."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import PackError
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence
from forbear.evidence.voice import tidy_chinese
from forbear.law.packs import read_pack
from forbear.pocket.lands import LANDS
from forbear.pocket.triage.card import ACTS, ALL, PAPERS, Card, Contact, Kind, Triage
from forbear.pocket.triage.questions import QUESTIONS, Answer, Question

_LANGUAGES: Final = frozenset({"zh", "en"})
_QUESTION_KEYS: Final = frozenset({"id", "many", "ask", "help", "answer"})
_ANSWER_KEYS: Final = frozenset({"id", "says"})
_CONTACT_KEYS: Final = frozenset({"number", "name", "what"})
_CARD_NEEDS: Final = frozenset({"id", "kind", "after", "when", "title", "body"})
_CARD_KEYS: Final = _CARD_NEEDS | {
    "clauses", "contacts", "before", "leads", "paper", "source", "confidence",
}  # fmt: skip


def load(folder: Path | None = None) -> Triage:
    """The triage in ``folder``, or the one that comes with Forbear.

    Raises PackError that names the place where a key, an id or a clause is unknown, where a
    language is missing, or where a card says something that nothing backs.
    """
    root = folder or Path(str(package_files("forbear.pocket.triage")))
    return Triage(
        questions=_questions(root / "questions.toml"),
        cards={name: _cards(root / "cards" / f"{name}.toml", name) for name in (ALL, *LANDS)},
    )


def cards_for(answers: Mapping[str, Sequence[str]], country: str) -> list[Card]:
    """The cards that ``answers`` call for in a country, in the order in which they are shown."""
    return _shipped().cards_for(answers, country)


def as_data(triage: Triage | None = None) -> dict[str, Any]:
    """The triage as the page reads it: questions in order, and the cards of each file."""
    triage = triage or _shipped()
    return {
        "questions": [
            {
                "id": question.id,
                "many": question.many,
                "ask": _both(question.ask),
                "help": _both(question.help),
                "answers": [{"id": each.id, "says": _both(each.says)} for each in question.answers],
            }
            for question in triage.questions
        ],
        "cards": {
            name: [_card_data(card) for card in cards] for name, cards in triage.cards.items()
        },
    }


@cache
def _shipped() -> Triage:
    return load()


def _both(sentence: Sentence) -> dict[str, str]:
    """Both languages, the Chinese set as everywhere else, because the page itself does not."""
    return {"zh": tidy_chinese(sentence.zh), "en": sentence.en}


def _card_data(card: Card) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": card.id,
        "kind": str(card.kind),
        "after": card.after,
        "when": {question: list(answers) for question, answers in card.when.items()},
        "title": _both(card.title),
        "body": [_both(each) for each in card.body],
        "clauses": list(card.clauses),
        "contacts": [
            {"number": each.number, "name": _both(each.name), "what": _both(each.what)}
            for each in card.contacts
        ],
        "before": list(card.before),
        "leads": list(card.leads),
        "paper": card.paper,
        "source": card.source and _both(card.source),
        "confidence": card.confidence and str(card.confidence),
    }
    return {key: value for key, value in data.items() if value not in (None, [])}


def _questions(path: Path) -> tuple[Question, ...]:
    where = path.name
    tables = _only(_read(path, where), "question", where)
    found = tuple(_question(table, f"{where}: question {n}") for n, table in enumerate(tables, 1))
    asked = {each.id: tuple(answer.id for answer in each.answers) for each in found}
    if len(asked) != len(found) or list(asked.items()) != list(QUESTIONS.items()):
        wrong = next((each.id for each in found if asked[each.id] != QUESTIONS.get(each.id)), "")
        of = f"the answers of {wrong}" if wrong in QUESTIONS else "the questions"
        known = ", ".join(QUESTIONS.get(wrong, QUESTIONS))
        message = f"{where}: {of} are not those that Forbear asks, in order; known are {known}"
        raise PackError(message)
    return found


def _question(table: Mapping[str, Any], where: str) -> Question:
    _check_keys(table, _QUESTION_KEYS, where, needs=_QUESTION_KEYS)
    where = f"{where} ({table['id']})"
    if not isinstance(table["many"], bool):
        message = f"{where}: many is no yes or no; write true or false, unquoted"
        raise PackError(message)
    return Question(
        id=_text(table["id"], f"{where}: id"),
        many=table["many"],
        ask=_sentence(table["ask"], f"{where}: ask"),
        help=_sentence(table["help"], f"{where}: help"),
        answers=tuple(
            _answer(each, f"{where}: answer {n}")
            for n, each in enumerate(_tables(table["answer"], f"{where}: answer"), 1)
        ),
    )


def _answer(table: Mapping[str, Any], where: str) -> Answer:
    _check_keys(table, _ANSWER_KEYS, where, needs=_ANSWER_KEYS)
    return Answer(
        id=_text(table["id"], f"{where}: id"), says=_sentence(table["says"], f"{where}: says")
    )


def _cards(path: Path, name: str) -> tuple[Card, ...]:
    where = f"cards/{path.name}"
    clauses = _clauses(name)
    tables = _only(_read(path, where), "card", where)
    found = tuple(_card(table, f"{where}: card {n}", clauses) for n, table in enumerate(tables, 1))
    twice = [ident for ident, count in Counter(card.id for card in found).items() if count > 1]
    if twice:
        message = f"{where}: two cards are called {twice[0]!r}; give one of them another id"
        raise PackError(message)
    return found


def _clauses(name: str) -> frozenset[str]:
    """The clauses that a file of cards may name: those of its country's own law.

    A pack may hold several countries; where one is asked as a region, the others' law is left out.
    """
    if name not in LANDS:
        return frozenset()
    land = LANDS[name]
    return frozenset(
        rule["clause"]
        for pack in land.packs
        for files in read_pack(pack)
        for instrument, rules, _ in files.instruments
        if not (land.region and instrument.regions) or land.region in instrument.regions
        for rule in rules
    )


def _card(table: Mapping[str, Any], where: str, clauses: frozenset[str]) -> Card:
    _check_keys(table, _CARD_KEYS, where, needs=_CARD_NEEDS)
    where = f"{where} ({table['id']})"
    paper, confidence, source = table.get("paper"), table.get("confidence"), table.get("source")
    card = Card(
        id=_text(table["id"], f"{where}: id"),
        kind=Kind(_one(table["kind"], list(map(str, Kind)), f"{where}: kind")),
        after=_one(table["after"], QUESTIONS, f"{where}: after"),
        when=_when(table["when"], f"{where}: when"),
        title=_sentence(table["title"], f"{where}: title"),
        body=tuple(
            _sentence(each, f"{where}: body {n}")
            for n, each in enumerate(_tables(table["body"], f"{where}: body"), 1)
        ),
        clauses=_some(table.get("clauses", []), clauses, f"{where}: clauses"),
        contacts=tuple(
            _contact(each, f"{where}: contact {n}")
            for n, each in enumerate(_tables(table.get("contacts", []), f"{where}: contacts"), 1)
        ),
        before=_some(table.get("before", []), ACTS, f"{where}: before"),
        leads=_some(table.get("leads", []), ACTS, f"{where}: leads"),
        paper=None if paper is None else _one(paper, PAPERS, f"{where}: paper"),
        source=None if source is None else _sentence(source, f"{where}: source"),
        confidence=None
        if confidence is None
        else Confidence(_one(confidence, list(map(str, Confidence)), f"{where}: confidence")),
    )
    _check_sense(card, where)
    return card


def _check_sense(card: Card, where: str) -> None:
    """Raise PackError where the keys of a card do not go together."""
    if card.after not in card.when:
        wrong = f"when does not ask about {card.after}, after which it is shown; name its answers"
    elif late := [each for each in card.when if _place(each) > _place(card.after)]:
        wrong = f"when asks about {late[0]}, which comes after {card.after}; show it after that"
    elif card.before and card.kind is not Kind.WARNING:
        wrong = f"before stands on a card of kind {card.kind}; only a warning can warn"
    elif card.paper == "offer" and "offer" not in card.leads:
        wrong = 'it leads to an offer without saying so; write leads = ["offer"]'
    elif (card.source is None) != (card.confidence is None):
        wrong = "source and confidence belong together; write both or neither"
    elif card.contacts and card.source is None:
        wrong = "nothing says where its numbers are from; write source and confidence"
    elif card.kind is Kind.RIGHT and not card.clauses and card.source is None:
        wrong = "it claims a right that nothing backs; write clauses, or source and confidence"
    else:
        return
    message = f"{where}: {wrong}"
    raise PackError(message)


def _place(question: str) -> int:
    return list(QUESTIONS).index(question)


def _when(value: Any, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not value:
        message = f'{where}: it is written {{ danger = ["door"] }}'
        raise PackError(message)
    return {
        _one(question, QUESTIONS, where): _some(answers, QUESTIONS[question], f"{where}.{question}")
        for question, answers in value.items()
        if _one(question, QUESTIONS, where)
    }


def _contact(table: Mapping[str, Any], where: str) -> Contact:
    _check_keys(table, _CONTACT_KEYS, where, needs=_CONTACT_KEYS)
    return Contact(
        number=_text(table["number"], f"{where}: number"),
        name=_sentence(table["name"], f"{where}: name"),
        what=_sentence(table["what"], f"{where}: what"),
    )


def _read(path: Path, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{where}: it cannot be read ({error.strerror}); write the file"
        raise PackError(message) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{where}: it is no TOML in UTF-8 ({error}); mend it there"
        raise PackError(message) from error


def _only(table: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    _check_keys(table, frozenset({key}), where, needs=frozenset({key}))
    return _tables(table[key], f"{where}: {key}")


def _tables(value: Any, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        message = f"{where}: it is no list of tables"
        raise PackError(message)
    return value


def _check_keys(
    table: Mapping[str, Any], known: frozenset[str], where: str, *, needs: frozenset[str]
) -> None:
    if unknown := sorted(set(table) - known):
        message = f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}"
        raise PackError(message)
    if missing := sorted(needs - set(table)):
        message = f"{where}: {missing[0]} is missing; write it"
        raise PackError(message)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        message = f"{where}: {value!r} is no text; write some in quotation marks"
        raise PackError(message)
    return value


def _sentence(value: Any, where: str) -> Sentence:
    if not isinstance(value, dict) or set(value) != _LANGUAGES:
        message = f'{where}: write it in both languages, {{ zh = "…", en = "…" }}'
        raise PackError(message)
    return Sentence(zh=_text(value["zh"], f"{where}: zh"), en=_text(value["en"], f"{where}: en"))


def _one(value: Any, known: Iterable[str], where: str) -> str:
    known = list(known)
    if value not in known:
        message = f"{where}: {value!r} is unknown; known are {', '.join(known)}"
        raise PackError(message)
    return str(value)


def _some(value: Any, known: Iterable[str], where: str) -> tuple[str, ...]:
    known = sorted(known) if isinstance(known, frozenset) else list(known)
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        message = f"{where}: it is no list of different names; known are {', '.join(known)}"
        raise PackError(message)
    return tuple(_one(each, known, where) for each in value)
