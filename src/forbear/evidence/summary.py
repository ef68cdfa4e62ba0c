"""The first sentences of every form of the report: the headline, and what to do next."""

from __future__ import annotations

from forbear.base.words import Channel, Level
from forbear.evidence.figures import Figures, State, identity
from forbear.evidence.given import ReportInput
from forbear.evidence.voice import Voice


def headline(given: ReportInput, fig: Figures, voice: Voice) -> str:
    """The whole report in one sentence."""
    if not fig.towards:
        return voice.say("head.empty") + voice.stop()
    who = collectors_in_words(given, voice)
    first = voice.say("head.contacts", days=fig.days, who=who, n=len(fig.towards))
    found = []
    if fig.totals[State.BROKEN]:
        found.append(voice.say("head.broken", n=fig.totals[State.BROKEN]))
    if fig.totals[State.ATTEMPT]:
        key = "head.attempt_call" if _only_calls(given, fig) else "head.attempt"
        found.append(voice.say(key, n=fig.totals[State.ATTEMPT]))
    rest = ("，" if voice.chinese else " and ").join(found) or voice.say("head.clean")
    return f"{first}{'；' if voice.chinese else '; '}{rest}{voice.stop()}"


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
    (number, name), count = given.collectors[0], len(given.collectors)
    named = name and name != number
    if count > 1 and named and len({n for _, n in given.collectors}) == 1:
        return voice.say("head.who_same", who=name, n=count)
    bracketed = f"{number}（{name}）" if voice.chinese else f"{number} ({name})"
    who = bracketed if named else number
    return who if count == 1 else voice.say("head.who_many", who=who, n=count)


def details(given: ReportInput, fig: Figures, voice: Voice) -> list[str]:
    """The sentences below the headline."""
    if not fig.towards:
        return [voice.say("sub.empty")]
    lines = []
    against = fig.totals[State.BROKEN] + fig.totals[State.ATTEMPT]
    if against:
        levels = [
            voice.say("sub.level", level=voice.say(f"level.{level}"), n=fig.levels[level])
            for level in Level
            if fig.levels[level]
        ]
        lines.append(voice.say("sub.levels", n=against, levels=voice.together(levels)))
    if fig.totals[State.REVIEW]:
        lines.append(voice.say("sub.review", n=fig.totals[State.REVIEW]))
    if fig.totals[State.HOUSE]:
        lines.append(voice.say("sub.house", n=fig.totals[State.HOUSE]))
    dates = [fig.date(contact) for contact in (given.contacts[0], given.contacts[-1])]
    first, last = (voice.day(day, year=True) for day in (min(dates), max(dates)))
    key = "sub.period" if first != last else "sub.period_one"
    lines.append(voice.say(key, first=first, last=last, zone=given.zone))
    if fig.inbound:
        lines.append(voice.say("sub.inbound", n=fig.inbound))
    return lines


def next_steps(given: ReportInput, fig: Figures, voice: Voice) -> tuple[list[str], str]:
    """Three things that the reader can do now, and the one to be careful about."""
    others = given.whose in ("relative", "stranger")
    against = fig.totals[State.BROKEN] + fig.totals[State.ATTEMPT]
    second = "next.other" if others else "next.write" if against else "next.ask"
    chinese_law = any(name.split("-")[0].split("@")[0] == "cn" for name in given.audit.packs)
    third = "next.complain_cn" if chinese_law else "next.complain"
    third = third if against else "next.more"
    warning = "other" if others else "guarantor" if given.whose == "guarantor" else "debtor"
    steps = [voice.say(key) for key in ("next.keep", second, third)]
    return steps, voice.say(f"warn.{warning}")
