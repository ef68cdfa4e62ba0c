// Whose calls are judged: suggestions from the log first, then every other number, then any other.
import { draw, go, remember, tell, trouble, ways, whereabouts } from '../app.js';
import { button, choice, el, field } from '../dom.js';
import { audit, chosen, hasRecord, look, session } from '../session.js';
import { state } from '../store.js';
import { count, say, shown } from '../text.js';

const SHOWN = 8;
const NUMBER = /^\+?[\d\s\-()]{2,24}\*?$/;

export async function numbers() {
  const top = [whereabouts(), el('h1', {}, say('numbers.title'))];
  if (!hasRecord()) return [...top, el('p', {}, say('log.nothing')), ways()];
  const seen = await look();
  if (seen.refused) return [...top, el('p', { class: 'sorry' }, say('log.joined')), ways()];
  propose(seen);
  const suggested = new Set(seen.suggestions.map(({ number }) => number));
  // What was chosen is always seen, even where a file that held it was removed.
  const added = [...new Set([...state.added, ...Object.keys(state.collectors)])].filter(
    (number) => !suggested.has(number),
  );
  const others = seen.numbers.filter(
    ({ number }) => !suggested.has(number) && !added.includes(number),
  );
  return [
    ...top,
    el('p', {}, say('numbers.lead')),
    group(say('numbers.likely'), seen.suggestions.map(likely)),
    added.length > 0 &&
      group(
        say('numbers.added'),
        added.map((number) => line(seen.numbers.find((of) => of.number === number) ?? { number })),
      ),
    another(),
    others.length > 0 &&
      el(
        'details',
        { open: !seen.suggestions.length },
        el('summary', {}, `${say('numbers.others')} (${count(others.length)})`),
        el('div', { class: 'choices' }, others.slice(0, SHOWN * 5).map(line)),
      ),
    el(
      'div',
      { class: 'ways' },
      button(say('numbers.check'), check, { kind: 'main', id: 'check' }),
      button(say('back'), () => go('log')),
    ),
  ];
}

/** What is very likely a collector's is chosen at first; the person decides. */
function propose({ suggestions, numbers: held }) {
  const key = suggestions.map(({ number }) => number).join(' ');
  if (state.proposed === key) return;
  state.proposed = key;
  for (const { number, name, likelihood } of suggestions) {
    if (likelihood === 'high' && !(number in state.collectors)) state.collectors[number] = name;
  }
  for (const { number } of state.calls) {
    const typed = number.replace(/[\s\-()]/g, '');
    // The log holds it without the prefix of its country.
    const short = held.find((one) => /^(\+|00)/.test(typed) && typed.endsWith(one.number));
    const plain = short?.number ?? typed;
    if (plain && !(plain in state.collectors) && NUMBER.test(plain)) {
      state.collectors[plain] = '';
      if (!suggestions.some((one) => one.number === plain))
        state.added = [...new Set([...state.added, plain])];
    }
  }
  remember();
}

const group = (title, lines) =>
  lines.length > 0 &&
  el('fieldset', {}, el('legend', {}, title), el('div', { class: 'choices' }, lines));

const likely = ({ number, name, says, count: n, reasons }) =>
  line({
    number,
    name,
    about: [says, say('numbers.count', { n: count(n) }), ...reasons]
      .filter(Boolean)
      .map(shown)
      .join(say('semicolon')),
  });

function line({ number, name = '', about = '', count: n = 0 }) {
  const on = number in state.collectors;
  const box = el('div', { class: 'who' });
  const fill = () => {
    const known = number in state.collectors;
    box.replaceChildren(
      ...[
        choice({
          name: 'collector',
          many: true,
          value: number,
          label: name ? `${number} ${name}` : number,
          chosen: known,
          change: toggle,
        }),
        (about || n > 0) &&
          el('p', { class: 'quiet' }, about || say('numbers.count', { n: count(n) })),
        known &&
          field(say('numbers.name'), {
            id: `name-${number}`,
            value: state.collectors[number],
            change: (value) => {
              state.collectors[number] = value.trim();
              session.audit = null;
              session.papers = null;
              remember();
            },
          }),
      ].filter(Boolean),
    );
  };
  const toggle = (chosenNow) => {
    if (chosenNow) state.collectors[number] = name ?? '';
    else delete state.collectors[number];
    session.audit = null;
    session.papers = null;
    remember();
    fill();
    document.getElementById(`collector-${number}`).focus();
  };
  fill();
  if (on) box.dataset.on = '';
  return box;
}

function another() {
  let typed = '';
  const add = async () => {
    const plain = typed.normalize('NFKC').trim();
    if (!NUMBER.test(plain)) {
      tell(say('numbers.wrong', { what: typed }));
      document.getElementById('another').focus();
      return;
    }
    const number = plain.replace(/[\s\-()]/g, '');
    state.collectors[number] = '';
    state.added = [...new Set([...state.added, number])];
    session.audit = null;
    session.papers = null;
    remember();
    await draw({ focus: false });
    document.getElementById('another').focus();
  };
  return el(
    'div',
    { class: 'add' },
    field(say('numbers.add'), {
      id: 'another',
      kind: 'tel',
      help: say('numbers.add_help'),
      change: (value) => {
        typed = value;
      },
    }),
    button(say('numbers.add_button'), add),
  );
}

async function check() {
  if (!chosen().length) {
    tell(say('numbers.none'));
    return;
  }
  tell(say('numbers.checking'));
  const pressed = document.getElementById('check');
  pressed.disabled = true;
  try {
    const made = await audit();
    tell('');
    if (made.refused) {
      tell(say('log.joined'));
      session.audit = null;
    } else go('findings');
  } catch {
    tell(await trouble());
  } finally {
    pressed.disabled = false;
  }
}
