// The language of the page. Traditional characters are converted from simplified ones, by a table
// that is fetched from this folder only where somebody reads them.
import { state } from './store.js';
import { WORDS } from './words.js';

export const LANGUAGES = { 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文', en: 'English' };
// Where traditional characters are written, quotation marks are corners.
const QUOTES = { '“': '「', '”': '」', '‘': '『', '’': '』' };
let toTraditional = null;

export const isChinese = () => state.lang !== 'en';
/** The language as the engine knows it. */
export const spoken = () => (isChinese() ? 'zh' : 'en');

/** The language of the browser, where the page speaks it; Chinese comes first. */
export function preferred() {
  for (const wanted of navigator.languages ?? [navigator.language]) {
    const tag = wanted.toLowerCase();
    if (tag.startsWith('zh')) return /hant|tw|hk|mo/.test(tag) ? 'zh-Hant' : 'zh-Hans';
    if (tag.startsWith('en')) return 'en';
  }
  return 'zh-Hans';
}

/** Make ready to speak the language of the state. */
export async function prepare() {
  toTraditional = null;
  if (state.lang !== 'zh-Hant') return;
  try {
    const { Converter } = await import('../opencc/cn2t.js');
    toTraditional = Converter({ from: 'cn', to: state.country === 'hk' ? 'hk' : 'tw' });
  } catch {
    // Without the table the page stays readable, in simplified characters.
  }
}

const ours = (text) => toTraditional(text).replace(/[“”‘’]/g, (mark) => QUOTES[mark]);

/** The names and sentences of the person's own: a name in other characters is another name. */
const typed = () =>
  [...Object.values(state.collectors), ...Object.values(state.told)]
    .filter((own) => own && own.length > 1)
    .sort((one, other) => other.length - one.length)
    .map((own) => own.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));

/** Text of ours or of the engine, in the characters that are read here. */
export function shown(text) {
  if (!toTraditional || !text) return text;
  const own = typed();
  if (!own.length) return ours(text);
  const parts = text.split(new RegExp(`(${own.join('|')})`));
  return parts.map((part, place) => (place % 2 ? part : ours(part))).join('');
}

/** The words `key`, with values put in. */
export function say(key, values = {}) {
  const pair = WORDS[key];
  if (!pair) throw new Error(`no words for ${key}`);
  const text = isChinese() ? pair[0] : pair[1];
  return shown(text).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** A pair {zh, en} that came as data. */
export const pick = (pair) => (isChinese() ? shown(pair.zh) : pair.en);

/** A whole number as people write it. */
export const count = (n) => n.toLocaleString('en-US');

/** A moment, as 2026年3月10日 17:59 or 10 March 2026 17:59, on the clock that wrote it. */
export function moment(iso) {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(iso);
  if (isChinese()) return `${year}年${Number(month)}月${Number(day)}日 ${time}`;
  const name = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(
    new Date(`${year}-${month}-${day}T00:00:00Z`),
  );
  return `${Number(day)} ${name} ${year} ${time}`;
}
