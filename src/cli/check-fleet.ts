/**
 * `fieldbench check` of a fleet's folder: every tier of its configuration, and every procedure in its source folders.
 *
 * Above: check.ts, which knows a procedure's folder. Below: tier-folder.ts.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Problem } from '#procedure/procedure.ts';
import { CONFIG_FOLDER, FLEET_FILE } from '#fleet/config/tiers.ts';
import { allProblems, readProcedures, readTiers } from './tier-folder.ts';

const PROCEDURES = 'procedures';

/** A folder that holds a procedure is one of a procedure, whatever else is in it. */
export async function isFleetFolder(folder: string): Promise<boolean> {
  const has = (name: string) =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );
  if ((await has('procedure.yaml')) || (await has('procedure.yml'))) return false;
  return (await has(FLEET_FILE)) || (await has(CONFIG_FOLDER));
}

/** @throws {Fault} `unreadable`, and those of a published folder that is not whole */
export async function fleetProblems(folder: string): Promise<Problem[]> {
  const problems = allProblems(await readTiers(folder), await readProcedures(folder));
  return problems.map((one) => ({ ...one, severity: 'error' }));
}

/** By name. */
export async function procedureFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, PROCEDURES), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  return names.toSorted().map((name) => `${PROCEDURES}/${name}`);
}
