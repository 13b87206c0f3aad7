/** Every even seed of the simulation; the other half is played beside it, by another process. */
import { test } from 'vitest';
import { playShare, SHARE_LIMIT_MS } from './simulate.ts';

test(
  '1 to 21: nothing lost, nothing doubled, each file once, order per unit, all delivered once faults end (2 of 2)',
  () => playShare(2),
  SHARE_LIMIT_MS,
);
