"""Reading a contact case: JSON in, a debtor's facts, history and a proposed contact out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from forbear.base.clock import clock, instant_of, parse_moment, parse_second
from forbear.base.contact import UNSAID, Contact, ContactId, Fact, FactId, LenderId, Unsaid
from forbear.base.errors import CaseError
from forbear.base.words import (
    MORE_KEYS,
    WEEKDAYS,
    Channel,
    Direction,
    FactKind,
    Outcome,
    Party,
    Purpose,
)

_CONTACT_KEYS: Final = frozenset(
    {
        "at", "recorded_at", "seq", "id", "lender", "channel", "direction", "party", "debts",
        "purpose", "outcome", "address", "agent", "text",
    }
) | frozenset(MORE_KEYS)  # fmt: skip
_FACT_KEYS: Final = frozenset(
    {
        "id", "kind", "since", "until", "recorded_at", "debts", "channel", "address", "party",
        "relation", "window", "weekdays", "value",
    }
)  # fmt: skip
_MORE_FACT_KEYS: Final = frozenset({"form", "alternative"})
_CASE_KEYS: Final = frozenset(
    {"id", "jurisdiction", "debtor", "history", "proposed", "source", "note", "expect", "meta"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question: may ``proposed`` be made? ``zone`` is the debtor's, None where unsaid."""

    id: str
    jurisdiction: str
    zone: str | None
    region: str | None
    facts: tuple[Fact, ...]
    history: tuple[Contact, ...]
    proposed: Contact


def read_case(data: Any) -> Case:
    """A case from its JSON object; raises CaseError that names the place and the repair."""
    table = _table(data, "case")
    _only(table, _CASE_KEYS, "case")
    name = str(table.get("id", "case"))
    debtor = _table(table.get("debtor", {}), "debtor")
    _only(debtor, frozenset({"id", "timezone", "region", "facts"}), "debtor")
    zone = debtor.get("timezone")
    if zone is not None:
        clock(str(zone))
    if "proposed" not in table:
        message = "proposed: the contact that is asked about is missing; add it"
        raise CaseError(message)
    history = _listed(table.get("history", []), "history")
    return Case(
        id=name,
        jurisdiction=str(table.get("jurisdiction", "")),
        zone=None if zone is None else str(zone),
        region=None if debtor.get("region") is None else str(debtor["region"]),
        facts=tuple(
            read_fact(fact, where=f"debtor.facts[{n}]", ident=f"fact-{n}")
            for n, fact in enumerate(_listed(debtor.get("facts", []), "debtor.facts"))
        ),
        history=tuple(
            read_contact(contact, where=f"history[{n}]", ident=f"history-{n}")
            for n, contact in enumerate(history)
        ),
        proposed=read_contact(table["proposed"], where="proposed", ident="proposed"),
    )


def read_contact(data: Any, *, where: str, ident: str) -> Contact:
    """A contact from its JSON object; raises CaseError."""
    table = _table(data, where)
    _only(table, _CONTACT_KEYS, where)
    at = parse_moment(table.get("at"), where=f"{where}.at")
    recorded = table.get("recorded_at")
    seq = table.get("seq")
    if seq is not None and (isinstance(seq, bool) or not isinstance(seq, int)):
        message = f"{where}.seq: {seq!r} is no number; write the order of arrival, such as 17"
        raise CaseError(message)
    return Contact(
        id=ContactId(str(table.get("id", ident))),
        at=at,
        instant=instant_of(at),
        channel=_word(Channel, table.get("channel"), f"{where}.channel"),
        direction=_word(Direction, table.get("direction", "outbound"), f"{where}.direction"),
        party=_word(Party, table.get("party", "debtor"), f"{where}.party"),
        debts=_texts(table.get("debts", []), f"{where}.debts"),
        purpose=_said(Purpose, table.get("purpose"), f"{where}.purpose"),
        outcome=_said(Outcome, table.get("outcome"), f"{where}.outcome"),
        address=_text(table.get("address")),
        agent=_text(table.get("agent")),
        text=_text(table.get("text")),
        more=_more(table),
        lender=LenderId(str(table.get("lender", ""))),
        seq=seq,
        recorded=_instant(recorded, f"{where}.recorded_at"),
    )


def read_fact(data: Any, *, where: str, ident: str) -> Fact:
    """A fact from its JSON object; raises CaseError."""
    table = _table(data, where)
    _only(table, _FACT_KEYS | _MORE_FACT_KEYS, where)
    since = _instant(table.get("since"), f"{where}.since")
    if since is None:
        message = f"{where}.since: a fact needs the moment from which it holds; add it"
        raise CaseError(message)
    window = table.get("window")
    weekdays = table.get("weekdays")
    more = {key: table[key] for key in _MORE_FACT_KEYS if table.get(key) is not None}
    return Fact(
        id=FactId(str(table.get("id", ident))),
        kind=_word(FactKind, table.get("kind"), f"{where}.kind"),
        since=since,
        until=_instant(table.get("until"), f"{where}.until"),
        debts=_texts(table.get("debts") or [], f"{where}.debts"),
        channel=_maybe(Channel, table.get("channel"), f"{where}.channel"),
        address=None if table.get("address") is None else str(table["address"]),
        party=_maybe(Party, table.get("party"), f"{where}.party"),
        relation=None if table.get("relation") is None else str(table["relation"]),
        window=None if window is None else _window(window, f"{where}.window"),
        weekdays=None if weekdays is None else _weekdays(weekdays, f"{where}.weekdays"),
        value=_valued(table.get("value"), more),
        more=more,
        recorded=_instant(table.get("recorded_at"), f"{where}.recorded_at"),
    )


def _valued(value: Any, more: Mapping[str, Any]) -> Any:
    """A fact's value; a key such as ``form`` that stands beside a word is put with it."""
    if not more:
        return value
    if isinstance(value, Mapping):
        return {**more, **value}
    return {"value": value, **more}


def with_defaults(case: Case, defaults: Mapping[str, Any]) -> Case:
    """The case with what it leaves unsaid filled from a pack's ``[case_defaults]``."""
    contact = defaults.get("contact", {})
    told = {str(fact.kind) for fact in case.facts}
    added = tuple(
        read_fact({**table}, where="case_defaults.facts", ident=f"assumed-{n}")
        for n, table in enumerate(defaults.get("facts", ()))
        if table["kind"] not in told
    )
    return replace(
        case,
        facts=(*added, *case.facts),
        history=tuple(fill(c, contact) for c in case.history),
        proposed=fill(case.proposed, contact),
    )


def fill(contact: Contact, defaults: Mapping[str, Any]) -> Contact:
    """A contact with unsaid keys filled; what was said is never changed."""
    changes: dict[str, Any] = {}
    if contact.purpose is UNSAID and "purpose" in defaults:
        changes["purpose"] = Purpose(defaults["purpose"])
    missing = {k: v for k, v in defaults.items() if k in MORE_KEYS and k not in contact.more}
    if missing:
        changes["more"] = {**contact.more, **missing}
    return replace(contact, **changes) if changes else contact


# ── small readers ──


def _table(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        message = f"{where}: expected a JSON object, found {type(data).__name__}"
        raise CaseError(message)
    return data


def _only(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(table) - known):
        message = f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}"
        raise CaseError(message)


def _listed(data: Any, where: str) -> Sequence[Any]:
    if not isinstance(data, list):
        message = f"{where}: expected a list, found {type(data).__name__}"
        raise CaseError(message)
    return data


def _word(words: Any, value: Any, where: str) -> Any:
    try:
        return words(value)
    except ValueError:
        message = f"{where}: {value!r} is unknown; known are {', '.join(words)}"
        raise CaseError(message) from None


def _maybe(words: Any, value: Any, where: str) -> Any:
    return None if value is None else _word(words, value, where)


def _said(words: Any, value: Any, where: str) -> Any:
    return UNSAID if value is None else _word(words, value, where)


def _text(value: Any) -> str | Unsaid:
    return UNSAID if value is None else str(value)


def _more(table: Mapping[str, Any]) -> dict[str, Any]:
    """The optional keys that are said; profiles of several agents stand together as one list."""
    more = {key: table[key] for key in MORE_KEYS if table.get(key) is not None}
    profiles = more.pop("agent_profiles", None)
    if profiles:
        named = list(profiles.values()) if isinstance(profiles, Mapping) else list(profiles)
        one = more.get("agent_profile")
        more["agent_profile"] = [*([one] if one else []), *named]
    return more


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        message = f'{where}: expected a list of names, such as ["A"], found {value!r}'
        raise CaseError(message)
    return tuple(value)


def _instant(value: Any, where: str) -> int | None:
    return None if value is None else instant_of(parse_moment(value, where=where))


def _window(value: Any, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        message = f'{where}: {value!r} is no pair of times; write ["18:00", "23:00"]'
        raise CaseError(message)
    start, end = (parse_second(str(part), where=where) for part in value)
    return start, end


def _weekdays(value: Any, where: str) -> frozenset[int]:
    if not isinstance(value, list) or not set(value) <= set(WEEKDAYS):
        message = f"{where}: {value!r} are no weekdays; write a list of {', '.join(WEEKDAYS)}"
        raise CaseError(message)
    return frozenset(WEEKDAYS.index(day) for day in value)
