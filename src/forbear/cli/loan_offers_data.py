"""The answer of ``forbear loan offers`` for programs: one JSON object, or a CSV row an offer."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import text
from forbear.base.reasons import Sentence
from forbear.cli.loan_offers_asking import Offered
from forbear.cli.loan_offers_contacts import contacts
from forbear.loans.offers.answering import worth_today
from forbear.loans.offers.floors import Floor, Published, basis, rule_says
from forbear.loans.offers.follows import Step
from forbear.loans.offers.menu import kinds
from forbear.loans.offers.ranking import Offer, Plan, SetAside
from forbear.loans.offers.signing import Meaning
from forbear.loans.parts import Component, Parts
from forbear.loans.relief.coding import details_of
from forbear.loans.relief.measures import WORD, Request

SCHEMA: Final = "forbear.offers/1"
_SHARE: Final = 10_000  # shares are told with four digits after the point
_COLUMNS: Final = (
    "rank", "id", "kind", "monthly", "months", "payments", "first_due", "last_due", "at_once",
    "share", "margin", "total", "saving", "forgiven_principal", "forgiven_interest",
    "forgiven_fee", "forgiven_penalty", "value",
)  # fmt: skip


def as_line(found: Offered) -> str:
    """The whole answer as one line of JSON. Amounts are text, shares are parts of one."""
    return json.dumps(as_json(found), ensure_ascii=False)


def as_json(found: Offered) -> dict[str, Any]:
    """The whole answer as values that ``json.dumps`` takes."""
    say = _Said(found.language, found.loan.terms.currency)
    answer = found.answer
    tried = answer.tried
    still = next(iter(tried.previews.values()), None)
    return {
        "schema": SCHEMA,
        "id": found.loan.id,
        "on": found.on.isoformat(),
        "currency": say.currency,
        "law": found.law,
        "product": found.product,
        "surplus": _surplus(found, say),
        "standing_still": {
            "owed_today": say.amount(tried.loan.owed),
            "total": None if still is None else say.amount(still.standing_still.to_pay.total),
            "parts": None if still is None else say.parts(still.standing_still.to_pay),
        },
        "valuation": _valuation(found),
        "rule": {
            "margin": _share(tried.rule.margin),
            "step": say.amount(int(tried.rule.step)),
            "first": str(found.first),
        },
        "count": len(answer.ranked.offers),
        "offers": [_offer(each, found, say) for each in answer.ranked.offers],
        "set_aside": [_aside(each, say) for each in answer.ranked.set_aside],
        "refused": [
            {
                "id": each.choice.id,
                "kind": each.choice.kind,
                "reasons": [
                    {"code": why.code, "clause": why.clause, "level": str(why.level),
                     **say.sentence(why.says)}
                    for why in each.reasons
                ],
            }
            for each in tried.refused
        ],
        "nearest": None
        if answer.nearest is None
        else {**_plan(answer.nearest[0], say), "short": say.amount(answer.nearest[1])},
        "follows": [_norm(each, say) for each in answer.follows],
        "signing": [
            {**_norm(each, say), "effect": each.effect, "when": each.when}
            for each in answer.signing
        ],
        "contacts": [
            {"id": each.id, "name": each.name.in_language(found.language),
             "how": each.how.in_language(found.language), "clause": each.clause,
             "source": each.source.in_language(found.language),
             "confidence": str(each.confidence)}
            for each in contacts(found.law, found.lender_type)
        ],
        "not_read": list(found.not_read),
    }  # fmt: skip


def request_line(found: Offered, rank: str) -> str:
    """The request of the offer of a rank as one line of JSON. Raises :class:`LoanError`."""
    offers = found.answer.ranked.offers
    if not (rank.isascii() and rank.isdigit() and 1 <= int(rank) <= len(offers)):
        raise LoanError(
            f"--take: there is no offer {rank}; "
            + (f"write a rank from 1 to {len(offers)}" if offers else "no plan can be carried")
        )
    plan = offers[int(rank) - 1].plan
    request = found.answer.tried.previews[plan.id].request
    return json.dumps(request_json(request, found.loan.terms.currency), ensure_ascii=False)


def as_csv(found: Offered) -> str:
    """A row for each offer; the heads alone where there is none."""
    say = _Said(found.language, found.loan.terms.currency)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in found.answer.ranked.offers:
        plan = each.plan
        writer.writerow(
            [
                each.rank, plan.id, plan.kind, say.amount(plan.monthly), plan.months,
                len(plan.payments), *_ends(plan), say.amount(plan.at_once), _share(each.share),
                "yes" if each.margin else "no", say.amount(plan.total), say.amount(plan.saving),
                *(say.amount(part) for part in plan.forgiven), say.amount(worth_today(plan)),
            ]
        )  # fmt: skip
    return out.getvalue()


class _Said:
    """Amounts of one currency and sentences in one language."""

    def __init__(self, language: str, currency: str) -> None:
        self._language = language
        self.currency = currency

    def amount(self, minor: int) -> str:
        return text(minor, self.currency)

    def sentence(self, says: Sentence) -> dict[str, str]:
        return {
            "says": says.in_language(self._language),
            "says_zh": says.zh,
            "says_en": says.en,
        }

    def parts(self, parts: Parts) -> dict[str, str]:
        return {str(each): self.amount(parts.of(each)) for each in Component}


def _surplus(found: Offered, say: _Said) -> dict[str, Any]:
    surplus = found.answer.surplus
    return {
        "amount": say.amount(surplus.amount),
        "left": say.amount(surplus.left),
        "lines": [
            {"id": each.id, "amount": say.amount(each.amount), **say.sentence(each.says)}
            for each in surplus.lines
        ],
        "floor": None if surplus.floor is None else _floor(surplus.floor, say),
        "remarks": [say.sentence(each) for each in surplus.remarks],
    }


def _floor(floor: Floor, say: _Said) -> dict[str, Any]:
    clause, level, confidence, says = basis()
    return {
        "region": floor.region.id,
        "name": floor.region.name.en,
        "area": floor.area,
        "people": floor.people,
        "amount": say.amount(floor.amount),
        "typical": None if floor.typical is None else say.amount(floor.typical),
        "rule": say.sentence(rule_says()),
        "basis": {"clause": clause, "level": level, "confidence": confidence, **say.sentence(says)},
        "sources": [_source(each) for each in floor.sources],
    }


def _source(source: Published) -> dict[str, Any]:
    return {
        "id": source.id,
        "title_zh": source.title.zh,
        "title_en": source.title.en,
        "dated": source.dated.isoformat(),
        "confidence": str(source.confidence),
        "read_zh": source.read.zh,
        "read_en": source.read.en,
    }


def _valuation(found: Offered) -> dict[str, Any]:
    values = found.values
    return {
        "discount": _share(values.discount),
        "cure": _share(values.cure),
        "cure_of": {kind: _share(each) for kind, each in values.cure_of.items()},
        "recovery": _share(values.recovery),
    }


def _offer(offer: Offer, found: Offered, say: _Said) -> dict[str, Any]:
    preview = found.answer.tried.previews[offer.plan.id]
    return {
        "rank": offer.rank,
        **_plan(offer.plan, say),
        "share": _share(offer.share),
        "margin": offer.margin,
        "reasons": [say.sentence(each) for each in offer.reasons],
        "remarks": [say.sentence(each) for each in preview.remarks],
        "annual_rate_percent": {
            "before": _rate(preview.before.annual_rate),
            "after": _rate(preview.after.annual_rate),
        },
        "payments": [
            {"on": day.isoformat(), "amount": say.amount(amount)}
            for day, amount in offer.plan.payments
        ],
        "request": request_json(preview.request, say.currency),
        "signing": [each.id for each in found.answer.signing],
    }


def _plan(plan: Plan, say: _Said) -> dict[str, Any]:
    kind = kinds()[plan.kind]
    first, last = _ends(plan)
    return {
        "id": plan.id,
        "kind": plan.kind,
        "name_zh": kind.name.zh,
        "name_en": kind.name.en,
        "does": say.sentence(kind.does),
        "monthly": say.amount(plan.monthly),
        "months": plan.months,
        "at_once": say.amount(plan.at_once),
        "first_due": first,
        "last_due": last,
        "total": say.amount(plan.total),
        "saving": say.amount(plan.saving),
        "forgiven": say.parts(plan.forgiven),
        "conditional": say.parts(plan.conditional),
        "value": say.amount(worth_today(plan)),
    }


def request_json(request: Request, currency: str) -> dict[str, Any]:
    """A request as ``forbear loan relief`` reads it."""
    return {
        "measures": [
            {"kind": WORD[type(each)], **details_of(each, currency)} for each in request.measures
        ],
        "product": request.product,
        "jurisdiction": request.jurisdiction,
    }


def _aside(aside: SetAside, say: _Said) -> dict[str, Any]:
    return {
        "id": aside.plan.id,
        "kind": aside.plan.kind,
        "because": aside.because,
        "monthly": say.amount(aside.plan.monthly),
        "short": say.amount(aside.short),
    }


def _norm(norm: Step | Meaning, say: _Said) -> dict[str, Any]:
    return {
        "id": norm.id,
        "clause": norm.clause,
        "level": str(norm.level),
        "confidence": str(norm.confidence),
        **say.sentence(norm.says),
    }


def _ends(plan: Plan) -> tuple[str, str]:
    if not plan.payments:
        return "", ""
    return plan.payments[0][0].isoformat(), plan.payments[-1][0].isoformat()


def _share(share: Fraction | None) -> str | None:
    """A part of one with four digits, rounded up so that no plan looks lighter than it is."""
    if share is None:
        return None
    up = -(-share.numerator * _SHARE // share.denominator)
    return f"{up // _SHARE}.{up % _SHARE:04d}"


def _rate(rate: Any) -> str | None:
    return None if rate is None else f"{rate:f}"
