/**
 * A new version takes over between runs, and never by surprise.
 *
 * Registers the service worker with our own code: the plugin's would reload a page in the middle of a run, and passes
 * an address that Trusted Types refuse. A kiosk never closes its window, so a waiting version is let in here, when the
 * bench worker says that no run is under way.
 */
import { Workbox } from 'workbox-window';
import type { StationPort } from '#ui/station-port.ts';
import { rememberVerdict } from './shown-verdict.ts';
import { trustedScript } from './bench-thread.ts';

/** Between a run's end and an update: long enough to read the verdict and take the next unit. */
const IDLE_BEFORE_UPDATE_MS = 10_000;
const LOOK_FOR_UPDATE_MS = 20 * 60 * 1000;
/** Asks nobody outside: only whether a version waits of which nothing was heard. */
const LOOK_FOR_WAITING_MS = 60 * 1000;

export async function keepAppFresh(station: StationPort): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const workbox = new Workbox(trustedScript('/sw.js'), { scope: '/', updateViaCache: 'none' });
  let registration: ServiceWorkerRegistration | undefined;
  let isLettingIn = false;
  // Until it is in: a busy machine may lose the word, or the event before it, and neither comes again by itself.
  const letIn = async () => {
    if (isLettingIn) return;
    isLettingIn = true;
    while (registration?.waiting)
      await whenFree(
        () => station.call.idle(),
        () => workbox.messageSkipWaiting(),
      );
    isLettingIn = false;
  };
  workbox.addEventListener('waiting', () => void letIn());
  // Not Workbox's own event: it takes every worker for the first one in a page that was open at the first visit.
  const { serviceWorker } = navigator;
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (controlled)
      void whenFree(
        () => station.call.prepareReload(),
        () => {
          rememberVerdict();
          location.reload();
        },
      );
    controlled = true;
  });
  registration = await workbox.register();
  void letIn();
  setInterval(() => void letIn(), LOOK_FOR_WAITING_MS);
  setInterval(() => void workbox.update().catch(() => {}), LOOK_FOR_UPDATE_MS);
}

/** Only a free tab lets the update in; another one would pull the ground from under the run of its neighbour. */
async function whenFree(isFree: () => Promise<boolean>, act: () => void): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, IDLE_BEFORE_UPDATE_MS));
    // A serial number half typed would be lost.
    if (document.querySelector<HTMLInputElement>('[data-testid="serial-input"]')?.value) continue;
    if (await isFree()) return act();
  }
}
