// The engine: Forbear's own Python, run by Pyodide, away from the thread that draws the page.
import { loadPyodide } from '../pyodide/pyodide.mjs';

const FOLDER = '/log';
const SITE = '/lib/forbear-site';
const here = (name) => new URL(`../${name}`, import.meta.url).href;

const ready = (async () => {
  const [python, engine] = await Promise.all([
    loadPyodide({ indexURL: here('pyodide/') }),
    fetch(here('engine.zip')).then((answer) => {
      if (!answer.ok) throw new Error(`engine.zip: ${answer.status}`);
      return answer.arrayBuffer();
    }),
  ]);
  python.FS.mkdir(FOLDER);
  python.unpackArchive(engine, 'zip', { extractDir: SITE });
  return {
    python,
    answer: python.runPython(
      `import sys; sys.path.insert(0, ${JSON.stringify(SITE)})\n` +
        'from pathlib import Path\n' +
        'from forbear.pocket.bridge import Bridge\n' +
        `Bridge(Path(${JSON.stringify(FOLDER)})).answer`,
    ),
  };
})();

function put(python, files) {
  for (const name of python.FS.readdir(FOLDER)) {
    if (name !== '.' && name !== '..') python.FS.unlink(`${FOLDER}/${name}`);
  }
  for (const { name, bytes } of files)
    python.FS.writeFile(`${FOLDER}/${name}`, new Uint8Array(bytes));
}

self.addEventListener('message', async ({ data }) => {
  try {
    const { python, answer } = await ready;
    if (data.files) put(python, data.files);
    const made = data.request ? answer(JSON.stringify(data.request)) : '{}';
    self.postMessage({ id: data.id, made, heap: python._module.HEAPU8.length });
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error) });
  }
});

ready.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ ready: false, failed: String(error) }),
);
