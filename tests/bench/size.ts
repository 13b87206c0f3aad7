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
    const { page: window } = browser;
    await window.goto(server.origin);
    // The other screens are asked for once there is nothing else to do; what came before the scan field is the first screen.
    const scripts: string[] = await window.evaluate(firstScripts);
    const kilobytes = async (isWorker: boolean) => {
      let bytes = 0;
      for (const url of scripts)
        if (isWorker === /-worker-/.test(url))
          bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length;
      return bytes / 1000;
    };
    const peer = { unit: 'kB gzip', peerName: 'OpenHTF’s page, as published' };
    const page = { ours: await kilobytes(false), peer: PEER_KB };
    const worker = { ours: await kilobytes(true), peer: PEER_KB };
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

/** In the page: the addresses of every script that it asked for before its scan field took a scan and the fixture was ready. */
async function firstScripts(): Promise<string[]> {
  const isReady = () =>
    document.querySelector('[data-testid="serial-input"]:enabled') !== null &&
    document.querySelector('[data-testid="fixture"][data-state="ready"]') !== null;
  const scripts = () =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => new URL(name).pathname.endsWith('.js'));
  for (;;) {
    const asked = scripts();
    if (isReady()) return asked;
    await new Promise((resolve) => setTimeout(resolve));
  }
}
