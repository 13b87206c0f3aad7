import { describe, expect, test } from 'vitest';
import { openStore } from '#storage/store/open.ts';
import { freshDeps, freshName, headerOf, meddle, sealRun } from '../fresh-store.ts';

const freshPlace = () => ({ name: freshName(), deps: freshDeps() });
const text = (value: string) => new TextEncoder().encode(value);

async function opened() {
  const place = freshPlace();
  return { place, store: await openStore(place) };
}

async function deliver(store: Awaited<ReturnType<typeof openStore>>, id: string): Promise<void> {
  const [row] = await store.outside.rows([id]);
  await store.move(row!, { state: 'DELIVERED', remote_id: `r-${id}`, delivered_day: '2026-11-20' });
}

describe('what copies outside are compared with', () => {
  test('20: rows by id in any state; delivered ones by number as long as their bytes are here', async () => {
    const { store } = await opened();
    for (const id of ['a', 'b', 'c', 'd']) await sealRun(store, id);
    for (const id of ['a', 'b', 'c']) await deliver(store, id);
    await store.beginRun(headerOf('open'));
    const rows = await store.outside.rows(['d', 'nobody', 'a', 'open']);
    expect(rows.map(({ id, state }) => `${id} ${state}`)).toEqual(['d QUEUED', 'a DELIVERED', 'open RUNNING']);
    expect(await store.outside.deliveredSince(0)).toEqual(['a', 'b', 'c']);
    expect(await store.outside.deliveredSince(1)).toEqual(['b', 'c']);
    await store.upkeep.reduce({ keepRuns: 1, keepDays: 1_000_000 });
    expect(await store.outside.deliveredSince(0)).toEqual(['c']);
    expect(await store.outside.reduced(['a', 'b', 'c', 'd', 'nobody'])).toEqual(['a', 'b']);
    expect(await store.outside.lastSeq()).toBe(5);
  });

  test('20: bytes and files that cannot be read any more come back from a copy, and are looked up before they are sent', async () => {
    const { place, store } = await opened();
    await store.beginRun(headerOf('a'));
    await store.addAttachment('a', { name: 'note.txt', contentType: 'text/plain', bytes: text('warm') });
    const record = (await store.unfinished())[0]!;
    const end = { kind: 'run-ended', at_ms: 1, outcome: 'PASS', interrupted: false } as const;
    await store.seal('a', [end], { ...record, outcome: 'PASS', ended_ms: 1 }, '{"id":"a"}');
    const [file] = await store.attachments('a');
    store.close();
    await meddle({ ...place, name: `${place.name}-shadow` }, ['runs'], (at) => at('runs').clear());
    await meddle({ ...place, name: `${place.name}-shadow-files` }, ['files', 'chunks'], (at) => {
      at('files').clear();
      at('chunks').clear();
    });
    await meddle(place, ['bodies', 'attachments', 'chunks'], (at) => {
      for (const table of ['bodies', 'attachments', 'chunks']) at(table).clear();
    });
    const again = await openStore(place);
    expect(await again.sealed('a')).toBeUndefined();
    const sha256 = file!.sha256.slice('sha256:'.length);
    const files = [{ name: 'note.txt', content_type: 'text/plain', size: 4, sha256, bytes: text('warm') }];
    expect(await again.outside.giveBack({ id: 'a', body: '{"id":"b"}', files })).toBe(false);
    expect(await again.outside.giveBack({ id: 'nobody', body: '{"id":"a"}', files })).toBe(false);
    expect(await again.outside.giveBack({ id: 'a', body: '{"id":"a"}', files })).toBe(true);
    expect((await again.sealed('a'))?.body).toBe('{"id":"a"}');
    expect(new TextDecoder().decode(await again.attachmentBytes('a/0'))).toBe('warm');
    expect(await again.attachments('a')).toEqual([file]);
    expect(await again.undelivered()).toMatchObject([{ state: 'AMBIGUOUS', attempts: 1, came_back: true }]);
  });

  test('20: nothing comes back to a run that TofuPilot has, and one whose files were on their way goes on with them', async () => {
    const { store } = await opened();
    for (const id of ['a', 'b']) await sealRun(store, id);
    await deliver(store, 'a');
    expect(await store.outside.giveBack({ id: 'a', body: '{"id":"a"}', files: [] })).toBe(false);
    const [row] = await store.outside.rows(['b']);
    await store.move(row!, { state: 'PARKED', remote_id: 'r-b' });
    expect(await store.outside.giveBack({ id: 'b', body: '{"id":"b"}', files: [] })).toBe(true);
    expect(await store.undelivered()).toMatchObject([{ id: 'b', state: 'ATTACHING', remote_id: 'r-b' }]);
  });

  test('2, 20: numbers go on after the highest that a copy has; the gap is no loss that a later opening finds', async () => {
    const { place, store } = await opened();
    await sealRun(store, 'a');
    await store.outside.numbersFollow(57);
    await store.outside.numbersFollow(12);
    expect((await sealRun(store, 'b')).seq).toBe(58);
    await store.upkeep.verify();
    expect(await store.upkeep.unread()).toEqual([]);
    store.close();
    const again = await openStore(place);
    expect(await again.upkeep.unread()).toEqual([]);
    expect((await again.beginRun(headerOf('c'))).seq).toBe(59);
  });
});
