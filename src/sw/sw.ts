/**
 * Door: the service worker. The app without a network, delivery without a page, and the hand-over to a new version.
 *
 * It builds the real things and hands them in; what is done is in app-routes.ts, background-drain.ts and the rooms.
 * A new version waits until a page says that no run is under way (page/app-update.ts).
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { systemClock } from '#base/clock.ts';
import { openCarriedRuns } from '#storage/store/carried-runs.ts';
import { type LocalStore, openStore } from '#storage/store/open.ts';
import { openVault } from '#storage/vault/vault.ts';
import { OUTBOX_LOCK, webLock } from '#sync/outbox/web-lock.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { bothQueues } from '#sync/transfer/both-queues.ts';
import { APP_ROUTE } from '#sw/app-routes.ts';
import { drainInBackground } from '#sw/background-drain.ts';
import { answerScript, isScript } from '#sw/script-route.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (PrecacheEntry | string)[] };

/** Registered by page/background-sync.ts. */
const SYNC_TAG = 'outbox';

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { allowlist: [APP_ROUTE] }));
registerRoute(isScript, answerScript);

let isFirst = false;

self.addEventListener('install', () => {
  isFirst = self.registration.active === null;
});

self.addEventListener('activate', (event) => {
  // The page that brought the first worker is under its care at once; later versions wait to be let in.
  if (isFirst) event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('sync', (event) => {
  if (event.tag === SYNC_TAG) event.waitUntil(deliver());
});

self.addEventListener('periodicsync', (event) => {
  if (event.tag === SYNC_TAG) event.waitUntil(deliver());
});

function deliver(): Promise<void> {
  return drainInBackground({
    openStore: openQueues,
    openVault,
    carrierFor: (vault) =>
      createCarrier({
        baseUrl: '/tofupilot',
        key: () => vault.openKey(),
        fetch: fetch.bind(self),
        clock: systemClock,
      }),
    withLock: webLock(OUTBOX_LOCK),
    clock: systemClock,
    random: Math.random,
    isWindowOpen: async () => (await self.clients.matchAll({ type: 'window' })).length > 0,
    register: async () => self.registration.sync?.register(SYNC_TAG),
  });
}

/** The station's own runs, and those that it carries for others, if it ever did. */
async function openQueues(): Promise<LocalStore> {
  const store = await openStore({ existing: true });
  const carried = await openCarriedRuns({ existing: true }).catch(() => null);
  return carried ? bothQueues(store, carried) : store;
}
