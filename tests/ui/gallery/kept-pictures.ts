/**
 * Compares what a state looks like with what it looked like when somebody last looked and said that it is good.
 *
 * `GALLERY_ACCEPT=1 npx vitest run tests/ui/gallery-1.test.ts tests/ui/gallery-2.test.ts` says so for all states as they
 * are now. A picture that differs is left in test-results/gallery/. Above it: walk-gallery.ts.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { differences, packPrint, printOf, unpackPrint } from './picture-print.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LEFT_BEHIND = join(ROOT, 'test-results', 'gallery');
export const ACCEPTS = Boolean(process.env['GALLERY_ACCEPT']);
/** Elsewhere letters and form controls are drawn otherwise. */
export const CAN_COMPARE = process.platform === 'linux';
/** A clock's digit, a number with one more digit: squares that may differ in a picture that is the same. */
const MOST_SQUARES = 3;

type Kept = Record<string, Record<string, string>>;
const fileOf = (share: number) => fileURLToPath(new URL(`pictures-${share}.json`, import.meta.url));

export class KeptPictures {
  readonly #desk: Page;
  readonly #file: string;
  readonly #names: readonly string[];
  readonly #kept: Kept;
  readonly #accepted: Kept = {};

  /** @param shares names of all states by the process that looks at them; each writes a file of its own, and reads all */
  constructor(desk: Page, share: number, shares: readonly (readonly string[])[]) {
    this.#desk = desk;
    this.#file = fileOf(share);
    this.#names = shares[share]!;
    const files = shares.map((_, at) => fileOf(at)).filter((file) => existsSync(file));
    this.#kept = Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Kept));
  }

  /** @returns what is other than it was, in words; null where nothing is */
  async complaint(name: string, look: string, page: Page): Promise<string | null> {
    const png = await page.screenshot({ animations: 'disabled', scale: 'css' });
    const print = await printOf(this.#desk, png);
    if (ACCEPTS) {
      (this.#accepted[name] ??= {})[look] = packPrint(print);
      return null;
    }
    const kept = this.#kept[name]?.[look];
    const found = kept === undefined ? null : differences(unpackPrint(kept), print);
    if (found !== null && found.length <= MOST_SQUARES) return null;
    mkdirSync(LEFT_BEHIND, { recursive: true });
    const file = join(LEFT_BEHIND, `${name}-${look}.png`);
    writeFileSync(file, png);
    const what =
      found === null
        ? 'no picture of this size is kept'
        : `${found.length} squares differ, the first at ${found[0]!.x}, ${found[0]!.y} px`;
    return `${look}: ${what}. Look at ${file}; if it is good, keep it with GALLERY_ACCEPT=1.`;
  }

  /** Keeps what was accepted, sorted and a line for each state, so that a change shows which it changed. */
  write(): void {
    if (!ACCEPTS) return;
    const lines = this.#names.toSorted().flatMap((name) => {
      // What was not looked at this time is as it was.
      const looks = this.#accepted[name] ?? this.#kept[name];
      return looks ? [`  ${JSON.stringify(name)}: ${JSON.stringify(looks)}`] : [];
    });
    writeFileSync(this.#file, `{\n${lines.join(',\n')}\n}\n`);
  }
}
