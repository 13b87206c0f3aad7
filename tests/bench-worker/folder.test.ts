/** The loop that fills the picked folder: what it says, when it tries again, and what it keeps over restarts. */
import { describe, expect, test } from 'vitest';
import type { FolderHandle } from '#engine/link/folder-link.ts';
import type { LocalStore } from '#storage/store/open.ts';
import type { FolderKeeper, KeptFolder } from '#storage/vault/kept-folder.ts';
import type { Bytes } from '#sync/transfer/zip.ts';
import { Folder } from '../../src/bench-worker/folder.ts';
import { View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { fakeDirectory } from '../sync/folder/memory-folder.ts';
import { newSigner, OwnOutbox, runId } from '../sync/transfer/carrying.ts';

const signer = await newSigner();
/** More than a run takes to settle, less than a retry. */
const A_WHILE_MS = 5_000;
const RETRY_MS = 31_000;

function bench({ permission = 'granted', kept }: { permission?: PermissionState; kept?: KeptFolder } = {}) {
  const files = new Map<string, Bytes>();
  const state = { permission, kept };
  const handle = Object.assign(fakeDirectory(files), {
    queryPermission: async () => state.permission,
  }) as unknown as FolderHandle;
  const runs = new OwnOutbox([1, 2]);
  Object.assign(runs.outside, { lastSeq: async () => 2 });
  const view = new View(() => {});
  const clock = new FakeClock();
  const life = new AbortController();
  const folder = new Folder({
    store: Promise.resolve(runs as unknown as LocalStore),
    keeper: {
      get: async () => state.kept,
      set: async (next: KeptFolder | undefined) => void (state.kept = next),
    } as unknown as FolderKeeper,
    view,
    clock,
    signer: async () => signer,
    withLock: (_signal, work) => work(),
    onMarked: () => {},
  });
  const done = folder.run(life.signal);
  return { files, state, handle, runs, view, clock, folder, end: () => (life.abort(), done) };
}

const codes = (view: View) => view.current.notices.map(({ code }) => code);

describe('the folder for copies', () => {
  test('1: what waits when it is picked, and what is sealed later, lies in it; the view counts', async () => {
    const { files, handle, runs, view, clock, folder, state, end } = bench();
    await folder.pick(handle);
    await clock.advance(A_WHILE_MS);
    await expect.poll(() => view.current.folder).toMatchObject({ name: 'copies', runs: 2, waiting: 0, problem: null });
    const later = new OwnOutbox([3]);
    runs.rows.set(runId(3), later.rows.get(runId(3))!);
    runs.bodies.set(runId(3), later.bodies.get(runId(3))!);
    folder.add(runId(3));
    await clock.advance(A_WHILE_MS);
    await expect.poll(() => view.current.folder).toMatchObject({ runs: 3, waiting: 0 });
    expect(files.size).toBe(3);
    expect(state.kept).toMatchObject({ since_seq: 2, keeps_delivered: false });
    await end();
  });

  test('2: a permission that was lost is said once, runs wait, and go when it is allowed again', async () => {
    const { files, handle, view, clock, folder, state, end } = bench({ permission: 'prompt' });
    await folder.pick(handle);
    await clock.advance(A_WHILE_MS);
    await expect.poll(() => codes(view)).toEqual(['folder-permission']);
    expect(view.current.folder?.problem?.remedy).toContain('Allow again');
    view.dismiss('folder-permission');
    await clock.advance(RETRY_MS * 3);
    expect(codes(view), 'it is not said twice').toEqual([]);
    expect(files.size).toBe(0);
    state.permission = 'granted';
    folder.lookAgain();
    await clock.advance(A_WHILE_MS);
    await expect.poll(() => view.current.folder).toMatchObject({ runs: 2, problem: null });
    await end();
  });

  test('2: a drive that comes back is filled without anybody pressing anything', async () => {
    const { files, handle, view, clock, folder, end } = bench();
    const { getFileHandle } = handle as unknown as FileSystemDirectoryHandle;
    let isGone = true;
    Object.assign(handle, {
      getFileHandle: async (...args: Parameters<typeof getFileHandle>) => {
        if (isGone) throw new DOMException('No such folder.', 'NotFoundError');
        return getFileHandle(...args);
      },
    });
    await folder.pick(handle);
    await clock.advance(A_WHILE_MS);
    await expect.poll(() => codes(view)).toEqual(['folder-missing']);
    isGone = false;
    await clock.advance(RETRY_MS + A_WHILE_MS);
    await expect.poll(() => files.size).toBe(2);
    await expect.poll(() => codes(view)).toEqual([]);
    await end();
  });

  test('5: the folder of before the restart is filled on; one that was given up is not', async () => {
    const first = bench();
    await first.folder.pick(first.handle);
    await first.end();
    const second = bench({ kept: first.state.kept! });
    await second.clock.advance(A_WHILE_MS);
    await expect.poll(() => second.view.current.folder).toMatchObject({ runs: 2 });
    expect(second.folder.handle()).toBe(first.handle);
    await second.folder.forget();
    expect(second.view.current.folder).toBeNull();
    expect(second.state.kept).toBeUndefined();
    second.folder.add(runId(9));
    await second.clock.advance(A_WHILE_MS);
    expect(first.files.size).toBe(2);
    await second.end();
  });
});
