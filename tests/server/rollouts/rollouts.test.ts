/** A server's word on a rollout: what halts it, how often it errs, and what it says after its restart. */
import { describe, expect, test } from 'vitest';
import type { ReleaseIndex } from '#fleet/distribution/signed/release-index.ts';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import { type EndedRun, type ReleaseTally, tallied } from '#fleet/health/tally.ts';
import type { RunOutcome } from '#record/run-record.ts';
import { judgeRelease } from '#server/rollouts/judge-release.ts';
import { Rollouts } from '#server/rollouts/rollouts.ts';
import { heartbeat } from '../../fleet/health/a-heartbeat.ts';
import { chanceFrom } from '../../sync/chance.ts';

const [OLD, NEW] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const ATTEMPT = 7;

function tally(release: string, attempt: number, runs: Partial<Record<RunOutcome, number>>, durationMs = 1000) {
  let tallies: readonly ReleaseTally[] = [];
  for (const [outcome, count] of Object.entries(runs) as [RunOutcome, number][]) {
    const run: EndedRun = { release, attempt, outcome, durationMs, isRetest: false };
    for (let at = 0; at < count; at += 1) tallies = tallied(tallies, run);
  }
  return tallies;
}
const old = (runs: Partial<Record<RunOutcome, number>>, durationMs?: number) => tally(OLD, 0, runs, durationMs);
const fresh = (runs: Partial<Record<RunOutcome, number>>, durationMs?: number) => tally(NEW, ATTEMPT, runs, durationMs);
const worse = (before: readonly ReleaseTally[], after: readonly ReleaseTally[]) =>
  judgeRelease(before, after).flatMap(({ what, isWorse }) => (isWorse ? [what] : []));

describe('12: what is worse', () => {
  const BEFORE = { PASS: 190, FAIL: 9, ERROR: 1 };
  test('three units of three that fail, where one in twenty failed before; not two', () => {
    expect(worse(old(BEFORE), fresh({ FAIL: 2 }))).toEqual([]);
    expect(worse(old(BEFORE), fresh({ FAIL: 3 }))).toEqual(['first-pass-yield']);
  });
  test('three runs that end as ERROR, or in time-outs; a person who stops them says nothing', () => {
    expect(worse(old(BEFORE), fresh({ ERROR: 2, TIMEOUT: 1 }))).toEqual(['error-rate']);
    expect(worse(old(BEFORE), fresh({ ABORTED: 50 }))).toEqual([]);
  });
  test('passing runs that take a quarter longer; not a tenth, however many', () => {
    expect(worse(old({ PASS: 100 }, 1000), fresh({ PASS: 30 }, 1400))).toEqual(['duration']);
    expect(worse(old({ PASS: 1000 }, 1000), fresh({ PASS: 1000 }, 1100))).toEqual([]);
    expect(worse(old({ PASS: 100 }, 1000), fresh({ PASS: 30 }, 600)), 'shorter').toEqual([]);
  });
  test('better, the same, or nothing to compare with is not worse', () => {
    expect(worse(old(BEFORE), fresh({ PASS: 500 }))).toEqual([]);
    expect(worse([], fresh({ FAIL: 50 }))).toEqual([]);
    expect(worse(old(BEFORE), [])).toEqual([]);
  });
  test('a retest is no first test', () => {
    const run: EndedRun = { release: NEW, attempt: ATTEMPT, outcome: 'FAIL', durationMs: 1, isRetest: true };
    const tallies = [1, 2, 3, 4].reduce((all) => tallied(all, run), [] as readonly ReleaseTally[]);
    expect(worse(old(BEFORE), tallies)).toEqual([]);
  });
  test('looked at after every run of a thousand, a release that is no worse is halted once in a hundred times', () => {
    const chance = chanceFrom(1);
    const ROLLOUTS = 150;
    let halts = 0;
    for (let at = 0; at < ROLLOUTS; at += 1) {
      const failed = Array.from({ length: 500 }, chance).filter((one) => one < 0.05).length;
      const before = old({ PASS: 500 - failed, FAIL: failed });
      const first = { tested: 0, passed: 0 };
      const [none] = fresh({ ABORTED: 1 });
      for (; first.tested < 1000; first.tested += 1) {
        if (chance() >= 0.05) first.passed += 1;
        else if (worse(before, [{ ...none!, first: { tested: first.tested + 1, passed: first.passed } }]).length > 0) {
          halts += 1;
          break;
        }
      }
    }
    // 1 % of 150 and three standard deviations more.
    expect(halts).toBeLessThanOrEqual(5);
  });
});

const index = (rollout: object = {}): ReleaseIndex => ({
  kind: 'fieldbench-index',
  format: 1,
  number: 9,
  made_at: '2026-11-30T09:00:00.000Z',
  procedures: [
    {
      procedure: 'power-board',
      id: '',
      current: OLD,
      releases: [NEW, OLD].map((release, at) => ({
        release,
        name: 'Power board',
        version: `${2 - at}.0.0`,
        size: 1,
        number: 2 - at,
        published_at: '2026-11-30T09:00:00.000Z',
        signatures: [],
      })),
      pins: [],
      rollout: {
        release: NEW,
        attempt: ATTEMPT,
        salt: 's',
        rings: [{ name: 'pilot', stations: ['taipei-line1-*'] }, { name: 'all' }],
        open: 1,
        ...rollout,
      },
    },
  ],
});
const server = (beats: readonly Partial<Heartbeat>[], of: ReleaseIndex = index()) =>
  new Rollouts({ index: async () => of, beats: async () => beats.map(heartbeat), monotonicMs: () => 0 });
const running = (release: string) => ({ folder: 'power-board', version: '', release });

describe('13: what a server says', () => {
  test('who runs what, ring by ring, and that it goes on while nothing is worse', async () => {
    const [report] = await server([
      { station: 'taipei-line1-001', procedure: running(NEW), tallies: [...fresh({ PASS: 5 }), ...old({ PASS: 40 })] },
      { station: 'taipei-line1-002', procedure: running(OLD) },
      { station: 'taipei-line2-001', procedure: running(OLD), tallies: old({ PASS: 40 }) },
    ]).reports();
    expect(report).toMatchObject({
      state: 'rolling',
      halt: null,
      from: { version: '1.0.0' },
      to: { version: '2.0.0' },
    });
    expect(report!.rings).toEqual([
      { name: 'pilot', isOpen: true, stations: 2, running: 1 },
      { name: 'all', isOpen: false, stations: 1, running: 0 },
    ]);
  });

  test('a halt with its reason, for this attempt only', async () => {
    const bad = { station: 'taipei-line1-001', tallies: [...fresh({ FAIL: 3 }), ...old({ PASS: 95, FAIL: 5 })] };
    expect(await server([bad]).halts()).toEqual([
      { procedure: 'power-board', attempt: ATTEMPT, reason: 'first-pass-yield' },
    ]);
    expect(await server([bad], index({ attempt: 8 })).halts(), 'resumed').toEqual([]);
  });

  test('a station is compared with itself before; with all others where that is too little', async () => {
    const others = { station: 'taipei-line2-001', tallies: old({ PASS: 1000 }) };
    // A poor station stays a poor one with any release.
    const poor = {
      station: 'taipei-line1-001',
      tallies: [...fresh({ PASS: 3, FAIL: 5 }), ...old({ PASS: 20, FAIL: 20 })],
    };
    expect(await server([poor, others]).halts()).toEqual([]);
    const newcomer = { ...poor, tallies: fresh({ PASS: 3, FAIL: 5 }) };
    expect(await server([newcomer, others]).halts()).toHaveLength(1);
  });

  test('after its restart what stations have heard is said on; one that went back by itself halts nobody else', async () => {
    const halt = { procedure: 'power-board', attempt: ATTEMPT, reason: 'error-rate', by: 'fleet' } as const;
    expect(await server([{ halts: [halt] }]).halts()).toEqual([
      { procedure: 'power-board', attempt: ATTEMPT, reason: 'error-rate' },
    ]);
    expect(await server([{ halts: [{ ...halt, attempt: 6 }] }]).halts()).toEqual([]);
    const own = server([{ halts: [{ ...halt, by: 'station', reason: 'errors-here' }] }]);
    expect(await own.halts()).toEqual([]);
    expect((await own.reports())[0]!.wentBack).toEqual(['taipei-line1-042']);
  });

  test('what a person has signed is told, and is in the index for stations', async () => {
    const signed = server([], index({ halted: 'smoke' }));
    expect((await signed.reports())[0]).toMatchObject({ state: 'halted', halt: { by: 'person' }, word: 'smoke' });
    expect(await signed.halts()).toEqual([]);
  });
});
