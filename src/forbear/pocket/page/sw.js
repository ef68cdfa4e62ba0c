// Keeps the whole page on this device, and answers every request from there. After the first visit
// nothing is asked of any server; a request to anywhere else is refused.
const KEPT = __KEPT__;
const NAME = `forbear-${KEPT.version}`;

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
  event.respondWith(answer(event.request));
});

async function answer(request) {
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== 'GET') return Response.error();
  const cache = await caches.open(NAME);
  const found = await cache.match(request, { ignoreSearch: true });
  if (found) return found;
  if (request.mode === 'navigate') return (await cache.match('./')) ?? Response.error();
  return new Response('', { status: 404 });
}
