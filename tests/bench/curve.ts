/**
 * One curve of 100,000 points on the run's page: from the click in the history until its picture is drawn. The peer is
 * the same page of a run whose curve has a hundred points.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { enrolmentPath } from '../support/enrolment.ts';
import { PROCEDURE_ID, writeFleetFolder } from '../support/fleet-folder.ts';
import { freePort } from '../support/free-port.ts';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { compare, type Result } from './measure.ts';

const POINTS = { long: 100_000, short: 100 };
const ROUNDS = 10;
const LIMIT_MS = 100;

const wave = (points: number) =>
  Array.from({ length: points }, (_, at) => (3.3 + Math.sin(at / 500) / 50).toFixed(5)).join(',');

const procedure = (query: string) => ({
  'procedure.yaml': {
    name: `Curve ${query}`,
    version: '1.0.0',
    id: PROCEDURE_ID,
    unit: { serial_number: { pattern: '^SN-[0-9]{6}$' }, part_number: { default_value: 'PWR' } },
    plugs: [{ name: 'Fixture', key: 'fixture', driver: 'scpi' }],
    main: [
      {
        name: 'Sweep',
        steps: [{ measure: { name: 'sweep', axis: 'output', plug: 'fixture', query, as: 'curve' } }],
        measurements: [
          {
            name: 'sweep',
            x_axis: { legend: 'Load', unit: 'A', start: 0, step: 0.001 },
            y_axis: [
              {
                legend: 'output',
                unit: 'V',
                validators: [{ operator: 'range', expected_value: [3.2, 3.4], every: 'point' }],
                aggregations: [{ type: 'min', validators: [{ operator: '>=', expected_value: 3.2 }] }],
              },
            ],
          },
        ],
      },
    ],
  },
  'bench.yaml': { fixture: { '*IDN?': 'A,B,C,D', 'LONG?': wave(POINTS.long), 'SHORT?': wave(POINTS.short) } },
});

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-curve-'));
  const fleet = writeFleetFolder(join(folder, 'fleet'), {
    settings: { simulated: true, default_procedure: 'long' },
    procedures: { long: procedure('LONG?'), short: procedure('SHORT?') },
  });
  // Nobody listens there: nothing is sent beside what is measured.
  const env = { TOFUPILOT_URL: `http://127.0.0.1:${await freePort()}/api`, FLEET_DIR: fleet };
  const server = await Server.start({ env });
  const browser = await startBrowser({ folder: join(folder, 'profile'), origin: server.origin });
  try {
    const { page } = browser;
    await page.goto(server.origin + enrolmentPath({ station: 'taipei-line1-042', key: 'bench-key' }));
    await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
    await oneRun(page, 'SN-000001');
    await page.getByRole('combobox', { name: 'Procedure' }).selectOption('short');
    await page.locator('[data-testid="serial-input"]:enabled').waitFor();
    await oneRun(page, 'SN-000002');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'History' }).click();
    const rounds = [];
    for (let round = 0; round <= ROUNDS; round++)
      rounds.push({ ours: await timed(page, 'SN-000001'), peer: await timed(page, 'SN-000002') });
    const facts = {
      name: `A curve of ${POINTS.long} points, from the click to its first picture`,
      unit: 'ms',
      peerName: `a curve of ${POINTS.short} points`,
      bound: `under ${LIMIT_MS} ms`,
    };
    return [compare(facts, rounds.slice(1), ({ ours }) => ours < LIMIT_MS)];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function oneRun(page: Page, serial: string): Promise<void> {
  await page.getByTestId('serial-input').fill(serial);
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=verdict][data-outcome=PASS]', { hasText: serial }).waitFor();
}

/** By the page's own clock, until the frame with the picture has been drawn. */
async function timed(page: Page, serial: string): Promise<number> {
  await page.locator(`[data-testid=run-row][data-serial="${serial}"]`).waitFor();
  const tookMs = await page.evaluate(async (serial) => {
    const row = document.querySelector(`[data-testid=run-row][data-serial="${serial}"]`)!;
    const begin = performance.now();
    (row instanceof HTMLAnchorElement ? row : row.querySelector('a')!).click();
    return new Promise<number>((resolve) => {
      const look = () => {
        if (!document.querySelector('[data-testid=curve]')) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true });
    });
  }, serial);
  await page.goBack();
  return tookMs;
}
