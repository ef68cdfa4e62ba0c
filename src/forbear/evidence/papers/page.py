"""All papers as one page: to be read, changed in place, printed on A4. No script, no network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from forbear.evidence.given import Language
from forbear.evidence.papers.paper import (
    Block,
    Field,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from forbear.evidence.papers.speech import Speech
from forbear.evidence.report import style_sheet
from forbear.evidence.svg import esc

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@cache
def _own_style() -> str:
    return files("forbear.evidence.papers").joinpath("papers.css").read_text(encoding="utf-8")


def to_html(papers: Sequence[Paper], language: Language) -> str:
    """The papers that were made, each on pages of its own in print, as well-formed XML too.

    What to mind before one is sent stands above it and is not printed.
    """
    speech = Speech(language)
    made = [paper for paper in papers if not paper.not_made]
    refused = [paper for paper in papers if paper.not_made]
    tag = "zh-Hans" if language == "zh" else "en"
    title = esc(speech.say("page.title"))
    body = _contents(made, speech) + "".join(_paper(paper, speech) for paper in made)
    body += "".join(_refused(paper) for paper in refused)
    body += f'<p class="quiet no-print">{esc(speech.say("page.advice"))}</p>'
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}"><head><meta charset="utf-8"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        '<meta name="color-scheme" content="light dark"/>'
        '<meta name="referrer" content="no-referrer"/>'
        f"<title>{title}</title><style>{style_sheet()}{_own_style()}</style></head>"
        f'<body class="papers"><main id="main"><header class="no-print"><h1>{title}</h1>'
        f"<p>{esc(speech.say('page.edit'))}</p></header>{body}</main></body></html>\n"
    )


def _contents(made: Sequence[Paper], speech: Speech) -> str:
    items = "".join(
        f'<li><a href="#{esc(p.id)}">{esc(p.title)}</a>{_to(p, speech)}</li>' for p in made
    )
    head = esc(speech.say("page.contents"))
    return f'<nav class="no-print" aria-label="{head}"><h2>{head}</h2><ol>{items}</ol></nav>'


def _to(paper: Paper, speech: Speech) -> str:
    if not paper.to:
        return ""
    return f'<br/><span class="quiet">{esc(speech.say("common.to", to=paper.to))}</span>'


def _paper(paper: Paper, speech: Speech) -> str:
    title = f'<h2 id="{esc(paper.id)}">{esc(paper.title)}</h2>'
    blocks = "".join(_block(block) for block in _runs(paper.blocks))
    name = esc(paper.title)
    # Editing in place needs no script; what is typed stays on this page.
    return (
        f'<section class="paper" aria-labelledby="{esc(paper.id)}">{_before(paper, speech)}'
        f'<article contenteditable="true" spellcheck="false" aria-label="{name}">'
        f"{title}{blocks}</article></section>"
    )


def _before(paper: Paper, speech: Speech) -> str:
    said = list(paper.before)
    if paper.lacking:
        names = [speech.say(f"field.{name}") for name in paper.lacking]
        said.append(speech.say("page.still", fields=speech.voice.together(names)))
    if not said:
        return ""
    items = "".join(f"<li>{esc(each)}</li>" for each in said)
    head = esc(speech.say("page.before"))
    return f'<aside class="note no-print"><p><strong>{head}</strong></p><ul>{items}</ul></aside>'


def _refused(paper: Paper) -> str:
    items = "".join(f"<li>{esc(each)}</li>" for each in paper.before)
    listed = f"<ul>{items}</ul>" if items else ""
    return (
        f'<section class="no-print"><h2 id="{esc(paper.id)}">{esc(paper.title)}</h2>'
        f'<div class="note"><p>{esc(paper.not_made)}</p>{listed}</div></section>'
    )


def _runs(blocks: Sequence[Block]) -> list[Block | list[Field]]:
    """Blocks, with fields that follow one another put together."""
    made: list[Block | list[Field]] = []
    for block in blocks:
        if not isinstance(block, Field) or block.exact:
            made.append(block)
        elif made and isinstance(made[-1], list):
            made[-1].append(block)
        else:
            made.append([block])
    return made


def _block(block: Block | list[Field]) -> str:
    match block:
        case list():
            pairs = "".join(f"<dt>{esc(f.label)}</dt><dd>{esc(f.value)}</dd>" for f in block)
            return f"<dl>{pairs}</dl>"
        case Heading(text=text):
            return f"<h3>{esc(text)}</h3>"
        case Paragraph(text=text):
            return f"<p>{esc(text)}</p>"
        case Listing(items=items, ordered=ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{esc(item)}</li>' for item in items)}</{tag}>"
        case Table():
            return _table(block)
        case Field(label=label, value=value):
            return f"<p>{esc(label)}</p><pre><code>{esc(value)}</code></pre>"
        case Signature(label=label, name=name, day=day):
            return (
                f'<div class="sign"><p>{esc(label)}<span class="line">{esc(name)}</span></p>'
                f"<p>{esc(day)}</p></div>"
            )


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{esc(head)}</th>' for head in table.heads)
    rows = "".join(
        f'<tr><th scope="row">{esc(row[0])}</th>'
        + "".join(f"<td>{esc(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in table.rows
    )
    name = esc(table.caption)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table class="of-'
        f'{len(table.heads)}"><caption>{name}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
