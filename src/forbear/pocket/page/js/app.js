// The page as a whole: the bar above, the doors below, one step between them at a time.
import { button, el } from './dom.js';
import * as engine from './engine.js';
import { begin, forgetAll, session } from './session.js';
import { erase, follow, keep, state } from './store.js';
import { LANGUAGES, preferred, prepare, say } from './text.js';
import { findings } from './steps/findings.js';
import { log } from './steps/log.js';
import { numbers } from './steps/numbers.js';
import { paper, papers } from './steps/papers.js';
import { question } from './steps/question.js';
import { start } from './steps/start.js';

const STEPS = [
  'start',
  'danger',
  'real',
  'whose',
  'lender',
  'log',
  'numbers',
  'findings',
  'want',
  'papers',
];
const DRAWN = { start, log, numbers, findings, papers };
const main = document.getElementById('main');
const status = document.getElementById('status');

/** Say something to everybody, those who listen to the page as well; good news may go by itself. */
export function tell(text, { passing = false } = {}) {
  status.textContent = text;
  if (passing) setTimeout(() => status.textContent === text && tell(''), 6000);
}

/** Write down what was just entered. */
export function remember() {
  if (!keep() && !session.warned) {
    session.warned = true;
    tell(say('keep.no'));
  }
}

export const go = (where) => {
  location.hash = where;
};

const here = () => location.hash.slice(1) || 'start';

/** The buttons that every step ends with. */
export function ways({ forward = null, text = say('next') } = {}) {
  const place = STEPS.indexOf(here().split('/')[0]);
  const to = forward ?? STEPS[place + 1];
  return el(
    'div',
    { class: 'ways' },
    to && button(text, () => go(to), { kind: 'main' }),
    place > 0 && button(say('back'), () => go(STEPS[place - 1])),
  );
}

/** Where the reader is among the steps, as a line above the heading. */
export function whereabouts() {
  const place = STEPS.indexOf(here().split('/')[0]);
  return el('p', { class: 'quiet' }, say('step', { n: place, all: STEPS.length - 1 }));
}

/** Beside a number that may save a life nothing else asks for attention. */
export function calm() {
  const alone = here() === 'danger' && (state.answers.danger ?? []).includes('life');
  document.body.classList.toggle('calm', alone);
}

let drawing = 0;

/** What to say where the engine did not answer: it cannot run here, or it failed. */
export const trouble = () =>
  engine.start().then(
    () => say('bad.bug'),
    () => say('engine.failed'),
  );

const unable = async () => [
  whereabouts(),
  el('h1', {}, say('unable')),
  el('p', { class: 'sorry', role: 'alert' }, await trouble()),
  ways(),
];

export async function draw({ focus = true } = {}) {
  const mine = (drawing += 1);
  const [step, part] = here().split('/');
  document.documentElement.lang = state.lang;
  if (state.theme) document.documentElement.dataset.theme = state.theme;
  else delete document.documentElement.dataset.theme;
  document.getElementById('skip').textContent = say('skip');
  bar();
  doors();
  const render =
    step === 'papers' && part ? () => paper(part) : (DRAWN[step] ?? (() => question(step)));
  let made;
  try {
    made = STEPS.includes(step) ? await render() : start();
  } catch {
    made = await unable();
  }
  // A step that took its time is not laid over the one that was opened since.
  if (mine !== drawing) return;
  main.replaceChildren(...made.flat(Infinity).filter(Boolean));
  const heading = main.querySelector('h1');
  document.title = heading ? `${heading.textContent} · ${say('brand')}` : say('title');
  main.dataset.step = step;
  calm();
  if (focus && heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

function select(id, label, options, value, change) {
  const made = el(
    'select',
    { id, on: { change: (event) => change(event.target.value) } },
    options.map(([key, text]) => el('option', { value: key, selected: key === value }, text)),
  );
  return el('span', { class: 'pick' }, el('label', { for: id }, label), made);
}

function bar() {
  const languages = Object.entries(LANGUAGES);
  const themes = ['', 'light', 'dark'].map((theme) => [theme, say(`theme.${theme}`)]);
  document.getElementById('bar').replaceChildren(
    el('a', { class: 'brand', href: '#start' }, say('brand')),
    select('language', say('bar.language'), languages, state.lang, async (lang) => {
      state.lang = lang;
      session.forget();
      remember();
      await prepare();
      await draw({ focus: false });
    }),
    select('theme', say('bar.theme'), themes, state.theme, (theme) => {
      state.theme = theme;
      remember();
      draw({ focus: false });
    }),
    button(say('bar.erase'), wipe, {
      kind: 'quiet',
      id: 'erase',
      'aria-label': say('bar.erase_what'),
      title: say('bar.erase_what'),
    }),
  );
}

async function wipe() {
  await erase();
  forgetAll().catch(() => {});
  tell(say('bar.erased'));
  go('start');
  await draw();
}

// Whose phone it is decides what may be asked for, so a door leads there first.
const wanted = () => ((state.answers.whose ?? []).length ? 'want' : 'whose');
const OPENED = {
  hard: [wanted, () => want('pay')],
  not_mine: [() => 'whose', () => want('dispute')],
  stop: [wanted, () => want('stop')],
};

function want(what) {
  const chosen = state.answers.want ?? [];
  state.answers.want = [...new Set([...chosen, what])];
  remember();
}

function doors() {
  const made = Object.entries(OPENED).map(([door, [to, work]]) =>
    button(say(`door.${door}`), () => {
      work();
      const place = to();
      if (here() === place) draw();
      else go(place);
    }),
  );
  const place = document.getElementById('doors');
  place.setAttribute('aria-label', say('doors'));
  place.replaceChildren(...made);
}

/** Rejects where a worker gives up, as it does where one file is missing or the disk is full. */
const lost = ({ installing, waiting, active }) =>
  new Promise((_, reject) => {
    const worker = installing ?? waiting ?? active;
    const look = () => {
      if (!worker || worker.state === 'redundant') reject(new Error('the page could not be kept'));
    };
    worker?.addEventListener('statechange', look);
    look();
  });

/** Go with what another tab changed; it is drawn when somebody looks here again. */
function together() {
  let stale = false;
  const catchUp = async () => {
    if (!stale) return;
    stale = false;
    await prepare();
    await draw({ focus: false });
  };
  follow(({ erased }) => {
    stale = true;
    session.forget();
    if (!erased) return;
    forgetAll().catch(() => {});
    catchUp();
  });
  window.addEventListener('focus', catchUp);
  document.addEventListener('visibilitychange', () => !document.hidden && catchUp());
}

async function offline() {
  if (!('serviceWorker' in navigator)) return;
  try {
    const made = await navigator.serviceWorker.register('sw.js');
    await Promise.race([navigator.serviceWorker.ready, lost(made)]);
    document.documentElement.dataset.offline = 'ready';
  } catch {
    // Opened from a folder or a private window, the page works while it is open.
  }
}

// The address says which step is open, so the link that skips the bar must not change it.
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

async function open() {
  if (!state.lang) state.lang = preferred();
  await prepare();
  await begin();
  window.addEventListener('hashchange', () => draw());
  together();
  tell(say('engine.loading'));
  await draw({ focus: false });
  await offline();
  if (!status.textContent) tell(say('engine.loading'));
  try {
    await engine.start();
    tell(say(document.documentElement.dataset.offline ? 'engine.offline' : 'engine.ready'), {
      passing: true,
    });
    document.documentElement.dataset.engine = 'ready';
  } catch {
    tell(say('engine.failed'));
    document.documentElement.dataset.engine = 'failed';
  }
}

open();
