/**
 * What a run costs beside its waiting: scan to verdict on a fixture that answers at once, ten phases with one
 * measurement each, through the whole app. The peer is a scan that the station refuses: page, worker and back.
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

const PHASES = 10;
const WARM_UPS = 5;
const ROUNDS = 40;
const LIMIT_MS = 60;

const procedure = {
  name: 'Ten phases',
  version: '1.0.0',
  id: PROCEDURE_ID,
  unit: { serial_number: { pattern: '^SN-[0-9]{6}$' }, part_number: { default_value: 'PWR' } },
  plugs: [{ name: 'Fixture', key: 'fixture', driver: 'scpi' }],
  main: Array.from({ length: PHASES }, (_, at) => ({
    name: `Phase ${at}`,
    steps: [{ measure: { name: 'rail', plug: 'fixture', query: 'V?' } }],
    measurements: [{ name: 'rail', unit: 'V', validators: [{ operator: 'range', expected_value: [3.2, 3.4] }] }],
  })),
};

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-overhead-'));
  const fleet = writeFleetFolder(join(folder, 'fleet'), {
    settings: { simulated: true, default_procedure: 'ten' },
    procedures: {
      ten: { 'procedure.yaml': procedure, 'bench.yaml': { fixture: { '*IDN?': 'A,B,C,D', 'V?': '3.3' } } },
    },
  });
  // Nobody listens there: nothing is sent beside what is measured.
  const env = { TOFUPILOT_URL: `http://127.0.0.1:${await freePort()}/api`, FLEET_DIR: fleet };
  const server = await Server.start({ env });
  const browser = await startBrowser({ folder: join(folder, 'profile'), origin: server.origin });
  try {
    const { page } = browser;
    await page.goto(server.origin + enrolmentPath({ station: 'taipei-line1-042', key: 'bench-key' }));
    await page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
    const rounds = [];
    for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
      const serial = `SN-${String(round).padStart(6, '0')}`;
      const ours = await timed(page, serial, '[data-testid=verdict][data-outcome=PASS]');
      rounds.push({ ours, peer: await timed(page, 'none', '[data-testid=refusal]') });
    }
    const facts = {
      name: `Scan to verdict, ${PHASES} phases that need not wait`,
      unit: 'ms',
      peerName: 'a scan that is refused',
      bound: `under ${LIMIT_MS} ms`,
    };
    return [compare(facts, rounds.slice(WARM_UPS), ({ ours }) => ours < LIMIT_MS)];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From Enter to the moment in which the page has it, by the page's own clock. */
function timed(page: Page, scan: string, wanted: string): Promise<number> {
  return page.evaluate(
    async ({ scan, wanted }) => {
      const field = document.querySelector<HTMLInputElement>('[data-testid=serial-input]')!;
      field.value = scan;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      const begin = performance.now();
      field.form!.requestSubmit();
      return new Promise<number>((resolve) => {
        const look = () => {
          if (!document.querySelector(wanted)) return;
          observer.disconnect();
          resolve(performance.now() - begin);
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, attributes: true });
      });
    },
    { scan, wanted },
  );
}
