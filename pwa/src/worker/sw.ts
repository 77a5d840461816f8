/**
 * The service worker: keeps the app's own files for offline starts, and nothing else. Mail never passes through it.
 */
import { createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

interface Worker extends ServiceWorkerGlobalScope {
  __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0];
}
declare const self: Worker;

/** Named like the precache, so that signing out keeps it: it says where the server is, nothing of anybody. */
const CONFIG_CACHE = "sealpost-precache-config";

/** The stand-in for WebCrypto is large, and needed by few: kept once it was, for their offline starts. */
const STAND_IN = /^\/assets\/liner-/;
const STAND_IN_CACHE = "sealpost-precache-liner";

precacheAndRoute(self.__WB_MANIFEST);
registerRoute(
  new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [/^\/frame/, /^\/healthz/] }),
);
registerRoute(({ url, sameOrigin }) => sameOrigin && url.pathname === "/config.json", configuration);
registerRoute(({ url, sameOrigin }) => sameOrigin && STAND_IN.test(url.pathname), standIn);

// The page that installs this worker has its configuration already: fetch it once more, to keep it.
self.addEventListener("install", (event) => {
  const keep = async (): Promise<void> => (await caches.open(CONFIG_CACHE)).add("/config.json");
  // Without it there is merely no offline start until the next visit.
  event.waitUntil(keep().catch(() => undefined));
});

/** The server's word first, the last known one without a network. */
async function configuration({ request }: { request: Request }): Promise<Response> {
  const cache = await caches.open(CONFIG_CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (cause) {
    const known = await cache.match(request);
    if (known === undefined) throw cause;
    return known;
  }
}

/** What was kept first; a file of this name never changes. Keeps the version that is in use. */
async function standIn({ request }: { request: Request }): Promise<Response> {
  const cache = await caches.open(STAND_IN_CACHE);
  const known = await cache.match(request);
  if (known !== undefined) return known;
  const answer = await fetch(request);
  if (!answer.ok) return answer;
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.put(request, answer.clone());
  return answer;
}

/** A page that just started asks for the new version; it gets it unless another page still runs the old one. */
self.addEventListener("message", (event) => {
  if (event.data !== "take-over") return;
  const takeOver = async (): Promise<void> => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (pages.length <= 1) await self.skipWaiting();
  };
  event.waitUntil(takeOver());
});
