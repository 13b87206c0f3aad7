/**
 * Ten thousand scalar measurements in one run, engine and store together; beside it as many in ten runs of a thousand,
 * which shows whether a long run costs more than its length.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBrowser } from '../virtual-devices/browser.ts';
import { serveWorker } from './bundle.ts';
import { compare, type Result } from './measure.ts';

const LIMIT_MS = 1000;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-scalars-'));
  const site = await serveWorker('./scalars-worker.ts');
  const browser = await startBrowser({ folder, origin: site.origin });
  try {
    const rounds = await site.run<{ ours: number; peer: number }[]>(browser.page);
    const facts = {
      name: '10,000 measurements in one run, kept and sealed',
      unit: 'ms',
      peerName: 'ten runs of 1,000',
      bound: `under ${LIMIT_MS} ms`,
    };
    return [compare(facts, rounds, ({ ours }) => ours < LIMIT_MS)];
  } finally {
    await browser.close();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
