/**
 * Door: the window. Connects to the bench worker, brings the screens to life, registers the service worker.
 *
 * Everything that only a window may do is here: the enrolment link in the address, the request to keep storage, the
 * device chooser, the registration of Background Sync, and the moment at which a new version takes over.
 */
import { hydrate, mount } from 'svelte';
import App from '#ui/App.svelte';
import { pressAgain } from './bench-thread.ts';
import { takeEnrolment } from './enrolment-link.ts';
import { keepAppFresh } from './app-update.ts';
import { recallVerdict } from './shown-verdict.ts';
import { tellSupply } from './supply.ts';
import { startStation } from './station-worker.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

/** By then the station is ready on any machine, and nothing of this delays it. */
const UNHURRIED_MS = 2_000;

// Later: the browser begins the worker's thread when this one has a moment, and mounting takes as long as all before it.
// In one task with the first listener, so that the screens miss nothing.
setTimeout(() => {
  const station = startStation();
  const { dataset } = document.documentElement;
  const isElsewhere = 'elsewhere' in dataset;
  if (isElsewhere) target.replaceChildren();
  delete dataset['elsewhere'];
  (isElsewhere ? mount : hydrate)(App, { target, props: { station, shown: recallVerdict(station) } });
  pressAgain();
  void takeEnrolment(station);
  void keepAppFresh(station);
  void tellSupply(station);
  setTimeout(
    () =>
      void import('./idle-work.ts').then(
        ({ beginIdleWork }) => beginIdleWork(station),
        () => {},
      ),
    UNHURRIED_MS,
  );
});
