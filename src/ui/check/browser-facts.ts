/**
 * What the browser says about itself and this computer, asked on the spot.
 *
 * Above: check-desk.svelte.ts. Every question may fail by itself; none of them asks a person or a server. Knows nothing of
 * what the facts mean.
 */
import type { BrowserFacts } from '#ui/check/check-line.ts';
import type { StationPort } from '#ui/station-port.ts';

/** `navigator` as Chromium has it beyond the standard. */
interface Chromium {
  readonly userAgentData?: { readonly brands: readonly { readonly brand: string; readonly version: string }[] };
}

/** A worker or a store that answers nothing must not hold the check up. */
const PATIENCE_MS = 3_000;
const BRANDS = [
  ['Microsoft Edge', 'Edge'],
  ['Google Chrome', 'Chrome'],
  ['Chromium', 'Chromium'],
] as const;

export async function browserFacts(window: Window, port: Pick<StationPort, 'devices'>): Promise<BrowserFacts> {
  const { navigator } = window;
  const [isPersisted, room, worker, granted, wakeLock] = await Promise.all([
    soon(navigator.storage?.persisted?.()),
    soon(roomOf(navigator)),
    soon(workerOf(window)),
    soon(port.devices()),
    wakeLockOf(window),
  ]);
  return {
    isSecure: window.isSecureContext,
    browser: browserOf(navigator),
    isPersisted,
    room,
    worker: worker ?? 'none',
    hasSerial: 'serial' in navigator,
    hasUsb: 'usb' in navigator,
    granted: granted?.map(({ usb }) => usb) ?? null,
    display: displayOf(window),
    wakeLock,
  };
}

/** @returns null when there is no answer, or none in time */
async function soon<T>(answer: Promise<T> | undefined): Promise<T | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return Promise.race([answer?.catch(() => null) ?? null, late]);
}

export function browserOf(navigator: Navigator): BrowserFacts['browser'] {
  const brands = (navigator as Chromium).userAgentData?.brands;
  for (const [brand, name] of BRANDS) {
    const found = brands?.find((one) => one.brand === brand);
    if (found) return { name, version: Number.parseInt(found.version, 10) };
  }
  // Over plain HTTP there is no such list.
  const [, edge] = /Edg[A-Z]?\/(\d+)/i.exec(navigator.userAgent) ?? [];
  const [, chrome] = /Chrome\/(\d+)/.exec(navigator.userAgent) ?? [];
  if (edge) return { name: 'Edge', version: Number(edge) };
  return chrome ? { name: 'Chrome', version: Number(chrome) } : null;
}

async function roomOf(navigator: Navigator): Promise<BrowserFacts['room']> {
  const { usage = 0, quota } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined ? null : { usedBytes: usage, freeBytes: Math.max(0, quota - usage) };
}

/** Whether everything that this page was made of would be here without a network. */
async function workerOf({ navigator, document, caches, location }: Window): Promise<BrowserFacts['worker']> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.active || !navigator.serviceWorker.controller) return 'none';
  const parts = document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>('script[src], link[rel="stylesheet"]');
  for (const part of parts) {
    const address = 'src' in part ? part.src : part.href;
    if (!address.startsWith(location.origin)) continue;
    if (!(await caches.match(address, { ignoreSearch: true }))) return 'partly';
  }
  return registration.waiting || registration.installing ? 'waiting' : 'current';
}

function displayOf(window: Window): BrowserFacts['display'] {
  const is = (mode: string) => window.matchMedia(`(display-mode: ${mode})`).matches;
  // A kiosk has no other sign.
  const fillsScreen = window.innerHeight >= window.screen.height && window.innerWidth >= window.screen.width;
  if (is('fullscreen') || fillsScreen) return 'full-screen';
  return is('standalone') || is('minimal-ui') || is('window-controls-overlay') ? 'window' : 'tab';
}

async function wakeLockOf({ navigator }: Window): Promise<BrowserFacts['wakeLock']> {
  if (!('wakeLock' in navigator)) return 'missing';
  const lock = await soon(navigator.wakeLock.request('screen'));
  await soon(lock?.release());
  return lock ? 'granted' : 'refused';
}
