/**
 * Inside a service worker: Workbox's Queue, filled with POSTs and replayed by its own `replayRequests`.
 *
 * The browser's sync events do nothing here: they would begin while the queue is still being filled, and after a
 * failure come only 5 and 15 minutes later, three times in all. Replaying at once, without end, is to its favour.
 */
import { Queue } from 'workbox-background-sync';

interface Message extends Event {
  readonly data: { readonly url: string; readonly bodies: readonly string[] };
  readonly ports: readonly MessagePort[];
  waitUntil(work: Promise<void>): void;
}

const queue = new Queue('runs', { onSync: async () => undefined });

self.addEventListener('message', (received: Event) => {
  const event = received as Message;
  const { data, ports } = event;
  event.waitUntil(
    replayed(data.url, data.bodies).then(
      (ms) => ports[0]?.postMessage({ ms }),
      (thrown: unknown) => ports[0]?.postMessage({ failed: String(thrown) }),
    ),
  );
});

async function replayed(url: string, bodies: readonly string[]): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  for (const body of bodies) await queue.pushRequest({ request: new Request(url, { method: 'POST', headers, body }) });
  const began = performance.now();
  while ((await queue.size()) > 0) await queue.replayRequests().catch(() => undefined);
  return performance.now() - began;
}
