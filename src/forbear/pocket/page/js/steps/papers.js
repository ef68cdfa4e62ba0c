// The papers: what the person tells of herself, the list, and one paper to change, print and keep.
import { draw, go, remember, tell, trouble, ways, whereabouts } from '../app.js';
import { button, choice, el, field, save } from '../dom.js';
import { papers as made, session, whose } from '../session.js';
import { state } from '../store.js';
import { isChinese, say, shown, spoken } from '../text.js';

const OTHERS = ['relative', 'stranger'];
const ABOUT = [
  ['name'],
  ['phone', 'tel'],
  ['address'],
  ['email', 'email'],
  ['lender'],
  ['agency'],
  ['contract'],
];
const THIRD = [['relation'], ['debtor_name']];
const WANTED = {
  hours: [
    ['hours_from', 'time'],
    ['hours_to', 'time'],
  ],
  family: [['family', 'area']],
  dispute: [
    ['disputed', 'area'],
    ['claimed', 'text'],
  ],
  pay: [
    ['claimed', 'text'],
    ['principal', 'text'],
    ['can_pay', 'text'],
    ['months', 'number'],
    ['first_date', 'date'],
    ['hardship', 'area'],
  ],
};

export async function papers() {
  const list = el('div', { class: 'papers', id: 'list', 'aria-live': 'polite' });
  fill(list);
  return [
    whereabouts(),
    el('h1', {}, say('papers.title')),
    el('p', {}, say('papers.lead')),
    list,
    about(list),
    ways({ forward: 'start', text: say('home') }),
  ];
}

function about(list) {
  const wants = state.answers.want ?? [];
  const fields = [
    ...ABOUT,
    ...(OTHERS.includes(whose()) ? THIRD : []),
    ...wants.flatMap((want) => WANTED[want] ?? []),
  ];
  const seen = new Set();
  const shownFields = fields.filter(([name]) => !seen.has(name) && seen.add(name));
  let later;
  return el(
    'details',
    { class: 'about', open: Object.keys(state.told).length === 0 },
    el('summary', {}, say('papers.about')),
    el('p', { class: 'quiet' }, say('papers.about_help')),
    el(
      'div',
      { class: 'grid' },
      shownFields.map(([name, kind = 'text']) =>
        field(say(`told.${name}`), {
          id: `told-${name}`,
          kind,
          // As much as the papers take of one thing.
          maxlength: 4000,
          value: state.told[name] ?? '',
          change: (value) => {
            state.told[name] = value;
            session.papers = null;
            remember();
            clearTimeout(later);
            later = setTimeout(() => fill(list), 600);
          },
        }),
      ),
    ),
  );
}

async function fill(list) {
  if (!session.papers) list.replaceChildren(el('p', { class: 'quiet' }, say('papers.making')));
  try {
    const all = await made();
    if (all.refused) {
      list.replaceChildren(el('p', { class: 'sorry', role: 'alert' }, shown(all.refused.what)));
      session.papers = null;
      return;
    }
    list.replaceChildren(...all.papers.map(listed), ...(state.read.acknowledged ? [accept()] : []));
  } catch {
    list.replaceChildren(el('p', { class: 'sorry', role: 'alert' }, await trouble()));
  }
}

/** Papers to a mainland office stay in the characters that it uses. */
const worded = (text) => (state.country === 'hk' ? shown(text) : text);
const language = () => (isChinese() ? (state.country === 'hk' ? state.lang : 'zh-Hans') : 'en');

function listed(paper) {
  return el(
    'article',
    { class: 'card paper' },
    el(
      'h2',
      {},
      paper.not_made
        ? shown(paper.title)
        : el('a', { class: 'open', href: `#papers/${paper.id}` }, shown(paper.title)),
    ),
    paper.to && el('p', { class: 'quiet' }, say('papers.to', { who: shown(paper.to) })),
    paper.not_made && [
      el('p', {}, shown(paper.not_made)),
      before(paper),
      warned(paper) && accept(),
    ],
  );
}

/** Whether a paper waits for nothing but that its warning is read. */
const warned = (paper) => paper.before.length > 0 && !state.read.acknowledged;

/** Nothing that may acknowledge a debt is drafted before its warning was read and accepted. */
function accept() {
  return el(
    'div',
    { class: 'card warning' },
    choice({
      name: 'read',
      many: true,
      value: 'acknowledged',
      label: say('papers.read'),
      chosen: Boolean(state.read.acknowledged),
      change: async (on) => {
        state.read.acknowledged = on;
        session.papers = null;
        remember();
        await draw({ focus: false });
      },
    }),
  );
}

const before = (paper) =>
  paper.before.length > 0 &&
  el(
    'aside',
    { class: 'note' },
    el('p', {}, el('strong', {}, say('papers.before'))),
    el(
      'ul',
      {},
      paper.before.map((text) => el('li', {}, shown(text))),
    ),
  );

// The names by which the triage speaks of papers, where the papers have longer ones.
const CALLED = { notice: 'stop', third_person: 'third', complaint: 'complaint-institution' };

export async function paper(name) {
  const all = await made();
  const id = CALLED[name] ?? name;
  const one = all.refused ? null : all.papers.find((known) => known.id === id);
  if (!one || one.not_made) {
    return [
      el('h1', {}, one ? shown(one.title) : say('papers.title')),
      el('p', {}, one ? shown(one.not_made) : say('papers.none')),
      one && before(one),
      one && warned(one) && accept(),
      el(
        'p',
        {},
        el('a', { class: 'button main', href: '#log' }, say('log.title')),
        ' ',
        el('a', { class: 'button plain', href: '#papers' }, say('papers.all')),
      ),
    ];
  }
  const sheet = el('article', { class: 'sheet', id: 'sheet', lang: language() }, blocksOf(one));
  return [
    el('p', { class: 'screen' }, el('a', { href: '#papers' }, say('papers.all'))),
    el(
      'div',
      { class: 'screen' },
      before(one),
      one.lacking.length > 0 &&
        el('p', {}, say('papers.lacking', { what: one.lacking.map(named).join(say('and')) })),
      el('p', { class: 'quiet' }, say('papers.edit')),
      state.lang === 'zh-Hant' &&
        state.country === 'cn' &&
        el('p', { class: 'quiet' }, say('papers.simplified')),
    ),
    sheet,
    el(
      'div',
      { class: 'ways screen' },
      button(say('papers.print'), () => window.print(), { kind: 'main' }),
      button(
        say('papers.save'),
        async () => save(`${one.id}.html`, await alone(sheet, one.title), 'text/html'),
        { id: 'save-paper' },
      ),
      button(say('papers.copy'), () => copy(sheet)),
      button(
        say('papers.reset'),
        async () => {
          for (const key of Object.keys(state.edits))
            if (key.startsWith(`${id}.`)) delete state.edits[key];
          remember();
          await draw({ focus: false });
        },
        { kind: 'quiet' },
      ),
      button(say('back'), () => go('papers')),
    ),
    el(
      'details',
      { class: 'screen' },
      el('summary', {}, say('papers.grounds')),
      el(
        'ul',
        { class: 'meta' },
        one.grounds.map((ground) =>
          el(
            'li',
            {},
            el('strong', {}, shown(ground.clause)),
            ` · ${shown(ground.claim)}`,
            el(
              'span',
              { class: 'quiet' },
              ` · ${[ground.level, ground.confidence].filter(Boolean).map(word).join(say('and'))}`,
            ),
          ),
        ),
      ),
    ),
  ];
}

const KNOWN = new Set(['law', 'regulation', 'standard', 'self-regulation', 'guidance', 'house']);
const SURE = new Set(['text', 'quoted', 'weak', 'recalled', 'draft']);
const word = (name) =>
  KNOWN.has(name) ? say(`level.${name}`) : SURE.has(name) ? say(`sure.${name}`) : shown(name);

function named(name) {
  const parts = { hours: 'told.hours_from' };
  const key = parts[name] ?? `told.${name}`;
  try {
    return say(key);
  } catch {
    return shown(name);
  }
}

/** Text that can be changed in place; a change is kept as long as what it changed is the same. */
function free(tag, place, text, attributes = {}) {
  const original = worded(text);
  // A whole sentence is found by its words, since details told later may move it to another place.
  const sentence = ['p', 'li'].includes(tag) && original.length > 12;
  const key = sentence ? `${place.split('.')[0]}.${original}` : place;
  const known = state.edits[key];
  const made = el(
    tag,
    {
      ...attributes,
      contenteditable: 'true',
      spellcheck: 'false',
      'data-key': place,
      on: {
        input: (event) => {
          state.edits[key] = { from: original, to: event.target.innerText };
          remember();
        },
      },
    },
    known && known.from === original ? known.to : original,
  );
  return made;
}

const blocksOf = (one) => [
  free('h1', `${one.id}.title`, one.title, { class: 'title' }),
  ...one.blocks.map((block, place) => drawn(block, `${one.id}.${place}`)),
];

function drawn(block, key) {
  switch (block.kind) {
    case 'heading':
      return free('h2', key, block.text);
    case 'paragraph':
      return free('p', key, block.text);
    case 'list':
      return el(
        block.ordered ? 'ol' : 'ul',
        {},
        block.items.map((item, n) => free('li', `${key}.${n}`, item)),
      );
    case 'table':
      return el(
        'div',
        { class: 'wide', tabindex: '0', role: 'region', 'aria-label': worded(block.caption) },
        el(
          'table',
          {},
          el('caption', {}, worded(block.caption)),
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              block.heads.map((head) => el('th', { scope: 'col' }, worded(head))),
            ),
          ),
          el(
            'tbody',
            {},
            block.rows.map((row, r) =>
              el(
                'tr',
                {},
                row.map((cell, c) => free('td', `${key}.${r}.${c}`, cell)),
              ),
            ),
          ),
        ),
      );
    case 'field':
      return el(
        'p',
        { class: block.exact ? 'line exact' : 'line' },
        el('strong', {}, `${worded(block.label)}${isChinese() ? '：' : ': '}`),
        free(block.exact ? 'code' : 'span', key, block.value),
      );
    case 'signature':
      return el(
        'p',
        { class: 'sign' },
        free('span', `${key}.label`, block.label),
        ' ',
        free('span', `${key}.name`, block.name || '\u3000'.repeat(8), { class: 'hand' }),
        ' ',
        free('span', `${key}.day`, block.day),
      );
    default:
      throw new Error(`no block of kind ${block.kind}`);
  }
}

async function copy(sheet) {
  try {
    await navigator.clipboard.writeText(sheet.innerText);
    tell(say('papers.copied'));
  } catch {
    tell(say('papers.no_copy'));
  }
}

/** The sheet as a page of its own, with the changes, for a printer or a letter. */
async function alone(sheet, title) {
  const body = sheet.cloneNode(true);
  for (const node of [body, ...body.querySelectorAll('*')]) {
    for (const name of ['contenteditable', 'spellcheck', 'data-key', 'tabindex', 'role'])
      node.removeAttribute(name);
  }
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = spoken() === 'zh' ? 'zh-Hans' : 'en';
  const style = await (await fetch('sheet.css')).text();
  const charset = page.createElement('meta');
  charset.setAttribute('charset', 'utf-8');
  page.head.prepend(charset);
  page.body.append(page.importNode(body, true));
  // The policy of this page stands against styles made here; the saved page has none.
  const markup = page.documentElement.outerHTML.replace(
    '</head>',
    () => `<style>\n${style}</style></head>`,
  );
  return `<!DOCTYPE html>\n${markup}\n`;
}
