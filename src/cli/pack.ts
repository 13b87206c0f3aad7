/**
 * `fieldbench pack`: a procedure's folder as one bundle, the same bytes from the same content on every machine.
 *
 * Only what the procedure names goes in: itself, its bench, its scripts with what they import, its pictures, films, documents
 * and labels. Above: release-commands.ts. Below: check.ts, #fleet/distribution/signed/bundle.ts.
 */
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { compileScript } from '#fleet/distribution/compile-script.ts';
import { bundleOf, type Content, writeBundle } from '#fleet/distribution/signed/bundle.ts';
import { isInside } from '#fleet/distribution/signed/shapes.ts';
import { titleOf } from '#fleet/distribution/signed/wanted-release.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { screenFiles } from '#procedure/screen-file.ts';
import { checkFolder, lineOf } from './check.ts';
import { loadProcedure, readProcedureFile } from './load-folder.ts';
import { refused } from './release-fault.ts';
import { slugOf } from './slug.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './write-file.ts';

const CANNOT_RUN = 1;
const DOES_NOT_LOAD = 2;
const BENCH = 'bench.yaml';
const ENDING = '.release.zip';

export interface PackOptions {
  readonly out?: string | undefined;
  readonly json: boolean;
}

/** @throws {Fault} `cannot-write`, `refused` */
export async function pack(folder: string, { out, json }: PackOptions, terminal: Terminal): Promise<number> {
  const { loads, runs, problems } = await checkFolder(folder);
  for (const problem of problems) terminal.err(lineOf(problem));
  if (!runs) {
    terminal.err(`Nothing was packed: it ${loads ? 'loads and cannot run' : 'does not load'}.`);
    return loads ? CANNOT_RUN : DOES_NOT_LOAD;
  }
  const { procedure } = await loadProcedure(folder);
  const content = await contentOf(folder, procedure!);
  const { title } = content;
  const bundle = await bundleOf(content);
  const bytes = await writeBundle(bundle);
  const file = out ?? [slugOf(title.name), title.version].filter(Boolean).join('-') + ENDING;
  await writeWhole(file, bytes);
  const { release } = bundle;
  const [files, scripts] = [content.files.size, content.scripts.size];
  if (json) terminal.out(JSON.stringify({ file, release, ...title, files, scripts, bytes: bytes.length }));
  else
    terminal.out(
      [
        `${file}: ${titleOf(title)}, ${files} files, ${scripts} compiled scripts, ${bytes.length} bytes`,
        `Release ${release}`,
        `Next: fieldbench sign ${file} --key FILE`,
      ].join('\n'),
    );
  return 0;
}

/** @throws {Fault} `refused` for a file that is not in the folder */
export async function contentOf(folder: string, procedure: Procedure): Promise<Content> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const scripts = new Map<string, Uint8Array<ArrayBuffer>>();
  const take = async (path: string): Promise<Uint8Array<ArrayBuffer> | null> => {
    const bytes = files.get(path) ?? (await readInside(folder, path));
    if (bytes) files.set(path, bytes);
    return bytes;
  };
  const demand = async (path: string): Promise<void> => {
    if (!(await take(path)))
      throw refused(`${path} is no file of ${folder}.`, 'A release holds only files of its folder.');
  };
  await demand((await readProcedureFile(folder)).file);
  await take(BENCH);
  for (const { path } of screenFiles(procedure)) await demand(path);
  for (const script of scriptsOf(procedure)) {
    const source = async (path: string) => {
      const bytes = await take(path);
      return bytes && new TextDecoder().decode(bytes);
    };
    const done = await compileScript(script, source);
    if ('problem' in done) throw refused(`${script} cannot be compiled: ${done.problem.message}.`, 'Correct it.');
    scripts.set(script, new TextEncoder().encode(JSON.stringify(done.script)));
  }
  const { id, name, version = '' } = procedure;
  return { title: { id, name, version }, files, scripts };
}

/** Of every phase that is not switched off. */
function scriptsOf({ phases }: Procedure): Set<string> {
  return new Set(phases.flatMap(({ script, skip }) => (script === undefined || skip !== undefined ? [] : [script])));
}

/** @returns null when there is no such file, or it lies outside, by its path or by a link */
async function readInside(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!isInside(path)) return null;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    return file.startsWith(root + sep) ? new Uint8Array(await readFile(file)) : null;
  } catch {
    return null;
  }
}
