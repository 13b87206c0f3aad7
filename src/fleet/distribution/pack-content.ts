/**
 * What goes into a bundle of a procedure's folder: only what the procedure names, and what its scripts import.
 *
 * The same for the command line and for the workshop, so that both make the same bytes of the same folder. Above: those
 * doors, which say how a file is read and a script compiled. Below: signed/bundle.ts.
 */
import { Fault } from '#base/fault.ts';
import type { Compiled, ReadSource } from '#fleet/distribution/compile-script.ts';
import type { Content } from '#fleet/distribution/signed/bundle.ts';
import { isInside } from '#fleet/distribution/signed/shapes.ts';
import { slugOf } from '#fleet/distribution/slug.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { screenFiles } from '#procedure/screen-file.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface PackedFolder {
  /** For people. */
  readonly name: string;
  /** `procedure.yaml`, or `.yml`. */
  readonly file: string;
  /** @returns null when there is no such file in it; never asked for a path that leads out */
  readonly read: (path: string) => Promise<Bytes | null>;
  readonly compile: (script: string, readSource: ReadSource) => Promise<Compiled>;
}

const BENCH = 'bench.yaml';
const ENDING = '.release.zip';

/** @throws {Fault} `refused` for a file that is not in the folder, and a script that cannot be compiled */
export async function packContent(folder: PackedFolder, procedure: Procedure): Promise<Content> {
  const files = new Map<string, Bytes>();
  const scripts = new Map<string, Bytes>();
  const take = async (path: string): Promise<Bytes | null> => {
    const bytes = files.get(path) ?? (isInside(path) ? await folder.read(path) : null);
    if (bytes) files.set(path, bytes);
    return bytes;
  };
  const demand = async (path: string): Promise<void> => {
    if (await take(path)) return;
    throw new Fault('refused', `${path} is no file of ${folder.name}.`, 'A release holds only files of its folder.');
  };
  await demand(folder.file);
  await take(BENCH);
  for (const { path } of screenFiles(procedure)) await demand(path);
  for (const script of phaseScripts(procedure)) {
    const done = await folder.compile(script, async (path) => {
      const bytes = await take(path);
      return bytes && new TextDecoder().decode(bytes);
    });
    if ('problem' in done)
      throw new Fault('refused', `${script} cannot be compiled: ${done.problem.message}.`, 'Correct it.');
    scripts.set(script, new TextEncoder().encode(JSON.stringify(done.script)));
  }
  const { id, name, version = '' } = procedure;
  return { title: { id, name, version }, files, scripts };
}

/** Of every phase that is not switched off. */
export function phaseScripts({ phases }: Pick<Procedure, 'phases'>): ReadonlySet<string> {
  return new Set(phases.flatMap(({ script, skip }) => (script === undefined || skip !== undefined ? [] : [script])));
}

/** As which it is written, where nobody says otherwise. */
export function bundleName({ name, version }: Content['title']): string {
  return [slugOf(name), version].filter(Boolean).join('-') + ENDING;
}
