/**
 * The files of a run inside a bag: one list a run, and the bytes beside it under the names that people know.
 *
 * `files/<run>.json` says name, media type, size and hash of each; `files/<run>/<name>` holds the bytes. Above it:
 * run-bundle.ts. Knows nothing of stores.
 */
import { hashOf } from '#sync/transfer/bag.ts';
import type { Bytes } from '#sync/transfer/zip.ts';

export interface FileFacts {
  readonly name: string;
  readonly content_type: string;
  readonly size: number;
  /** Of its bytes, 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface BundledFile extends FileFacts {
  readonly bytes: Bytes;
}

const LIST = /^files\/([^/]+)\.json$/;
const BYTES = /^files\/([^/]+)\/(.+)$/;

/** As manifests write it: without the name of the method, which the store writes before it. */
export function plainHash(hash: string): string {
  return hash.replace(/^sha256:/, '');
}

/** @returns what goes into the bag, by path */
export function writeFiles(run: string, files: readonly BundledFile[]): [path: string, bytes: Bytes][] {
  if (files.length === 0) return [];
  const list = files.map(({ name, content_type, size, sha256 }): FileFacts => ({ name, content_type, size, sha256 }));
  return [
    [`files/${run}.json`, new TextEncoder().encode(JSON.stringify(list, null, 2))],
    ...files.map(({ name, bytes }): [string, Bytes] => [`files/${run}/${name}`, bytes]),
  ];
}

/** The run whose files a path belongs to; undefined when it is no path of a file. */
export function runOfFile(path: string): string | undefined {
  return (LIST.exec(path) ?? BYTES.exec(path))?.[1];
}

/** @returns what is wrong, in words, when list and bytes do not fit */
export async function readFiles(run: string, payload: ReadonlyMap<string, Bytes>): Promise<BundledFile[] | string> {
  const list = payload.get(`files/${run}.json`);
  const beside = [...payload.keys()].filter((path) => BYTES.exec(path)?.[1] === run);
  if (!list) return beside.length === 0 ? [] : 'has files that nothing lists';
  const facts = factsIn(list);
  if (!facts) return 'has a list of files that cannot be read';
  if (beside.length !== facts.length || new Set(facts.map(({ name }) => name)).size !== facts.length)
    return 'has other files than its list says';
  const files: BundledFile[] = [];
  for (const one of facts) {
    const bytes = payload.get(`files/${run}/${one.name}`);
    if (!bytes) return `lists ${one.name}, which is not in this file`;
    if (bytes.length !== one.size || (await hashOf(bytes)) !== one.sha256)
      return `lists another ${one.name} than is here`;
    files.push({ ...one, bytes });
  }
  return files;
}

function factsIn(bytes: Bytes): FileFacts[] | null {
  try {
    const list: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(list) && list.every(isFacts) ? list : null;
  } catch {
    return null;
  }
}

function isFacts(value: unknown): value is FileFacts {
  const { name, content_type, size, sha256 } = (value ?? {}) as Partial<FileFacts>;
  return (
    typeof name === 'string' &&
    name.length >= 1 &&
    name.length <= 255 &&
    typeof content_type === 'string' &&
    Number.isSafeInteger(size) &&
    typeof sha256 === 'string'
  );
}
