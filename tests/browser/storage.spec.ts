/**
 * What a disk may do to the browser's store, done to a real one on both back ends: each damage is told, every run that
 * was not delivered comes back from the second store and arrives once, and no number is used twice.
 */
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type BackEnd, BACK_END_ARGS, DAMAGES, storeFolder } from '../support/profile-damage.ts';
import { StationPage } from '../support/station-page.ts';
import type { StrictTofuPilot } from '../support/strict-tofupilot.ts';
import { expect, night, type Stage, STATION, test } from './stage.ts';

/** LevelDB keeps what is small in its log; this much beside it is moved into table files, and the runs with it. */
const FILLER_RECORDS = 400;

/** Each takes a browser's start: every fourth one, and all of them with `FIELDBENCH_NIGHTLY`. */
const damagesOf = (backEnd: BackEnd) =>
  Object.entries(DAMAGES[backEnd]).filter((_, at) => at % 4 === 0 || process.env['FIELDBENCH_NIGHTLY']);

const idOf = (run: StrictTofuPilot['runs'][number]) => String(run.body.metadata?.['client_run_id']);
const seqOf = (run: StrictTofuPilot['runs'][number]) => Number(run.body.metadata?.['station_seq']);

async function open(stage: Stage, origin: string, backEnd: BackEnd, path?: string) {
  const browser = await stage.browser({ origin, args: BACK_END_ARGS[backEnd] });
  const station = new StationPage(browser.page, origin);
  await station.ready(STATION, path);
  await station.fixtureIs('ready');
  return { browser, station };
}

/** 16 KB of noise each, in a database of their own in the same store. */
function fill(page: Page, records: number): Promise<void> {
  return page.evaluate(async (count) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('filler', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('noise', { autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (let n = 0; n < count; n += 1)
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction('noise', 'readwrite');
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
        transaction.objectStore('noise').add(crypto.getRandomValues(new Uint8Array(16_384)));
      });
    database.close();
  }, records);
}

for (const backEnd of ['LevelDB', 'SQLite'] as const)
  test(
    `${backEnd}: every damage to the store is told, and what was not delivered comes back`,
    backEnd === 'SQLite' ? night : {},
    async ({ stage }) => {
      test.setTimeout(600_000);
      const { upstream, server } = await stage.factory({ simulated: true });
      const { origin } = server;
      const profile = join(stage.folder, 'profile');
      const whole = join(stage.folder, 'profile-whole');

      // Two runs delivered, then four that wait, some on each side of a restart.
      let { browser, station } = await open(stage, origin, backEnd, stage.enrolment());
      for (const serial of ['SN-000010', 'SN-000011']) await station.test(serial);
      await station.queueBecomes({ waiting: 0, uploadedToday: 2 });
      await upstream.stop();
      const shown = [await station.test('SN-000020'), await station.test('SN-000021')];
      if (backEnd === 'LevelDB') await fill(browser.page, FILLER_RECORDS);
      await browser.close();
      ({ browser, station } = await open(stage, origin, backEnd));
      shown.push(await station.test('SN-000022'), await station.test('SN-000023'));
      await browser.close();
      renameSync(profile, whole);
      const delivered = upstream.runs.map(idOf);
      expect(delivered).toHaveLength(2);

      for (const [name, damage] of damagesOf(backEnd))
        await test.step(name, async () => {
          cpSync(whole, profile, { recursive: true });
          damage(storeFolder(profile, origin, backEnd));
          upstream.runs.length = delivered.length;
          ({ browser, station } = await open(stage, origin, backEnd, stage.enrolment()));
          const told = station.page.locator(
            '[data-testid=notice][data-code=storage-replaced], [data-testid=notice][data-code=storage-repaired]',
          );
          await expect(told, `${name} is told`).toHaveCount(1);
          await station.queueBecomes({ waiting: 4 });
          await upstream.resume();
          await station.test('SN-000030');
          await station.queueBecomes({ waiting: 0, parked: 0 });
          expect(upstream.runs.map(idOf), 'each arrives once').toHaveLength(new Set(upstream.runs.map(idOf)).size);
          for (const { runId, outcome } of shown) expect(upstream.of(runId)[0]?.body.outcome).toBe(outcome);
          const seqs = upstream.runs.map(seqOf).toSorted((a, b) => a - b);
          expect(seqs, 'no number is used twice').toEqual([...new Set(seqs)]);
          await browser.end();
          await upstream.stop();
          rmSync(profile, { recursive: true });
        });
      expect(upstream.complaints).toEqual([]);
    },
  );
