"""The answer of ``forbear loan offers`` for a person to read, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from forbear.cli.law_page import printable, wrapped
from forbear.cli.loan_offers_asking import Offered
from forbear.cli.loan_offers_contacts import contacts
from forbear.cli.loan_offers_words import WORDS
from forbear.cli.loan_table import facts
from forbear.evidence.voice import Voice, columns
from forbear.loans import said
from forbear.loans.offers.floors import basis, rule_says
from forbear.loans.offers.follows import Step
from forbear.loans.offers.menu import kinds
from forbear.loans.offers.ranking import Offer, Plan
from forbear.loans.offers.signing import Meaning
from forbear.loans.parts import Component, Parts

_INDENT: Final = 3


def page(found: Offered) -> str:
    """The whole page: the surplus, the offers or what follows, what signing means, the ground."""
    made = _Page(found)
    made.head()
    made.surplus()
    if found.answer.ranked.offers:
        made.offers()
    else:
        made.nothing()
    made.signing()
    if not found.answer.ranked.offers:
        made.contacts()
    made.ground()
    return made.text()


def _percent(part: Fraction) -> str:
    """A part of one that was told with few digits, as percent: ``7.5%``."""
    return said.rate(Decimal(part.numerator * 100) / part.denominator)


class _Page:
    """Lines in one language."""

    def __init__(self, found: Offered) -> None:
        self.found = found
        self.voice = Voice(found.language, space=" ")
        self.lines: list[str] = []

    # ── pieces ──

    def say(self, key: str, **values: object) -> str:
        return self.voice.put(WORDS[key], **values)

    def money(self, minor: int) -> str:
        return self.voice.sentence(said.amount(minor, self.found.loan.terms.currency))

    def add(self, text: str = "", *, indent: int = 0, hang: int = 0) -> None:
        self.lines += wrapped(printable(text), indent=indent, hang=hang) if text else [""]

    def title(self, key: str) -> None:
        self.lines += ["", self.say(key)]

    def item(self, text: str) -> None:
        self.add(f"- {text}", hang=2)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    # ── parts ──

    def head(self) -> None:
        found = self.found
        key = "title" if found.answer.ranked.offers else "title.none"
        loan = found.loan.id or self.say("loan")
        shown = self.say("of", loan=loan, day=self.voice.day(found.on, year=True))
        self.add(f"{self.say(key)}{self.voice.colon()}{shown}")

    def surplus(self) -> None:
        surplus = self.found.answer.surplus
        self.title("surplus")
        rows = [
            (
                self.say(f"line.{each.id}"),
                self.money(each.amount if each.id == "income" else -each.amount),
            )
            for each in surplus.lines
        ]
        rows.append((self.say("line.left"), self.money(surplus.left)))
        wide = max(columns(amount) for _, amount in rows)
        rows = [(name, " " * (wide - columns(amount)) + amount) for name, amount in rows]
        self.lines += [f"  {line}" for line in facts(rows)]
        for each in (*(line.says for line in surplus.lines if line.amount), *surplus.remarks):
            self.item(self.voice.sentence(each))
        self._still()

    def _still(self) -> None:
        previews = self.found.answer.tried.previews
        still = next(iter(previews.values()), None)
        if still is not None:
            total = still.standing_still.to_pay
            owed = self.found.answer.tried.loan.owed
            self.item(self.say("still", today=self.money(owed), total=self.money(total.total)))
            if total.total > total.principal:
                self.item(self.say("still.beyond", parts=self._parts(total._replace(principal=0))))

    def _parts(self, parts: Parts) -> str:
        """What an amount consists of, as a list within a sentence."""
        return self.voice.together(
            [
                self.say(f"part.{each}", amount=self.money(parts.of(each)))
                for each in Component
                if parts.of(each)
            ]
        )

    def offers(self) -> None:
        """The best offer of each kind in the order of rank, its other lengths in one line."""
        found = self.found
        offers = found.answer.ranked.offers
        by_kind: dict[str, list[Offer]] = {}
        for each in offers:
            by_kind.setdefault(each.plan.kind, []).append(each)
        shown = list(by_kind.values())[: found.most or None]
        rule, values = found.answer.tried.rule, found.values
        self.lines.append("")
        key = "count" if len(shown) < len(by_kind) else "count.all"
        self.add(self.say(key, n=len(offers), kinds=len(by_kind), shown=len(shown)))
        self.add(
            self.say(
                f"rule.{found.first}",
                margin=_percent(rule.margin),
                step=self.money(int(rule.step)),
                discount=_percent(values.discount),
                cure=_percent(values.cure),
            )
        )
        for best, *others in shown:
            self._offer(best)
            if others:
                listed = [
                    self.say(
                        "other",
                        rank=each.rank,
                        n=len(each.plan.payments),
                        month=self.money(each.plan.monthly or each.plan.at_once),
                    )
                    for each in others
                ]
                self.add(self.say("others", list=self.voice.together(listed)), indent=_INDENT)

    def _offer(self, offer: Offer) -> None:
        plan = offer.plan
        kind = kinds()[plan.kind]
        self.lines.append("")
        self.add(f"{offer.rank}. {self.name(plan)}", hang=_INDENT)
        self.add(self.voice.sentence(kind.does), indent=_INDENT)
        if plan.payments:
            first, last = (self.voice.day(plan.payments[k][0], year=True) for k in (0, -1))
            key = "first" if len(plan.payments) > 1 else "first.only"
            self.add(self.say(key, first=first, last=last, n=len(plan.payments)), indent=_INDENT)
        if plan.forgiven.total:
            self.add(self.say("forgiven", parts=self._parts(plan.forgiven)), indent=_INDENT)
        preview = self.found.answer.tried.previews[plan.id]
        before, after = preview.before.annual_rate, preview.after.annual_rate
        if before is not None and after is not None:
            self.add(
                self.say("cost", before=f"{before:.2f}%", after=f"{after:.2f}%"),
                indent=_INDENT,
            )
        for each in offer.reasons:
            self.add(f"- {self.voice.sentence(each)}", indent=_INDENT, hang=2)

    def name(self, plan: Plan) -> str:
        """What a plan is called in the language of the page."""
        return self.voice.sentence(kinds()[plan.kind].name)

    def nothing(self) -> None:
        answer = self.found.answer
        if answer.nearest is not None:
            plan, short = answer.nearest
            self.lines.append("")
            self.add(
                self.say(
                    "nearest",
                    name=self.name(plan),
                    month=self.money(plan.monthly),
                    short=self.money(short),
                )
            )
        self._refused()
        self.title("follows")
        self._norms(answer.follows)

    def _refused(self) -> None:
        """Each limit once, however many requests it stands against."""
        limits = {
            why.says: why
            for each in self.found.answer.tried.refused
            for why in each.reasons
            if why.clause
        }
        if limits:
            self.title("refused")
            for why in limits.values():
                level = self.voice.say(f"level.{why.level}")
                sure = self.say(f"sure.{why.confidence}")
                norm = self.say("norm", level=level, clause=why.clause, sure=sure)
                self.item(self.voice.sentence(why.says) + norm)

    def signing(self) -> None:
        self.title("signing")
        self._norms(self.found.answer.signing)

    def _norms(self, norms: Sequence[Step | Meaning]) -> None:
        for each in norms:
            self.item(self.voice.sentence(each.says) + self._rank(each))

    def _rank(self, norm: Step | Meaning) -> str:
        level = self.voice.say(f"level.{norm.level}")
        if not norm.clause:
            return self.say("norm.house", level=level)
        sure = self.say(f"sure.{norm.confidence}")
        return self.say("norm", level=level, clause=norm.clause, sure=sure)

    def contacts(self) -> None:
        known = contacts(self.found.law, self.found.lender_type)
        if not known:
            return
        self.title("contacts")
        for each in known:
            self.item(
                self.say(
                    "contact",
                    name=self.voice.sentence(each.name),
                    how=self.voice.sentence(each.how),
                    source=self.voice.sentence(each.source),
                )
            )

    def ground(self) -> None:
        floor = self.found.answer.surplus.floor
        self.title("ground")
        clause, level, confidence, says = basis()
        if floor is not None and self.found.law == "cn":
            norm = self.say(
                "norm",
                level=self.voice.say(f"level.{level}"),
                clause=clause,
                sure=self.say(f"sure.{confidence}"),
            )
            self.item(self.voice.sentence(says) + norm)
        if floor is not None:
            if not floor.region.by_size:
                self.item(self.voice.sentence(rule_says()))
            for each in floor.sources:
                self.item(
                    self.say(
                        "source",
                        title=self.voice.sentence(each.title),
                        dated=each.dated.isoformat(),
                        read=self.voice.sentence(each.read),
                    )
                )
        if self.found.not_read:
            self.item(self.say("not_read", names=self.voice.together(self.found.not_read)))
