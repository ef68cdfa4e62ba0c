// Calls typed by hand: the day, the time and the number stay, so the next one takes seconds.
import { draw, remember, tell } from '../app.js';
import { button, el, field, save } from '../dom.js';
import { handList, session } from '../session.js';
import { state } from '../store.js';
import { count, say } from '../text.js';

const WAYS = ['call', 'sms', 'visit', 'letter', 'email', 'social', 'out'];
const ANSWERS = ['yes', 'no', 'unknown'];
const NUMBER = /^\+?[\d\s\-()]{2,24}$/;
const two = (n) => String(n).padStart(2, '0');

function now() {
  const at = new Date();
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

const draft = () => ({
  ...now(),
  time: '',
  number: '',
  way: 'call',
  answered: 'yes',
  minutes: '',
  said: '',
  ...state.draft,
});

function put(name, value) {
  state.draft = { ...draft(), [name]: value };
  remember();
}

function pickOne(id, label, name, options, prefix) {
  const made = el(
    'select',
    { id, on: { change: (event) => put(name, event.target.value) } },
    options.map((key) =>
      el('option', { value: key, selected: draft()[name] === key }, say(`${prefix}.${key}`)),
    ),
  );
  return el('div', { class: 'field' }, el('label', { for: id }, label), made);
}

export function byHand() {
  const known = draft();
  const one = (name, kind, help = '') =>
    field(say(`hand.${name}`), {
      id: `hand-${name}`,
      value: known[name],
      kind,
      help,
      change: (value) => put(name, value),
    });
  return el(
    'details',
    { id: 'by-hand', class: 'hand', open: state.calls.length > 0 || !session.files.size },
    el('summary', {}, say('log.by_hand')),
    el('div', { class: 'grid' }, one('date', 'date'), one('time', 'time')),
    button(
      say('hand.now'),
      async () => {
        state.draft = { ...draft(), ...now() };
        remember();
        await draw({ focus: false });
        document.getElementById('hand-number').focus();
      },
      { kind: 'quiet' },
    ),
    one('number', 'tel', say('hand.number_help')),
    el(
      'div',
      { class: 'grid' },
      pickOne('hand-way', say('hand.way'), 'way', WAYS, 'way'),
      pickOne('hand-answered', say('hand.answered'), 'answered', ANSWERS, 'answer'),
    ),
    one('minutes', 'number'),
    one('said', 'area'),
    button(say('hand.add'), add, { kind: 'main' }),
    written(),
  );
}

const refuse = (name, words) => {
  tell(words);
  document.getElementById(`hand-${name}`).focus();
};

async function add() {
  const call = draft();
  call.number = call.number.normalize('NFKC').trim();
  if (!call.date || !call.time || !call.number.trim()) {
    const first = ['date', 'time', 'number'].find((name) => !call[name].trim());
    refuse(first, say('hand.missing'));
    return;
  }
  // A row that the engine cannot read would be written down here and counted nowhere.
  if (!NUMBER.test(call.number)) {
    refuse('number', say('hand.wrong_number', { what: call.number }));
    return;
  }
  const minutes = document.getElementById('hand-minutes');
  if (!minutes.validity.valid || !/^\d{0,3}$/.test(call.minutes)) {
    refuse('minutes', say('hand.wrong_minutes'));
    return;
  }
  state.calls.push(call);
  state.draft = { date: call.date, number: call.number, way: call.way };
  session.forget();
  remember();
  await draw({ focus: false });
  tell(say('hand.list', { n: count(state.calls.length) }));
  document.getElementById('hand-time').focus();
}

function written() {
  if (!state.calls.length) return null;
  return el(
    'section',
    { 'aria-labelledby': 'written' },
    el('h2', { id: 'written' }, say('hand.list', { n: count(state.calls.length) })),
    el(
      'ul',
      { class: 'rows' },
      state.calls.map((call, place) => {
        const what = `${call.date} ${call.time} ${say(`way.${call.way}`)} ${call.number}`;
        return el(
          'li',
          {},
          el('span', {}, what),
          button(
            say('hand.delete'),
            async () => {
              state.calls.splice(place, 1);
              session.forget();
              remember();
              tell(say('hand.undone'));
              await draw({ focus: false });
              document.getElementById('hand-date').focus();
            },
            { kind: 'quiet', 'aria-label': say('hand.delete_what', { what }) },
          ),
        );
      }),
    ),
    button(say('hand.save'), () => {
      const { name, text } = handList();
      save(name, text, 'text/csv');
    }),
  );
}
