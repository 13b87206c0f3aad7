import { test } from 'vitest';
import { drain } from '#sync/outbox/drain.ts';
import { retryParked } from '#sync/outbox/retry.ts';
import { webLock } from '#sync/outbox/web-lock.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { play } from './schedule.ts';
test("z", { timeout: 3_600_000 }, async () => {
  const t0 = performance.now(); let bad = 0, copied = 0;
  const slow: [number, number, number][] = [];
  for (let seed = 1; seed <= Number(process.env.N ?? 1500); seed++) {
    const t = performance.now();
    const s = await play(seed, { drain, createCarrier, retryParked, webLock });
    copied += s.copied;
    slow.push([performance.now() - t, seed, s.copied]);
    if (s.problems.length) { bad++; if (bad < 8) console.log(seed, s.problems, s.copied); }
  }
  slow.sort((a, b) => b[0] - a[0]);
  console.log({ ms: performance.now() - t0, bad, copied, slow: slow.slice(0, 6) });
});
