"""Letters to the institution: stop, hours, family, the third person's, dispute, credit, data.

None of them acknowledges anything: they speak of what the other side claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from forbear.evidence.papers.desk import Desk
from forbear.evidence.papers.paper import Block, Field, Listing, Paper, Paragraph
from forbear.evidence.voice import clean

_SENDER: Final = ("name", "phone", "address")


def letters(desk: Desk) -> Iterator[Paper]:
    """The letters that were asked for, or that fit the log where nothing was."""
    wants = set(desk.told.wants)
    if desk.third:
        yield _third(desk)
    elif wants & {"stop", "hours", "family"} or desk.against():
        yield from _notice(desk, wants)
    if "dispute" in wants or desk.told.disputed:
        yield _for_debtors(desk, "dispute") or _dispute(desk)
    if "credit" in wants:
        yield _for_debtors(desk, "credit") or _credit(desk)
    if "leak" in wants:
        yield _data(desk)


def not_for_third(desk: Desk, name: str, title: str) -> Paper | None:
    """The refusal of a letter that could make a debtor of somebody who is none."""
    return desk.refused(name, title, desk.say("not_made.third_party")) if desk.third else None


def _for_debtors(desk: Desk, name: str) -> Paper | None:
    return not_for_third(desk, name, desk.say(f"{name}.title"))


def _notice(desk: Desk, wants: set[str]) -> Iterator[Paper]:
    """How the debtor may be contacted from now on."""
    if "hours" in wants and desk.told.hours is None:
        wants = wants - {"hours"}
        title = desk.say("stop.title_hours")
        yield desk.refused("hours", title, desk.say("not_made.hours"))
        if not wants and not desk.against():
            return
    kinds: list[str] = [kind for kind in ("stop", "hours", "family") if kind in wants]
    title = desk.say(f"stop.title_{kinds[0]}") if kinds else desk.say("stop.title")
    grounds = desk.norms(*(kinds or ["stop"]))
    listed = Listing(items=tuple(_wishes(desk, kinds)), ordered=True)
    blocks: list[Block] = [*desk.opening(), *_what_was_seen(desk)]
    blocks += [Paragraph(text=desk.say(f"stop.about{desk.role}")), listed]
    if not _ceases(desk, kinds):
        blocks.append(Paragraph(text=desk.say("common.reply")))
    blocks += [
        Paragraph(text=desk.say(f"common.no_acknowledgement{desk.role}")),
        *desk.grounds_table(grounds),
        desk.signature(),
    ]
    before = [*desk.cautions("signing", "private_account", "codes")]
    before.insert(1, desk.speech.line(desk.country.stop_note))
    if desk.guarantor:
        before.insert(1, desk.say("before.guarantor"))
    lacking = desk.lacking(*_SENDER, "lender", "lender_type")
    yield desk.paper("stop", title, blocks, before=tuple(before), grounds=grounds, lacking=lacking)


def _what_was_seen(desk: Desk) -> list[Block]:
    blocks = desk.seen()
    if against := desk.against():
        blocks.append(Paragraph(text=desk.say("common.seen_against", n=against)))
    return blocks


def _ceases(desk: Desk, kinds: list[str]) -> bool:
    """Whether the letter ends all contact (12 CFR 1006.6(c)(1)); asking for more would undo it."""
    return desk.country.id == "us" and "stop" in kinds


def _wishes(desk: Desk, kinds: list[str]) -> Iterator[str]:
    told, say = desk.told, desk.say
    ceases = _ceases(desk, kinds)
    if ceases:
        yield say("stop.stop_us")
    elif desk.against():
        yield say("stop.against")
    if "stop" in kinds and not ceases:
        yield say("stop.stop")
        if told.address or told.email:
            yield say("stop.write_address" if told.address else "stop.write_email")
    if "hours" in kinds and told.hours is not None and not ceases:
        start, end = told.hours
        also = "_also" if "stop" in kinds else ""
        night = "_night" if start > end else ""
        yield say(f"stop.hours{also}{night}", start=start, end=end)
    if "family" in kinds:
        yield say("stop.family")
        if told.family and not ceases:
            who = desk.speech.voice.together([clean(each) for each in told.family])
            yield say("stop.family_who", who=who)
    yield say("stop.agents")
    yield say("stop.record")
    yield say("stop.legal")


def _third(desk: Desk) -> Paper:
    """The letter of somebody who owes nothing."""
    told, say = desk.told, desk.say
    blocks: list[Block] = [*desk.opening(), Paragraph(text=say("third.who"))]
    if told.relation and told.debtor_name:
        said = say("third.relation", debtor=clean(told.debtor_name), relation=clean(told.relation))
        blocks.append(Paragraph(text=said))
    elif told.relation:
        said = say("third.relation_alone", relation=clean(told.relation))
        blocks.append(Paragraph(text=said))
    blocks += _what_was_seen(desk)
    if "exposure" in desk.facts.topics():
        blocks.append(Paragraph(text=say("third.disclosed")))
    asks = ("ask_stop", "ask_erase", "ask_source", "ask_silence")
    grounds = desk.norms("third")
    blocks += [
        Listing(items=tuple(say(f"third.{ask}") for ask in asks), ordered=True),
        Paragraph(text=say("third.refuse")),
        Paragraph(text=say("common.reply")),
        Paragraph(text=say("third.no_duty")),
        *desk.grounds_table(grounds),
        desk.signature(),
    ]
    return desk.paper(
        "third", say("third.title"), blocks, grounds=grounds,
        before=desk.cautions("false", "third_pay", "private_account", "codes"),
        lacking=desk.lacking("name", "phone", "relation", "debtor_name", "lender", "lender_type"),
    )  # fmt: skip


def _dispute(desk: Desk) -> Paper:
    """The debt is disputed and its proof asked for; nothing of it is confirmed."""
    told, say = desk.told, desk.say
    claimed = desk.read_amount("claimed")
    claim = say(f"dispute.claims{desk.role}")
    if claimed is not None:
        claim = say(f"dispute.claims{desk.role}_amount", amount=desk.amount(claimed))
    blocks: list[Block] = [*desk.opening(), Paragraph(text=claim)]
    blocks.append(Paragraph(text=say(f"dispute.object{desk.role}")))
    if told.disputed:
        blocks.append(Field(label=say("dispute.own_words"), value=clean(told.disputed)))
    asks: tuple[str, ...] = ("contract", "paid_out", "account", "transfer", "creditor", "time")
    if desk.guarantor:
        asks = ("guarantee", "guarantee_claim", "contract_guarantor", *asks[1:])
    grounds = desk.norms("dispute")
    blocks += [
        Paragraph(text=say("dispute.ask")),
        Listing(items=tuple(say(f"dispute.ask_{ask}") for ask in asks), ordered=True),
        Paragraph(text=say("dispute.pause")),
        Paragraph(text=say("common.reply")),
        Paragraph(text=desk.say(f"common.no_acknowledgement{desk.role}")),
        *desk.grounds_table(grounds),
        desk.signature(),
    ]
    american = "dispute.before_us" if desk.country.id == "us" else "dispute.before"
    before = [*desk.cautions("signing", "private_account", "codes")]
    before[1:1] = [say(american), say("dispute.before_words")]
    if desk.guarantor:
        before.insert(1, say("before.guarantor"))
    lacking = desk.lacking(*_SENDER, "lender", "disputed", "claimed")
    if told.claimed and claimed is None:
        before.insert(1, say("bad.amount", typed=clean(told.claimed)))
        lacking = (*lacking, "claimed")
    return desk.paper(
        "dispute", say("dispute.title"), blocks, before=tuple(before), grounds=grounds,
        lacking=lacking,
    )  # fmt: skip


def _credit(desk: Desk) -> Paper:
    """An objection to what was reported to a credit bureau."""
    say, grounds = desk.say, desk.norms("credit")
    if not grounds:
        why = say("data.credit_none", country=desk.speech.line(desk.country.name))
        return desk.refused("credit", say("credit.title"), why)
    american = "_us" if desk.country.id == "us" else ""
    blocks: list[Block] = [*desk.opening(), Paragraph(text=say(f"credit.about{american}"))]
    if desk.told.disputed:
        value = clean(desk.told.disputed)
        blocks.append(Field(label=say("credit.own_words"), value=value))
    asks = ("proof", "notice", "correct", "answer")
    blocks += [
        Listing(items=tuple(say(f"credit.ask_{ask}") for ask in asks), ordered=True),
        Paragraph(text=desk.say(f"common.no_acknowledgement{desk.role}")),
        *desk.grounds_table(grounds),
        desk.signature(),
    ]
    before = [*desk.cautions("codes")]
    before[1:1] = [say(f"credit.before{american}")] if american else []
    before[1:1] = [say("credit.before"), say("credit.before_report")]
    return desk.paper(
        "credit", say("credit.title"), blocks, before=tuple(before), grounds=grounds,
        lacking=desk.lacking(*_SENDER, "lender", "disputed"),
    )  # fmt: skip


def _data(desk: Desk) -> Paper:
    """What the person may ask about her own data."""
    say, grounds = desk.say, desk.norms("data")
    if not grounds:
        why = say("data.none", country=desk.speech.line(desk.country.name))
        return desk.refused("data", say("data.title"), why)
    asks = ("copy", "source", "given", "stop", "erase", "answer")
    blocks: list[Block] = [
        *desk.opening(),
        Paragraph(text=say("data.about")),
        Listing(items=tuple(say(f"data.ask_{ask}") for ask in asks), ordered=True),
        Paragraph(text=desk.say(f"common.no_acknowledgement{desk.role}")),
        *desk.grounds_table(grounds),
        desk.signature(),
    ]
    return desk.paper(
        "data", say("data.title"), blocks, before=desk.cautions("codes"), grounds=grounds,
        lacking=desk.lacking(*_SENDER, "lender"),
    )  # fmt: skip
