/** The health desk of this worker, put together from what the browser has; decides nothing. Above: main.ts. */
import { systemClock } from '#base/clock.ts';
import { openVault } from '#storage/vault/vault.ts';
import { browserName } from './browser-name.ts';
import { HealthDesk } from './health-desk.ts';
import { hostSystem } from './host-system.ts';
import type { Station } from './station.ts';

export function healthDeskOf({ store, view }: Pick<Station, 'store' | 'view'>): HealthDesk {
  let browser: Promise<string> | undefined;
  let vault: ReturnType<typeof openVault> | undefined;
  const desk = new HealthDesk({
    store,
    view,
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    fetch: fetch.bind(self),
    token: async () => (await (vault ??= openVault())).openKey(),
    browser: () => (browser ??= browserName(navigator)),
    system: hostSystem(navigator),
    estimate: () => navigator.storage.estimate(),
    isOnline: () => navigator.onLine,
    // As long as this worker lives.
    signal: new AbortController().signal,
  });
  self.addEventListener('error', ({ error, message }) => desk.fault(error ?? message));
  self.addEventListener('unhandledrejection', ({ reason }) => desk.fault(reason));
  return desk;
}
