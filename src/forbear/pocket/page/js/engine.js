// The page's side of the engine: questions out, answers in, one after the other.

const base = new URL('..', import.meta.url);
let worker = null;
let asked = 0;
const waiting = new Map();
let tellReady;
let started;
export const memory = { heap: 0 };

// A worker made from a blob lives under this page's own policy, whatever headers the server sends.
function make() {
  const code = `import ${JSON.stringify(new URL('js/worker.js', base).href)};`;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const made = new Worker(url, { type: 'module', name: 'forbear' });
  made.addEventListener('message', ({ data }) => hear(data));
  made.addEventListener('error', (event) =>
    hear({ ready: false, failed: event.message || 'worker' }),
  );
  return made;
}

function hear(data) {
  if ('ready' in data) {
    tellReady(data);
    return;
  }
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  memory.heap = data.heap ?? memory.heap;
  if ('failed' in data) reject(new Error(data.failed));
  else resolve(data.made);
}

/** Start the engine, or give the start that is under way; rejects where the browser cannot. */
export function start() {
  started ??= new Promise((resolve, reject) => {
    tellReady = (data) => (data.ready ? resolve() : reject(new Error(data.failed)));
    worker = make();
  });
  return started;
}

/** Whether it was started at all. */
export const running = () => started !== undefined;

/** Ask the engine one thing. `files` are {name, bytes}; they replace those it had. */
export async function ask(request, files = null) {
  return JSON.parse(await askText(request, files));
}

/** The same, with the answer as it came; a long one need not be taken apart to be saved. */
export async function askText(request, files = null) {
  await start();
  const id = (asked += 1);
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, request, files });
  });
}
