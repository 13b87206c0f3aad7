/**
 * A Chromium that nobody looks into: it opens one address on a new profile, and the page there tells its figures itself.
 *
 * A tool that is attached hears of every request of every worker, and takes a tenth of a slow machine's time for it. Above
 * it: benchmarks that send requests. Knows nothing of what is measured.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../support/chromium.js';
import { quietArgs } from '../support/quiet-browser.ts';

/** Nothing here takes longer, unless it hangs. */
const LIMIT_MS = 300_000;
const TOLD_PATH = '/told';

type Told = { readonly failed?: string };

export class BareBrowser {
  #hear: (told: Told) => void = () => {};

  /** What the page posts to `/told`. @returns true: this request was its own */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.url !== TOLD_PATH) return false;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end();
      this.#hear(JSON.parse(Buffer.concat(parts).toString('utf8')) as Told);
    });
    return true;
  }

  /** @returns what the page at this address told; then the browser is gone */
  async visit<T extends object>(address: string): Promise<T> {
    const profile = mkdtempSync(join(tmpdir(), 'bench-profile-'));
    const told = new Promise<Told>((resolve) => (this.#hear = resolve));
    const rootless = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = ['--headless', ...rootless, `--user-data-dir=${profile}`, ...quietArgs(), address];
    const browser = spawn(findChromium()!, args, { stdio: 'ignore', detached: true });
    const gone = once(browser, 'exit');
    const timer = setTimeout(() => this.#hear({ failed: `the page told nothing within ${LIMIT_MS} ms` }), LIMIT_MS);
    try {
      const answer = await told;
      if (answer.failed !== undefined) throw new Error(answer.failed);
      return answer as T;
    } finally {
      clearTimeout(timer);
      // The whole group; a browser that has ended by itself has none.
      if (browser.exitCode === null) process.kill(-browser.pid!, 'SIGKILL');
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
