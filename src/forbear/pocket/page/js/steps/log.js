// The record: files chosen or dropped, and calls typed by hand.
import { draw, remember, tell, trouble, ways, whereabouts } from '../app.js';
import { button, el } from '../dom.js';
import { data, hasRecord, land, look, refusal, session } from '../session.js';
import { dropFile, keepFile, state } from '../store.js';
import { count, moment, pick, say } from '../text.js';
import { byHand } from './hand.js';

const LARGEST = 200 * 1024 * 1024;

export async function log() {
  if (session.shared.length) await read(session.shared.splice(0));
  const summary = el('div', { class: 'summary', 'aria-live': 'polite' });
  summarise(summary);
  return [
    whereabouts(),
    el('h1', {}, say('log.title')),
    el('p', {}, say('log.lead')),
    chooser(),
    session.refused.map(sorry),
    kept(),
    summary,
    byHand(),
    el(
      'details',
      {},
      el('summary', {}, say('log.how')),
      ['log.how_android', 'log.how_bill', 'log.how_apple'].map((key) => el('p', {}, say(key))),
    ),
    ways(),
  ];
}

function chooser() {
  const input = el('input', {
    id: 'files',
    type: 'file',
    multiple: true,
    'aria-describedby': 'kinds',
    on: { change: (event) => take([...event.target.files]) },
  });
  const stop = (event) => {
    event.preventDefault();
    if (event.type === 'drop') take([...event.dataTransfer.files]);
  };
  return el(
    'div',
    { class: 'drop', on: { dragover: stop, drop: stop } },
    input,
    el('label', { for: 'files', class: 'button main' }, say('log.choose')),
    el('p', { class: 'quiet' }, say('log.drop')),
    el('p', { class: 'quiet', id: 'kinds' }, say('log.kinds')),
  );
}

/** Read each file once by itself, so that a bad one never spoils the good ones. */
async function take(files) {
  await read(files);
  await draw({ focus: false });
  (document.querySelector('.sorry') ?? document.getElementById('files'))?.focus();
}

async function read(files) {
  let unkept = false;
  session.refused = [];
  tell(say('log.reading'));
  for (const file of files) {
    const name = file.name.replaceAll('/', '_');
    if (file.size > LARGEST) {
      session.refused.push({ name, about: 'too_large', what: '' });
      continue;
    }
    try {
      const bytes = await file.arrayBuffer();
      const wrong = await refusal(name, bytes);
      if (wrong) {
        session.refused.push({ name, ...wrong });
        // A bad file that was shared lies on the shelf already; a good one of its name stays.
        if (!session.files.has(name)) await dropFile(name);
      } else {
        session.files.set(name, bytes);
        unkept = !(await keepFile(name, bytes)) || unkept;
      }
    } catch {
      session.refused.push({ name, about: 'bug', what: '' });
    }
  }
  session.forget();
  tell(unkept ? say('keep.no_files') : '');
}

function sorry({ name, about, what }) {
  return el(
    'div',
    { class: 'sorry', role: 'alert', tabindex: '-1' },
    el('h2', {}, say('bad.title')),
    el('p', {}, say(`bad.${about}`, { name })),
    what && el('details', {}, el('summary', {}, say('bad.detail')), el('p', { lang: 'en' }, what)),
    el('p', {}, el('a', { href: '#log', on: { click: toHand } }, say('bad.hand'))),
  );
}

function toHand(event) {
  event.preventDefault();
  const form = document.getElementById('by-hand');
  form.open = true;
  document.getElementById('hand-date').focus();
}

function kept() {
  if (!session.files.size) return null;
  return el(
    'section',
    { 'aria-labelledby': 'kept' },
    el('h2', { id: 'kept' }, say('log.files')),
    el(
      'ul',
      { class: 'rows' },
      [...session.files].map(([name, bytes]) =>
        el(
          'li',
          {},
          el(
            'span',
            { class: 'file' },
            `${name} · ${count(Math.ceil(bytes.byteLength / 1024))} KB`,
          ),
          button(
            say('log.remove'),
            async () => {
              session.files.delete(name);
              await dropFile(name);
              session.forget();
              await draw({ focus: false });
              document.getElementById('files').focus();
            },
            { kind: 'quiet', 'aria-label': say('log.remove_what', { name }) },
          ),
        ),
      ),
    ),
  );
}

async function summarise(place) {
  if (!hasRecord()) {
    place.replaceChildren(el('p', { class: 'quiet' }, say('log.nothing')));
    return;
  }
  place.replaceChildren(el('p', { class: 'quiet' }, say('log.reading')));
  try {
    place.replaceChildren(...described(await look()));
  } catch {
    place.replaceChildren(el('p', {}, await trouble()));
  }
}

function described(seen) {
  if (seen.refused) return [el('p', { class: 'sorry' }, say('log.joined'))];
  const lines = [
    el(
      'p',
      {},
      say('log.rows', {
        n: count(seen.rows),
        first: moment(seen.first),
        last: moment(seen.last),
      }),
    ),
  ];
  if (seen.unreadable) lines.push(el('p', {}, say('log.bad_rows', { n: count(seen.unreadable) })));
  if (seen.looks_like) lines.push(elsewhere(seen.looks_like));
  return lines;
}

function elsewhere(other) {
  const name = pick(data.lands.find(({ id }) => id === other).name);
  return el(
    'div',
    { class: 'card warning' },
    el('p', {}, say('log.other_country', { land: name, chosen: pick(land().name) })),
    button(say('log.switch', { land: name }), async () => {
      state.country = other;
      state.region = '';
      session.forget();
      remember();
      await draw({ focus: false });
    }),
  );
}
