/**
 * An instrument query against bare Web Serial, over a virtual adapter in a real Chromium: through the whole stack, from
 * a declarative step of a run, and from a phase's script, which runs in a worker of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCRIPT_HEADERS, scriptModule } from '#fleet/distribution/script-module.ts';
import { driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { parse } from '#procedure/parse.ts';
import { serialFolder, startBrowser } from '../virtual-devices/browser.ts';
import { VirtualFixture } from '../virtual-devices/virtual-fixture.ts';
import { type Answer, bundle, serveWorker } from './bundle.ts';
import { compare, type Result } from './measure.ts';
import type { QueryRound, QueryWork } from './query-worker.ts';

const QUERIES = 100;
const QUERY = 'MEAS:VOLT:DC?';
const LIMITS: readonly [way: Exclude<keyof QueryRound, 'bare'>, name: string, limit: number][] = [
  ['stack', 'Instrument query, whole stack', 1.5],
  ['step', 'Instrument query, a measuring step of a run', 1.3],
  ['script', 'Instrument query, from a script of a run', 2],
];

const SCRIPT = 'phases/ask.js';
const SCRIPT_ADDRESS = '/script.js';
/** As the compiler would give it. */
const COMPILED = `fieldbenchTake(async ({ plugs }) => {
  for (let n = 0; n < ${QUERIES}; n++) await plugs.fixture.query('${QUERY}');
});`;
const MEASUREMENTS = [{ name: 'rail', unit: 'V', validators: [{ operator: 'range', expected_value: [-1000, 1000] }] }];

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-query-'));
  const site = await serveWorker('./query-worker.ts', 0, await scriptAnswer());
  const browser = await startBrowser({ folder, origin: site.origin, devices: true });
  const fixture = await VirtualFixture.start(serialFolder(folder), 'fx1');
  try {
    const work: QueryWork = {
      query: QUERY,
      queries: QUERIES,
      scriptAddress: SCRIPT_ADDRESS,
      step: procedureOf({
        steps: [{ repeat: { count: QUERIES, steps: [{ measure: { name: 'rail', plug: 'fixture', query: QUERY } }] } }],
        measurements: MEASUREMENTS,
      }),
      script: procedureOf({ script: SCRIPT }),
    };
    const rounds = await site.run<QueryRound[]>(browser.page, work);
    return LIMITS.map(([way, name, limit]) =>
      compare(
        { name, unit: 'ms', peerName: 'bare Web Serial', bound: `at most ${limit} times` },
        rounds.map((round) => ({ ours: round[way], peer: round.bare })),
        ({ ratio }) => ratio <= limit,
      ),
    );
  } finally {
    await browser.close();
    await fixture.quit();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function procedureOf(phase: object): QueryWork['step'] {
  const text = JSON.stringify({
    name: 'Queries',
    version: '1.0.0',
    plugs: [
      {
        name: 'Fixture',
        key: 'fixture',
        driver: 'scpi',
        resource: { serial: { usb: ['0403:6001'], baud_rate: 115200 } },
      },
    ],
    main: [{ name: 'Ask', ...phase }],
  });
  const { procedure, problems } = parse(text, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });
  if (!procedure) throw new Error(problems.map(({ message }) => message).join('\n'));
  return procedure;
}

/** The script's module, as a station's service worker answers it. */
async function scriptAnswer(): Promise<Answer> {
  const compiled = { code: COMPILED, map: { sources: [], mappings: '' } };
  const code = scriptModule(await bundle('../../src/script-worker/script.ts'), compiled);
  return (request, response) => {
    if (request.url !== SCRIPT_ADDRESS) return false;
    response.writeHead(200, { ...SCRIPT_HEADERS, 'cross-origin-embedder-policy': 'require-corp' });
    response.end(code);
    return true;
  };
}
