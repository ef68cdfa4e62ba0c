"""Reading a contact case: JSON in, a debtor's facts, history and a proposed contact out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
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
# What an optional key of a contact says where it is not a word. A wrong form is refused, because
# "false" in quotation marks would slip past every rule that asks whether a key is false.
_TRUTHS: Final = frozenset(
    {
        "bot", "consent", "could_leave_message", "dropped", "entry_consent", "general", "id_shown",
        "identified", "identity_disclosed", "identity_verified", "lender_approved_device",
        "prerecorded", "recorded", "requested_by_debtor", "requested_by_third_party",
        "resumes_dropped", "ringless", "same_call", "urgent_benefit",
    }
)  # fmt: skip
_LISTS: Final = frozenset({"agents", "discussed_debts"})
_TABLES: Final = frozenset({"agent_profile"})
_NUMBERS: Final = frozenset({"party_age"})
# No contact was made outside these years; one that says so has a slip in its date.
_YEARS: Final = range(1900, 2200)


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
    name = _text(table.get("id"), "id")
    debtor = _table(table.get("debtor", {}), "debtor")
    _only(debtor, frozenset({"id", "timezone", "region", "facts"}), "debtor")
    zone = _zone(debtor.get("timezone"), "debtor.timezone")
    if "proposed" not in table:
        message = "proposed: the contact that is asked about is missing; add it"
        raise CaseError(message)
    history = _listed(table.get("history", []), "history")
    return Case(
        id="case" if name is None else name,
        jurisdiction=_text(table.get("jurisdiction"), "jurisdiction") or "",
        zone=zone,
        region=_text(debtor.get("region"), "debtor.region"),
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
    if at.year not in _YEARS:
        message = f"{where}.at: the year {at.year} cannot be right; correct the date"
        raise CaseError(message)
    seq = table.get("seq")
    if seq is not None and (isinstance(seq, bool) or not isinstance(seq, int)):
        message = f"{where}.seq: {cut(seq)} is no number; write the order of arrival, such as 17"
        raise CaseError(message)
    return Contact(
        id=ContactId(_text(table.get("id"), f"{where}.id") or ident),
        at=at,
        instant=instant_of(at),
        channel=_word(Channel, table.get("channel"), f"{where}.channel"),
        direction=_word(Direction, table.get("direction", "outbound"), f"{where}.direction"),
        party=_word(Party, table.get("party", "debtor"), f"{where}.party"),
        debts=_texts(table.get("debts") or [], f"{where}.debts"),
        purpose=_said(Purpose, table.get("purpose"), f"{where}.purpose"),
        outcome=_said(Outcome, table.get("outcome"), f"{where}.outcome"),
        address=_said_text(table, "address", where),
        agent=_said_text(table, "agent", where),
        text=_said_text(table, "text", where),
        more=_more(table, where),
        lender=LenderId(_text(table.get("lender"), f"{where}.lender") or ""),
        seq=seq,
        recorded=_instant(table.get("recorded_at"), f"{where}.recorded_at"),
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
    kind = _word(FactKind, table.get("kind"), f"{where}.kind")
    if kind is FactKind.POSSIBLE_TIMEZONE:
        _zone(table.get("value", ""), f"{where}.value")
    return Fact(
        id=FactId(_text(table.get("id"), f"{where}.id") or ident),
        kind=kind,
        since=since,
        until=_instant(table.get("until"), f"{where}.until"),
        debts=_texts(table.get("debts") or [], f"{where}.debts"),
        channel=_maybe(Channel, table.get("channel"), f"{where}.channel"),
        address=_text(table.get("address"), f"{where}.address"),
        party=_maybe(Party, table.get("party"), f"{where}.party"),
        relation=_text(table.get("relation"), f"{where}.relation"),
        window=None if window is None else _window(window, f"{where}.window"),
        weekdays=None if weekdays is None else _weekdays(weekdays, f"{where}.weekdays"),
        value=_valued(table.get("value"), more),
        more=more,
        recorded=_known_from(kind, _instant(table.get("recorded_at"), f"{where}.recorded_at")),
    )


def _known_from(kind: FactKind, recorded: int | None) -> int | None:
    """When a fact was known: unsaid, when it began, but a holiday stands in the calendar before."""
    return _ALWAYS if recorded is None and kind is FactKind.PUBLIC_HOLIDAY else recorded


_ALWAYS: Final = -(1 << 40)  # some thirty thousand years before any contact


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


def cut(value: Any) -> str:
    """A value as a message shows it: on one line, and short however long it is."""
    shown = repr(value[:_SHOWN_MAX]) if isinstance(value, str | list) else repr(value)
    return shown if len(shown) <= _SHOWN_MAX else f"{shown[:_SHOWN_MAX]}…"


_SHOWN_MAX: Final = 60


def _known(words: Iterable[str], wrong: str) -> str:
    """The words that are known, or of very many the closest."""
    every = sorted(map(str, words))
    if len(every) <= _KNOWN_MAX:
        return f"known are {', '.join(every)}"
    near = get_close_matches(wrong[:_SHOWN_MAX], every, n=3, cutoff=0.0)
    return f"the closest known are {', '.join(near)}"


_KNOWN_MAX: Final = 12


def _table(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        message = f"{where}: {cut(data)} is no JSON object; write one in braces"
        raise CaseError(message)
    return data


def _only(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(table) - known):
        message = f"{where}: unknown key {cut(unknown[0])}; {_known(known, unknown[0])}"
        raise CaseError(message)


def _listed(data: Any, where: str) -> Sequence[Any]:
    if not isinstance(data, list):
        message = f"{where}: {cut(data)} is no list; write one in brackets"
        raise CaseError(message)
    return data


def _word(words: Any, value: Any, where: str) -> Any:
    if value is None:
        message = f"{where}: it is missing; add one, {_known(words, '')}"
        raise CaseError(message)
    try:
        return words(value)
    except ValueError:
        message = f"{where}: {cut(value)} is unknown; {_known(words, str(value))}"
        raise CaseError(message) from None


def _maybe(words: Any, value: Any, where: str) -> Any:
    return None if value is None else _word(words, value, where)


def _said(words: Any, value: Any, where: str) -> Any:
    return UNSAID if value is None else _word(words, value, where)


def _text(value: Any, where: str) -> str | None:
    """A name or words; a whole number is one written without its quotation marks."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = f"{where}: {cut(value)} is no text; write it in quotation marks"
    raise CaseError(message)


def _said_text(table: Mapping[str, Any], key: str, where: str) -> str | Unsaid:
    text = _text(table.get(key), f"{where}.{key}")
    return UNSAID if text is None else text


def _zone(value: Any, where: str) -> str | None:
    name = _text(value, where)
    try:
        return None if name is None else clock(name).name
    except CaseError:
        message = f"{where}: {cut(name)} is no time zone; write an IANA name such as Asia/Shanghai"
        raise CaseError(message) from None


def _more(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The optional keys that are said; profiles of several agents stand together as one list."""
    more = {
        key: _shaped(key, table[key], f"{where}.{key}")
        for key in MORE_KEYS
        if table.get(key) is not None
    }
    profiles = more.pop("agent_profiles", None)
    if profiles:
        one = more.get("agent_profile")
        more["agent_profile"] = [*([one] if one else []), *profiles]
    return more


def _shaped(key: str, value: Any, where: str) -> Any:
    """The value of an optional key in the form that its rules expect; raises CaseError."""
    if key in _TRUTHS:
        if not isinstance(value, bool):
            message = f"{where}: {cut(value)} is no yes or no; write true or false, unquoted"
            raise CaseError(message)
        return value
    if key in _LISTS:
        return list(_texts(value, where))
    if key in _TABLES:
        return _table(value, where)
    if key == "agent_profiles":
        named = value.values() if isinstance(value, Mapping) else _listed(value, where)
        return [_table(each, f"{where}[{n}]") for n, each in enumerate(named)]
    if key in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            message = f"{where}: {cut(value)} is no number; write one such as 17"
            raise CaseError(message)
        return value
    return _text(value, where)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        message = f'{where}: {cut(value)} is no list of names; write one such as ["A"]'
        raise CaseError(message)
    return tuple(value)


def _instant(value: Any, where: str) -> int | None:
    return None if value is None else instant_of(parse_moment(value, where=where))


def _window(value: Any, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        message = f'{where}: {cut(value)} is no pair of times; write ["18:00", "23:00"]'
        raise CaseError(message)
    start, end = (parse_second(str(part), where=where) for part in value)
    return start, end


def _weekdays(value: Any, where: str) -> frozenset[int]:
    days = ", ".join(WEEKDAYS)
    if not isinstance(value, list) or not all(day in WEEKDAYS for day in value):
        message = f"{where}: {cut(value)} are no weekdays; write a list of {days}"
        raise CaseError(message)
    return frozenset(WEEKDAYS.index(day) for day in value)
