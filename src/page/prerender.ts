/**
 * At build time, in Node: the operator's screen as it stands before the station has said anything, as HTML.
 *
 * It goes into index.html, so that the scan field is there with the first picture and takes what is typed while the
 * scripts are still being read (first-presses.ts); main.ts then brings the same elements to life. Above it:
 * cli/first-screen.ts. Knows nothing of files.
 */
import { render } from 'svelte/server';
import App from '#ui/App.svelte';
import type { StationPort } from '#ui/station-port.ts';

/** As much of a window as the screens ask for before they are alive. */
const WINDOW = { location: { pathname: '/', search: '' } };
/** It has said nothing, and nobody calls it. */
const SILENT = { on: () => undefined } as unknown as StationPort;

export function firstScreen(): string {
  Object.assign(globalThis, { window: WINDOW });
  return render(App, { props: { station: SILENT } }).body;
}
