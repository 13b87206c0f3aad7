/**
 * `fieldbench migrate`: writes today's words into a procedure that has old ones.
 *
 * The file is replaced as a whole or not at all. Above: command-line.ts. Below: load-folder.ts, #procedure/migrate.ts.
 */
import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { Fault, messageOf } from '#base/fault.ts';
import { migrate, type Migrated } from '#procedure/migrate.ts';
import type { Problem } from '#procedure/procedure.ts';
import { DRIVERS, readProcedureFile } from './load-folder.ts';
import type { Terminal } from './terminal.ts';

/** `sysexits.h` calls it EX_CANTCREAT. */
const CANNOT_WRITE = 73;

export async function migrateFolder(folder: string, json: boolean, terminal: Terminal): Promise<number> {
  const found = await readProcedureFile(folder).catch((thrown: unknown) => {
    if (!(thrown instanceof Fault)) throw thrown;
    terminal.err(`${thrown.message} ${thrown.remedy}`);
  });
  if (!found) return 2;
  const migrated = migrate(found.text, found.file, DRIVERS);
  try {
    if (migrated.changed.length > 0) await replaceFile(found.path, migrated.text);
  } catch (thrown) {
    terminal.err(`${found.path} cannot be written, and is as it was: ${messageOf(thrown)}`);
    return CANNOT_WRITE;
  }
  say(migrated, json, terminal);
  return migrated.errors.length > 0 ? 2 : migrated.left.length > 0 ? 1 : 0;
}

function say({ changed, left, errors }: Migrated, json: boolean, terminal: Terminal): void {
  if (json) return terminal.out(JSON.stringify({ changed, left, errors }));
  for (const problem of changed)
    terminal.out(`${placeOf(problem)}: ${problem.spelling!.old} is now ${problem.spelling!.now}`);
  for (const problem of left) terminal.out(`${placeOf(problem)}: change it by hand: ${problem.message}`);
  for (const problem of errors)
    terminal.out(`${placeOf(problem)}: ${problem.severity} ${problem.code}: ${problem.message}`);
  if (errors.length > 0) terminal.out('It does not load, so nothing was changed.');
  else if (changed.length + left.length === 0) terminal.out('There are no old spellings in it.');
}

function placeOf({ file, line, column }: Problem): string {
  return `${file}:${line}:${column}`;
}

/** Beside it first, then in its place: a full disk leaves the old file. A link stays a link. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const beside = `${target}.${randomUUID()}.tmp`;
  const { mode } = await stat(target);
  try {
    await writeFile(beside, text, { mode, flag: 'wx' });
    await rename(beside, target);
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  }
}
