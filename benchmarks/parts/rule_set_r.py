"""Rule set R: six rules, decided for random cases by this engine and by others, with one mask."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from forbear.base.contact import Contact
from forbear.law.answers import Earliest, Verdict
from forbear.law.book import load
from forbear.law.case import Case, read_case
from forbear.law.deciding import decide, when
from forbear.law.kept import Kept
from forbear.law.standing import order_of
from parts import peers
from parts.decisions import answer, kept_of, told
from parts.measure import Ask, Engine, Figure, Timing, at_least, in_turn, number, refuse, table

PACK: Final = Path(__file__).parent.parent / "packs" / "rule-set-r"
WEEK: Final = 604_800
_START: Final = 1_706_745_600
_ZONES: Final = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Phoenix", "Europe/Berlin", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/St_Johns",
)  # fmt: skip
_BITS: Final = {
    "r-quiet": 1, "r-cap": 2, "r-after-talk": 4, "r-third-party": 8, "r-opt-out": 16,
    "r-stopped": 32,
}  # fmt: skip
AGAIN: Final = "Forbear, kept, asked again"
_GOALS: Final = {"cedarpy": 10.0, "decision table": 20.0}
_QUIET_FROM, _QUIET_UNTIL, _CAP = 22 * 3600, 8 * 3600, 7


@dataclass(frozen=True, kw_only=True)
class Made:
    """A contact as plain numbers and words, with nothing of the engine."""

    at: int
    channel: str
    debt: str
    third: bool
    talk: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """A debtor, what happened, and what is proposed, as plain numbers and words."""

    zone: str
    history: tuple[Made, ...]
    opt_outs: tuple[tuple[int, str], ...]
    stops: tuple[tuple[int, int], ...]
    proposed: Made


def draw(rnd: Random, events: int) -> Question:
    """A random question, often on a border of a rule: the same second, or a week ago exactly."""
    spread = (3 + events // 10) * 86_400
    start = _START + rnd.randrange(60 * 86_400)
    debts = [f"debt-{n}" for n in range(1 + (rnd.random() < 0.25) + (rnd.random() < 0.05))]
    moments = sorted(start + rnd.randrange(spread) for _ in range(events))
    history = [_contact(rnd, at, debts) for at in moments]
    at = moments[-1] + rnd.randrange(3 * 86_400)
    if rnd.random() < 0.3:
        at = moments[-1] + rnd.choice([0, 1])
    elif rnd.random() < 0.4:
        last = moments[max(0, bisect_left(moments, moments[-1] - WEEK))]
        at = max(moments[-1], last + WEEK + rnd.choice([-1, 0, 1]))
    opted = (at - rnd.randrange(-2, 3), rnd.choice(("call", "sms")))
    stopped = at - rnd.randrange(30 * 86_400)
    stop = (stopped, stopped + rnd.randrange(5, 45) * 86_400)
    return Question(
        zone=rnd.choice(_ZONES),
        history=tuple(history),
        opt_outs=(opted,) if rnd.random() < 0.15 else (),
        stops=(stop,) if rnd.random() < 0.15 else (),
        proposed=_contact(rnd, at, debts),
    )


def _contact(rnd: Random, at: int, debts: list[str]) -> Made:
    channel = rnd.choices(("call", "sms", "email", "letter"), (55, 20, 15, 10))[0]
    third = channel == "call" and rnd.random() < 0.1
    talk = channel == "call" and not third and rnd.random() < 0.08
    return Made(at=at, channel=channel, debt=rnd.choice(debts), third=third, talk=talk)


# ── the answer, worked out without any engine ──


def counts(asked: Question) -> dict[str, Any]:
    """What the rules turn on. Peers that cannot count over a history are given these."""
    new, zone = asked.proposed, ZoneInfo(asked.zone)
    local = datetime.fromtimestamp(new.at, UTC).astimezone(zone)
    before = [made for made in asked.history if made.at < new.at and made.channel == "call"]
    week = [m for m in before if new.at - WEEK <= m.at and m.debt == new.debt and not m.third]
    call = new.channel == "call"
    return {
        "second": local.hour * 3600 + local.minute * 60 + local.second,
        "debtor_call": call and not new.third,
        "third_call": call and new.third,
        "calls": len(week),
        "talks": sum(made.talk for made in week),
        "thirds": sum(made.third for made in before),
        "opted_out": any(s < new.at and way == new.channel for s, way in asked.opt_outs),
        "stopped": any(s <= new.at < e for s, e in asked.stops),
    }


def mask(asked: Question) -> int:
    """The rules that a question breaks, as bits, in plain Python."""
    known = counts(asked)
    quiet: bool = known["second"] >= _QUIET_FROM or known["second"] < _QUIET_UNTIL
    broken: list[bool] = [
        quiet,
        known["debtor_call"] and known["calls"] >= _CAP,
        known["debtor_call"] and known["talks"] >= 1,
        known["third_call"] and known["thirds"] >= 1,
        known["opted_out"],
        known["stopped"],
    ]
    return sum(1 << bit for bit, breaks in enumerate(broken) if breaks)


# ── the same for this engine ──


def case(asked: Question) -> Case:
    """The question as an ordinary case."""
    facts = [
        {"kind": "opt_out", "channel": way, "since": _text(since + 1)}
        for since, way in asked.opt_outs
    ]
    kinds = ("dispute", "moratorium")
    facts += [
        {"kind": kinds[start % 2], "since": _text(start), "until": _text(end)}
        for start, end in asked.stops
    ]
    return read_case(
        {
            "id": "r",
            "debtor": {"timezone": asked.zone, "facts": facts},
            "history": [_table(made, told=True) for made in asked.history],
            "proposed": _table(asked.proposed, told=False),
        }
    )


def _table(made: Made, *, told: bool) -> dict[str, Any]:
    table = {
        "at": _text(made.at),
        "channel": made.channel,
        "party": "third_party" if made.third else "debtor",
        "debts": [made.debt],
    }
    if told:
        table["outcome"] = "conversation" if made.talk else "no_answer"
    return table


def _text(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat()


def _bits(found: Verdict) -> int:
    return sum(_BITS[because.rule] for because in found.because)


Said = tuple[Verdict, Earliest]


def _read(said: Said) -> int:
    return _bits(said[0])


def _engines(asked: list[Question]) -> list[Engine]:
    """A decision of ours is the verdict with its grounds, and the earliest lawful moment."""
    book = load([str(PACK)])
    cases = [case(question) for question in asked]

    def anew() -> Ask:
        return lambda n: (decide(book, cases[n]), when(book, cases[n]))

    def of(kept: Kept, contact: Contact) -> Any:
        return answer(kept.verdict(contact)), answer(kept.earliest(contact))

    def first() -> Ask:
        """The last event of each history has just come, and nothing was asked since."""
        found = [kept_of(book, each, but_last=True) for each in cases]
        for kept, each in zip(found, cases, strict=True):
            kept.verdict(each.proposed)
            kept.see(_last(each))
        return lambda n: of(found[n], cases[n].proposed)

    def again() -> Ask:
        """Asked twice before, as by a list of whom to ring and by the page that shows it."""
        found = [kept_of(book, each) for each in cases]
        for kept, each in zip(found, cases, strict=True):
            for _ in range(2):
                of(kept, each.proposed)
        return lambda n: of(found[n], cases[n].proposed)

    _same([anew(), first(), again()], len(cases))
    given = [counts(question) for question in asked]
    return [
        Engine(name="plain Python, by hand", prepare=lambda: lambda n: mask(asked[n]), read=int),
        Engine(name="Forbear, from a plain case", prepare=anew, read=_read),
        Engine(name="Forbear, kept, the first question", prepare=first, read=_read),
        Engine(name=AGAIN, prepare=again, read=_read),
        *peers.engines(given),
    ]


def _same(ours: list[Ask], count: int) -> None:
    """Stop where two of ours differ in anything that a peer has no answer to."""
    for n in range(count):
        said = [ask(n) for ask in ours]
        if any((told(v), e) != (told(said[0][0]), said[0][1]) for v, e in said):
            refuse(f"question {n} of rule set R is answered differently from kept state")


def _last(asked: Case) -> Contact:
    return max(asked.history, key=order_of)


def measure(*, seed: int, quick: bool) -> list[Figure]:
    """Time all engines on histories of 20 and 200 contacts."""
    figures = []
    for events in (20, 200):
        cases, rounds = (30, 1) if quick else (300, 5)
        rnd = Random(seed + events)
        asked = [draw(rnd, events) for _ in range(cases)]
        timed = in_turn(_engines(asked), cases, rounds)
        _print(events, asked, timed, rounds)
        figures += _figures(events, timed)
    return figures


def _print(events: int, asked: list[Question], timed: list[Timing], rounds: int) -> None:
    kept = timed[3]
    rows = [
        [
            row.name,
            number(row.rate),
            number(row.p50),
            number(row.p99),
            "1" if row is kept else number(kept.rate / row.rate),
        ]
        for row in timed
    ]
    rows += [[name, "not installed", "", "", ""] for name in peers.missing()]
    heads = ["", "decisions a core-second", "p50 µs", "p99 µs", "the last of ours is × as fast"]
    table(f"Rule set R, {events} contacts of history", heads, rows)
    found = [mask(question) for question in asked]
    each = ", ".join(str(sum(bool(m & bit) for m in found)) for bit in _BITS.values())
    print(f"\n{len(asked)} questions in each of {rounds} rounds; broken a rule: {each}.")
    for peer in timed[4:]:
        for part, least in _GOALS.items():
            if part in peer.name:
                for ours in timed[2:4]:
                    at_least(f"× {peer.name}: {ours.name}", ours.rate / peer.rate, least)


def _figures(events: int, timed: list[Timing]) -> list[Figure]:
    figures = []
    for row in timed:
        name = f"rule set R, {events} events: {row.name}"
        figures.append(Figure(name=f"{name}, p50", value=row.p50, unit="µs"))
        figures.append(Figure(name=name, value=row.rate, unit="decisions a core-second"))
    for ours in timed[1:4]:
        name = f"rule set R, {events} events: {ours.name}"
        figures += [
            Figure(
                name=name,
                value=ours.rate,
                unit="decisions a core-second",
                peer=peer.name,
                ratio=ours.rate / peer.rate,
            )
            for peer in timed[4:]
        ]
        for peer in peers.missing():
            missing = f"{peer}, not installed"
            figures.append(
                Figure(name=name, value=ours.rate, unit="decisions a core-second", peer=missing)
            )
    return figures
