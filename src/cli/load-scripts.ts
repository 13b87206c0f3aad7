/**
 * The phase scripts of a folder, compiled, and what is wrong with them in the shape of the procedure's own problems.
 *
 * Above: check.ts and run.ts. Below: #fleet/distribution/compile-script.ts.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileScript } from '#fleet/distribution/compile-script.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';

export interface LoadedScripts {
  readonly scripts: ReadonlyMap<string, CompiledScript>;
  readonly problems: readonly Problem[];
}

/** Of every phase that is not switched off. */
export async function loadScripts(folder: string, { phases }: Procedure): Promise<LoadedScripts> {
  const scripts = new Map<string, CompiledScript>();
  const problems: Problem[] = [];
  const wanted = phases.flatMap(({ script, skip }) => (script === undefined || skip !== undefined ? [] : [script]));
  for (const script of new Set(wanted)) {
    const done = await compileScript(script, (path) => textOf(join(folder, path)));
    if ('script' in done) scripts.set(script, done.script);
    else problems.push({ severity: 'error', code: 'script', ...done.problem });
  }
  return { scripts, problems };
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR' || thrown.code === 'EISDIR') return null;
    throw thrown;
  });
}
