"""The answer of ``forbear loan relief``: lines for people, JSON and CSV for programs, a chart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from forbear.base.money import text
from forbear.base.reasons import Sentence
from forbear.cli.loan_relief_words import WORDS
from forbear.cli.loan_table import facts, table
from forbear.evidence.given import Language
from forbear.evidence.loan_chart import balance_and_cost
from forbear.evidence.svg import Caption
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.entries import Entry
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.relief.answers import Course, Preview, Reason, Refusal
from forbear.loans.relief.coding import details_of
from forbear.loans.relief.measures import WORD, Measure, Settlement, Waiver
from forbear.loans.relief.steps import Step
from forbear.loans.relief.words import component as component_name
from forbear.loans.state import Row

SCHEMA: Final = "forbear.relief/1"
_COLUMNS: Final = ("number", "start", "due", "total", "principal", "interest", "fee", "penalty")


class Page:
    """An answer about a loan in one currency and language."""

    def __init__(self, currency: str, language: Language) -> None:
        """Amounts are of ``currency``, sentences in ``language``."""
        self.currency = currency
        self.voice = Voice(language, space=" ")

    # ── for people ──

    def refusal(self, refused: Refusal) -> list[str]:
        """What stands against a request, a reason a line, with the norm where there is one."""
        lines = [self._say("refused")]
        for each in refused.reasons:
            norm = self._norm(each)
            lines.append(f"- {self.voice.sentence(each.says)}{norm}")
        return lines

    def preview(self, shown: Preview, step: str | None) -> list[str]:
        """What a request does: the figures, the new schedule, what is worth knowing."""
        day = self._sentence(said.day(shown.as_of))
        title = self._say("title", day=day)
        if step is not None:
            title = self._say("granted", step=step, day=day)
        return [
            title,
            "",
            *facts(self._facts(shown)),
            "",
            *self.schedule(shown.after.rows),
            "",
            *(f"- {self.voice.sentence(each)}" for each in shown.remarks),
        ]

    def steps(self, found: Sequence[Step]) -> list[str]:
        """The steps granted so far, one a line, and where each stands."""
        if not found:
            return [self._say("steps.none")]
        heads = [self._say(f"head.{name}") for name in ("step", "on", "standing", "measures")]
        cells = [
            [
                each.id,
                each.on.isoformat(),
                self._say(f"standing.{each.standing}"),
                self._listed(self.measure(measure) for measure in each.measures),
            ]
            for each in found
        ]
        return table(heads, cells, [False] * 4)

    def schedule(self, rows: Sequence[Row]) -> list[str]:
        """What is open of each row, as a table with its sum."""
        names = [name for name in _COLUMNS if name != "start"]
        cells, total = [], NOTHING
        for row in rows:
            open_ = row.outstanding
            total = total.plus(open_)
            amounts = [self._digits(each) for each in (open_.total, *open_)]
            cells.append([str(row.number), row.due.isoformat(), *amounts])
        sums = [self._digits(each) for each in (total.total, *total)]
        cells.append([self._say("sum"), "", *sums])
        heads = [self._say(f"head.{name}") for name in names]
        return table(heads, cells, [False, False, True, True, True, True, True])

    def _facts(self, shown: Preview) -> list[tuple[str, str]]:
        still, before, after = shown.standing_still, shown.before, shown.after
        told = [
            ("asked", self._listed(self.measure(each) for each in shown.request.measures)),
            ("today", self._money(still.owed_today.total)),
            ("still", self._until(still.to_pay, before)),
            ("after", self._until(after.to_pay, after)),
            ("saved", self._money(shown.saved)),
            ("forgiven", self._parts(shown.forgiven)),
            ("postponed", self._parts(shown.postponed)),
            ("payment", self._payment(shown)),
            ("late", self._say("became", was=before.days_past_due, now=after.days_past_due)),
            (
                "rate",
                self._say(
                    "became", was=self._rate(before.annual_rate), now=self._rate(after.annual_rate)
                ),
            ),
        ]
        return [(self._say(name), what) for name, what in told]

    def measure(self, measure: Measure) -> str:
        """A measure as it was asked for, in words."""
        told = details_of(measure, self.currency)
        for name in ("first_due", "start", "end", "due", "new_due", "deadline"):
            if name in told:
                told[name] = self._sentence(said.day(getattr(measure, name)))
        if isinstance(measure, Settlement):
            told["amount"] = self._money(measure.amount)
        if isinstance(measure, Waiver):
            told["amounts"] = ("、" if self.voice.chinese else ", ").join(
                self._waived(component, amount) for component, amount in measure.amounts.items()
            )
        return self._say(f"measure.{WORD[type(measure)]}", **told)

    def _waived(self, component: Component, amount: int | None) -> str:
        if amount is not None:
            return self._say(f"part.{component}", amount=self._money(amount))
        name = self._sentence(component_name(component))
        everything = self._say("all")
        return f"{everything}{name}" if self.voice.chinese else f"{everything} {name}"

    def _listed(self, parts: Iterable[str]) -> str:
        return ("；" if self.voice.chinese else "; ").join(parts)

    def _until(self, to_pay: Parts, course: Course) -> str:
        return self._say(
            "until",
            amount=self._money(to_pay.total),
            day=self._sentence(said.day(course.last_day)),
        )

    def _payment(self, shown: Preview) -> str:
        values = {
            "now": self._money(shown.after.payment),
            "was": self._money(shown.before.payment),
        }
        if shown.share is None:
            return self._say("payment.was", **values)
        percent = (Decimal(shown.share.numerator) * 100 / shown.share.denominator).quantize(
            Decimal("0.1")
        )
        return self._say("payment.share", share=f"{percent}%", **values)

    def _parts(self, parts: Parts) -> str:
        told = [
            self._say(f"part.{name}", amount=self._money(amount))
            for name, amount in parts._asdict().items()
            if amount
        ]
        if not told:
            return self._say("none")
        return ("，" if self.voice.chinese else ", ").join(told)

    def _norm(self, reason: Reason) -> str:
        if not reason.level:
            return ""
        level = self.voice.say(f"level.{reason.level}")
        if reason.level == "house":
            return self._say("norm.house", level=level)
        return self._say("norm", level=level, clause=reason.clause)

    def _rate(self, rate: Decimal | None) -> str:
        if rate is None:
            return self._say("no_rate")
        return self._say("negative") if rate < 0 else f"{rate:.2f}%"

    def _money(self, minor: int) -> str:
        return self._sentence(said.amount(minor, self.currency))

    def _digits(self, minor: int) -> str:
        return said.grouped(minor, self.currency)

    def _sentence(self, sentence: Sentence) -> str:
        return self.voice.sentence(sentence)

    def _say(self, key: str, **values: object) -> str:
        return self.voice.put(WORDS[key], **values)

    # ── the chart ──

    def chart(self, shown: Preview) -> str:
        """The principal still out and the cost to come under the new plan, over time."""
        open_ = shown.after.to_pay
        left, rows = open_.principal, []
        for row in shown.after.rows:
            left -= row.outstanding.principal
            rows.append(replace(row, owed=row.outstanding, paid=NOTHING, waived=NOTHING,
                                written_off=NOTHING, balance=left))  # fmt: skip
        values = {
            "total": self._money(open_.total),
            "principal": self._money(open_.principal),
            "cost": self._money(open_.total - open_.principal),
            "day": self._sentence(said.day(shown.after.last_day)),
        }
        return balance_and_cost(
            rows,
            [(shown.as_of, open_.principal)],
            0,
            currency=self.currency,
            voice=Voice(self.voice.language),
            caption=Caption(
                title=self._say("chart.title", **values), desc=self._say("chart.desc", **values)
            ),
            labels=(self._say("chart.balance"), self._say("chart.cost")),
            heads=(
                self._say("head.due"),
                self._say("head.total"),
                self._say("chart.head.cost"),
                self._say("chart.head.balance"),
            ),
        )


# ── for programs ──


def preview_json(shown: Preview, language: Language) -> dict[str, Any]:
    """A preview as values that ``json.dumps`` takes; amounts are text, shares parts of one."""
    currency = shown.currency
    return {
        "as_of": shown.as_of.isoformat(),
        "currency": currency,
        "measures": [
            {"kind": WORD[type(each)], **details_of(each, currency)}
            for each in shown.request.measures
        ],
        "standing_still": {
            "owed_today": parts_json(shown.standing_still.owed_today, currency),
            "to_pay": parts_json(shown.standing_still.to_pay, currency),
            "last_day": shown.standing_still.last_day.isoformat(),
        },
        "before": _course_json(shown.before, currency),
        "after": _course_json(shown.after, currency),
        "saved": text(shown.saved, currency),
        "forgiven": parts_json(shown.forgiven, currency),
        "conditional": parts_json(shown.conditional, currency),
        "postponed": parts_json(shown.postponed, currency),
        "trimmed": text(shown.trimmed, currency),
        "share": None
        if shown.share is None
        else f"{Decimal(shown.share.numerator) / shown.share.denominator:.4f}",
        "remarks": [_sentence_json(each, language) for each in shown.remarks],
    }


def refusal_json(refused: Refusal, language: Language) -> list[dict[str, Any]]:
    """The reasons of a refusal as values that ``json.dumps`` takes."""
    return [
        {
            "code": each.code,
            "field": each.field,
            **_sentence_json(each.says, language),
            "clause": each.clause or None,
            "level": each.level or None,
            "confidence": each.confidence or None,
        }
        for each in refused.reasons
    ]


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry of relief as an event of a loan file."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "on": entry.on.isoformat(),
        **{
            name: value if isinstance(value, str | int | dict) else str(value)
            for name, value in entry.details.items()
        },
    }


def parts_json(parts: Parts, currency: str) -> dict[str, str]:
    """An amount by component, and its sum, as text."""
    told = {name: text(amount, currency) for name, amount in parts._asdict().items()}
    return {**told, "total": text(parts.total, currency)}


def row_json(row: Row, currency: str) -> dict[str, Any]:
    """What is open of a row."""
    return {
        "number": row.number,
        "start": row.start.isoformat(),
        "due": row.due.isoformat(),
        **parts_json(row.outstanding, currency),
    }


def rows_csv(rows: Sequence[Row], currency: str) -> str:
    """What is open of each row, one a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        told = row_json(row, currency)
        writer.writerow([told[name] for name in _COLUMNS])
    return out.getvalue()


def _course_json(course: Course, currency: str) -> dict[str, Any]:
    return {
        "rows": [row_json(row, currency) for row in course.rows],
        "to_pay": parts_json(course.to_pay, currency),
        "payment": text(course.payment, currency),
        "last_day": course.last_day.isoformat(),
        "days_past_due": course.days_past_due,
        "annual_rate_percent": None if course.annual_rate is None else str(course.annual_rate),
    }


def _sentence_json(sentence: Sentence, language: Language) -> dict[str, str]:
    return {
        "says": sentence.in_language(language),
        "says_zh": sentence.zh,
        "says_en": sentence.en,
    }
