/**
 * One call in five fails, in every way that a line and a server can, while a real browser tests unit after unit: nothing
 * is lost, nothing arrives twice, and the bytes of every file are those that lie in the station's store.
 *
 * `FIELDBENCH_SEED` repeats what befalls the calls; the seed of each series is printed. `FIELDBENCH_NIGHTLY` makes it 1,000
 * runs with 300 files.
 */
import { PROCEDURE_ID } from '../support/fleet-folder.ts';
import { freePort } from '../support/free-port.ts';
import { StationPage } from '../support/station-page.ts';
import { chanceFrom } from '../sync/chance.ts';
import { expect, STATION, test } from './stage.ts';

const FAULTY_SHARE = 0.2;
/** Every tenth run leaves three files. */
const [BLOCKS, PLAIN, TRACED, LIMIT_MS] = process.env['FIELDBENCH_NIGHTLY']
  ? [10, 90, 10, 45 * 60_000]
  : [2, 27, 3, 15 * 60_000];
const RUNS = BLOCKS * (PLAIN + TRACED);
const FILES = BLOCKS * TRACED * 3;
const SEED = Number(process.env['FIELDBENCH_SEED'] ?? Date.now() % 1_000_000);
/** A doubtful upload waits longer than a slow answer takes, so that no commit comes after the second look. */
const AMBIGUOUS_WAIT_S = 2;
/** A young browser may keep every write waiting while it compacts its database; a verdict waits for its write. */
const STALL_MS = 120_000;
/** As a line does that comes and goes: whatever pauses is tried again. */
const WAKE_MS = 500;

function procedure(name: string, steps: readonly unknown[]) {
  return {
    'procedure.yaml': {
      name,
      version: '1.0.0',
      id: PROCEDURE_ID,
      unit: {
        serial_number: { pattern: '^SN-[0-9]{6}$' },
        part_number: { default_value: 'PWR' },
        revision_number: { default_value: 'B' },
      },
      plugs: [{ name: 'Fixture', key: 'fixture', driver: 'scpi', safe_state: ['OUTP OFF'] }],
      main: [
        {
          name: 'Rails',
          steps: [{ measure: { name: 'rail', plug: 'fixture', query: 'V?' } }, ...steps],
          measurements: [{ name: 'rail', unit: 'V', validators: [{ operator: 'range', expected_value: [3, 4] }] }],
        },
      ],
    },
    'bench.yaml': {
      fixture: {
        '*IDN?': 'ACME,FX-1,FX0001,1.0',
        'V?': { normal: { mean: 3.3, sigma: 0.01 } },
        'NOISE?': { normal: { mean: 0, sigma: 1 } },
        'CURV?': Array.from({ length: 5_000 }, (_, at) => Math.sin(at / 50).toFixed(4)).join(','),
        'OUTP OFF': null,
      },
    },
  };
}

const traced = procedure('Traced', [
  { attach: { name: 'curve.csv', plug: 'fixture', query: 'CURV?' } },
  { attach: { name: 'noise.txt', plug: 'fixture', query: 'NOISE?' } },
  { attach: { name: 'note.md', text: '# Conditions\nΩ, µ and a second line' } },
]);

interface StoredFile {
  readonly run: string;
  readonly name: string;
  readonly content_type: string;
  readonly sha256: string;
}

test(`${RUNS} runs and ${FILES} files over a line that fails one call in five`, async ({ stage }) => {
  test.setTimeout(LIMIT_MS);
  console.log(`faulty-server.spec: seed ${SEED}`);
  const began = Date.now();
  const upstream = await stage.upstream();
  const sync = { ambiguous_wait_s: AMBIGUOUS_WAIT_S };
  const fleet = stage.fleet({
    content: {
      settings: { simulated: true, default_procedure: 'plain', sync },
      procedures: { plain: procedure('Plain', []), traced },
    },
  });
  const port = await freePort();
  const line = await stage.line(port, FAULTY_SHARE, chanceFrom(SEED));
  // Upload addresses are written with the origin that the browser sees.
  await stage.server({ port, env: { TOFUPILOT_URL: upstream.url, FLEET_DIR: fleet, PUBLIC_URL: line.origin } });
  const { page } = await stage.browser({ origin: line.origin });
  const station = new StationPage(page, line.origin);
  await station.ready(STATION, stage.enrolment());
  await page.evaluate((wakeMs) => void setInterval(() => dispatchEvent(new Event('online')), wakeMs), WAKE_MS);

  let serial = 0;
  const shown: string[] = [];
  const choose = page.getByRole('combobox', { name: 'Procedure' });
  for (let block = 0; block < BLOCKS; block += 1)
    for (const [folder, units] of [
      ['plain', PLAIN],
      ['traced', TRACED],
    ] as const) {
      await choose.selectOption(folder);
      await expect(station.input).toBeEnabled();
      for (let unit = 0; unit < units; unit += 1) {
        const verdict = await station.test(`SN-${String((serial += 1)).padStart(6, '0')}`, { timeoutMs: STALL_MS });
        expect(verdict.outcome).toBe('PASS');
        shown.push(verdict.runId);
      }
    }
  const testedMs = Date.now() - began;
  await station.queueBecomes({ waiting: 0, parked: 0, uploadedToday: RUNS }, LIMIT_MS);
  const stored = await page.evaluate(filesInStore);
  const faults = [...line.struck.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `faulty-server.spec: ${upstream.runs.length} runs, ${stored.length} files; ${faults} of ${line.calls} calls failed; ` +
      `tested in ${Math.round(testedMs / 1000)} s, delivered after ${Math.round((Date.now() - began) / 1000)} s; ` +
      `${upstream.storage.files.size - FILES} announced files belong to nobody`,
  );

  const ids = upstream.runs.map(({ body }) => String(body.metadata?.['client_run_id']));
  expect(new Set(ids).size, 'no run arrives twice').toBe(ids.length);
  expect(ids.toSorted(), 'no run is lost').toEqual(shown.toSorted());
  const seqs = upstream.runs.map(({ body }) => Number(body.metadata?.['station_seq'])).toSorted((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: RUNS }, (_, at) => at + 1));

  const arrived = upstream.runs.flatMap(({ body, files }) =>
    files.map(({ name, content }) => ({
      run: String(body.metadata?.['client_run_id']),
      name,
      content_type: content?.type ?? '',
      sha256: content?.sha256 ?? '',
    })),
  );
  expect(stored).toHaveLength(FILES);
  expect(sorted(arrived), 'each file is linked once, to its run, with its bytes').toEqual(sorted(stored));
  expect(upstream.complaints).toEqual([]);
});

function sorted(files: readonly StoredFile[]): StoredFile[] {
  const key = ({ run, name }: StoredFile) => `${run} ${name}`;
  return files.toSorted((a, b) => key(a).localeCompare(key(b)));
}

/** In the page: what the station's own store says. */
function filesInStore(): Promise<StoredFile[]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('fieldbench');
    opening.onerror = () => reject(opening.error ?? new Error('no store'));
    opening.onsuccess = () => {
      const reading = opening.result.transaction('attachments').objectStore('attachments').getAll();
      reading.onsuccess = () => {
        opening.result.close();
        const rows = reading.result as StoredFile[];
        resolve(rows.map(({ run, name, content_type, sha256 }) => ({ run, name, content_type, sha256 })));
      };
    };
  });
}
