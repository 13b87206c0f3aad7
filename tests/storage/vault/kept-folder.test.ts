import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { FolderKeeper } from '#storage/vault/kept-folder.ts';

test('20: the folder that was picked is kept over restarts, replaced, and forgotten', async () => {
  const folder = { handle: { name: 'copies' }, since_seq: 3, keeps_delivered: false };
  expect(await new FolderKeeper('kept').get()).toBeUndefined();
  await new FolderKeeper('kept').set(folder);
  expect(await new FolderKeeper('kept').get()).toEqual(folder);
  const keeper = new FolderKeeper('kept');
  await keeper.set({ ...folder, keeps_delivered: true });
  expect(await keeper.get()).toMatchObject({ keeps_delivered: true });
  await keeper.set(undefined);
  expect(await keeper.get()).toBeUndefined();
});

test('9: where the browser has no storage to keep it in, that is said', async () => {
  const whole = globalThis.indexedDB;
  Object.defineProperty(globalThis, 'indexedDB', {
    value: {
      open: () => {
        throw new Error('blocked');
      },
    },
    configurable: true,
  });
  try {
    await expect(new FolderKeeper('kept').get()).rejects.toMatchObject({ code: 'failed' });
  } finally {
    Object.defineProperty(globalThis, 'indexedDB', { value: whole, configurable: true });
  }
});
