/**
 * The browser is killed at random moments, again and again on one profile: no verdict that was shown is missing, none
 * arrives twice, what was cut off arrives as an interrupted ERROR, and no sequence number is lost.
 *
 * `FIELDBENCH_SEED` repeats a series; the seed of each is printed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackEnd, BACK_END_ARGS } from '../support/profile-damage.ts';
import { StationPage, type Verdict } from '../support/station-page.ts';
import type { StationBrowser } from '../virtual-devices/browser.ts';
import { expect, night, STATION, test } from './stage.ts';

const ROUNDS: Readonly<Record<BackEnd, number>> = process.env['FIELDBENCH_NIGHTLY']
  ? { LevelDB: 200, SQLite: 200 }
  : { LevelDB: 12, SQLite: 4 };
/** A round is a browser's start, its death, and at most this long between them. */
const LONGEST_LIFE_MS = 3_000;
const ROUND_LIMIT_MS = 60_000;
/** How long the phase lasts in which a round dies for certain: a kill on a loaded machine still comes in time. */
const LINGER_MS = 1_000;
/** One answer in five is lost after the run was committed: the worst case for "once". */
const LOST_ANSWERS = 0.2;

const SEED = Number(process.env['FIELDBENCH_SEED'] ?? Date.now() % 1_000_000);

/** Mulberry32: small, and the same on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Reports each verdict in the moment in which it is in the page, faster than anyone could look. */
async function reportVerdicts(browser: StationBrowser, shown: Map<string, string>): Promise<void> {
  await browser.context.exposeFunction('reportVerdict', (runId: string, outcome: string) => shown.set(runId, outcome));
  await browser.context.addInitScript(() => {
    const { reportVerdict } = window as unknown as { reportVerdict(runId: string, outcome: string): void };
    const look = () => {
      for (const verdict of document.querySelectorAll('[data-testid=verdict][data-outcome]')) {
        const { runId, outcome } = (verdict as HTMLElement).dataset;
        if (runId && outcome) reportVerdict(runId, outcome);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  });
}

/** Tests unit after unit until the browser is gone. */
async function work(station: StationPage, serial: () => string): Promise<void> {
  let last: Verdict | null = await station.shown();
  for (;;) {
    await station.scan(serial());
    last = await station.verdict({ after: last });
  }
}

for (const [backEnd, rounds] of Object.entries(ROUNDS) as [BackEnd, number][])
  test(
    `${backEnd}: killed ${rounds} times at random: every shown verdict arrives once`,
    backEnd === 'SQLite' ? night : {},
    async ({ stage }) => {
      test.setTimeout(60_000 + rounds * ROUND_LIMIT_MS);
      console.log(`kill.spec: seed ${SEED}`);
      const random = randomOf(SEED);
      const { upstream, server } = await stage.factory({ simulated: true, lingerMs: LINGER_MS });
      const shown = new Map<string, string>();
      let units = 0;
      const serial = () => `SN-${String((units += 1)).padStart(5, '0')}${random() < 0.2 ? 3 : 0}`;

      for (let round = 0; round < rounds; round += 1) {
        const browser = await stage.browser({ origin: server.origin, args: BACK_END_ARGS[backEnd] });
        await reportVerdicts(browser, shown);
        const station = new StationPage(browser.page, server.origin);
        if (round === 0) await station.ready(STATION, stage.enrolment());
        if (random() < LOST_ANSWERS) upstream.script({ kind: 'drop-after-commit' });
        const shownBefore = shown.size;
        let isKilled = false;
        const working = station
          .ready(STATION)
          .then(() => work(station, serial))
          .catch(async (thrown: unknown) => {
            if (isKilled) return; // Its page went away under it, as it should.
            const page = await browser.page.locator('body').innerText();
            throw new Error(`round ${round} of seed ${SEED} does not go on; the page says: ${page}`, { cause: thrown });
          });
        // Of four rounds one dies in the middle of a run for certain and one in the moment in which a verdict appears;
        // the others anywhere, their start included.
        const moment =
          round % 4 === 3
            ? browser.page.locator('[data-testid=phase][data-key=temperature][aria-current]').waitFor()
            : round % 4 === 1
              ? expect.poll(() => shown.size, { intervals: [1] }).toBeGreaterThan(shownBefore)
              : sleep(random() * LONGEST_LIFE_MS);
        await Promise.race([moment, working]);
        isKilled = true;
        await browser.kill();
        await working;
      }

      const browser = await stage.browser({ origin: server.origin, args: BACK_END_ARGS[backEnd] });
      const station = new StationPage(browser.page, server.origin);
      await station.ready(STATION);
      const verdict = await station.test('SN-999990');
      expect(verdict.outcome).toBe('PASS');
      // The counts on the screen may be a moment older than the verdict.
      await expect.poll(() => upstream.of(verdict.runId).length, 'the last one has arrived').toBe(1);
      await expect.poll(() => station.queue()).toMatchObject({ waiting: 0, parked: 0 });

      const arrived = upstream.runs.map(({ body }) => ({
        runId: String(body.metadata?.['client_run_id']),
        seq: Number(body.metadata?.['station_seq']),
        outcome: body.outcome,
        interrupted: body.metadata?.['interrupted'],
      }));
      const outcomes = new Map(arrived.map(({ runId, outcome }) => [runId, outcome]));
      const seqs = arrived.map(({ seq }) => seq).toSorted((a, b) => a - b);
      console.log(`kill.spec: ${arrived.length} runs, ${shown.size} verdicts shown`);
      expect(shown.size, 'verdicts were shown').toBeGreaterThan(0);
      expect(outcomes.size, 'none arrives twice').toBe(arrived.length);
      expect(
        [...shown].filter(([runId, outcome]) => outcomes.get(runId) !== outcome),
        'no verdict that was shown is missing',
      ).toEqual([]);
      expect(seqs, 'no gap in the sequence').toEqual(seqs.map((_, index) => index + 1));
      const cut = arrived.filter(({ interrupted }) => interrupted);
      expect(cut.length, 'runs were cut off').toBeGreaterThan(0);
      expect(cut.filter(({ outcome }) => outcome !== 'ERROR')).toEqual([]);
      expect(arrived.filter(({ outcome, interrupted }) => outcome === 'ERROR' && !interrupted)).toEqual([]);
      expect(upstream.complaints).toEqual([]);
    },
  );
