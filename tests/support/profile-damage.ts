/**
 * What disks do to a browser's profile: bytes flipped, files cut, zeroed and gone, in the files of the default
 * IndexedDB store of one origin. The store of a Storage Bucket lies elsewhere and stays whole.
 *
 * Above it: the storage tests. The browser must not be running. Knows nothing of what is stored.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** How Chromium keeps IndexedDB: both are in use, chosen by the browser. */
export type BackEnd = 'LevelDB' | 'SQLite';

/** Of Chromium 156; earlier ones ignore the name and keep LevelDB. */
export const BACK_END_ARGS: Readonly<Record<BackEnd, readonly string[]>> = {
  LevelDB: ['--disable-features=IdbSqliteBackingStore'],
  SQLite: ['--enable-features=IdbSqliteBackingStore'],
};

/** Chromium keeps names in UTF-16. */
const RUNS = "(SELECT id FROM object_stores WHERE name = x'720075006e007300')";
const SQLITE_PAGE_BYTES = 4096;
const LEVELDB_BLOCK_BYTES = 4096;

type Damage = (folder: string) => void;

export const DAMAGES: Readonly<Record<BackEnd, Readonly<Record<string, Damage>>>> = {
  LevelDB: {
    'flipped bytes in a table file': (folder) => each(folder, /\.ldb$/, (file) => flip(file, LEVELDB_BLOCK_BYTES, 100)),
    'a table file gone': (folder) => each(folder, /\.ldb$/, (file) => rmSync(file)),
    'a table file cut in half': (folder) => each(folder, /\.ldb$/, halve),
    'a zeroed manifest': (folder) => each(folder, /^MANIFEST-/, zero),
    'no CURRENT file': (folder) => each(folder, /^CURRENT$/, (file) => rmSync(file)),
    'a log cut in half': (folder) => each(folder, /\.log$/, halve),
  },
  SQLite: {
    'flipped bytes in every eighth page': (folder) => flip(largest(folder), 8 * SQLITE_PAGE_BYTES, 0),
    'a file cut in half': (folder) => halve(largest(folder)),
    'a damaged header': (folder) => overwrite(largest(folder), 0, Buffer.alloc(100, 0x5a)),
    'the file gone': (folder) => rmSync(largest(folder)),
    // What Chromium's own repair of a damaged file leaves at times.
    'runs gone, and the lists of them left': (folder) =>
      sql(
        largest(folder),
        `DELETE FROM records WHERE object_store_id = ${RUNS} AND row_id > (SELECT min(row_id) FROM records WHERE object_store_id = ${RUNS})`,
      ),
    'runs left, and the lists of them gone': (folder) =>
      sql(largest(folder), `DELETE FROM index_references WHERE object_store_id = ${RUNS}`),
  },
};

/** The folder with the files of an origin's default store. */
export function storeFolder(profile: string, origin: string, backEnd: BackEnd): string {
  const name = new URL(origin).host.replace(':', '_');
  return join(profile, 'Default', 'IndexedDB', `http_${name}${backEnd === 'LevelDB' ? '.indexeddb.leveldb' : ''}`);
}

function each(folder: string, name: RegExp, damage: (file: string) => void): void {
  const files = readdirSync(folder).filter((file) => name.test(file));
  if (files.length === 0) throw new Error(`nothing like ${name} in ${folder}: ${readdirSync(folder).join(', ')}`);
  for (const file of files) damage(join(folder, file));
}

/** The app's own database: the vault beside it has one record. */
function largest(folder: string): string {
  const files = readdirSync(folder)
    .filter((file) => !file.endsWith('-wal') && !file.endsWith('-journal'))
    .map((file) => join(folder, file));
  const found = files.toSorted((a, b) => statSync(b).size - statSync(a).size)[0];
  if (!found) throw new Error(`no file in ${folder}`);
  return found;
}

/** Eight bytes turned over, `offset` bytes into each stretch but the first. */
function flip(file: string, stretchBytes: number, offset: number): void {
  const bytes = readFileSync(file);
  for (let at = stretchBytes + offset; at + 8 < bytes.length; at += stretchBytes)
    for (let n = 0; n < 8; n += 1) bytes[at + n]! ^= 0xff;
  writeFileSync(file, bytes);
}

/** Python, since Node 20 has no SQLite. Without the trigger by which Chromium keeps lists and rows together. */
function sql(file: string, statement: string): void {
  const run = [
    'import sqlite3, sys',
    'with sqlite3.connect(sys.argv[1]) as it:',
    '  name = "on_record_deleted"',
    '  trigger = it.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]',
    '  it.execute("DROP TRIGGER " + name)',
    '  it.execute(sys.argv[2])',
    '  it.execute(trigger)',
  ].join('\n');
  execFileSync('python3', ['-c', run, file, statement]);
}

function halve(file: string): void {
  truncateSync(file, Math.floor(statSync(file).size / 2));
}

function zero(file: string): void {
  overwrite(file, 0, Buffer.alloc(statSync(file).size));
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, at);
  closeSync(descriptor);
}
