// What was found, told for a person: the headline, the clauses with their findings, the pictures.
import { go, tell, ways, whereabouts } from '../app.js';
import { button, el, save } from '../dom.js';
import { audit, chosen, everyFinding, hasRecord, report } from '../session.js';
import { count, say, shown } from '../text.js';

const OPEN = 3;

export async function findings() {
  if (!hasRecord() || !chosen().length) {
    return [
      whereabouts(),
      el('h1', {}, say('found.groups')),
      el('p', {}, say(hasRecord() ? 'numbers.none' : 'log.nothing')),
      el(
        'p',
        {},
        hasRecord()
          ? el('a', { class: 'button main', href: '#numbers' }, say('numbers.title'))
          : el('a', { class: 'button main', href: '#log' }, say('log.title')),
      ),
      ways(),
    ];
  }
  tell(say('numbers.checking'));
  const made = await audit();
  tell('');
  if (made.refused)
    return [
      whereabouts(),
      el('h1', {}, say('unable')),
      el('p', { class: 'sorry' }, say('log.joined')),
      ways(),
    ];
  const { told } = made;
  return [
    whereabouts(),
    el('h1', {}, shown(told.headline)),
    told.details.map((line) => el('p', {}, shown(line))),
    el(
      'aside',
      { class: 'note' },
      el('p', {}, el('strong', {}, say('kind.warning'))),
      el('p', {}, shown(told.warning)),
    ),
    el(
      'section',
      { 'aria-labelledby': 'groups' },
      el('h2', { id: 'groups' }, say('found.groups')),
      told.groups.length ? told.groups.map(clause) : el('p', {}, say('found.none')),
    ),
    pictures(told.pictures),
    lacking(told),
    keepsakes(made),
    ways({ text: say('next') }),
  ];
}

function clause(group) {
  return el(
    'article',
    { class: 'clause' },
    el('h3', {}, shown(group.clause)),
    el(
      'ul',
      { class: 'meta' },
      el(
        'li',
        {},
        `${say('found.level')} · `,
        [group.level_says, group.level_means].filter(Boolean).map(shown).join(say('stop')),
      ),
      el('li', {}, `${say('found.sure')} · ${shown(group.confidence_says)}`),
    ),
    group.lists.map((list) => kind(list, group.manner)),
    group.unless.length > 0 &&
      el(
        'div',
        { class: 'unless' },
        el('p', {}, say('found.unless')),
        el(
          'ul',
          {},
          group.unless.map((text) => el('li', {}, shown(text))),
        ),
      ),
  );
}

function kind(list, manner) {
  const style = list.state === 'broken' && manner === 'deny' ? 'found bad' : 'found due';
  const [first, rest] = [list.findings.slice(0, OPEN), list.findings.slice(OPEN)];
  return [
    el('h4', {}, shown(list.title)),
    list.means && el('p', { class: 'quiet' }, shown(list.means)),
    el('ol', { class: style }, first.map(one)),
    rest.length > 0 &&
      el(
        'details',
        {},
        el('summary', {}, say('found.rest', { n: count(rest.length + list.more) })),
        el('ol', { class: style, start: OPEN + 1 }, rest.map(one)),
        list.more > 0 && el('p', { class: 'quiet' }, say('found.more', { n: count(list.more) })),
      ),
  ];
}

function one(finding) {
  return el(
    'li',
    {},
    el(
      'p',
      { class: 'when' },
      el('time', { datetime: finding.at }, shown(finding.when)),
      ` · ${shown(finding.what)}`,
      finding.number && ` · ${finding.number}`,
    ),
    el('p', {}, shown(finding.says)),
    finding.quote && el('blockquote', {}, finding.quote),
    el('p', { class: 'quiet' }, `${say('found.rows')} · ${finding.rows}`),
  );
}

/** The pictures of the report: the engine escapes what it writes, and the policy stops scripts. */
function pictures(markup) {
  const read = new DOMParser().parseFromString(shown(markup), 'text/html');
  return el('div', { class: 'pictures' }, [...read.body.childNodes]);
}

function lacking({ lacking: lacks, notes, unreadable }) {
  return [
    lacks.rules > 0 &&
      el(
        'details',
        {},
        el('summary', {}, say('found.lacking')),
        el('p', {}, say('found.gather')),
        el(
          'ul',
          {},
          lacks.gather.map((text) => el('li', {}, shown(text))),
        ),
      ),
    notes.length > 0 &&
      el(
        'details',
        {},
        el('summary', {}, say('found.notes')),
        el(
          'ul',
          {},
          notes.map((text) => el('li', {}, shown(text))),
        ),
      ),
    unreadable.count > 0 &&
      el(
        'details',
        {},
        el('summary', {}, say('found.unread', { n: count(unreadable.count) })),
        el(
          'ul',
          {},
          unreadable.rows.map(({ file, line, what }) =>
            el('li', { lang: 'en' }, `${file}: ${line}: ${what}`),
          ),
        ),
      ),
  ];
}

function keepsakes({ command, version, hashes }) {
  return el(
    'section',
    { 'aria-labelledby': 'keep' },
    el('h2', { id: 'keep' }, say('found.keep')),
    el(
      'div',
      { class: 'row' },
      button(
        say('found.report'),
        async () => save('forbear-report.html', (await report()).html, 'text/html'),
        { id: 'save-report' },
      ),
      button(
        say('found.json'),
        async () => save('forbear-findings.json', `${await everyFinding()}\n`, 'application/json'),
        { id: 'save-json' },
      ),
      button(say('found.again'), () => go('numbers'), { kind: 'quiet' }),
    ),
    el(
      'details',
      {},
      el('summary', {}, say('found.again_how')),
      el('p', {}, say('found.command', { version })),
      el('pre', {}, el('code', {}, command)),
      el(
        'ul',
        { class: 'meta' },
        Object.entries(hashes).map(([name, hash]) =>
          el('li', {}, `${name} `, el('code', { class: 'hash' }, hash)),
        ),
      ),
    ),
  );
}
