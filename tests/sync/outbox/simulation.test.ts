/**
 * Thousands of schedules (schedule.ts) of the shipped code. A failing seed is named in the message and can be played
 * alone.
 */
import { describe, expect, test } from 'vitest';
import { drain } from '#sync/outbox/drain.ts';
import { retryParked } from '#sync/outbox/retry.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { play } from './schedule.ts';

const SCHEDULES = process.env['FIELDBENCH_NIGHTLY'] ? 1_000_000 : 20_000;
const CHUNK = 50_000;

describe('simulation', () => {
  test(
    '1 to 20: nothing lost, nothing doubled, each file once, order per unit, all delivered once faults end',
    async () => {
      const sum = { deaths: 0, posts: 0, jumps: 0, fullDisks: 0, files: 0 };
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const story = await play(seed, { drain, createCarrier, retryParked });
        if (story.problems.length > 0) expect({ seed, problems: story.problems }).toEqual({ seed, problems: [] });
        for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += story[key];
        if (seed % CHUNK === 0) console.log(`${seed} of ${SCHEDULES} schedules played`);
      }
      // The schedules are worth something only if much happens in them.
      expect(sum.deaths).toBeGreaterThan(SCHEDULES);
      expect(sum.posts).toBeGreaterThan(SCHEDULES * 6);
      expect(sum.jumps).toBeGreaterThan(SCHEDULES / 2);
      expect(sum.files).toBeGreaterThan(SCHEDULES);
      expect(sum.fullDisks).toBeGreaterThan(SCHEDULES / 10);
    },
    SCHEDULES * 30,
  );
});
