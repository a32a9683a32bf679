/// <reference lib="webworker" />

/** Names the files of this page: put in by the bundler. */
declare const FILES: readonly string[];
declare const VERSION: string;

/** Keeps the page itself, so that it opens where the pipeline is away; what it shows then it has stored itself. */
const worker: ServiceWorkerGlobalScope = self as unknown as ServiceWorkerGlobalScope;
const NAME = `page-${VERSION}`;

worker.addEventListener('install', (event) => {
  const keep = async (): Promise<void> => {
    await (await caches.open(NAME)).addAll(['/', ...FILES]);
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener('activate', (event) => {
  const forget = async (): Promise<void> => {
    for (const name of await caches.keys())
      if (name.startsWith('page-') && name !== NAME) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(forget());
});

/** The page from the pipeline, which may have a newer one; else the one that is kept. */
const openPage = async (request: Request): Promise<Response> => {
  try {
    const response = await fetch(request);
    if (response.status < 500) return response;
  } catch {
    // It is away.
  }
  return (await caches.match('/', { cacheName: NAME })) ?? Response.error();
};

const kept = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin || pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(openPage(request));
  else if (FILES.includes(pathname)) event.respondWith(kept(request));
});
