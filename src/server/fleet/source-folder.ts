/**
 * One procedure's source folder: which files it holds, their hashes, and what its procedure.yaml calls itself.
 *
 * Reads as little as it can: a file is hashed again only when its stamp (times, size, inode) changed. Dotfiles are left
 * out, and so is every link that leads out of the folder. Knows nothing of the manifest around it.
 */
import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseDocument } from 'yaml';
import { sha256 } from '#base/hash.ts';
import { compileScript } from '#fleet/distribution/compile-script.ts';
import type { OfferedProcedure, OfferedScript } from '#fleet/distribution/manifest.ts';
import type { CompiledScript } from '#fleet/distribution/script-module.ts';
import { scriptsOf } from '#fleet/distribution/scripts-of.ts';

interface Known {
  readonly stamp: string;
  readonly sha256: string;
}

export class SourceFolder {
  readonly name: string;
  readonly #path: string;
  #known = new Map<string, Known>();
  #offer: OfferedProcedure | undefined;
  /** Of the release that is offered, by the author's path: as JSON. */
  #scripts = new Map<string, string>();

  constructor(path: string, name: string) {
    this.#path = path;
    this.name = name;
  }

  /** @returns undefined when the folder holds no procedure.yaml */
  async offer(): Promise<OfferedProcedure | undefined> {
    const files = await this.#files();
    const main =
      files.find(({ path }) => path === 'procedure.yaml') ?? files.find(({ path }) => path === 'procedure.yml');
    if (!main) return (this.#offer = undefined);
    const release = await releaseHash(files);
    if (this.#offer?.release === release) return this.#offer;
    const text = await readFile(join(this.#path, main.path), 'utf8');
    const data = parseLeniently(text);
    const scripts = await this.#compile(scriptsOf(data));
    const facts = { folder: this.name, ...title(data, this.name), development: true, release, files };
    return (this.#offer = { ...facts, ...(scripts.length > 0 ? { scripts } : {}) });
  }

  /** A compiled script of the release that was offered last, as JSON. */
  compiled(script: string): string | undefined {
    return this.#scripts.get(script);
  }

  /** @returns undefined when another release is offered, or the script has mistakes */
  compiledOf(release: string, script: string): CompiledScript | undefined {
    const json = this.#offer?.release === release ? this.#scripts.get(script) : undefined;
    return json === undefined ? undefined : (JSON.parse(json) as CompiledScript);
  }

  async #compile(paths: readonly string[]): Promise<OfferedScript[]> {
    const compiled = new Map<string, string>();
    const offers: OfferedScript[] = [];
    for (const path of paths) {
      const done = await compileScript(path, (wanted) => this.#text(wanted));
      if ('problem' in done) {
        offers.push({ path, problem: done.problem });
        continue;
      }
      const json = JSON.stringify(done.script);
      compiled.set(path, json);
      offers.push({ path, sha256: await sha256(new TextEncoder().encode(json)) });
    }
    this.#scripts = compiled;
    return offers;
  }

  async #text(path: string): Promise<string | null> {
    const bytes = await this.read(path);
    return bytes ? new TextDecoder().decode(bytes) : null;
  }

  /** A file of the folder by its path with `/`. @returns undefined when it is not one that is offered */
  async read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const file = await this.#inside(path);
    return file === undefined ? undefined : new Uint8Array(await readFile(file));
  }

  async #files(): Promise<OfferedProcedure['files']> {
    const found: { path: string; sha256: string; size: number }[] = [];
    const known = new Map<string, Known>();
    for (const path of await this.#paths('')) {
      const file = await this.#inside(path);
      const facts = file === undefined ? undefined : await stat(file).catch(() => undefined);
      if (file === undefined || !facts) continue;
      const stamp = stampOf(facts);
      const before = this.#known.get(path);
      const hash = before?.stamp === stamp ? before.sha256 : await sha256(new Uint8Array(await readFile(file)));
      known.set(path, { stamp, sha256: hash });
      found.push({ path, sha256: hash, size: facts.size });
    }
    this.#known = known;
    return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  async #paths(below: string): Promise<string[]> {
    const entries = await readdir(join(this.#path, below), { withFileTypes: true });
    const paths: string[] = [];
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) paths.push(...(await this.#paths(path)));
      else paths.push(path);
    }
    return paths;
  }

  /** Where a path really leads, if that is a file inside the folder. */
  async #inside(path: string): Promise<string | undefined> {
    if (path.split('/').some((part) => part === '' || part.startsWith('.') || /[\\\0]/.test(part))) return undefined;
    try {
      const root = await realpath(this.#path);
      const file = await realpath(join(root, path));
      return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
    } catch {
      return undefined;
    }
  }
}

function stampOf({ mtimeMs, ctimeMs, size, ino }: Stats): string {
  return `${mtimeMs}:${ctimeMs}:${size}:${ino}`;
}

/** As manifest.ts says: the lines `<path> <sha256 of the file>`, sorted by path, joined by line feeds. */
async function releaseHash(files: OfferedProcedure['files']): Promise<string> {
  return sha256(new TextEncoder().encode(files.map(({ path, sha256: hash }) => `${path} ${hash}`).join('\n')));
}

/** A file that cannot be parsed is offered all the same: the station shows what is wrong with it, and where. */
function title(data: unknown, folder: string): { id: string; name: string; version: string } {
  const fields = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const word = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');
  return { id: word(fields['id']), name: word(fields['name']) || folder, version: word(fields['version']) };
}

function parseLeniently(text: string): unknown {
  try {
    return parseDocument(text, { prettyErrors: false, logLevel: 'silent' }).toJS();
  } catch {
    return undefined;
  }
}
