// What lives while the page is open: the files, and what the engine said of them.
import * as engine from './engine.js';
import { keptFiles, state } from './store.js';
import { spoken } from './text.js';

const HEADS = {
  zh: '日期,时间,对方号码,来电/去电,是否接通,分钟,说了什么',
  en: 'date,time,number,incoming/outgoing,answered,minutes,what was said',
};
const HAND = { zh: '手写记录.csv', en: 'my-calls.csv' };
const WAYS = {
  zh: {
    call: '来电',
    out: '去电',
    sms: '收到短信',
    visit: '上门',
    letter: '收到信函',
    email: '收到邮件',
    social: '收到社交消息',
  },
  en: {
    call: 'incoming',
    out: 'outgoing',
    sms: 'text received',
    visit: 'visit',
    letter: 'letter received',
    email: 'email received',
    social: 'message received',
  },
};
const ANSWERS = {
  zh: { yes: '是', no: '否', unknown: '' },
  en: { yes: 'yes', no: 'no', unknown: '' },
};

// Danger that comes from others, which is for the police.
const DANGERS = ['door', 'threat'];

export const data = {};
export const session = {
  files: new Map(),
  shared: [],
  // Files that could not be used: {name, about, what}.
  refused: [],
  // Whether the engine has just these files.
  placed: false,
  look: null,
  audit: null,
  papers: null,
  warned: false,
  // What the engine said is in one language and of one set of files.
  forget() {
    this.placed = false;
    this.look = null;
    this.audit = null;
    this.papers = null;
  },
  empty() {
    this.files.clear();
    this.shared = [];
    this.refused = [];
    this.forget();
  },
};

export async function begin() {
  Object.assign(data, await (await fetch('data.json')).json());
  for (const { name, bytes, shared } of await keptFiles()) {
    // What another app shared was not looked at yet; the log step reads it like a chosen file.
    if (shared) session.shared.push(new File([bytes], name));
    else session.files.set(name, bytes);
  }
}

export const land = () => data.lands.find(({ id }) => id === state.country);
export const whose = () => (state.answers.whose ?? [])[0] ?? 'debtor';

const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The calls written by hand as the list that the command reads too, or null. */
export function handList() {
  if (!state.calls.length) return null;
  const language = spoken();
  const name = freeName(HAND[language]);
  const rows = state.calls.map(({ date, time, number, way, answered, minutes, said }) =>
    [
      date,
      time,
      number,
      WAYS[language][way],
      way === 'call' || way === 'out' || way === 'visit' ? ANSWERS[language][answered] : '',
      minutes ?? '',
      said ?? '',
    ]
      .map((cell) => quoted(cell.trim()))
      .join(','),
  );
  return { name, text: `\ufeff${HEADS[language]}\n${rows.join('\n')}\n` };
}

/** A list that was saved and then chosen has the name of the list; neither replaces the other. */
function freeName(name) {
  const [stem, end] = name.split(/(?=\.csv$)/);
  let free = name;
  for (let n = 2; session.files.has(free); n += 1) free = `${stem}-${n}${end}`;
  return free;
}

function everything() {
  const files = [...session.files].map(([name, bytes]) => ({ name, bytes }));
  const hand = handList();
  if (hand) files.push({ name: hand.name, bytes: new TextEncoder().encode(hand.text).buffer });
  return files;
}

export const hasRecord = () => session.files.size > 0 || state.calls.length > 0;

/** Whose law and which clock a question is about, and the language of its answer. */
const place = () => ({
  country: state.country,
  region: state.region || null,
  language: spoken(),
});

/** Ask about the files; they are handed to the engine only where it has others. */
function askOfFiles(request) {
  const files = everything();
  const given = session.placed ? null : files;
  session.placed = true;
  return engine.ask({ ...request, files: files.map(({ name }) => name), ...place() }, given);
}

/** The answer kept under `name`, or asked for now; a failure is not kept. */
async function once(name, request) {
  session[name] ??= askOfFiles(request);
  try {
    return await session[name];
  } catch (error) {
    session[name] = null;
    throw error;
  }
}

/** What the files hold; `refused` where they cannot be read. */
export const look = () => once('look', { do: 'look' });

/** Whether one file can be read by itself: the refusal, or null. */
export async function refusal(name, bytes) {
  session.placed = false;
  const request = { do: 'look', files: [name], ...place() };
  const said = await engine.ask(request, [{ name, bytes }]);
  return said.refused ?? null;
}

export const chosen = () =>
  Object.entries(state.collectors).map(([number, name]) => ({ number, name }));

/** The findings on the chosen numbers. */
export const audit = () =>
  once('audit', {
    do: 'audit',
    whose: whose(),
    lender_type: (state.answers.lender ?? [])[0] ?? null,
    collectors: chosen(),
  });

export const report = async () => {
  await audit();
  return engine.ask({ do: 'report' });
};

/** Every finding as JSON text, exactly as the command writes it. */
export const everyFinding = async () => {
  await audit();
  return engine.askText({ do: 'data' });
};

/** What the person told of herself, as the papers ask for it. */
export function told() {
  const said = Object.fromEntries(Object.entries(state.told).filter(([, value]) => value));
  const { hours_from: from, hours_to: to, family, months, ...rest } = said;
  return {
    ...rest,
    country: state.country,
    wants: state.answers.want ?? [],
    lender_type: (state.answers.lender ?? [])[0] ?? '',
    danger: (state.answers.danger ?? []).some((answer) => DANGERS.includes(answer)),
    acknowledged: Boolean(state.read.acknowledged),
    dated: new Date().toLocaleDateString('sv-SE'),
    ...(from && to && from !== to ? { hours: [from, to] } : {}),
    ...(family
      ? {
          family: family
            .split('\n')
            .map((name) => name.trim())
            .filter(Boolean)
            .slice(0, 50),
        }
      : {}),
    ...(/^[1-9]\d{0,2}$/.test(months ?? '') ? { months: Number(months) } : {}),
  };
}

/** Have the engine let go of every file and finding, where it was started. */
export async function forgetAll() {
  session.empty();
  if (engine.running()) await engine.ask({ do: 'forget' }, []);
}

export async function papers() {
  if (session.papers) return session.papers;
  const rests = chosen().length > 0 && hasRecord();
  if (rests) await audit();
  session.papers = await engine.ask({
    do: 'papers',
    // What was removed or erased since is nothing that a paper may rest on.
    on_log: rests,
    told: told(),
    ...place(),
    whose: whose(),
  });
  return session.papers;
}
