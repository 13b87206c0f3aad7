/**
 * Delivery with the page closed: one sync event, one drain under the same lock as the page.
 *
 * Opens store and vault itself and closes them, because a worker's globals live for half a minute. With no page open, an
 * event also waits for what is due before its end: nobody else would. What the event
 * resolves or rejects with tells the browser whether to try again. Knows nothing of the queue's rules (sync/outbox).
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { localDay } from '#base/local-day.ts';
import { DEFAULT_SETTINGS, type FleetSettings } from '#fleet/distribution/manifest.ts';
import type { LocalStore } from '#storage/store/open.ts';
import type { Vault } from '#storage/vault/vault.ts';
import type { DrainResult } from '#sync/outbox/drain-options.ts';
import { drain } from '#sync/outbox/drain.ts';
import type { RunCarrier } from '#sync/outbox/ports.ts';
import type { WithLock } from '#sync/outbox/web-lock.ts';

export interface BackgroundParts {
  /** Rejects with `absent` when nothing was ever stored here. */
  readonly openStore: () => Promise<LocalStore>;
  readonly openVault: () => Promise<Vault>;
  readonly carrierFor: (vault: Vault) => RunCarrier;
  readonly withLock: WithLock;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether a page of this app is open: without one a worker may not register. */
  readonly isWindowOpen: () => Promise<boolean>;
  /** Asks for another sync event. */
  readonly register: () => Promise<void>;
}

/** Where the page keeps the fleet's last settings. */
const SETTINGS_KEY = 'fleet-settings';
/** Where it says that files wait: a worker can ask for neither battery nor connection. */
const FILES_WAIT_KEY = 'files-wait';
/** Of the 180 s that Chromium gives one event; what is on the wire at the end may take 30 s more. */
const BUDGET_MS = 120_000;
const LIMIT_MS = 165_000;
/** Whatever is due at once was not a moment ago. */
const LEAST_WAIT_MS = 1_000;

/**
 * @throws {Fault} `unreachable` when there is something to send and no server, `waiting` when a run waits for longer than
 * an event lasts and no page is there to wait: the browser then tries again later
 */
export async function drainInBackground(parts: BackgroundParts): Promise<void> {
  const store = await parts.openStore().catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.code === 'absent') return null;
    throw thrown;
  });
  if (!store) return;
  const ended = new AbortController();
  const limit = new AbortController();
  parts.clock.sleep(LIMIT_MS, ended.signal).then(
    () => limit.abort(new Fault('time-is-up', 'The event has lasted long enough.', 'The next one goes on.')),
    () => undefined,
  );
  try {
    await drainStore(parts, store, limit.signal);
  } catch (thrown) {
    // Out of time while a page held the lock: that page is delivering, nothing is left to do here.
    if (!limit.signal.aborted) throw thrown;
  } finally {
    ended.abort();
    store.close();
  }
}

async function drainStore(parts: BackgroundParts, store: LocalStore, signal: AbortSignal): Promise<void> {
  const { clock } = parts;
  const vault = await parts.openVault();
  const endMs = clock.monotonicMs() + BUDGET_MS;
  try {
    for (;;) {
      const result = await drainOnce(parts, store, parts.carrierFor(vault), endMs - clock.monotonicMs(), signal);
      if (result.left === 0) return;
      if (await parts.isWindowOpen()) return await leaveToPage(parts, result);
      if (!result.reachable) throw unreachable();
      // A refused key, or files that wait for a better supply: trying again brings neither on its way.
      if (result.nextAtMs === null || (await store.hold())) return;
      const waitMs = Math.max(LEAST_WAIT_MS, result.nextAtMs - clock.nowMs());
      if (clock.monotonicMs() + waitMs >= endMs)
        throw new Fault('waiting', 'A run waits for its time.', 'The browser tries again by itself.');
      await clock.sleep(waitMs, signal);
    }
  } finally {
    vault.close();
  }
}

async function drainOnce(
  parts: BackgroundParts,
  store: LocalStore,
  carrier: RunCarrier,
  budgetMs: number,
  signal: AbortSignal,
): Promise<DrainResult> {
  const { clock, random } = parts;
  const { sync } = (await store.get<FleetSettings>(SETTINGS_KEY)) ?? DEFAULT_SETTINGS;
  const filesWait = (await store.get<boolean>(FILES_WAIT_KEY)) ?? false;
  const settings = {
    ambiguousWaitMs: sync.ambiguous_wait_s * 1000,
    concurrency: sync.concurrency,
    ratePerS: sync.rate_per_s,
  };
  return parts.withLock(signal, () =>
    drain({
      store,
      carrier,
      clock,
      random,
      settings,
      signal,
      budgetMs,
      filesWait: () => filesWait,
      today: () => localDay(clock.nowMs()),
    }),
  );
}

/** Only with progress and a page: registering while firing restarts the event at once, 350 times a second unguarded. */
async function leaveToPage({ register }: BackgroundParts, { delivered, reachable }: DrainResult): Promise<void> {
  if (delivered > 0) await register().catch(() => undefined);
  else if (!reachable) throw unreachable();
}

function unreachable() {
  return new Fault('unreachable', 'No server answered.', 'The browser tries again by itself.');
}
