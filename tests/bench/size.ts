/**
 * JavaScript before the first screen: what the page loads until the scan field stands there and takes a scan; and,
 * apart, what its bench worker loads beside it until the fixture is ready. A release's parser comes later than both.
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
      if (new URL(request.url()).pathname.endsWith('.js')) scripts.add(request.url());
    });
    await browser.page.goto(server.origin);
    await browser.page.locator('[data-testid="fixture"][data-state="ready"]').first().waitFor();
    const kilobytes = async (which: RegExp) => {
      let bytes = 0;
      for (const url of scripts)
        if (which.test(url))
          bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length;
      return bytes / 1000;
    };
    const peer = { unit: 'kB gzip', peerName: 'OpenHTF’s page, as published' };
    const page = { ours: await kilobytes(/assets\/index-/), peer: PEER_KB };
    const worker = { ours: await kilobytes(/-worker-/), peer: PEER_KB };
    return [
      compare(
        { name: 'JavaScript before the first screen', bound: `under ${LIMIT_KB} kB`, ...peer },
        [page],
        ({ ours }) => ours < LIMIT_KB,
      ),
      compare(
        { name: 'The bench worker, loaded beside it', bound: 'none; told for honesty', ...peer },
        [worker],
        () => true,
      ),
    ];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
