"""The first sentences of every form of the report: the headline, and what to do next."""

from __future__ import annotations

from typing import Final

from forbear.base.words import Channel
from forbear.evidence.figures import Figures, State, identity
from forbear.evidence.given import ReportInput
from forbear.evidence.voice import Voice, cut

_NAME_MAX: Final = 40


def headline(given: ReportInput, fig: Figures, voice: Voice) -> str:
    """The whole report in one sentence."""
    if not fig.towards:
        return voice.say("head.empty") + voice.stop()
    who = collectors_in_words(given, voice)
    n = len(fig.towards)
    if fig.days == 1:
        day = voice.day(fig.date(fig.towards[0]), year=True)
        first = voice.say("head.contacts_day", day=day, who=who, n=n)
    else:
        first = voice.say("head.contacts", days=fig.days, who=who, n=n)
    return f"{first}{'；' if voice.chinese else '; '}{_found(given, fig, voice)}{voice.stop()}"


def _found(given: ReportInput, fig: Figures, voice: Voice) -> str:
    """How many contacts broke a rule and how many only should not have been attempted."""
    broken, n = fig.totals[State.BROKEN], len(fig.towards)
    if broken == n:
        return voice.say("head.broken_one") if n == 1 else voice.say("head.broken_all", n=n)
    found = [voice.say("head.broken", n=broken)] if broken else []
    if fig.totals[State.ATTEMPT]:
        key = "head.attempt_call" if _only_calls(given, fig) else "head.attempt"
        found.append(voice.say(key, n=fig.totals[State.ATTEMPT]))
    if not found:
        return voice.say("head.clean")
    return voice.say("head.some", found=("，" if voice.chinese else " and ").join(found))


def _only_calls(given: ReportInput, fig: Figures) -> bool:
    return all(
        finding.contact.channel is Channel.CALL
        for finding in given.audit.findings
        if fig.states[identity(finding.contact)] is State.ATTEMPT
    )


def collectors_in_words(given: ReportInput, voice: Voice) -> str:
    """Who made the contacts: one number with its name, or the first of several."""
    if not given.collectors:
        return voice.say("head.who_none")
    count = len(given.collectors)
    number, name = (cut(part, _NAME_MAX) for part in given.collectors[0])
    named = name and name != number
    if count > 1 and named and len({n for _, n in given.collectors}) == 1:
        return voice.say("head.who_same", who=name, n=count)
    bracketed = f"{number}（{name}）" if voice.chinese else f"{number} ({name})"
    who = bracketed if named else number
    return who if count == 1 else voice.say("head.who_many", who=who, n=count)


def details(given: ReportInput, fig: Figures, voice: Voice) -> list[str]:
    """The sentences below the headline."""
    if not fig.towards:
        said = [voice.say("sub.empty")]
        said += [voice.say("sub.empty_numbers")] if given.suggestions else []
        said += [voice.say("sub.empty_rows")] if given.unreadable else []
        return said
    lines = [_levels(fig, voice)] if fig.levels else []
    lines += [
        voice.say(f"sub.{state}", n=fig.totals[state])
        for state in (State.REVIEW, State.HOUSE, State.NOTE)
        if fig.totals[state]
    ]
    dates = [fig.date(contact) for contact in (given.contacts[0], given.contacts[-1])]
    first, last = (voice.day(day, year=True) for day in (min(dates), max(dates)))
    key = "sub.period" if first != last else "sub.period_one"
    clock = "zone.beijing" if given.zone == "Asia/Shanghai" else "zone.other"
    spoken = voice.say(clock, zone=given.zone)
    lines.append(voice.say(key, first=first, last=last, zone=spoken))
    if fig.inbound:
        lines.append(voice.say("sub.inbound", n=fig.inbound))
    return lines


def _levels(fig: Figures, voice: Voice) -> str:
    """What kind of rules the broken ones are, so that a standard is not taken for a law."""
    names = {level: voice.say(f"level.{level}") for level in fig.levels}
    if len(names) == 1:
        ((level, name),) = names.items()
        means = voice.say_if_known(f"means.{level}")
        return voice.say("sub.level_only", level=name, means=means).rstrip()
    parts = [voice.say("sub.level", level=names[level], n=n) for level, n in fig.levels.items()]
    said = voice.say("sub.levels", levels=voice.together(parts))
    if sum(fig.levels.values()) > fig.totals[State.BROKEN] + fig.totals[State.ATTEMPT]:
        said += ("" if voice.chinese else " ") + voice.say("sub.overlap")
    return said


def next_steps(given: ReportInput, fig: Figures, voice: Voice) -> tuple[list[str], str]:
    """Three things that the reader can do now, and the one to be careful about."""
    others = given.whose in ("relative", "stranger")
    against = fig.totals[State.BROKEN] + fig.totals[State.ATTEMPT]
    second = "next.other" if others else "next.write" if against else "next.ask"
    second = second if fig.towards else "next.choose"
    chinese_law = any(name.split("-")[0].split("@")[0] == "cn" for name in given.audit.packs)
    third = "next.complain_cn" if chinese_law else "next.complain"
    third = third if against else "next.more"
    warning = "other" if others else "guarantor" if given.whose == "guarantor" else "debtor"
    steps = [voice.say(key) for key in ("next.keep", second, third)]
    return steps, voice.say(f"warn.{warning}")
