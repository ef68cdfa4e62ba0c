"""Made-up ledgers of Chinese lenders as Arrow tables, drawn by columns, in the order of time.

A ledger says what a careful lender's system says: who was reached, how, about which debts, by whom,
with what words and to what end. Its agents keep the rules mostly. A debtor's share of the contacts
falls with the root of its rank, as in the ledgers for rule set R: the mean is twenty, and the
busiest of a large ledger have several a day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forbear.batch.schema import CONTACTS, FACTS, PERSONS, Chunk, Table

Array = NDArray[Any]

# Ninety days from 15 December 2025 in Beijing: the turn of the year, the spring festival, and the
# day from which a rule of the bankers' association holds.
START: Final = 1_765_728_000
DAYS: Final = 90
DAY: Final = 86_400
CONTACTS_EACH: Final = 20
_BEIJING: Final = 8 * 3600

_LENDERS: Final = ("甲小贷", "乙银行", "丙消金")
_AGENTS: Final = 600
_TEXTS: Final = (
    "【甲小贷】您的借款已逾期，可在App内还款或申请协商。",
    "【甲小贷】您本月应还款项尚未到账，如已还款请忽略。",
    "您好，我受贷款机构委托，想和您确认一下还款安排。",
    "【乙银行】您的借款今日到期，请通过官方渠道还款。",
    "【丙消金】您的协商申请已收到，我们会在三日内答复。",
    "您好，请问现在方便说话吗？",
    "您好，能否请您转告张三先生回电？",
    "再不还就让你全村都知道，你这个老赖。",
    "今天不还，明天就来抓人。",
    "请您替他把这笔欠款还上。",
)
_KIND_WORDS, _TO_OTHERS, _BAD_WORDS = 6, 6, (7, 8, 9)


def _shares(**shares: float) -> tuple[tuple[str, ...], Array]:
    weights = np.array(list(shares.values()))
    return tuple(shares), weights / weights.sum()


_CHANNELS: Final = _shares(
    call=0.60, sms=0.24, app=0.06, voicemail=0.03, letter=0.03, email=0.02, visit=0.02
)
_OTHERS: Final = _shares(emergency_contact=0.6, spouse=0.2, guarantor=0.1, third_party=0.1)
_PURPOSES: Final = _shares(collect=0.70, remind=0.25, respond=0.05)
_CALLS_END: Final = _shares(
    no_answer=0.52, conversation=0.18, busy=0.12, answered_limited=0.08, voicemail_left=0.04,
    voicemail_unavailable=0.03, out_of_service=0.02, wrong_number=0.01,
)  # fmt: skip
_WRITINGS_END: Final = _shares(delivered=0.95, undelivered=0.05)
_VISITS_END: Final = _shares(no_answer=0.5, conversation=0.5)
_SOURCES: Final = _shares(contract=0.85, debtor_given=0.14, device_address_book=0.01)
_PLACES: Final = _shares(door=0.6, workplace_inside=0.05, home_inside=0.35)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of fact: what it narrows, what it says, and how often it is met."""

    kind: str
    share: float
    value: Any = None
    channel: str | None = None
    window: str | None = None
    of_a_debt: bool = False
    of_an_address: bool = False


_KINDS: Final = (
    _Kind(kind="agreed_time", share=0.14, window="19:00-21:00"),
    _Kind(kind="agreed_time", share=0.03, window="12:00-13:30", value={"exclusive": True}),
    _Kind(kind="consent", share=0.05, channel="call", window="21:00-23:00"),
    _Kind(kind="contact_refused", share=0.10, of_an_address=True),
    _Kind(kind="wrong_number", share=0.10, of_an_address=True),
    _Kind(kind="dispute", share=0.12, value={"verified": False}, of_a_debt=True),
    _Kind(kind="instalment_agreement", share=0.12, value={"status": "performing"}, of_a_debt=True),
    _Kind(
        kind="instalment_agreement",
        share=0.02,
        value={"status": "broken", "broken_since": "2026-01-20"},
        of_a_debt=True,
    ),
    _Kind(kind="hardship", share=0.08),
    _Kind(kind="complaint", share=0.06, of_a_debt=True),
    _Kind(kind="stop_request", share=0.03),
    _Kind(kind="time_barred", share=0.03, of_a_debt=True),
    _Kind(kind="legal_status", share=0.03, value={"lawsuit": "（2025）京0105民初1号"}),
    _Kind(kind="guarantee", share=0.02, value={"type": "joint_and_several"}),
    _Kind(kind="joint_debt", share=0.02, value={"evidence": "合同第8页"}),
    _Kind(kind="deceased", share=0.01),
    _Kind(kind="no_contact_order", share=0.01, value={"covers": "lender_and_agents"}),
    _Kind(kind="third_party_volunteers", share=0.01, value={"recorded": "rec-1"}),
    _Kind(
        kind="lender_profile",
        share=0.02,
        value={"lender_type": "bank", "product": "credit_card"},
    ),
)


def ledger(count: int, seed: int = 1, facts_share: float = 0.05, country: str = "cn") -> Chunk:
    """A ledger of ``count`` contacts; of ``facts_share`` of its debtors one or two facts are known.

    ``cn`` is the only country there is. The order of the draws is part of what a seed means.
    Columns that nobody would say anything in are left out. One lender in three numbers contacts.
    """
    assert country == "cn", "ledgers of other countries have not been made"
    rng = np.random.default_rng(seed)
    persons = max(count // CONTACTS_EACH, 1)
    owed = rng.choice(3, persons, p=(0.75, 0.2, 0.05)).astype(np.int64) + 1
    first = np.cumsum(owed) - owed
    contacts = _contacts(rng, count, owed, first)
    names = _numbered("d-", np.arange(persons))
    return Chunk(
        contacts=contacts,
        facts=_facts(rng, owed, first, facts_share),
        persons=pa.table(
            [
                _coded(np.arange(persons), names, PERSONS.field("person").type),
                _coded(np.zeros(persons, np.int8), ["Asia/Shanghai"], PERSONS.field("zone").type),
                pa.nulls(persons, PERSONS.field("region").type),
            ],
            schema=PERSONS,
        ),
    )


def _contacts(rng: np.random.Generator, count: int, owed: Array, first: Array) -> Table:
    persons = len(owed)
    at, person = _when(rng, count), _whose(rng, count, persons)
    # A dialler writes down two attempts within one second now and then.
    again = np.flatnonzero(rng.random(count) < 0.01)
    again = again[again > 0]
    at[again], person[again] = at[again - 1], person[again - 1]
    channel = _draw(rng, _CHANNELS, count)
    call, visit = channel == 0, channel == len(_CHANNELS[0]) - 1
    inbound = (rng.random(count) < 0.05) & ~visit
    other = (rng.random(count) < 0.05) & ~inbound
    party = np.where(other, 1 + _draw(rng, _OTHERS, count), 0).astype(np.int8)
    purpose = np.where(other, 3, _draw(rng, _PURPOSES, count)).astype(np.int8)
    bad = rng.random(count) < 0.01
    words = np.where(other, _TO_OTHERS, rng.integers(0, _KIND_WORDS, count))
    words = np.where(bad, rng.choice(_BAD_WORDS, count), words)
    # A debtor has one lender, and one in ten a second one; the file goes to two agents.
    lender = (person + ((person % 10 == 0) & (rng.random(count) < 0.5))) % len(_LENDERS)
    agent = (person * 7 + 3 * (rng.random(count) < 0.2)) % _AGENTS
    line = np.where(other, 1, rng.choice(3, count, p=(0.85, 0.0, 0.15)))
    # Of every hundred debtors two have one line between them.
    shared = person - (person % 100 == 1)
    address = 13_000_000_000 + 3 * shared + line
    outbound = ~inbound
    calls = call & outbound
    columns = {
        "position": pa.array(np.arange(count)),
        "at": pa.array(at.view("datetime64[s]")),
        "seq": pa.array(np.arange(count), mask=lender != 0),
        "id": _numbered("c-", np.arange(count)),
        "lender": _word(lender, _LENDERS, "lender"),
        "person": _coded(person, _numbered("d-", np.arange(persons)), _type("person")),
        "channel": _word(channel, _CHANNELS[0], "channel"),
        "direction": _word(inbound, ("outbound", "inbound"), "direction"),
        "party": _word(party, ("debtor", *_OTHERS[0]), "party"),
        "purpose": _word(purpose, (*_PURPOSES[0], "locate"), "purpose", inbound),
        "outcome": _outcomes(rng, call, visit, inbound),
        "debts": _debts(rng, owed[person], first[person]),
        "address": _numbered("", address),
        "agent": _coded(agent, _numbered("agent-", np.arange(_AGENTS)), _type("agent"), inbound),
        "text": _word(words, _TEXTS, "text", inbound),
        "agent_profile": _word(agent, _profiles(), "agent_profile", inbound),
        "mode": _word(rng.random(count) < 0.1, ("interactive", "inform"), "mode", ~calls),
        "recorded": pa.array(rng.random(count) < 0.995, mask=~(calls | visit)),
        "identified": pa.array(rng.random(count) < 0.99, mask=inbound),
        "address_source": _word(
            _draw(rng, _SOURCES, count), _SOURCES[0], "address_source", inbound
        ),
        "device": _word(np.zeros(count), ("company_system",), "device", inbound),
        "consent": pa.array(np.ones(count, bool), mask=rng.random(count) >= 0.002),
        "requested_by_debtor": pa.array(np.ones(count, bool), mask=rng.random(count) >= 0.005),
        "agents": _pairs(visit & outbound),
        "place": _word(_draw(rng, _PLACES, count), _PLACES[0], "place", ~visit),
        "entry_consent": pa.array(rng.random(count) < 0.9, mask=~visit),
        "id_shown": pa.array(rng.random(count) < 0.97, mask=~visit),
    }
    return pa.table(
        [column.cast(_type(name)) for name, column in columns.items()],
        schema=pa.schema([CONTACTS.field(name) for name in columns]),
    )


def _when(rng: np.random.Generator, count: int) -> Array:
    """Rising instants: one contact in fifty at night, the others from 8 to 22 in Beijing."""
    day = rng.integers(0, DAYS, count)
    night = rng.random(count) < 0.02
    second = np.where(
        night,
        (rng.integers(0, 10 * 3600, count) + 22 * 3600) % DAY,
        rng.integers(8 * 3600, 22 * 3600, count),
    )
    return np.sort(START + day * DAY + second)


def _whose(rng: np.random.Generator, count: int, persons: int) -> Array:
    ranked = rng.permutation(persons)
    return ranked[(persons * rng.random(count) ** 2).astype(np.int64)]


def _outcomes(rng: np.random.Generator, call: Array, visit: Array, inbound: Array) -> Table:
    """How contacts ended, each by its channel; one in a hundred was never written down."""
    ends = (*_CALLS_END[0], *_WRITINGS_END[0])
    count = len(call)
    visits = np.array([ends.index(name) for name in _VISITS_END[0]])
    end = np.where(call, _draw(rng, _CALLS_END, count), 0)
    written = len(_CALLS_END[0]) + _draw(rng, _WRITINGS_END, count)
    end = np.where(call, end, np.where(visit, visits[_draw(rng, _VISITS_END, count)], written))
    return _word(end, ends, "outcome", inbound | (rng.random(count) < 0.01))


def _debts(rng: np.random.Generator, owed: Array, first: Array) -> Table:
    """Which debts each contact is about: one, for a tenth all, for a hundredth none said."""
    count = len(owed)
    drawn = rng.random(count)
    every = drawn < 0.1
    size = np.where(every, owed, 1) * (drawn < 0.99)
    start = first + np.where(every, 0, (rng.random(count) * owed).astype(np.int64))
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(size, out=offsets[1:])
    place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], size)
    return pa.ListArray.from_arrays(
        pa.array(offsets), _numbered("", np.repeat(start, size) + place)
    )


def _pairs(where: Array) -> Table:
    """The two agents who go on a visit; a list is null where ``where`` is false."""
    offsets = np.zeros(len(where) + 1, np.int32)
    np.cumsum(2 * where, out=offsets[1:])
    two = pa.array(["agent-1", "agent-2"]).take(pa.array(np.arange(offsets[-1]) % 2))
    return pa.ListArray.from_arrays(pa.array(offsets), two, mask=pa.array(~where))


def _profiles() -> list[str]:
    """What is known of each agent: two in three are the lender's own people."""
    return [
        json.dumps(
            {
                "employer": "lender" if number % 3 else f"agency:{'abcd'[number // 3 % 4]}",
                "listed": number % 97 != 0,
                "trained_at": f"2025-{number % 6 + 6:02d}-10",
                "exam_passed": True,
                "notified_since": "2025-12-01",
                "violence_record": number % 299 == 0,
                "violation_record": False,
            }
        )
        for number in range(_AGENTS)
    ]


def _facts(rng: np.random.Generator, owed: Array, first: Array, share: float) -> Table:
    persons = np.flatnonzero(rng.random(len(owed)) < share)
    person = np.sort(np.concatenate([persons, persons[rng.random(len(persons)) < 0.3]]))
    count = len(person)
    weights = np.array([kind.share for kind in _KINDS])
    kind = rng.choice(len(_KINDS), count, p=weights / weights.sum())
    since = START + rng.integers(-30 * DAY, DAYS * DAY, count)
    until = since + rng.integers(DAY, 60 * DAY, count)
    known = since + rng.integers(0, 3 * DAY, count)
    address = 13_000_000_000 + 3 * person + rng.integers(0, 3, count)
    lasting, on_time = rng.random(count) < 0.7, rng.random(count) < 0.8
    of_a_debt = np.array([each.of_a_debt for each in _KINDS])[kind]
    of_an_address = np.array([each.of_an_address for each in _KINDS])[kind]
    values = [
        None if each.value is None else json.dumps(each.value, ensure_ascii=False)
        for each in _KINDS
    ]
    debt = first[person] + (rng.random(count) * owed[person]).astype(np.int64)
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(of_a_debt, out=offsets[1:])
    taken = pa.array(kind)
    columns = {
        "id": _numbered("f-", np.arange(count)),
        "person": _coded(person, _numbered("d-", np.arange(len(owed))), FACTS.field("person").type),
        "kind": pa.array([each.kind for each in _KINDS]).take(taken).dictionary_encode(),
        "since": pa.array(since.view("datetime64[s]")),
        "until": pa.array(until.view("datetime64[s]"), mask=lasting),
        "recorded_at": pa.array(known.view("datetime64[s]"), mask=on_time),
        "debts": pa.ListArray.from_arrays(pa.array(offsets), _numbered("", debt[of_a_debt])),
        "channel": pa.array([each.channel for each in _KINDS], pa.string())
        .take(taken)
        .dictionary_encode(),
        "address": pc.if_else(pa.array(of_an_address), _numbered("", address), None),
        "window": pa.array([each.window for each in _KINDS], pa.string()).take(taken),
        "value": pa.array(values, pa.string()).take(taken),
    }
    return pa.table(
        [
            columns[field.name].cast(field.type)
            if field.name in columns
            else pa.nulls(count, field.type)
            for field in FACTS
        ],
        schema=FACTS,
    )


# ── columns ──


def _type(name: str) -> Any:
    return CONTACTS.field(name).type


def _draw(rng: np.random.Generator, shares: tuple[tuple[str, ...], Array], count: int) -> Array:
    return rng.choice(len(shares[0]), count, p=shares[1])


def _numbered(prefix: str, numbers: Array) -> Table:
    texts = pa.array(numbers).cast(pa.string())
    return pc.binary_join_element_wise(prefix, texts, "") if prefix else texts


def _word(codes: Array, words: Any, name: str, unsaid: Array | None = None) -> Table:
    return _coded(codes, words, _type(name), unsaid)


def _coded(codes: Array, words: Any, kind: Any, unsaid: Array | None = None) -> Table:
    """A column of words by number, null where ``unsaid``."""
    indices = pa.array(np.asarray(codes).astype(kind.index_type.to_pandas_dtype()), mask=unsaid)
    known = words if isinstance(words, pa.Array) else pa.array(list(words), pa.string())
    return pa.DictionaryArray.from_arrays(indices, known)
