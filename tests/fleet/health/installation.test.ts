/** Which installation a station is, from step to step. */
import { expect, test } from 'vitest';
import { type Collision, MOST_CODES } from '#fleet/health/heartbeat.ts';
import { countedUp, informed, installationAs, NO_COUNTS, takingOver } from '#fleet/health/installation.ts';

const STORE = 'store-0001';
const [T0, T1] = ['2026-11-20T08:00:00.000Z', '2026-11-21T08:00:00.000Z'];
const first = installationAs(undefined, 'taipei-line1-042', STORE, T0);
const other = (change: Partial<Collision['other']> = {}): Collision['other'] => ({
  installation: 'another-1',
  term: 3,
  app_version: '0.1.0',
  browser: 'Chrome 156',
  system: 'windows',
  heard_at: T1,
  last_seq: 500,
  stopped: false,
  ...change,
});

test('6: this browser’s data is the installation, since it first had the name', () => {
  expect(first).toMatchObject({ station: 'taipei-line1-042', id: STORE, since: T0, term: 0, collision: null });
  expect(installationAs(first, 'taipei-line1-042', STORE, T1)).toBe(first);
});

test('6: another name is a new beginning for the name, and not for the counts', () => {
  const busy = {
    ...first,
    term: 2,
    collision: { role: 'later', other: other() } as const,
    counts: { ...NO_COUNTS, starts: 7 },
  };
  expect(installationAs(busy, 'taipei-line1-043', STORE, T1)).toEqual({
    ...busy,
    station: 'taipei-line1-043',
    since: T1,
    term: 0,
    collision: null,
  });
});

test('7: a copied disk becomes an installation of its own, and only the later one', () => {
  const fresh = { id: 'fresh-0001', at: T1 };
  const same = other({ installation: STORE });
  expect(informed(first, { role: 'later', other: same }, fresh)).toMatchObject({ id: 'fresh-0001', since: T1 });
  expect(informed(first, { role: 'first', other: same }, fresh)).toMatchObject({ id: STORE, since: T0 });
  expect(informed(first, { role: 'later', other: other() }, fresh)).toMatchObject({ id: STORE, since: T0 });
});

test('8: a name that was taken over has a higher term than any that is known', () => {
  const told = informed(first, { role: 'later', other: other({ term: 3 }) }, { id: 'x', at: T1 });
  expect(takingOver(told)).toMatchObject({ term: 4, isTaking: true, collision: told.collision });
  expect(takingOver({ ...told, term: 9 })).toMatchObject({ term: 10 });
});

test('4: counts of codes grow; of too many the rarest go, and never the one that came', () => {
  let counts = countedUp({}, 'a');
  counts = countedUp(counts, 'a');
  expect(counts).toEqual({ a: 2 });
  for (let n = 0; n < MOST_CODES + 5; n += 1) counts = countedUp(counts, `code-${n}`);
  expect(Object.keys(counts).length).toBe(MOST_CODES);
  expect(counts).toMatchObject({ a: 2, [`code-${MOST_CODES + 4}`]: 1 });
});
