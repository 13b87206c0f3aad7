/**
 * The outbox and its way to the server with one deliberate defect: a copy of their folders in which one piece of text is another.
 *
 * The shipped files stay as they are. A piece that is not there exactly once ends the test, so that no defect is
 * silently none. Knows nothing of what a defect breaks.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shipped } from './schedule.ts';

export interface Change {
  /** A file of src/sync/outbox or src/sync/tofupilot. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const ROOMS = ['outbox', 'tofupilot'];
const shipped = join(root, 'src', 'sync');
/** Inside the project, so that a copy finds the other rooms; left out of the repository by .gitignore. */
const copies = join(root, '.cache', 'defects');

export async function mutant(name: string, change: Change | null): Promise<Shipped> {
  const folder = join(copies, `${process.pid}-${name}`);
  try {
    for (const room of ROOMS) copyRoom(room, folder, change);
    const load = (file: string) => import(/* @vite-ignore */ join(folder, file)) as Promise<unknown>;
    const doors = ['outbox/drain.ts', 'outbox/retry.ts', 'outbox/web-lock.ts', 'tofupilot/client.ts'];
    return Object.assign({}, ...(await Promise.all(doors.map(load)))) as Shipped;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copyRoom(room: string, folder: string, change: Change | null): void {
  mkdirSync(join(folder, room), { recursive: true });
  for (const file of readdirSync(join(shipped, room)).filter((each) => each.endsWith('.ts'))) {
    const text = readFileSync(join(shipped, room, file), 'utf8');
    const changed = file === change?.file ? replaced(text, change) : text;
    writeFileSync(
      join(folder, room, file),
      ROOMS.reduce((sum, other) => sum.replaceAll(`'#sync/${other}/`, `'../${other}/`), changed),
    );
  }
}

function replaced(text: string, { file, from, to }: Change): string {
  if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly once: ${from}`);
  return text.replace(from, () => to);
}
