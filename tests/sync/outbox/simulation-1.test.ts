/** Every odd seed of the simulation; the other half is played beside it, by another process. */
import { test } from 'vitest';
import { FAILED_ONCE, playShare, playSound, SHARE_LIMIT_MS } from './simulate.ts';

test(
  '1 to 21: nothing lost, nothing doubled, each file once, order per unit, all delivered once faults end (1 of 2)',
  () => playShare(1),
  SHARE_LIMIT_MS,
);

test.each(FAILED_ONCE)('schedule %i, which failed once', async (seed) => {
  await playSound(seed);
});
