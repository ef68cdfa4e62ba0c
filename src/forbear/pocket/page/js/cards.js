// The cards of the triage: which of them answers call for, and how one is drawn.
import { el } from './dom.js';
import { data } from './session.js';
import { state } from './store.js';
import { pick, say, shown } from './text.js';

const ORDER = ['urgent', 'warning', 'right', 'step', 'never'];

const holds = (card) =>
  Object.entries(card.when).every(([question, answers]) =>
    (state.answers[question] ?? []).some((answer) => answers.includes(answer)),
  );

const rank = (card) =>
  data.triage.questions.findIndex(({ id }) => id === card.after) * ORDER.length +
  ORDER.indexOf(card.kind);

/** The cards that follow from the answers so far, after one question or after any. */
export function cards(after = null) {
  const every = [...(data.triage.cards.all ?? []), ...(data.triage.cards[state.country] ?? [])];
  return every
    .filter((card) => (after === null || card.after === after) && holds(card))
    .sort((one, other) => rank(one) - rank(other));
}

/** What a card rests on: clauses of one level and confidence in one line, then other sources. */
function backing(card) {
  const alike = new Map();
  for (const clause of card.clauses ?? []) {
    const { level, confidence } = data.clauses[clause];
    const means = `${say(`level.${level}`)}${say('and')}${say(`sure.${confidence}`)}`;
    alike.set(means, [...(alike.get(means) ?? []), shown(clause)]);
  }
  const lines = [...alike].map(([means, clauses]) =>
    el('li', {}, clauses.join(say('and')), el('span', { class: 'quiet' }, ` · ${means}`)),
  );
  if (card.source) {
    const sure = card.confidence ? `${say('and')}${say(`sure.${card.confidence}`)}` : '';
    lines.push(el('li', {}, say('card.source', { what: pick(card.source) }) + sure));
  }
  return lines.length ? el('ul', { class: 'meta' }, lines) : null;
}

function calls(card) {
  return (card.contacts ?? []).map(({ number, name, what }) =>
    el(
      'p',
      { class: 'call' },
      el(
        'a',
        { class: 'button main', href: `tel:${number.replace(/[^\d+]/g, '')}` },
        `${say('card.call', { number })} · ${pick(name)}`,
      ),
      what && el('span', { class: 'quiet' }, pick(what)),
    ),
  );
}

/** One card, as an article under its own heading. */
export function card(one) {
  return el(
    'article',
    { class: `card ${one.kind}` },
    el('p', { class: 'tag' }, say(`kind.${one.kind}`)),
    el('h2', {}, pick(one.title)),
    // In danger the number comes first, and the reasons after it.
    one.kind === 'urgent' && calls(one),
    one.body.map((text) => el('p', {}, pick(text))),
    one.kind !== 'urgent' && calls(one),
    backing(one),
    one.paper && el('p', {}, el('a', { href: `#papers/${one.paper}` }, say('card.paper'))),
  );
}
