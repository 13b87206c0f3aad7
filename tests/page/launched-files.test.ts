/** Files that are opened with the installed app are shown, and handed out once each. */
import { expect, test } from 'vitest';
import { LaunchedFiles, type LaunchQueue } from '../../src/page/launched-files.ts';

type Consumer = Parameters<LaunchQueue['setConsumer']>[0];

function open() {
  let consume: Consumer = () => {};
  let shown = 0;
  const files = new LaunchedFiles();
  files.listen({ setConsumer: (given) => (consume = given) }, () => (shown += 1));
  const handle = (name: string) => ({ getFile: async () => new File(['{}'], name) });
  const launch = async (names: readonly string[]) => {
    consume({ files: names.map(handle) });
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { files, launch, shown: () => shown, consume: (launched: Parameters<Consumer>[0]) => consume(launched) };
}
const names = (files: readonly File[]) => files.map(({ name }) => name);

test('they bring Uploads to the screen, wait there, and are handed out once', async () => {
  const { files, launch, shown } = open();
  let heard = 0;
  const stop = files.on(() => (heard += 1));
  await launch(['a.fieldbench', 'b.fieldbench']);
  await launch(['c.fieldbench']);
  expect([shown(), heard]).toEqual([2, 2]);
  expect(names(files.take())).toEqual(['a.fieldbench', 'b.fieldbench', 'c.fieldbench']);
  expect(files.take()).toEqual([]);
  stop();
  await launch(['d.fieldbench']);
  expect(heard).toBe(2);
  expect(names(files.take())).toEqual(['d.fieldbench']);
});

test('the app opened by its icon shows nothing else than it showed', async () => {
  const { files, launch, shown, consume } = open();
  await launch([]);
  consume({});
  expect(shown()).toBe(0);
  expect(files.take()).toEqual([]);
});

test('one that is gone by the time it is read takes no other along', async () => {
  const { files, consume } = open();
  const gone = { getFile: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
  consume({ files: [gone, { getFile: async () => new File(['{}'], 'b.fieldbench') }] });
  await new Promise((resolve) => setTimeout(resolve));
  expect(names(files.take())).toEqual(['b.fieldbench']);
});

test('a browser that opens no files with apps', () => {
  const files = new LaunchedFiles();
  files.listen(undefined, () => {});
  expect(files.take()).toEqual([]);
});
