/** Journal append against a bare IndexedDB put of equal durability, in one worker of a real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBrowser } from '../virtual-devices/browser.ts';
import { serveWorker } from './bundle.ts';
import { compare, type Result } from './measure.ts';

const LIMIT = 1.3;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-journal-'));
  const site = await serveWorker('./journal-worker.ts');
  const browser = await startBrowser({ folder, origin: site.origin });
  try {
    const rounds = await site.run<{ ours: number; peer: number }[]>(browser.page);
    const facts = {
      name: 'Journal append, strict',
      unit: 'ms',
      peerName: 'bare IndexedDB put, strict',
      bound: `at most ${LIMIT} times`,
    };
    return [compare(facts, rounds, ({ ratio }) => ratio <= LIMIT)];
  } finally {
    await browser.close();
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
