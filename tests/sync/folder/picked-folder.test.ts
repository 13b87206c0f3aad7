import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { PickedFolder } from '#sync/folder/picked-folder.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { fakeDirectory, type FakeDirectoryOptions } from './memory-folder.ts';

const bytes = new Uint8Array([1, 2, 3]);
const folderOf = (files: Map<string, Bytes>, options?: FakeDirectoryOptions) =>
  new PickedFolder(fakeDirectory(files, options));
const faultOf = async (work: Promise<unknown>) => {
  const thrown = await work.catch((fault: unknown) => fault);
  expect(thrown).toBeInstanceOf(Fault);
  const { code, message, remedy } = thrown as Fault;
  expect(message).toContain('copies');
  expect(remedy).toContain('every run is kept in this browser');
  return code;
};

describe('a folder that was picked', () => {
  test.each([[undefined], ['works'], ['refused']] as const)(
    '4: what is written is there under its name, and nothing beside it (move: %s)',
    async (move) => {
      const files = new Map<string, Bytes>();
      const folder = folderOf(files, move ? { move } : {});
      await folder.write('a.fieldbench', bytes);
      await folder.write('b.fieldbench', bytes);
      expect(await folder.names()).toEqual(['a.fieldbench', 'b.fieldbench']);
      expect(await folder.read('a.fieldbench')).toEqual(bytes);
      expect(await folder.size('b.fieldbench')).toBe(3);
      await folder.remove('a.fieldbench');
      await folder.remove('a.fieldbench');
      expect([...files.keys()]).toEqual(['b.fieldbench']);
    },
  );

  test('4: a file of which less arrived than was written never gets its name', async () => {
    const files = new Map<string, Bytes>();
    expect(await faultOf(folderOf(files, { move: 'works', failure: 'short' }).write('a.fieldbench', bytes))).toBe(
      'folder-failed',
    );
    expect(files.has('a.fieldbench')).toBe(false);
  });

  test.each([
    ['NotAllowedError', 'folder-permission'],
    ['NotFoundError', 'folder-missing'],
    ['QuotaExceededError', 'folder-full'],
    ['NoModificationAllowedError', 'folder-failed'],
  ])('2: %s is %s, with what the person should do', async (failure, code) => {
    expect(await faultOf(folderOf(new Map(), { failure }).write('a.fieldbench', bytes))).toBe(code);
  });

  test.each([['prompt'], ['denied']] as const)('2: a permission that is %s is asked for in the page', async (state) => {
    expect(await faultOf(folderOf(new Map(), { permission: state }).demandPermission())).toBe('folder-permission');
  });
});
