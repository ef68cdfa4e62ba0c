// The first thing seen: what this is, three safe steps, and whose law applies.
import { draw, remember, ways } from '../app.js';
import { choice, el } from '../dom.js';
import { data, land, session } from '../session.js';
import { state } from '../store.js';
import { pick, prepare, say } from '../text.js';

export function start() {
  return [
    el('h1', {}, say('title')),
    el('p', { class: 'lead' }, say('start.lead')),
    el(
      'section',
      { 'aria-labelledby': 'safe' },
      el('h2', { id: 'safe' }, say('start.safe')),
      el(
        'ol',
        {},
        ['start.safe1', 'start.safe2', 'start.safe3'].map((key) => el('li', {}, say(key))),
      ),
    ),
    el(
      'fieldset',
      {},
      el('legend', {}, say('start.country')),
      el(
        'div',
        { class: 'choices two' },
        data.lands.map(({ id, name }) =>
          choice({
            name: 'country',
            value: id,
            label: pick(name),
            chosen: id === state.country,
            change: () => move(id),
          }),
        ),
      ),
    ),
    regions(),
    ways({ forward: 'danger', text: say('start.go') }),
    el('p', { class: 'quiet' }, say('start.private')),
  ];
}

async function move(country) {
  state.country = country;
  state.region = '';
  session.forget();
  remember();
  await prepare();
  await draw({ focus: false });
  document.getElementById(`country-${country}`)?.focus();
}

function regions() {
  const known = land().regions;
  if (!known.length) return null;
  const options = [{ id: '', name: null }, ...known];
  return el(
    'fieldset',
    {},
    el('legend', {}, say('start.region')),
    el(
      'div',
      { class: 'choices two' },
      options.map(({ id, name }) =>
        choice({
          name: 'region',
          value: id || 'none',
          label: name ? pick(name) : say('start.region_none'),
          chosen: id === state.region,
          change: () => {
            state.region = id;
            session.forget();
            remember();
          },
        }),
      ),
    ),
  );
}
