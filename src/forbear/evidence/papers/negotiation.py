"""The one paper that can acknowledge a debt: an offer to pay, made only for who knows that."""

from __future__ import annotations

from forbear.evidence.papers.desk import Desk
from forbear.evidence.papers.letters import not_for_third
from forbear.evidence.papers.money import INSTALMENTS_MAX, Offer, offer, parse_date
from forbear.evidence.papers.paper import Block, Field, Heading, Listing, Paper, Paragraph, Table
from forbear.evidence.voice import clean

_AMOUNTS = ("principal", "claimed", "can_pay")


def negotiation(desk: Desk) -> Paper | None:
    """The offer, its refusal with the reason, or None where nobody wants to pay."""
    if "pay" not in desk.told.wants:
        return None
    title = desk.say("offer.title")
    if refused := not_for_third(desk, "offer", title):
        return refused
    limitation = desk.speech.line(desk.country.limitation)
    if not desk.told.acknowledged:
        return desk.refused("offer", title, desk.say("offer.not_read"), before=(limitation,))
    return _made(desk, title, limitation)


def _made(desk: Desk, title: str, limitation: str) -> Paper:
    say, told = desk.say, desk.told
    amounts = {name: desk.read_amount(name) for name in _AMOUNTS}
    basis_name = "principal" if amounts["principal"] is not None else "claimed"
    first = parse_date(told.first_date)
    plan = offer(
        basis=amounts[basis_name], each=amounts["can_pay"], months=told.months, first=first
    )
    blocks: list[Block] = [
        *desk.opening(),
        Paragraph(text=say("offer.intro")),
        Paragraph(text=say("offer.reserve")),
    ]
    if desk.guarantor:
        blocks.append(Paragraph(text=say("offer.reserve_guarantor")))
    if told.hardship:
        blocks.append(Field(label=say("offer.hardship"), value=clean(told.hardship)))
    blocks += _amounts_named(desk, amounts)
    blocks += _table(desk, plan) if plan else [Paragraph(text=say("offer.no_table"))]
    asks = tuple(say(f"offer.ask_{ask}") for ask in ("waive", "quiet", "written", "credit"))
    blocks += [Heading(text=say("offer.ask")), Listing(items=asks, ordered=True)]
    card = desk.product_kind() == "credit_card" and desk.country.card_months
    if card:
        blocks.append(Paragraph(text=say("offer.card", months=card)))
    grounds = desk.norms("offer")
    blocks += [
        *desk.grounds_table(grounds),
        desk.signature(),
    ]
    return desk.paper(
        "offer", title, blocks, grounds=grounds,
        before=(limitation, *_minded(desk, amounts, plan), *desk.cautions("signing", "codes")),
        lacking=_lacking(desk, amounts),
    )  # fmt: skip


def _amounts_named(desk: Desk, amounts: dict[str, int | None]) -> list[Block]:
    return [
        Paragraph(text=desk.say(f"offer.basis_{name}", amount=desk.amount(amount)))
        for name in ("principal", "claimed")
        if (amount := amounts[name]) is not None
    ]


def _table(desk: Desk, plan: Offer) -> list[Block]:
    """The payments, their sum, and what they leave open."""
    dated = all(each.on is not None for each in plan.instalments)
    keys = ("number", "day", "amount") if dated else ("number", "amount")
    rows = []
    for each in plan.instalments:
        day = [desk.date(each.on)] if dated and each.on is not None else []
        rows.append((str(each.number), *day, desk.amount(each.amount)))
    spare = [desk.say("offer.count", n=len(rows))] if dated else []
    rows.append((desk.say("offer.total"), *spare, desk.amount(plan.total)))
    heads = tuple(desk.say(f"offer.{key}") for key in keys)
    sum_ = desk.say("offer.sum", n=len(plan.instalments), amount=desk.amount(plan.total))
    blocks: list[Block] = [
        Table(caption=desk.say("offer.table"), heads=heads, rows=tuple(rows)),
        Paragraph(text=sum_),
    ]
    if plan.rest > 0:
        blocks.append(Paragraph(text=desk.say("offer.rest", amount=desk.amount(plan.rest))))
    return blocks


def _minded(desk: Desk, amounts: dict[str, int | None], plan: Offer | None) -> list[str]:
    """What to mind before the offer leaves; slips first."""
    say, told = desk.say, desk.told
    said = [
        say("bad.amount", typed=clean(getattr(told, name)))
        for name in _AMOUNTS
        if getattr(told, name) and amounts[name] is None
    ]
    first = parse_date(told.first_date)
    if told.first_date and first is None:
        said.append(say("bad.date", typed=clean(told.first_date)))
    if first is not None and first < desk.day:
        said.append(say("bad.past", day=desk.date(first)))
    if plan is not None and plan.rest > 0:
        said.append(say("offer.few_months", total=desk.amount(plan.total)))
    owed = amounts["principal"] or amounts["claimed"]
    each = amounts["can_pay"]
    if plan is None and owed and each and -(-owed // each) > INSTALMENTS_MAX:
        said.append(say("offer.too_long"))
    most = desk.country.card_months
    if plan and most and desk.product_kind() == "credit_card" and len(plan.instalments) > most:
        said.append(say("offer.beyond_card", months=most))
    if desk.guarantor:
        said.append(say("before.guarantor"))
    said += [say("offer.before"), say("offer.before_afford"), say("offer.before_pay")]
    return [*said, say("before.private_account")]


def _lacking(desk: Desk, amounts: dict[str, int | None]) -> tuple[str, ...]:
    """What is left out or could not be read."""
    told = desk.told
    missing = list(desk.lacking("name", "phone", "address", "lender", "first_date"))
    if amounts["principal"] is None and amounts["claimed"] is None:
        missing.append("principal")
    if amounts["can_pay"] is None and (told.can_pay or told.months is None):
        missing.append("can_pay")
    missing += [n for n in ("principal", "claimed") if getattr(told, n) and amounts[n] is None]
    if told.first_date and parse_date(told.first_date) is None:
        missing.append("first_date")
    return tuple(dict.fromkeys(missing))
