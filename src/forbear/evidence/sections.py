"""The written parts of the page: findings by clause, what is not shown, how to check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forbear.base.contact import Contact
from forbear.base.words import Direction, Level
from forbear.evidence.figures import ClauseGroup, Figures, kind_of, rows_by_file
from forbear.evidence.gather import gather, missing_in_words
from forbear.evidence.given import ReportInput
from forbear.evidence.svg import esc
from forbear.evidence.voice import Voice, cut
from forbear.law.answers import Finding, NotShown

FINDINGS_MAX: Final = 200
_ATTEMPTS_KEPT: Final = 50
ROWS_MAX: Final = 400
_ROWS_OF_FINDING_MAX: Final = 12
_TEXT_MAX: Final = 140
_REASON_MAX: Final = 300
_NUMBER_MAX: Final = 40
_OPEN_ROWS_MAX: Final = 31
_OPEN_FINDINGS_MAX: Final = 10
_OPEN_LACKS_MAX: Final = 6
_SUGGESTED_MAX: Final = 50


def table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    voice: Voice,
    *,
    cls: str = "plain",
) -> str:
    """A table of ready HTML cells, the first of each row its heading; long ones say their count."""
    head = "".join(f'<th scope="col">{esc(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{cells[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells[1:])
        + "</tr>"
        for cells in rows[:ROWS_MAX]
    )
    made = (
        f'<div class="wide" tabindex="0" role="region" aria-label="{esc(caption)}">'
        f'<table class="{cls}"><caption>{esc(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    if len(rows) > ROWS_MAX:
        made += paragraph(voice.say("table.more", n=ROWS_MAX, all=len(rows)), cls="quiet")
    return made


def folded(summary: str, body: str, *, is_open: bool) -> str:
    """``body`` behind its summary, so that a long part does not bury what follows."""
    state = ' open="open"' if is_open else ""
    return f"<details{state}><summary>{esc(summary)}</summary>{body}</details>"


def folded_table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    voice: Voice,
    *,
    summary: str = "",
    cls: str = "plain",
) -> str:
    """A table that stands open where it is short."""
    made = table(caption, heads, rows, voice, cls=cls)
    return folded(summary or caption, made, is_open=len(rows) <= _OPEN_ROWS_MAX)


def paragraph(text: str, *, cls: str = "") -> str:
    """One paragraph of plain text."""
    return f'<p class="{cls}">{esc(text)}</p>' if cls else f"<p>{esc(text)}</p>"


def section(name: str, title: str, body: str) -> str:
    """One part of the page under its heading."""
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{esc(title)}</h2>{body}</section>'


def what(contact: Contact, voice: Voice) -> str:
    """The kind of contact, and that the reader made it where so."""
    shown = voice.say(f"channel.{contact.channel}")
    if contact.direction is Direction.INBOUND:
        return voice.say("you", what=shown)
    return shown


def result(contact: Contact, voice: Voice) -> str:
    """How a call ended, as the tables say it; nothing for other kinds."""
    key = f"col.{kind_of(contact)}"
    return voice.say(key) if contact.channel == "call" else ""


def moment(contact: Contact, fig: Figures, voice: Voice, *, year: bool = True) -> str:
    """When a contact was, on the reader's clock, for people and for programs."""
    at = fig.clock.moment(contact.instant)
    return f'<time datetime="{at.isoformat()}">{esc(voice.moment(at, year=year))}</time>'


def number(contact: Contact) -> str:
    """The number that the contact came from, as the log has it."""
    return cut(contact.agent, _NUMBER_MAX) if isinstance(contact.agent, str) else ""


def places(contacts: Sequence[Contact], voice: Voice) -> str:
    """File and line of each contact; only the last few where there are many."""
    shown = contacts[-_ROWS_OF_FINDING_MAX:]
    gap = " " if voice.chinese else ", "
    parts = []
    for file, lines in rows_by_file(shown):
        at = esc(voice.lines(lines))
        at = f'<span class="one">{at}</span>' if len(lines) == 1 else at
        parts.append(f'<span class="file">{esc(file)}</span>{gap}{at}')
    if len(contacts) > len(shown):
        parts.append(esc(voice.say("find.more_rows", n=len(contacts) - len(shown))))
    return ("；" if voice.chinese else "; ").join(parts)


def findings(fig: Figures, voice: Voice) -> str:
    """Every finding, by clause."""
    if not fig.groups:
        body = paragraph(voice.say("find.none"))
    else:
        body = "".join(_clause(group, fig, voice) for group in fig.groups)
    return section("findings", voice.say("find.title"), body)


def _clause(group: ClauseGroup, fig: Figures, voice: Voice) -> str:
    broken, attempted = group.breached(), group.attempted()
    meta = [
        _meta(voice.say("find.meta", level=voice.say(f"level.{group.level}")), group.level, voice),
        esc(voice.say("find.effect", effect=voice.say(f"effect.{group.manner()}"))),
        esc(voice.say("find.sure", sure=voice.say(f"sure.{group.confidence}"))),
        f"{esc(voice.say('find.rule'))}{voice.colon()}<code>{esc(group.rule)}</code>",
    ]
    items = "".join(f"<li>{part}</li>" for part in meta)
    # Exceptions that all findings share are said once; others stand with their finding.
    shared = {f.unless for f in group.findings}
    once = _unless(group.findings[0], voice) if len(shared) == 1 else ""
    parts = [f'<ul class="meta">{items}</ul>', once]
    # Breaches come first, but never crowd out every mere attempt.
    room = FINDINGS_MAX - min(len(attempted), _ATTEMPTS_KEPT)
    caps = (room, FINDINGS_MAX - min(len(broken), room))
    for found, key, cap in zip((broken, attempted), ("broken", "attempt"), caps, strict=True):
        if not found:
            continue
        title = voice.say(f"find.{key}.{group.manner()}", n=len(found))
        parts.append(f"<h4>{esc(title)}</h4>")
        if group.manner() == "deny":
            parts.append(paragraph(voice.say(f"find.{key}_means"), cls="quiet"))
        lines = [_item(f, fig, voice, each=not once) for f in found[:cap]]
        # A class cannot say "broken" by colour alone, so the heading above says it in words.
        style = "bad" if key == "broken" and group.manner() == "deny" else "due"
        parts.append(_listed(lines, style, voice))
        if len(found) > cap:
            parts.append(paragraph(voice.say("find.more", n=len(found) - cap), cls="quiet"))
    name = esc(voice.tidy(group.clause))
    return f'<article class="clause"><h3>{name}</h3>{"".join(parts)}</article>'


def _listed(lines: Sequence[str], style: str, voice: Voice) -> str:
    """Findings as a list; the first few open, so that the next clause is not buried."""
    if not lines:
        return ""
    # A remainder of one or two is shorter than the words that would hide it.
    few = len(lines) if len(lines) <= _OPEN_FINDINGS_MAX + 2 else _OPEN_FINDINGS_MAX
    made = f'<ol class="found {style}">{"".join(lines[:few])}</ol>'
    if len(lines) > few:
        rest = f'<ol class="found {style}" start="{few + 1}">{"".join(lines[few:])}</ol>'
        made += folded(voice.say("find.rest", n=len(lines) - few), rest, is_open=False)
    return made


def _meta(text: str, level: Level, voice: Voice) -> str:
    means = voice.say_if_known(f"means.{level}")
    if not means:
        return esc(text)
    stop = "。" if voice.chinese else ". "
    return f"{esc(text)}{stop}{esc(means)}"


def _unless(finding: Finding, voice: Voice) -> str:
    if not finding.unless:
        return ""
    items = "".join(f"<li>{esc(voice.sentence(s))}</li>" for s in finding.unless)
    title = esc(voice.say("find.unless"))
    return f'<div class="unless"><p>{title}{voice.colon()}</p><ul>{items}</ul></div>'


def _item(finding: Finding, fig: Figures, voice: Voice, *, each: bool) -> str:
    contact = finding.contact
    parts = [
        f'<p class="when">{moment(contact, fig, voice)} · {esc(what(contact, voice))}'
        + (f' · <span class="num">{esc(number(contact))}</span>' if number(contact) else "")
        + "</p>",
        paragraph(voice.sentence(finding.says)),
    ]
    if contact.channel != "call" and isinstance(contact.text, str):
        shown = cut(" ".join(contact.text.split()), _TEXT_MAX)
        parts.append(f"<blockquote>{esc(shown)}</blockquote>")
    rows = places(finding.rows or (contact,), voice)
    if rows:
        parts.append(f'<p class="quiet">{esc(voice.say("find.rows"))}{voice.colon()}{rows}</p>')
    parts.append(_unless(finding, voice) if each else "")
    return f"<li>{''.join(parts)}</li>"


def not_shown(given: ReportInput, voice: Voice) -> str:
    """What the log cannot show, what to gather, and remarks on the log itself."""
    lacks = given.audit.not_shown
    if not (lacks or given.notes or given.contacts):
        return ""
    parts = []
    if lacks:
        wanted = "".join(
            f"<li>{esc(voice.say('lack.item', what=missing_in_words(key, voice), n=n))}</li>"
            for key, n in gather(lacks)
        )
        parts.append(paragraph(voice.say("lack.gather")) + f"<ul>{wanted}</ul>")
        each = "".join(f"<li>{_lack(lack, voice)}</li>" for lack in lacks)
        title = voice.say("lack.each", n=len(lacks))
        parts.append(
            folded(title, f'<ul class="lacks">{each}</ul>', is_open=len(lacks) <= _OPEN_LACKS_MAX)
        )
    else:
        parts.append(paragraph(voice.say("lack.none")))
    if given.notes:
        items = "".join(f"<li>{esc(voice.sentence(note))}</li>" for note in given.notes)
        parts.append(f"<h3>{esc(voice.say('lack.notes'))}</h3><ul>{items}</ul>")
    return section("lacks", voice.say("lack.title"), "".join(parts))


def _lack(lack: NotShown, voice: Voice) -> str:
    needs = voice.together([missing_in_words(key, voice) for key in lack.missing])
    about = [voice.say("lack.needs", what=needs)] if needs else []
    about.append(voice.say("lack.contacts", n=lack.contacts))
    rest = esc(("；" if voice.chinese else "; ").join(about))
    level = voice.say(f"level.{lack.level}")
    said = esc(voice.sentence(lack.says))
    return (
        f'<strong>{esc(voice.tidy(lack.clause))}</strong> <span class="quiet">{esc(level)}</span>'
        f'<br/>{said}<br/><span class="quiet">{rest}</span>'
    )


def unreadable(given: ReportInput, voice: Voice) -> str:
    """The rows that could not be read; nothing where all could."""
    rows = given.unreadable
    if not rows:
        return ""
    heads = [voice.say(f"bad.{key}") for key in ("file", "line", "what")]
    cells = [
        [esc(row.file), str(row.line), esc(cut(voice.tidy(row.what), _REASON_MAX))] for row in rows
    ]
    body = paragraph(voice.say("bad.count", n=len(rows)))
    each = voice.say("bad.each")
    body += folded_table(voice.say("bad.title"), heads, cells, voice, summary=each)
    return section("unread", voice.say("bad.title"), body)


def numbers(given: ReportInput, voice: Voice) -> str:
    """Whose calls were judged, and which numbers look as if they should have been."""
    parts = []
    if given.collectors:
        heads = [voice.say("who.number"), voice.say("who.name")]
        rows = [[esc(who), esc(name)] for who, name in given.collectors]
        long = len(rows) > _OPEN_ROWS_MAX
        parts.append((folded_table if long else table)(voice.say("who.title"), heads, rows, voice))
    if given.suggestions:
        parts.append(paragraph(voice.say("who.maybe")))
        items = []
        for maybe in given.suggestions[:_SUGGESTED_MAX]:
            about = [voice.say("who.count", n=maybe.count)]
            likely = voice.say_if_known(f"likelihood.{maybe.likelihood}")
            about += [likely] if likely else []
            about += [voice.sentence(reason) for reason in maybe.reasons]
            name = f" {maybe.name}" if maybe.name else ""
            shown = ("；" if voice.chinese else "; ").join(about)
            items.append(f"<li><strong>{esc(maybe.number + name)}</strong><br/>{esc(shown)}</li>")
        parts.append(f"<ul>{''.join(items)}</ul>")
    return section("numbers", voice.say("who.title"), "".join(parts)) if parts else ""


def check(given: ReportInput, fig: Figures, voice: Voice) -> str:
    """How anyone can make the same report again."""
    made = fig.clock.moment(int(given.made_at.timestamp()))
    parts = [
        paragraph(voice.say("check.how")),
        f"<h3>{esc(voice.say('check.command'))}</h3><pre><code>{esc(given.command)}</code></pre>",
    ]
    for caption, first, pairs in (
        ("check.inputs", "bad.file", given.inputs),
        ("check.packs", "check.pack", given.audit.packs),
    ):
        if pairs:
            rows = [[esc(k), f'<code class="hash">{esc(v)}</code>'] for k, v in pairs.items()]
            heads = [voice.say(first), voice.say("check.hash")]
            parts.append(table(voice.say(caption), heads, rows, voice, cls="hashes"))
    parts.append(paragraph(voice.say("check.judged", n=given.audit.contacts)))
    parts.append(paragraph(voice.say("check.made", when=voice.moment(made), version=given.version)))
    parts.append(paragraph(voice.say("check.advice")))
    return section("check", voice.say("check.title"), "".join(parts))
