/**
 * Getting a release's compiled scripts, and believing none before its hash is right. Beside fetch-fleet.ts.
 *
 * A script that cannot be compiled comes as the reason, with file, line and column, so that the station can say it.
 */
import { fetchChecked } from '#fleet/distribution/fetch-fleet.ts';
import type { OfferedProcedure } from '#fleet/distribution/manifest.ts';
import type { Compiled } from '#fleet/distribution/compile-script.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';

/** @throws {Fault} `fleet-unreachable`, `release-damaged` */
export async function fetchScripts(
  fetchFrom: typeof fetch,
  { folder, scripts = [] }: OfferedProcedure,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Compiled>> {
  const compiled = new Map<string, Compiled>();
  for (const { path, problem, sha256 = '' } of scripts) {
    if (problem) {
      compiled.set(path, { problem });
      continue;
    }
    const address = `/fleet/scripts/${folder}/${path.split('/').map(encodeURIComponent).join('/')}.json`;
    const bytes = await fetchChecked(fetchFrom, address, `${folder}/${path}`, sha256, signal);
    compiled.set(path, { script: JSON.parse(new TextDecoder().decode(bytes)) as CompiledScript });
  }
  return compiled;
}
