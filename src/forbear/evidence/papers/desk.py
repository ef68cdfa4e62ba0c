"""The desk that a paper is written at: the log, what was told, the country and the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from forbear.base.clock import clock, instant_of
from forbear.base.words import Channel
from forbear.evidence.figures import Kind, kind_of
from forbear.evidence.given import Language, ReportInput
from forbear.evidence.papers.country import Country, country
from forbear.evidence.papers.facts import Facts, facts
from forbear.evidence.papers.money import parse_amount
from forbear.evidence.papers.paper import (
    Block,
    Field,
    Ground,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from forbear.evidence.papers.speech import Speech
from forbear.evidence.papers.told import Told
from forbear.evidence.voice import clean, cut

_NUMBERS_MAX: Final = 3
_FILES_MAX: Final = 5
_NAME_MAX: Final = 60
_CARD: Final = ("信用卡", "贷记卡", "credit card", "credit_card")
# The names by which the command line knows products; a letter speaks of them in words.
_PRODUCTS: Final = ("credit_card", "online_consumer", "private_loan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that all papers of one request share; ``third`` is for who is no debtor."""

    given: ReportInput
    told: Told
    country: Country
    speech: Speech
    facts: Facts
    day: date
    third: bool

    @property
    def language(self) -> Language:
        """The language of the papers."""
        return self.given.language

    def say(self, key: str, **values: object) -> str:
        """Words of the papers."""
        return self.speech.say(key, **values)

    @property
    def guarantor(self) -> bool:
        """Whether it is a guarantor who writes, whose guarantee may be what is in doubt."""
        return self.given.whose == "guarantor"

    @property
    def role(self) -> str:
        """What ends the keys of words that a guarantor says otherwise than a borrower."""
        return "_guarantor" if self.guarantor else ""

    def amount(self, minor: int) -> str:
        """An amount in the country's money."""
        before, after = self.country.marks.in_language(self.language).split("|")
        return self.speech.voice.tidy(f"{before}{minor // 100:,}.{minor % 100:02d}{after}")

    def read_amount(self, name: str) -> int | None:
        """An amount that was told, in minor units; None where there is none or it is not one."""
        return parse_amount(getattr(self.told, name), self.country.signs)

    def zone(self) -> str:
        """The zone that times are in, as people call it."""
        if self.given.zone == "Asia/Shanghai":
            return self.say("common.zone_beijing")
        return self.say("common.zone", zone=self.given.zone)

    def date(self, day: date) -> str:
        """A date with its year."""
        return self.speech.voice.day(day, year=True)

    # Who is written to, and who writes.

    def lender(self) -> str:
        """The institution's name: as told, else the one name given with the numbers."""
        if self.told.lender:
            return clean(self.told.lender)
        names = {name for number, name in self.given.collectors if name and name != number}
        return cut(clean(names.pop()), _NAME_MAX) if len(names) == 1 else ""

    def addressee(self) -> str:
        """Whom a letter goes to; by its numbers where it has no name."""
        if name := self.lender() or clean(self.told.agency):
            return name
        numbers = self.numbers()
        if not numbers:
            return self.say("common.collector_unknown")
        return self.say("common.collector", numbers=numbers)

    def numbers(self) -> str:
        """The numbers that were judged; the first few where there are many."""
        every = [cut(clean(number), _NAME_MAX) for number, _ in self.given.collectors]
        shown = self.speech.voice.together(every[:_NUMBERS_MAX])
        if len(every) > _NUMBERS_MAX:
            return self.say("common.numbers_many", numbers=shown, n=len(every))
        return shown

    def fields(self, *names: str) -> list[Block]:
        """What was told of each name, as fields; nothing for what was left out."""
        made: list[Block] = []
        for name in names:
            value = self.lender() if name == "lender" else clean(getattr(self.told, name))
            if name == "product" and value in _PRODUCTS:
                value = self.say(f"product.{value}")
            if value:
                made.append(Field(label=self.say(f"common.{name}"), value=value))
        return made

    def sender(self) -> list[Block]:
        """Who writes."""
        return self.fields("name", "phone", "address", "email")

    def about(self) -> list[Block]:
        """What the letter is about, in the other side's words."""
        made = self.fields("agency") if self.lender() else []
        made += self.fields("product", "contract")
        if self.given.collectors:
            made.append(Field(label=self.say("common.numbers"), value=self.numbers()))
        return made

    def opening(self) -> list[Block]:
        """To whom, from whom and about what."""
        return [Paragraph(text=self.say("common.to", to=self.addressee())), *self.sender(),
                *self.about()]  # fmt: skip

    def signature(self) -> Signature:
        """Where the hand signs, with the date of the paper."""
        name = clean(self.told.name)
        return Signature(label=self.say("common.sign"), name=name, day=self.date(self.day))

    # What the log shows.

    def period(self) -> str:
        """From the first contact towards the person to the last."""
        days = [self.facts.fig.date(contact) for contact in self.facts.fig.towards]
        first, last = self.date(min(days)), self.date(max(days))
        key = "common.period_one" if first == last else "common.period"
        return self.say(key, first=first, last=last)

    def seen(self) -> list[Block]:
        """What the log shows in two sentences; nothing where it shows no contact."""
        towards = self.facts.fig.towards
        if not towards:
            return []
        calls = sum(contact.channel is Channel.CALL for contact in towards)
        texts = sum(kind_of(contact) is Kind.TEXTS for contact in towards)
        counted = {"calls": calls, "texts": texts, "others": len(towards) - calls - texts}
        kinds = self.speech.voice.together(
            [self.say(f"common.kind_{kind}", n=n) for kind, n in counted.items() if n]
        )
        said = self.say(
            "common.seen", period=self.period(), n=len(towards), kinds=kinds,
            numbers=self.numbers() or self.say("common.collector_unknown"),
        )  # fmt: skip
        return [Paragraph(text=said)]

    def against(self) -> int:
        """How many contacts a complaint can rest on."""
        cited = {m.mark for m in self.facts.cited() if m.manner() == "deny"}
        found = self.facts.by_contact.values()
        return sum(any(marked.mark in cited for marked, _ in each) for each in found)

    # What a letter rests on.

    def norms(self, *letters: str) -> tuple[Ground, ...]:
        """The country's norms for letters of these kinds, each once."""
        found: dict[Ground, None] = {}
        for letter in letters:
            for norm in self.country.norms_for(
                letter,
                lender_type=self.told.lender_type,
                product=self.product_kind(),
                guarantor=self.guarantor,
            ):
                ground = Ground(
                    clause=self.speech.voice.tidy(norm.clause),
                    level=norm.level,
                    confidence=str(norm.confidence),
                    claim=self.speech.line(norm.claim),
                )
                found[ground] = None
        return tuple(found)

    def product_kind(self) -> str:
        """Whether the product is a credit card; other kinds change nothing here."""
        told = self.told.product.lower()
        return "credit_card" if any(word in told for word in _CARD) else ""

    def grounds_table(self, grounds: Sequence[Ground]) -> list[Block]:
        """The norms as a table that says honestly what each is."""
        if not grounds:
            return []
        keys = ("clause", "claim", "level", "sure")
        rows = tuple(
            (g.clause, g.claim, self.say(f"level.{g.level}"), self.say(f"sure.{g.confidence}"))
            for g in grounds
        )
        heads = tuple(self.say(f"common.ground_{key}") for key in keys)
        table = Table(caption=self.say("common.lawyer_table"), heads=heads, rows=rows)
        return [Heading(text=self.say("common.grounds")), table]

    def attached(self) -> Listing:
        """What goes with a paper and exists for certain."""
        items = [self.say("common.attached_exhibit")]
        if self.given.contacts:
            items.append(self.say("common.attached_timeline"))
        files = [clean(name) for name in self.given.inputs]
        if files:
            more = "…" if len(files) > _FILES_MAX else ""
            shown = self.speech.voice.together(files[:_FILES_MAX]) + more
            items.append(self.say("common.attached_files", files=shown))
        return Listing(items=tuple(items), ordered=True)

    # What the person should mind.

    def lacking(self, *names: str) -> tuple[str, ...]:
        """Those of ``names`` that were left out, in the order of the form."""
        order = [each.name for each in fields(Told)]
        missing = {
            name
            for name in names
            if not (self.lender() if name == "lender" else getattr(self.told, name))
        }
        return tuple(name for name in order if name in missing)

    def cautions(self, *keys: str) -> tuple[str, ...]:
        """Warnings for one letter, and whether the other side reads its language."""
        said = [self.say("before.edit"), *(self.say(f"before.{key}") for key in keys)]
        if self.country.reads != self.language:
            said.append(self.say(f"before.language_{self.country.reads}"))
        return tuple(said)

    def paper(
        self,
        name: str,
        title: str,
        blocks: Iterable[Block],
        *,
        to: str | None = None,
        channel: str = "",
        before: tuple[str, ...] = (),
        grounds: tuple[Ground, ...] = (),
        lacking: tuple[str, ...] = (),
    ) -> Paper:
        """A paper of this desk; to the institution, unless ``to`` says otherwise."""
        return Paper(
            id=name,
            title=title,
            language=self.language,
            channel=channel,
            to=self.addressee() if to is None else to,
            blocks=tuple(blocks),
            before=before,
            grounds=grounds,
            lacking=lacking,
        )

    def refused(self, name: str, title: str, why: str, *, before: tuple[str, ...] = ()) -> Paper:
        """A paper that is not made, with the reason, and with what to read first."""
        return Paper(id=name, title=title, language=self.language, before=before, not_made=why)


def desk(given: ReportInput, told: Told) -> Desk:
    """The desk for one request."""
    zone = clock(given.zone)
    return Desk(
        given=given,
        told=told,
        country=country(told.country),
        speech=Speech(given.language),
        facts=facts(given, told.country),
        day=told.dated or zone.moment(instant_of(given.made_at)).date(),
        third=given.whose in ("relative", "stranger"),
    )
