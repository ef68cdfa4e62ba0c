"""Whose calls are judged: the numbers a person names, and the ones that look like a collector's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from forbear.base.errors import InputError
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Outcome
from forbear.intake.numbers import comparable, is_mobile, is_receive_only
from forbear.intake.rows import Form, Log, LogRow
from forbear.intake.values import narrow

# As many digits as a code that a carrier gives to one company has, such as 95187.
_PREFIX_DIGITS_MAX: Final = 6
_ROTATING_HEAD_DIGITS: Final = 7
_ROTATING_NUMBERS_MIN: Final = 3
_UNANSWERED_IN_A_DAY_MIN: Final = 4
_SHORT_SECONDS: Final = 15
_MILD_WORDS_MIN: Final = 2
_INSISTENT_MIN: Final = 3

COLLECTION_WORDS: Final = (
    "逾期", "还款", "欠款", "催收", "催款", "还清", "拖欠", "结清", "代扣", "征信", "律师函",
    "起诉", "立案", "失信", "债务", "债权", "违约", "委外", "上门", "本金", "罚息", "借款", "贷款",
)  # fmt: skip
# Words that a bank's or a shop's ordinary text has as well; alone they suggest nothing.
_MILD_WORDS: Final = frozenset({"还款", "代扣", "征信", "本金", "借款", "贷款", "上门", "结清"})
_SIGNATURE: Final = re.compile(r"【([^【】]{2,20})】")


class Likelihood(StrEnum):
    """How sure a suggestion is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """One number, or all numbers with one beginning, that belong to ``name``.

    ``lender`` is for whom it collects, as far as said: contacts for one lender are counted
    together, and those for two never. Numbers of which nothing is said belong together.
    """

    number: str
    name: str
    prefix: bool
    lender: str = ""

    def matches(self, number: str | None) -> bool:
        """Whether a comparable number is this collector's."""
        if number is None:
            return False
        return number.startswith(self.number) if self.prefix else number == self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A number, or a beginning with ``*``, that is likely a collector's.

    ``count`` is how many rows of the log it stands on; ``reasons`` say why; ``name`` is the
    signature of its texts, where they have one.
    """

    number: str
    name: str | None
    reasons: tuple[Sentence, ...]
    likelihood: Likelihood
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoofed:
    """An incoming call that displayed a number which cannot call, and why it cannot."""

    row: LogRow
    reason: Sentence


def parse_collector(text: str) -> Collector:
    """``NUMBER[=NAME]`` as a Collector; raises InputError where there is no number.

    A number that ends in ``*``, or that has six digits or fewer, stands for all that begin with it.
    """
    written, _, name = text.replace("\uff1d", "=", 1).partition("=")
    shown = narrow(written)
    starred = shown.endswith("*")
    number = comparable(shown.rstrip("*")) or ""
    if not re.fullmatch(r"\+?\d{2,20}", number, re.ASCII):
        message = f"--collector {text!r} has no number; write it as 95187 or 95187=NAME or 1069*"
        raise InputError(message)
    prefix = starred or len(number) <= _PREFIX_DIGITS_MAX
    said = name.strip()
    return Collector(number=number, name=said or written.strip(), prefix=prefix, lender=said)


def belongs_to(number: str | None, collectors: Sequence[Collector]) -> Collector | None:
    """The collector that a number belongs to: an exact one first, then the longest beginning."""
    found = [collector for collector in collectors if collector.matches(number)]
    return max(found, key=lambda c: (not c.prefix, len(c.number)), default=None)


def signature(text: str | None) -> str | None:
    """The name in 【】 by which a text says who sent it, or None."""
    found = _SIGNATURE.search(text or "")
    return found[1].strip() if found else None


def _words_in(text: str | None) -> set[str]:
    plain = "".join((text or "").split())
    return {word for word in COLLECTION_WORDS if word in plain}


def spoofed(log: Log) -> tuple[Spoofed, ...]:
    """Incoming calls that display a 400 or 800 number, which in China can only be called."""
    return tuple(
        Spoofed(
            row=row,
            reason=Sentence(
                zh=f"{row.number}为400/800号码,在中国只能接听、不能呼出,来电显示很可能是伪造的。",
                en=f"{row.number} is a 400/800 number, which in China can only be called; "
                "the displayed number is likely false.",
            ),
        )
        for row in log.rows
        if row.kind is Channel.CALL and row.incoming and row.number and is_receive_only(row.number)
    )


def suggest(log: Log) -> tuple[Suggestion, ...]:
    """The numbers of ``log`` that are likely collectors', the likeliest and busiest first."""
    rows: defaultdict[str, list[LogRow]] = defaultdict(list)
    for row in log.rows:
        if row.incoming and row.number and row.name is None and row.form is not Form.LEDGER:
            rows[row.number].append(row)
    chasing = {
        name
        for number in rows
        for row in rows[number]
        if (name := signature(row.text)) and _words_in(row.text) - _MILD_WORDS
    }
    found = [s for number in rows if (s := _one_number(number, rows[number], chasing))]
    found += _rotating(rows, {s.number for s in found if s.likelihood is not Likelihood.LOW})
    order = list(Likelihood)
    found.sort(key=lambda s: (order.index(s.likelihood), -s.count, s.number))
    return tuple(found)


def _one_number(number: str, rows: list[LogRow], chasing: set[str]) -> Suggestion | None:
    """What the number itself and its texts give away."""
    words = set().union(*(_words_in(row.text) for row in rows))
    strong = words - _MILD_WORDS
    names = Counter(name for row in rows if (name := signature(row.text)))
    name = names.most_common(1)[0][0] if names else None
    reasons: list[Sentence] = []
    score = 0
    if strong or len(words) >= _MILD_WORDS_MIN:
        shown = "、".join(sorted(strong or words)[:4])
        zh, en = f"短信中有“{shown}”", f"its texts say {shown}"
        reasons.append(Sentence(zh=zh, en=en))
        score += 2
    if name in chasing and name is not None:
        zh, en = (
            f"短信署名【{name}】,同一署名的短信在催收",
            f"its texts are signed 【{name}】, who collects",
        )
        reasons.append(Sentence(zh=zh, en=en))
        score += 1
    if re.fullmatch(r"95\d{3,6}", number):
        zh, en = "95开头,企业客服或外呼号码", "it begins with 95, a company's service number"
        reasons.append(Sentence(zh=zh, en=en))
        score += 1 if len(rows) < _INSISTENT_MIN else 2
    elif re.fullmatch(r"1069\d{4,}", number):
        zh, en = "1069开头,企业短信号码", "it begins with 1069, a company's number for texts"
        reasons.append(Sentence(zh=zh, en=en))
        score += 0 if not words and names else 1
    elif is_receive_only(number) and any(row.kind is Channel.CALL for row in rows):
        zh, en = "400/800号码不能呼出,显示号码很可能是伪造的", "a 400/800 number cannot call"
        reasons.append(Sentence(zh=zh, en=en))
        score += 1
    if not score:
        return None
    likelihood = (Likelihood.LOW, Likelihood.MEDIUM, Likelihood.HIGH)[min(score, 3) - 1]
    return Suggestion(
        number=number, name=name, reasons=tuple(reasons), likelihood=likelihood, count=len(rows)
    )


def _short(row: LogRow) -> bool:
    unanswered = row.outcome in (Outcome.NO_ANSWER, Outcome.ANSWERED_LIMITED)
    return unanswered or (row.duration_seconds or 0) < _SHORT_SECONDS


def _rotating(rows: dict[str, list[LogRow]], known: set[str]) -> Iterable[Suggestion]:
    """Strange mobiles that call in turn: of one number block, or many on one day."""
    calls = {
        number: [row for row in rows[number] if row.kind is Channel.CALL]
        for number in rows
        if is_mobile(number) and number not in known
    }
    heads: defaultdict[str, list[str]] = defaultdict(list)
    for number, own in calls.items():
        if own:
            heads[number[:_ROTATING_HEAD_DIGITS]].append(number)
    taken: set[str] = set()
    for head, numbers in heads.items():
        if len(numbers) >= _ROTATING_NUMBERS_MIN:
            taken.update(numbers)
            zh = f"{len(numbers)}个不同的手机号同为{head}开头,轮换来电"
            en = f"{len(numbers)} strange mobiles that all begin with {head} call in turn"
            yield Suggestion(
                number=head + "*",
                name=None,
                reasons=(Sentence(zh=zh, en=en),),
                likelihood=Likelihood.MEDIUM,
                count=sum(len(calls[number]) for number in numbers),
            )
    yield from _busy_days({n: own for n, own in calls.items() if n not in taken})


def _busy_days(calls: dict[str, list[LogRow]]) -> Iterable[Suggestion]:
    """Numbers of a day on which many strange mobiles each rang briefly."""
    days: defaultdict[str, set[str]] = defaultdict(set)
    for number, own in calls.items():
        for row in own:
            if _short(row):
                days[row.at.date().isoformat()].add(number)
    told: set[str] = set()
    for day, numbers in sorted(days.items()):
        if len(numbers) < _UNANSWERED_IN_A_DAY_MIN:
            continue
        zh = f"{day}一天内有{len(numbers)}个陌生手机号来电,均未接通或极短"
        en = f"on {day} {len(numbers)} strange mobiles rang, each unanswered or very short"
        for number in sorted(numbers - told):
            told.add(number)
            yield Suggestion(
                number=number,
                name=None,
                reasons=(Sentence(zh=zh, en=en),),
                likelihood=Likelihood.LOW,
                count=len(calls[number]),
            )
