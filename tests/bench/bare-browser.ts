/**
 * A Chromium that no tool looks into: it opens one address, and the page tells its figures over the console, which the
 * browser writes to its standard error.
 *
 * A tool that is attached hears of every request and holds every new page and worker for a moment: half a second of the
 * five that a delivery takes. A product's page is watched by an extension instead, a script of a few lines in a world of its
 * own. Above it: benchmarks. Knows nothing of what is measured.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import { chromiumWithUdev, findChromium } from '../support/chromium.js';
import { quietArgs } from '../support/quiet-browser.ts';

/** Nothing here takes longer, unless it hangs. */
const LIMIT_MS = 300_000;
/** Until the browser's own start is over. */
const SETTLE_MS = 3_000;
const TRY_EVERY_MS = 200;
const MOST_TRIES = 50;
const TOLD = /"bench: (.*)", source: /;

export interface Visit {
  readonly address: string;
  /** What is in it stays; a new one if none is named. */
  readonly profile?: string;
  /** A function's own text, run in the page before its scripts. */
  readonly watch?: string;
  /** Its processor is so many times as slow. Asks the page's own process for it, and is otherwise not attached to anything. */
  readonly slowDown?: number;
}

/** @returns what the page has told as `console.log('bench: …')`, in JSON; then the browser is gone */
export async function visit<T extends object>({ address, profile, watch, slowDown }: Visit): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-browser-'));
  const args = [
    '--headless',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--enable-logging=stderr',
    `--user-data-dir=${profile ?? join(folder, 'profile')}`,
    ...(watch ? [`--load-extension=${writeExtension(folder, watch)}`] : []),
    ...(slowDown ? ['--remote-debugging-pipe'] : []),
    ...quietArgs(['--disable-features=DisableLoadExtensionCommandLineSwitch']),
    laterTo(address),
  ];
  // The binary itself, whose end is the end of all its processes; a launcher script would leave it behind.
  const browser = spawn((chromiumWithUdev() || findChromium())!, args, {
    // The last two are what the browser takes orders by, and answers.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const gone = once(browser, 'exit');
  try {
    const hasTold = told(browser);
    hasTold.catch(() => undefined);
    if (slowDown) await slow(browser, slowDown);
    const answer = JSON.parse(await hasTold) as T & { readonly failed?: string };
    if (answer.failed !== undefined) throw new Error(answer.failed);
    return answer;
  } finally {
    browser.kill('SIGKILL');
    await gone;
    await removed(folder);
  }
}

/** The browser's other processes end one by one, and write until then: what has come meanwhile is removed, too. */
async function removed(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (thrown) {
      if (tries === MOST_TRIES) throw thrown;
      await sleep(TRY_EVERY_MS);
    }
  }
}

function told(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the page told nothing within ${LIMIT_MS} ms`)), LIMIT_MS);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    let rest = '';
    browser.stderr!.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      const found = lines.map((line) => TOLD.exec(line)?.[1]).find((line) => line !== undefined);
      if (found !== undefined) end(() => resolve(found));
    });
    browser.once('exit', () => end(() => reject(new Error('the browser ended by itself'))));
  });
}

/** Of the one page that there is; it stays so when the page goes to its address. */
async function slow(browser: ChildProcess, rate: number): Promise<void> {
  const [orders, answers] = [browser.stdio[3] as Writable, browser.stdio[4] as Readable];
  const waiting = new Map<number, (result: unknown) => void>();
  let rest = '';
  answers.on('data', (chunk: Buffer) => {
    const messages = (rest + chunk.toString()).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
      if (id !== undefined) waiting.get(id)?.(result);
    }
  });
  let last = 0;
  const order = (method: string, params: object = {}, sessionId?: string) =>
    new Promise<unknown>((resolve) => {
      waiting.set(++last, resolve);
      orders.write(`${JSON.stringify({ id: last, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    });
  const { targetInfos } = (await order('Target.getTargets')) as { targetInfos: { type: string; targetId: string }[] };
  const { targetId } = targetInfos.find(({ type }) => type === 'page')!;
  const attached = (await order('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
  await order('Emulation.setCPUThrottlingRate', { rate }, attached.sessionId);
}

function laterTo(address: string): string {
  return `data:text/html,<script>setTimeout(()=>location.replace('${address}'),${SETTLE_MS})</script>`;
}

function writeExtension(folder: string, watch: string): string {
  const extension = join(folder, 'watch');
  mkdirSync(extension);
  const script = { matches: ['http://localhost/*'], js: ['watch.js'], run_at: 'document_start' };
  const manifest = { manifest_version: 3, name: 'watch', version: '1', content_scripts: [script] };
  writeFileSync(join(extension, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(extension, 'watch.js'), watch);
  return extension;
}
