/**
 * 300 runs that wait, a server that takes 50 ms a request: how long until all are there; and, apart, how many are lost
 * or there twice when one call in ten fails in one way or another and everything has settled.
 *
 * Ours is the shipped drain on the shipped store (delivery-worker.ts), through the shipped relay. The peers are Workbox's background-sync queue in
 * a service worker of the same Chromium, and a script with a pending and a synced folder, as an offline guide has it.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { toRunBody } from '#sync/tofupilot/run-body.ts';
import { visit } from './bare-browser.ts';
import { bundle } from './bundle.ts';
import { Desk } from './delivery-desk.ts';
import { relayTo } from './delivery-relay.ts';
import { headerOf, passed, RUNS } from './delivery-runs.ts';
import { compare, type Result } from './measure.ts';

const ROUNDS = 3;
/** At least four times as fast. */
const LIMIT = 0.25;
const SEED = 300;
const SCRIPT = fileURLToPath(new URL('./delivery-folder.js', import.meta.url));

const OURS = '/ours';
const QUEUE = { path: '/queue', peerName: 'Workbox’s queue' };
const FOLDER = { path: '/folder', peerName: 'a script with two folders' };

/** A page by the script in it, which tells its figures itself. */
const pageOf = (script: () => Promise<void>) =>
  `<!doctype html><title>bench</title><script type="module">await (${script.toString()})();</script>`;

export async function run(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-delivery-'));
  const desks = new Map<string, Desk>();
  const open = (path: string, failing: boolean) => {
    const desk = new Desk({ failing, seed: SEED });
    desks.set(path, desk);
    return desk;
  };
  const [worker, queue] = await Promise.all([bundle('./delivery-worker.ts'), bundle('./delivery-queue-sw.ts')]);
  const files = new Map([
    ['/', ['text/html', pageOf(drainInWorker)]],
    ['/worker.js', ['text/javascript', worker]],
    ['/replay', ['text/html', pageOf(replayInServiceWorker)]],
    ['/queue.js', ['text/javascript', queue]],
    ['/bodies', ['application/json', JSON.stringify({ url: `${QUEUE.path}/v2/runs`, bodies: bodies() })]],
  ]);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const [, path = '', rest = ''] = /^(\/[a-z]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const desk = desks.get(path);
    const [type, text] = files.get(request.url ?? '') ?? [];
    if (path === '/tofupilot') void relay(request, response, site.origin);
    else if (desk) void desk.answer(request, response, rest);
    else if (type !== undefined) response.setHeader('content-type', type).end(text);
    else response.writeHead(404).end();
  };
  const site = await listen(answer);
  const relay = relayTo(`${site.origin}${OURS}`);
  const contenders = {
    ours: async () => (await visit<{ ms: number }>({ address: `${site.origin}/` })).ms,
    queue: async () => (await visit<{ ms: number }>({ address: `${site.origin}/replay` })).ms,
    folder: async () => runScript(join(folder, randomUUID()), `${site.origin}${FOLDER.path}/v2/runs`),
  };
  try {
    const rounds: { ours: number; queue: number; folder: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const path of [OURS, QUEUE.path, FOLDER.path]) open(path, false);
      rounds.push({
        ours: await contenders.ours(),
        queue: await contenders.queue(),
        folder: await contenders.folder(),
      });
    }
    const [mine, workbox, script] = [OURS, QUEUE.path, FOLDER.path].map((path) => open(path, true));
    // Not timed, so all at once.
    await Promise.all([contenders.ours(), contenders.queue(), contenders.folder()]);
    const timed = { name: `Delivery of ${RUNS} queued runs, 50 ms a request`, unit: 'ms' };
    const sound = { name: `Lost or doubled of ${RUNS}, one call in ten failing`, unit: 'runs' };
    return [
      ...(
        [
          ['queue', QUEUE],
          ['folder', FOLDER],
        ] as const
      ).map(([key, { peerName }]) =>
        compare(
          { ...timed, peerName, bound: 'at least 4 times as fast' },
          rounds.map((round) => ({ ours: round.ours, peer: round[key] })),
          ({ ratio }) => ratio <= LIMIT,
        ),
      ),
      ...(
        [
          [workbox!, QUEUE],
          [script!, FOLDER],
        ] as const
      ).map(([desk, { peerName }]) => {
        const { lost, doubled } = desk.tally(RUNS);
        return compare(
          { ...sound, peerName: `${peerName}: ${lost} lost, ${doubled} doubled`, bound: 'none' },
          [{ ours: wrongs(mine!), peer: lost + doubled }],
          (result) => result.ours === 0,
        );
      }),
    ];
  } finally {
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function wrongs(desk: Desk): number {
  const { lost, doubled } = desk.tally(RUNS);
  return lost + doubled;
}

function bodies(): string[] {
  return Array.from({ length: RUNS }, (_, n) =>
    JSON.stringify(toRunBody(passed({ ...headerOf(n, randomUUID()), seq: n + 1 }))),
  );
}

/** In the page. */
async function drainInWorker(): Promise<void> {
  const worker = new Worker('/worker.js', { type: 'module' });
  const tell = (told: unknown) => console.log(`bench: ${JSON.stringify(told)}`);
  worker.onmessage = ({ data }) => tell(data);
  worker.onerror = ({ message }) => tell({ failed: message });
  worker.postMessage({});
}

/** In the page. */
async function replayInServiceWorker(): Promise<void> {
  await navigator.serviceWorker.register('/queue.js', { type: 'module' });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => console.log(`bench: ${JSON.stringify(data)}`);
  active?.postMessage(await (await fetch('/bodies')).json(), [port2]);
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ origin: string; close: () => void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin, close };
}

async function runScript(folder: string, url: string): Promise<number> {
  for (const name of ['pending', 'synced']) mkdirSync(join(folder, name), { recursive: true });
  for (const [n, body] of bodies().entries()) writeFileSync(join(folder, 'pending', `${1000 + n}.json`), body);
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, folder, url]);
  return Number(stdout);
}
