/**
 * The bench worker's thread, begun by the page's first script: it opens the store while the screens are still being
 * compiled.
 *
 * A browser starts a worker only when the page's own thread has a moment, and that is before the screens or after them.
 * The build makes this a chunk of its own, which index.html names beside the first script (vite.config.ts). Above:
 * station-worker.ts. Knows nothing of what is said.
 */
import benchWorkerAddress from '../bench-worker/main.ts?worker&url';
import type { Wire } from '#engine/link/wire.ts';
import { trustedScript } from './trusted-scripts.ts';

type Hear = Parameters<Wire['addEventListener']>[1];

export const benchThread = new Worker(trustedScript(benchWorkerAddress), { type: 'module', name: 'bench' });

/** What was said before anybody was there to hear it. */
const early: MessageEvent[] = [];
const keep = (event: MessageEvent) => void early.push(event);
benchThread.addEventListener('message', keep);

/**
 * The thread as a wire. Its first listener also hears what was said before it came, as soon as whoever attaches it has
 * come to the end of its task: the screens listen to that listener by then.
 */
export const benchWire: Wire = {
  postMessage: (message) => benchThread.postMessage(message),
  addEventListener: (type, hear: Hear) => {
    benchThread.removeEventListener('message', keep);
    benchThread.addEventListener(type, hear);
    queueMicrotask(() => early.splice(0).forEach(hear));
  },
};
