/** Rule 42: what saving writes, and what it does not write over. */
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn } from '#ui/workshop/folder-files.ts';
import { WorkBook } from '#ui/workshop/work-book.svelte.ts';
import { FakeFolder, standInForDirectories } from './fake-folder.ts';

beforeAll(standInForDirectories);

const FILES = {
  'procedure.yaml': 'name: A\r\nmain: []\r\n',
  'bench.yaml': 'fixture: {}\n',
  'phases/a.ts': 'export {};\n',
};

async function opened(more: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {}) {
  const folder = new FakeFolder('power-board', { ...FILES, ...more });
  const book = await WorkBook.open(folder.name, await filesIn(folder.handle), folder.handle);
  return { folder, book };
}

describe('opening', () => {
  test('texts in tabs, the procedure first; pictures and what is no text are only carried', async () => {
    const broken = new Uint8Array([0xff, 0xfe, 0x00]);
    const { book } = await opened({
      'images/led.png': broken,
      'labels/a.zpl': broken,
      '.git/x': 'x',
      'node_modules/y.js': 'y',
    });
    expect(book.texts.map(({ path }) => path)).toEqual(['procedure.yaml', 'bench.yaml', 'phases/a.ts']);
    expect(book.others.map(({ path }) => path)).toEqual(['images/led.png', 'labels/a.zpl']);
    expect(book.isChanged).toBe(false);
  });

  test('a folder without a procedure says so, and a whole disk is none', async () => {
    const none = new FakeFolder('empty', { 'readme.md': 'x' });
    await expect(WorkBook.open('empty', await filesIn(none.handle), none.handle)).rejects.toMatchObject({
      code: 'no-procedure',
    });
    const many = new FakeFolder('disk', Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`${at}.txt`, ''])));
    await expect(filesIn(many.handle)).rejects.toMatchObject({ code: 'folder-large' });
  });

  test('a mark of byte order and line ends stay as they are', async () => {
    const { book } = await opened({ 'bench.yaml': '\ufefffixture: {}\r\n' });
    expect(book.at('bench.yaml')!.text).toBe('\ufefffixture: {}\r\n');
  });
});

describe('saving', () => {
  test('writes what was changed, and nothing else', async () => {
    const { folder, book } = await opened();
    const before = (await folder.file('bench.yaml').getFile()).lastModified;
    book.main.text = 'name: B\n';
    expect(await book.saveInto(folder.handle)).toEqual([]);
    expect(folder.file('procedure.yaml').text).toBe('name: B\n');
    expect((await folder.file('bench.yaml').getFile()).lastModified).toBe(before);
    expect(book.isChanged).toBe(false);
  });

  test('what somebody else has changed is not written over, and then nothing of anything is', async () => {
    const { folder, book } = await opened();
    book.main.text = 'name: mine\n';
    book.at('bench.yaml')!.text = 'fixture: mine\n';
    folder.file('procedure.yaml').put('name: theirs\n');
    expect(await book.saveInto(folder.handle)).toEqual(['procedure.yaml']);
    expect(folder.file('procedure.yaml').text).toBe('name: theirs\n');
    expect(folder.file('bench.yaml').text).toBe('fixture: {}\n');
    expect(await book.saveInto(folder.handle, ['procedure.yaml'])).toEqual([]);
    expect(folder.file('procedure.yaml').text).toBe('name: mine\n');
  });

  test('of the same length in the same moment the content decides; the same content again is nobody’s change', async () => {
    const { folder, book } = await opened();
    book.main.text = 'name: mine\n';
    folder.file('procedure.yaml').put(FILES['procedure.yaml']);
    expect(await book.saveInto(folder.handle), 'touched, and the same').toEqual([]);
  });

  test('a disk that is full leaves the file as it was, and the text as not saved', async () => {
    const { folder, book } = await opened();
    book.main.text = 'name: mine\n';
    folder.file('procedure.yaml').isFull = true;
    await expect(book.saveInto(folder.handle)).rejects.toThrow('full');
    expect(folder.file('procedure.yaml').text).toBe(FILES['procedure.yaml']);
    expect(book.isChanged).toBe(true);
  });

  test('a template goes into a folder with all its files, but not over somebody else’s', async () => {
    const book = WorkBook.made('board', { 'procedure.yaml': 'name: A\n', 'bench.yaml': 'x: {}\n' });
    const taken = new FakeFolder('taken', { 'procedure.yaml': 'name: theirs\n' });
    expect(await book.saveInto(taken.handle)).toEqual(['procedure.yaml']);
    const free = new FakeFolder('free');
    expect(await book.saveInto(free.handle)).toEqual([]);
    expect([free.file('procedure.yaml').text, free.file('bench.yaml').text]).toEqual(['name: A\n', 'x: {}\n']);
    expect(book.folder).toBe(free.handle);
  });
});

test('a draft is what was written, and remembers what was on the disk', async () => {
  const { folder, book } = await opened();
  book.main.text = 'name: mine\n';
  const again = WorkBook.ofDraft(book.draft('2026-11-20T08:00:00.000Z'), await filesIn(folder.handle));
  expect(again.main.text).toBe('name: mine\n');
  expect(again.texts.filter(({ isChanged }) => isChanged).map(({ path }) => path)).toEqual(['procedure.yaml']);
  folder.file('procedure.yaml').put('name: theirs\n');
  const later = WorkBook.ofDraft(book.draft('2026-11-20T08:00:00.000Z'), await filesIn(folder.handle));
  expect(await later.saveInto(folder.handle), 'changed between crash and return').toEqual(['procedure.yaml']);
});
