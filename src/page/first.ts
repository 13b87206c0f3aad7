/**
 * The page's first script: it begins the bench worker's thread, which opens the store while the screens are still being
 * compiled.
 *
 * A browser starts a worker only when the page's own thread has a moment, and the last one before the screens are
 * mounted comes while the page is being read. A module would be run after that, so the build makes a plain script of
 * this file and names it in front of everything else (vite.config.ts). Above: bench-thread.ts, which takes over what
 * lies here. Knows nothing of what is said.
 */
import benchWorkerAddress from '../bench-worker/main.ts?worker&url';
import { trustedScript } from './trusted-scripts.ts';

export interface First {
  readonly benchThread: Worker;
  /** What it said before anybody was there to hear it. */
  readonly early: MessageEvent[];
  readonly keep: (event: MessageEvent) => void;
  readonly trustedScript: (address: string) => string;
}

const benchThread = new Worker(trustedScript(benchWorkerAddress), { type: 'module', name: 'bench' });
const early: MessageEvent[] = [];
const keep = (event: MessageEvent) => void early.push(event);
benchThread.addEventListener('message', keep);
(globalThis as { fieldbenchFirst?: First }).fieldbenchFirst = { benchThread, early, keep, trustedScript };
