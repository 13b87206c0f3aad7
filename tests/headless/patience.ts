/** Waiting for something that is looked at now and then. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 100;

/** @returns after how long it was so, ms; `patienceMs` or more: it never was */
export async function until(isSo: () => Promise<boolean>, patienceMs: number): Promise<number> {
  const beganMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - beganMs >= patienceMs) break;
    await sleep(LOOK_MS);
  }
  return performance.now() - beganMs;
}
