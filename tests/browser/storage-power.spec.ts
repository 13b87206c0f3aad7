/**
 * The power goes at a random moment of a working station, on both back ends: the disk is copied as it is at that
 * moment, checked, mounted and opened by a new browser. No run whose verdict was shown is missing, and none arrives
 * twice.
 */
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LoopDisk, noLoopDisk } from '../support/loop-disk.ts';
import { type BackEnd, BACK_END_ARGS } from '../support/profile-damage.ts';
import { StationPage, type Verdict } from '../support/station-page.ts';
import { expect, type Stage, STATION, test } from './stage.ts';

const CUTS = process.env['FIELDBENCH_NIGHTLY'] ? 20 : 1;
/** The kernel writes what nobody synced after 5 to 30 s: a younger run is on disk only if it was synced. */
const SHORTEST_LIFE_MS = 2_000;
const LONGEST_LIFE_MS = 7_000;

/** Every process of a browser, by its process group. */
function groupOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((process) => {
      try {
        // After the name in brackets: state, parent, group.
        const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === pid;
      } catch {
        return false; // It has just ended.
      }
    });
}

async function open(stage: Stage, origin: string, backEnd: BackEnd, path?: string) {
  const browser = await stage.browser({ origin, args: BACK_END_ARGS[backEnd] });
  const station = new StationPage(browser.page, origin);
  await station.ready(STATION, path);
  await station.fixtureIs('ready');
  return { browser, station };
}

for (const backEnd of ['LevelDB', 'SQLite'] as const)
  test(`${backEnd}: the power is cut ${CUTS} ${CUTS === 1 ? 'time' : 'times'}: no shown verdict is lost`, async ({
    stage,
  }) => {
    const reason = noLoopDisk();
    // Even on CI: a container without loop devices has nothing that could be repaired.
    test.skip(reason !== '', reason);
    test.setTimeout(120_000 + CUTS * 120_000);
    const { upstream, server } = await stage.factory({ simulated: true });
    const { origin } = server;
    const mounted: LoopDisk[] = [];
    const folder = join(stage.folder, 'disk');
    symlinkSync(folder, join(stage.folder, 'profile'));
    try {
      for (let cut = 0; cut < CUTS; cut += 1) {
        const disk = LoopDisk.make(join(stage.folder, `image-${cut}`), folder);
        mounted.push(disk);
        const { browser, station } = await open(stage, origin, backEnd, stage.enrolment());
        await upstream.stop();
        const shown: Verdict[] = [];
        const lifeMs = SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
        const working = (async () => {
          for (let n = 0; ; n += 1) shown.push(await station.test(`SN-${String(cut * 1000 + n).padStart(6, '0')}`));
        })().catch(() => {}); // Its page goes away under it.
        await sleep(lifeMs);
        // On a busy machine the first takes longer.
        await expect.poll(() => shown.length, { message: 'the station is working' }).toBeGreaterThan(0);
        const group = groupOf(browser.pid);
        for (const pid of group) process.kill(pid, 'SIGSTOP');
        const promised = [...shown];
        disk.copy(join(stage.folder, `found-${cut}`));
        await browser.kill();
        await working;
        disk.remove();

        const found = LoopDisk.found(join(stage.folder, `found-${cut}`), folder);
        mounted.push(found);
        await upstream.resume();
        const after = await open(stage, origin, backEnd, stage.enrolment());
        await after.station.test(`SN-${String(900_000 + cut)}`);
        await after.station.queueBecomes({ waiting: 0, parked: 0 });
        await after.browser.close();
        found.remove();
        console.log(
          `storage-power.spec: ${backEnd}, cut after ${Math.round(lifeMs)} ms, ${promised.length} verdicts shown`,
        );
        expect(promised.length, 'the station was working').toBeGreaterThan(0);
        expect(promised.filter(({ runId, outcome }) => upstream.of(runId)[0]?.body.outcome !== outcome)).toEqual([]);
      }
      const ids = upstream.runs.map(({ body }) => body.metadata?.['client_run_id']);
      expect(new Set(ids).size, 'none arrives twice').toBe(ids.length);
      expect(upstream.complaints).toEqual([]);
    } finally {
      for (const disk of mounted) disk.remove();
    }
  });
