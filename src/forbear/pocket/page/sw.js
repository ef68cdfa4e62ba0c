// Keeps the whole page on this device, and answers every request from there. After the first visit
// nothing is asked of any server; a request to anywhere else is refused.
const KEPT = __KEPT__;
const NAME = `forbear-${KEPT.version}`;
const SHARE = new URL('share', self.registration.scope).href;

self.addEventListener('install', (event) => {
  const all = ['./', ...KEPT.files].map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(all)));
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('forbear-') && name !== NAME) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const shared = event.request.method === 'POST' && event.request.url === SHARE;
  event.respondWith(shared ? take(event.request) : answer(event.request));
});

// A log that another app shares goes to the shelf of the page (store.js), and nowhere else.
async function take(request) {
  const files = (await request.formData()).getAll('logs');
  const given = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer(), shared: true })),
  );
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open('forbear', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('files', { keyPath: 'name' });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction('files', 'readwrite');
      for (const one of given) change.objectStore('files').put(one);
      change.oncomplete = () => resolve(database.close());
      change.onerror = () => reject(change.error);
    };
  });
  return Response.redirect('./#log', 303);
}

async function answer(request) {
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== 'GET') return Response.error();
  const cache = await caches.open(NAME);
  const found = await cache.match(request, { ignoreSearch: true });
  if (found) return found;
  if (request.mode === 'navigate') return (await cache.match('./')) ?? Response.error();
  return new Response('', { status: 404 });
}
