/**
 * `fieldbench pack`: a procedure's folder as one bundle, the same bytes from the same content on every machine.
 *
 * Only what the procedure names goes in: itself, its bench, its scripts with what they import, its pictures, films, documents
 * and labels. Above: release-commands.ts. Below: check.ts, #fleet/distribution.
 */
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { compileScript } from '#fleet/distribution/compile-script.ts';
import { bundleName, packContent } from '#fleet/distribution/pack-content.ts';
import { bundleOf, writeBundle } from '#fleet/distribution/signed/bundle.ts';
import { titleOf } from '#fleet/distribution/signed/wanted-release.ts';
import { checkFolder, lineOf } from './check.ts';
import { loadProcedure, readProcedureFile } from './load-folder.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './write-file.ts';

const CANNOT_RUN = 1;
const DOES_NOT_LOAD = 2;

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
  const { file: main } = await readProcedureFile(folder);
  const read = (path: string) => readInside(folder, path);
  const content = await packContent({ name: folder, file: main, read, compile: compileScript }, procedure!);
  const { title } = content;
  const bundle = await bundleOf(content);
  const bytes = await writeBundle(bundle);
  const file = out ?? bundleName(title);
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

/** @returns null when there is no such file, or it lies outside, by its path or by a link */
async function readInside(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    return file.startsWith(root + sep) ? new Uint8Array(await readFile(file)) : null;
  } catch {
    return null;
  }
}
