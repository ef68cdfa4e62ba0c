// One question of the triage, and the cards that its answers call for.
import { calm, remember, ways, whereabouts } from '../app.js';
import { card, cards } from '../cards.js';
import { choice, el } from '../dom.js';
import { data, session } from '../session.js';
import { state } from '../store.js';
import { pick, say } from '../text.js';

export function question(id) {
  const asked = data.triage.questions.find((one) => one.id === id);
  const below = el('div', { class: 'cards', 'aria-live': 'polite' });
  const show = () => below.replaceChildren(...cards(id).map(card));
  show();
  return [
    whereabouts(),
    el('h1', { id: 'ask' }, pick(asked.ask)),
    asked.help && el('p', { id: 'help' }, pick(asked.help)),
    el(
      'fieldset',
      { class: 'bare', 'aria-labelledby': 'ask' },
      el('p', { class: 'quiet' }, say(asked.many ? 'pick_many' : 'pick_one')),
      el(
        'div',
        { class: 'choices' },
        asked.answers.map((answer) =>
          choice({
            name: id,
            many: asked.many,
            value: answer.id,
            label: pick(answer.says),
            chosen: (state.answers[id] ?? []).includes(answer.id),
            change: (on) => {
              take(asked, answer.id, on);
              show();
              calm();
            },
          }),
        ),
      ),
    ),
    below,
    ways(),
  ];
}

function take(asked, answer, on) {
  const others = asked.many
    ? (state.answers[asked.id] ?? []).filter((known) => known !== answer)
    : [];
  state.answers[asked.id] = on ? [...others, answer] : others;
  // Whose phone it is and what kind of lender decide how the log is judged.
  session.audit = null;
  session.papers = null;
  remember();
}
