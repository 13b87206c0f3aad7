/**
 * The page's first script: it begins the bench worker's thread, which opens the store while the screens are still being
 * compiled, and makes the first picture right: in the theme that was chosen, and not on another screen's address.
 *
 * A browser starts a worker only when the page's own thread has a moment, and the last one before the screens come
 * to life comes while the page is being read. A module would be run after that, so the build makes a plain script of
 * this file and names it in front of everything else (cli/first-script.ts). It also begins the app itself: left to the
 * page, that would be run before the first picture is drawn. Above: bench-thread.ts, which takes over what lies here.
 * Knows nothing of what is said.
 */
import benchWorkerAddress from '../bench-worker/main.ts?worker&url';
import { afterFirstPicture } from './first-picture.ts';
import { holdPresses } from './first-presses.ts';
import { trustedScript } from './trusted-scripts.ts';

/** As in ui/preferences.svelte.ts: this script stands alone. */
const THEME = 'fieldbench-theme';

export interface First {
  readonly benchThread: Worker;
  /** What it said before anybody was there to hear it. */
  readonly early: MessageEvent[];
  readonly keep: (event: MessageEvent) => void;
  readonly trustedScript: (address: string) => string;
  /** The screens are alive. */
  readonly pressAgain: () => void;
}

// A wall view's window never becomes the station, so its worker is told what it is by its name (bench-worker/main.ts).
const name = location.pathname === '/wall' ? 'wall' : 'bench';
const benchThread = new Worker(trustedScript(benchWorkerAddress), { type: 'module', name });
const early: MessageEvent[] = [];
const keep = (event: MessageEvent) => void early.push(event);
benchThread.addEventListener('message', keep);
const pressAgain = holdPresses();
(globalThis as { fieldbenchFirst?: First }).fieldbenchFirst = { benchThread, early, keep, trustedScript, pressAgain };

const { dataset } = document.documentElement;
// Its picture is the operator's screen (base.css).
if (location.pathname !== '/') dataset['elsewhere'] = '';
try {
  const theme = localStorage.getItem(THEME);
  if (theme) dataset['theme'] = theme;
} catch {
  // A browser that blocks storage throws on the very mention of it.
}

const { app } = (document.currentScript as HTMLScriptElement).dataset;
void afterFirstPicture().then(() => import(/* @vite-ignore */ app!));
