/**
 * A fleet's folder as read from this machine's disk: its tiers, and the parameters of its procedures.
 *
 * Above: config.ts, check-fleet.ts. Below: #fleet/config. Knows nothing of signatures.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#base/fault.ts';
import { parametersOf } from '#fleet/config/effective.ts';
import type { ConfigProblem } from '#fleet/config/read-tier.ts';
import { FleetTiers, type StationTiers } from '#fleet/config/station-tiers.ts';
import { readTierTexts } from '#fleet/config/tier-texts.ts';
import { readManifest } from '#fleet/distribution/signed/release-manifest.ts';
import { parse } from '#procedure/parse.ts';
import { DRIVERS } from './load-folder.ts';
import { PublishedFolder } from './published-folder.ts';
import { unreadable } from './release-fault.ts';

/** Text of a procedure by its folder, as stations would run it. */
export type ProcedureTexts = ReadonlyMap<string, string>;

/** @throws {Fault} `unreadable` */
export async function readTiers(fleet: string): Promise<FleetTiers> {
  await readdir(fleet).catch((thrown: unknown) => {
    throw unreadable(fleet, thrown);
  });
  const files = async (folder: string) =>
    (await readdir(join(fleet, folder), { recursive: true }).catch(() => [])).map((path) => path.replaceAll('\\', '/'));
  const text = (path: string) =>
    readFile(join(fleet, path), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null;
      throw unreadable(join(fleet, path), thrown);
    });
  return new FleetTiers(await readTierTexts({ files, text }));
}

/** Those in source folders; and of published ones, which go before them, what each fleet runs now. */
export async function readProcedures(fleet: string): Promise<ProcedureTexts> {
  const texts = new Map<string, string>();
  const root = join(fleet, 'procedures');
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    for (const file of ['procedure.yml', 'procedure.yaml']) {
      const text = await readFile(join(root, entry.name, file), 'utf8').catch(() => null);
      if (text !== null) texts.set(entry.name, text);
    }
  const folder = new PublishedFolder(fleet);
  const index = await folder.signedIndex();
  for (const { procedure, current } of index?.signed.procedures ?? []) {
    const { files } = readManifest(await folder.content(current));
    const main =
      files.find(({ path }) => path === 'procedure.yaml') ?? files.find(({ path }) => path === 'procedure.yml');
    if (main) texts.set(procedure, new TextDecoder().decode(await folder.content(main.sha256)));
  }
  return texts;
}

/** Parameters that a procedure does not have, or that do not fit it; a procedure that is not here is only told. */
export function parameterProblems(tiers: StationTiers, procedures: ProcedureTexts): ConfigProblem[] {
  const named = [...new Set(tiers.values.flatMap(({ path }) => (path[0] === 'parameters' ? [path[1]!] : [])))];
  return named.flatMap((folder) => {
    const own = tiers.values.filter(({ path }) => path[0] === 'parameters' && path[1] === folder);
    const text = procedures.get(folder);
    if (text === undefined)
      return own.map(({ path, from }) =>
        problemAt(from, `${path.join('.')}: there is no procedure “${folder}” in this fleet`),
      );
    // What is wrong with the procedure itself is told of it, not of the configuration.
    if (!parse(text, 'procedure.yaml', DRIVERS).procedure) return [];
    return own.flatMap((one) => {
      const parameters = parametersOf([one], folder);
      const { procedure, problems } = parse(text, 'procedure.yaml', { ...DRIVERS, parameters });
      const wrong = problems.find(({ severity }) => severity === 'error');
      return procedure || !wrong ? [] : [problemAt(one.from, `${one.path.join('.')}: ${wrong.message}`)];
    });
  });
}

function problemAt(from: string, message: string): ConfigProblem {
  const at = from.lastIndexOf(':');
  return { code: 'parameter', file: from.slice(0, at), line: Number(from.slice(at + 1)), column: 1, message };
}

/** Everything that is wrong, each once. */
export function allProblems(tiers: FleetTiers, procedures: ProcedureTexts): ConfigProblem[] {
  const found = [
    ...tiers.problems,
    ...tiers.stations.flatMap((station) => parameterProblems(tiers.of(station), procedures)),
  ];
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** @throws {Fault} `refused`, with every problem in its message */
export function demandSound(problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return;
  throw new Fault('refused', problems.map(problemLine).join('\n'), 'Nothing was changed; correct it first.');
}

export function problemLine({ file, line, column, code, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: error ${code}: ${message}`;
}
