/**
 * The page's end of the bench worker: its news kept as one view, its calls as functions.
 *
 * Adds what only a window can do: the device chooser, and telling the worker when the world changed.
 */
import type { StationCommands, StationNews } from '#engine/link/station-link.ts';
import { connect } from '#engine/link/wire.ts';
import type { StationPort } from '#ui/station-port.ts';
import { registerBackgroundSync } from './background-sync.ts';
import { benchThread, benchWire } from './bench-thread.ts';
import { keepInstallOffer } from './install-offer.ts';
import { guardLeaving } from './leave-guard.ts';

export function startStation(): StationPort {
  const { call, on } = connect<StationCommands, StationNews>(benchWire);
  const guard = guardLeaving(window);
  on(guard.hear);
  on((news) => {
    if (news.kind === 'sealed') void registerBackgroundSync();
  });
  for (const [target, event] of [
    [window, 'online'],
    [window, 'offline'],
    [window, 'focus'],
    [window, 'pageshow'],
    [document, 'visibilitychange'],
  ] as const)
    target.addEventListener(event, () => void call.wake());
  // A page with an open port is never kept for going back, so whoever leaves has left.
  window.addEventListener('pagehide', ({ persisted }) => persisted || void call.leave());
  return {
    call,
    on,
    // Of no use to the first screen. A screen that lists devices has loaded it before anybody can choose one.
    pairDevice: async (reach, filters) => (await import('./devices.ts')).pairDevice(reach, filters, call),
    // Android has Web Serial for Bluetooth long before a wired port is seen there (39).
    serialReach: 'serial' in navigator && !navigator.userAgent.includes('Android') ? 'serial' : 'usb',
    devices: async () => (await import('./devices.ts')).grantedDevices(call),
    onDevices: watchDevices,
    openHistory: async () => (await import('./history-thread.ts')).openHistory(),
    openWorkshop: async () => (await import('./workshop-thread.ts')).openWorkshop(),
    stations: async (signal) => (await import('./stations.ts')).fetchStations(fetch, signal),
    installOffer: keepInstallOffer(window),
    launchedFiles: async () => (await import('./launched-files.ts')).launchedFiles.take(),
    onLaunchedFiles: async (listener) => (await import('./launched-files.ts')).launchedFiles.on(listener),
    reload: () => location.reload(),
    restart: () => {
      guard.open();
      benchThread.terminate();
      location.reload();
    },
  };
}

/** A device came or went. @returns how to stop listening */
function watchDevices(listener: () => void): () => void {
  const sources = [navigator.serial, navigator.usb].filter(Boolean) as EventTarget[];
  const end = new AbortController();
  for (const source of sources)
    for (const event of ['connect', 'disconnect']) source.addEventListener(event, listener, { signal: end.signal });
  return () => end.abort();
}
