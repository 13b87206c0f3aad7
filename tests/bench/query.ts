/** An instrument query through the whole stack against bare Web Serial, over a virtual adapter in a real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialFolder, startBrowser } from '../virtual-devices/browser.ts';
import { VirtualFixture } from '../virtual-devices/virtual-fixture.ts';
import { serveWorker } from './bundle.ts';
import { compare, type Result } from './measure.ts';

const LIMIT = 1.5;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-query-'));
  const site = await serveWorker('./query-worker.ts');
  const browser = await startBrowser({ folder, origin: site.origin, devices: true });
  const fixture = await VirtualFixture.start(serialFolder(folder), 'fx1');
  try {
    const rounds = await site.run<{ ours: number; peer: number }[]>(browser.page);
    const facts = {
      name: 'Instrument query, whole stack',
      unit: 'ms',
      peerName: 'bare Web Serial',
      bound: `at most ${LIMIT} times`,
    };
    return [compare(facts, rounds, ({ ratio }) => ratio <= LIMIT)];
  } finally {
    await browser.close();
    await fixture.quit();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
