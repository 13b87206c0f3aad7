/**
 * JavaScript before the first screen: what the page and its bench worker load until a unit can be scanned.
 *
 * Counted from what the browser really asked for, gzipped at level 9. Its peers' figures are those of their published
 * builds: TofuPilot's operator page 178 kB, OpenHTF's 130 kB.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Server } from '../support/server.ts';
import { startBrowser } from '../virtual-devices/browser.ts';
import { compare, type Result } from './measure.ts';

const LIMIT_KB = 70;
const PEER_KB = 130;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-size-'));
  const server = await Server.start();
  const browser = await startBrowser({ folder, origin: server.origin });
  try {
    const scripts = new Set<string>();
    browser.context.on('request', (request) => {
      if (/\.js$/.test(new URL(request.url()).pathname)) scripts.add(request.url());
    });
    await browser.page.goto(server.origin);
    await browser.page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
    // The service worker and what it precaches come after the first screen; so does the parser of a new release.
    const before = [...scripts].filter((url) => !/\/(sw|workbox|parse)[.-]/.test(url));
    let bytes = 0;
    for (const url of before)
      bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length;
    const round = { ours: bytes / 1000, peer: PEER_KB };
    const facts = {
      name: `JavaScript before the first screen (${before.length} files)`,
      unit: 'kB gzip',
      peerName: 'OpenHTF’s page, as published',
      bound: `under ${LIMIT_KB} kB`,
    };
    return [compare(facts, [round], ({ ours }) => ours < LIMIT_KB)];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
