/** What the page's first script has begun (first.ts), for the modules that come after it. */
import type { Wire } from '#engine/link/wire.ts';
import type { First } from './first.ts';

type Hear = Parameters<Wire['addEventListener']>[1];

const { fieldbenchFirst } = globalThis as { fieldbenchFirst?: First };
if (!fieldbenchFirst) throw new Error('index.html has not run the first script.');

export const { benchThread, trustedScript, pressAgain } = fieldbenchFirst;
const { early, keep } = fieldbenchFirst;

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
