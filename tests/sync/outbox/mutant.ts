/**
 * The outbox with one deliberate defect: a copy of its folder in which one piece of text is another.
 *
 * The shipped files stay as they are. A piece that is not there exactly once ends the test, so that no defect is
 * silently none. Knows nothing of what a defect breaks.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCarrier } from '#sync/tofupilot/client.ts';
import type { Shipped } from './schedule.ts';

export interface Change {
  /** A file of src/sync/outbox. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const shipped = join(root, 'src', 'sync', 'outbox');
/** Inside the project, so that a copy finds the other rooms; left out of the repository by .gitignore. */
const copies = join(root, '.cache', 'defects');

export async function mutant(name: string, change: Change | null): Promise<Shipped> {
  const folder = join(copies, `${process.pid}-${name}`);
  mkdirSync(folder, { recursive: true });
  try {
    for (const file of readdirSync(shipped).filter((each) => each.endsWith('.ts'))) {
      const text = readFileSync(join(shipped, file), 'utf8');
      const changed = file === change?.file ? replaced(text, change) : text;
      writeFileSync(join(folder, file), changed.replaceAll("'#sync/outbox/", "'./"));
    }
    const load = (file: string) => import(/* @vite-ignore */ join(folder, file)) as Promise<unknown>;
    const parts = Object.assign({}, ...(await Promise.all(['drain.ts', 'retry.ts', 'web-lock.ts'].map(load))));
    return { ...(parts as Omit<Shipped, 'createCarrier'>), createCarrier };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function replaced(text: string, { file, from, to }: Change): string {
  if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly once: ${from}`);
  return text.replace(from, () => to);
}
