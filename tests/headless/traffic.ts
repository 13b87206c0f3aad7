/**
 * What a fleet has asked for, second by second, as far as it goes to TofuPilot. Knows nothing of who asked.
 */
import type { Asked } from './station-fetch.ts';

const TO_TOFUPILOT = '/tofupilot/v2/';

export class Traffic {
  readonly #perSecond = new Map<number, number>();
  /** By kind: `POST runs`, since they were forgotten last. */
  readonly kinds = new Map<string, number>();
  /** Every request, whatever for. */
  all = 0;

  readonly add = ({ method, path, atMs }: Asked): void => {
    this.all += 1;
    if (!path.startsWith(TO_TOFUPILOT)) return;
    const second = Math.floor(atMs / 1000);
    const kind = `${method} ${path.slice(TO_TOFUPILOT.length).replace(/[0-9a-f-]{36}/, '…')}`;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + 1);
  };

  /** Between two moments of the monotonic clock. */
  between(fromMs: number, toMs: number): { readonly requests: number; readonly peak: number } {
    const counts = [...this.#perSecond]
      .filter(([second]) => second >= Math.floor(fromMs / 1000) && second <= Math.floor(toMs / 1000))
      .map(([, count]) => count);
    return { requests: counts.reduce((sum, count) => sum + count, 0), peak: Math.max(0, ...counts) };
  }
}
