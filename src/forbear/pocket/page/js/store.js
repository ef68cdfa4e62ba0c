// What the person typed and chose, kept on this device alone. Every change is written at once, so
// that closing the page loses nothing; one tap erases all of it.

const KEY = 'forbear';
const DATABASE = 'forbear';
const SHELF = 'files';

export const blank = () => ({
  version: 1,
  lang: '',
  theme: '',
  country: 'cn',
  region: '',
  answers: {},
  calls: [],
  draft: {},
  collectors: {},
  added: [],
  told: {},
  edits: {},
  read: {},
});

export let state = load();

function load(text = written(KEY)) {
  try {
    const kept = JSON.parse(text);
    return kept?.version === 1 ? { ...blank(), ...kept } : blank();
  } catch {
    return blank();
  }
}

/** What was written down, or null; some private windows refuse even to be asked. */
function written(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Take over what another tab wrote or erased; else this one would write the old back over it. */
export function follow(changed) {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key !== KEY && key !== null) return;
    const { lang, theme } = state;
    state = newValue === null ? { ...blank(), lang, theme } : load(newValue);
    changed({ erased: newValue === null });
  });
}

/** Write the state down; false where the browser keeps nothing, as some private windows do. */
export function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
    return true;
  } catch {
    return false;
  }
}

function shelf(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF, { keyPath: 'name' });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const done = (settle, value) => {
        database.close();
        settle(value);
      };
      try {
        const change = database.transaction(SHELF, mode);
        const asked = work(change.objectStore(SHELF));
        change.oncomplete = () => done(resolve, asked?.result);
        change.onerror = () => done(reject, change.error);
        // A full disk aborts the change as a whole.
        change.onabort = () => done(reject, change.error);
      } catch (error) {
        done(reject, error);
      }
    };
  });
}

/** Keep a log file; where the device has no room for it, it still works until the page closes. */
export async function keepFile(name, bytes) {
  try {
    await shelf('readwrite', (store) => store.put({ name, bytes }));
  } catch {
    return false;
  }
  return true;
}

export async function keptFiles() {
  try {
    return (await shelf('readonly', (store) => store.getAll())) ?? [];
  } catch {
    return [];
  }
}

export async function dropFile(name) {
  await shelf('readwrite', (store) => store.delete(name)).catch(() => {});
}

/** Erase everything that was typed or chosen, files too. The page itself stays installed. */
export async function erase() {
  const { lang, theme } = state;
  state = { ...blank(), lang, theme };
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Where nothing can be written, nothing was.
  }
  await shelf('readwrite', (store) => store.clear()).catch(() => {});
}
