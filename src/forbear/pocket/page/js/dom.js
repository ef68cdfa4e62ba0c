// Elements made without markup in strings, so that nothing a log says can become part of the page.

/** One element. `attributes` may hold `on` with listeners; children are nodes, strings or lists. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined)
      made.setAttribute(name, value);
  }
  made.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false),
  );
  return made;
}

/** A button that does `work`; `kind` is main, plain or quiet. */
export function button(text, work, { kind = 'plain', ...attributes } = {}) {
  return el(
    'button',
    { type: 'button', class: `button ${kind}`, on: { click: work }, ...attributes },
    text,
  );
}

/** One field with its label; every keystroke goes to `change`. */
export function field(label, { id, value = '', change, kind = 'text', help = '', ...attributes }) {
  const tag = kind === 'area' ? 'textarea' : 'input';
  const input = el(tag, {
    id,
    type: kind === 'area' ? null : kind,
    'aria-describedby': help ? `${id}-help` : null,
    autocomplete: 'off',
    on: { input: (event) => change(event.target.value) },
    ...attributes,
  });
  input.value = value;
  return el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label),
    help && el('p', { class: 'quiet', id: `${id}-help` }, help),
    input,
  );
}

/** One choice among several, as radio buttons or boxes with the whole line to tap. */
export function choice({ name, many, value, label, chosen, change }) {
  const id = `${name}-${value}`;
  return el(
    'label',
    { class: 'choice', for: id },
    el('input', {
      id,
      name,
      value,
      type: many ? 'checkbox' : 'radio',
      checked: chosen,
      on: { change: (event) => change(event.target.checked) },
    }),
    el('span', {}, label),
  );
}

/** Offer `content` as a file to keep; nothing leaves the device. */
export function save(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
