/**
 * The acceptance table: whatever is wrong with what the server has, it is refused with a reason, told once, and the station
 * goes on with what it had; and when it is put right, it is taken.
 */
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, ReleaseStage } from './release-stage.ts';

let stage: ReleaseStage;
beforeEach(async () => {
  stage = new ReleaseStage();
  await stage.store.set('station', 'taipei-line1-042');
  await stage.key('key');
  await stage.publish('1.0.0');
  await stage.look();
  expect(stage.inUse).toBe('1.0.0');
  await stage.publish('1.1.0', { change: { name: 'Power board B' } });
});
afterEach(() => stage.close());

const flipped = (bytes: Uint8Array<ArrayBuffer>) => {
  const changed = bytes.slice();
  changed[changed.length >> 1]! ^= 1;
  return changed;
};
const edit = async (path: string, change: (text: string) => string) =>
  writeFile(path, change(await readFile(path, 'utf8')));
const picture = () => stage.contentOf('1.1.0', 'led.png');
const main = () => stage.contentOf('1.1.0', 'procedure.yaml');
const manifest = () => stage.published(`files/${stage.hash('1.1.0').slice('sha256:'.length)}`);

interface Wrong {
  readonly what: string;
  readonly code: string;
  /** Makes it so, and says how it is put right. */
  wrong(): Promise<() => Promise<unknown> | unknown>;
  /** Who is refused: the procedure, unless it is a document. */
  readonly of?: string;
}

const tampered = (what: string, path: () => Promise<string> | string, code = 'release-damaged'): Wrong => ({
  what,
  code,
  wrong: async () => {
    const file = await path();
    const before = await readFile(file);
    await writeFile(file, flipped(new Uint8Array(before)));
    return () => writeFile(file, before);
  },
});
const answered = (
  what: string,
  path: () => Promise<string> | string,
  code: string,
  answer: (bytes: Uint8Array<ArrayBuffer>) => Response,
): Wrong => ({
  what,
  code,
  wrong: async () => {
    const end = (await path()).split('/').at(-1)!;
    // Another picture than the one that is here already.
    stage.shelf.clear();
    stage.troubles.set(end, answer);
    return () => stage.troubles.delete(end);
  },
});
const INDEX = 'the index of releases';
const signAnew = async (change: (text: string) => string) => {
  const before = await readFile(stage.published('index.json'), 'utf8');
  await edit(stage.published('index.json'), change);
  return () => writeFile(stage.published('index.json'), before);
};

const TABLE: readonly Wrong[] = [
  tampered('a tampered procedure', main),
  tampered('a tampered manifest', manifest),
  {
    ...tampered('a tampered picture', picture),
    wrong: async () => {
      stage.shelf.clear();
      return tampered('', picture).wrong();
    },
  },
  answered('a truncated download that ends cleanly', main, 'release-cut', (bytes) => new Response(bytes.slice(0, 40))),
  answered('a download that breaks off', picture, 'release-cut', (bytes) => {
    let parts = 0;
    const pull = (controller: ReadableStreamDefaultController) =>
      parts++ === 0 ? controller.enqueue(bytes.slice(0, 100)) : controller.error(new TypeError('network error'));
    return new Response(new ReadableStream({ pull }));
  }),
  answered('a download that does not end', main, 'release-damaged', (bytes) => {
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(bytes);
    return new Response(new ReadableStream({ pull }));
  }),
  answered(
    'a page of a proxy in the place of a file',
    main,
    'release-missing',
    () => new Response('<html>', { status: 407 }),
  ),
  {
    what: 'a file that is not there',
    code: 'release-missing',
    wrong: async () => {
      const [file, beside] = [await main(), stage.path('aside')];
      await copyFile(file, beside);
      await rm(file);
      return () => copyFile(beside, file);
    },
  },
  ...[0, 1].map((writes) => ({
    what: `a full disk in the middle of a download, after ${writes} writes`,
    code: 'release-storage-full',
    wrong: async () => {
      stage.shelf.clear();
      stage.fullAfter = writes;
      return () => (stage.fullAfter = Infinity);
    },
  })),
  {
    what: 'a release that only an unknown key has signed',
    code: 'release-key-unknown',
    wrong: () => {
      const { key } = stage.index.signed.procedures[0]!.releases[0]!.signatures[0]!;
      return resigned((text) => text.replace(`"key": "${key}"`, '"key": "0123456789abcdef"'));
    },
  },
  {
    what: 'a signature that was changed',
    code: 'release-signature',
    wrong: () => {
      const { signature } = stage.index.signed.procedures[0]!.releases[0]!.signatures[0]!;
      return resigned((text) =>
        text.replace(
          signature,
          signature.replace(/^../, (two) => (two === 'AB' ? 'BA' : 'AB')),
        ),
      );
    },
  },
  {
    what: 'a name in the index that the release does not have',
    code: 'release-signature',
    wrong: () => resigned((text) => text.replace('"version": "1.1.0"', '"version": "9.9.9"')),
  },
  {
    what: 'an index that was changed',
    code: 'release-signature',
    of: INDEX,
    wrong: () => signAnew((text) => text.replace('Power board B', 'Power board C')),
  },
  {
    what: 'an index by an unknown key',
    code: 'release-key-unknown',
    of: INDEX,
    wrong: () => {
      const { key } = stage.index.signatures[0]!;
      return signAnew(
        (text) => text.slice(0, text.lastIndexOf(key)) + '0123456789abcdef' + text.slice(text.lastIndexOf(key) + 16),
      );
    },
  },
  {
    what: 'a half-written index',
    code: 'release-unreadable',
    of: INDEX,
    wrong: () => signAnew((text) => text.slice(0, text.length / 2)),
  },
  {
    what: 'an index in a newer form',
    code: 'release-newer-format',
    of: INDEX,
    wrong: () => signAnew((text) => text.replace('"format": 1', '"format": 2')),
  },
];

/** Changes the index and signs it by the key that counts: what a careless publisher could do. */
async function resigned(change: (text: string) => string): Promise<() => Promise<unknown>> {
  const before = await readFile(stage.published('index.json'), 'utf8');
  const changed = change(before);
  expect(changed).not.toBe(before);
  const { readSigner } = await import('../../../src/cli/key-file.ts');
  const { signStatement } = await import('#fleet/distribution/signed/signature.ts');
  const { signed } = JSON.parse(changed) as { signed: object };
  const signatures = [await signStatement(signed, await readSigner(stage.path('key')))];
  await writeFile(stage.published('index.json'), JSON.stringify({ signed, signatures }));
  // Put right it has a higher number, as every index after it.
  return () => stage.done('publish', stage.path('1.1.0.zip'), '--to', stage.fleet, '--key', stage.path('key'));
}

describe('11: refused with a reason, and production goes on with what was there', () => {
  test.each(TABLE)('$what', async ({ code, wrong, of = NAME }) => {
    const putRight = await wrong();
    await stage.look();
    expect(stage.inUse).toBe('1.0.0');
    expect(stage.shown.refused.map((one) => [one.what, one.code])).toContainEqual([of, code]);
    expect(stage.notice(code)).toContain(of === NAME ? 'The station goes on with Power board 1.0.0.' : 'refused');
    expect(stage.rows.has(stage.releases.offers[0]!.release)).toBe(true);

    // Told once: what a person has put away stays away while nothing changes, also with the next looks.
    stage.view.dismiss(code);
    await stage.look();
    await stage.restAMinute();
    await stage.look();
    expect(stage.notice(code)).toBeUndefined();
    expect(stage.shown.refused).not.toEqual([]);

    await putRight();
    stage.clock.ms += 20 * 60_000;
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
    expect(stage.shown.refused).toEqual([]);
  });

  test('a list of keys that somebody else has made: nobody of them counts, and those of before do', async () => {
    await stage.done('keygen', stage.path('thief'));
    await stage.done('keys', stage.path('other'), '--add', stage.path('thief.pub'), '--key', stage.path('thief'));
    await copyFile(stage.path('other/releases/keys.json'), stage.published('keys.json'));
    await stage.look();
    expect(stage.shown.refused).toMatchObject([{ what: 'the list of keys', code: 'release-keys' }]);
    expect([stage.inUse, stage.releases.book.keys?.keys.map(({ name }) => name)]).toEqual(['1.1.0', ['key']]);
  });

  test('a revoked key: its releases are not taken, and signed by another one they are', async () => {
    await stage.key('young', 'key');
    await stage.done('keys', stage.fleet, '--revoke', 'key', '--key', stage.path('young'));
    await stage.look();
    expect([stage.inUse, stage.shown.refused[0]?.code]).toEqual(['1.0.0', 'release-key-revoked']);
    expect(stage.notice('release-in-use-revoked'), '15: what is in use stays so').toContain(
      'The station goes on with it',
    );
    await stage.done('sign', stage.path('1.1.0.zip'), '--key', stage.path('young'));
    await stage.done('publish', stage.path('1.1.0.zip'), '--to', stage.fleet, '--key', stage.path('young'));
    await stage.look();
    expect([stage.inUse, stage.shown.refused, stage.notice('release-in-use-revoked')]).toEqual([
      '1.1.0',
      [],
      undefined,
    ]);
  });

  test('an older release put back with the index that named it: seen, and a rollback on purpose works', async () => {
    await copyFile(stage.published('index.json'), stage.path('old-index.json'));
    await stage.look();
    await stage.publish('1.2.0');
    await stage.look();
    expect(stage.inUse).toBe('1.2.0');
    await copyFile(stage.path('old-index.json'), stage.published('index.json'));
    await stage.look();
    expect([stage.inUse, stage.shown.refused[0]?.code]).toEqual(['1.2.0', 'release-older']);
    expect(stage.notice('release-older')).toContain('has seen number 3');
    await stage.reload();
    await stage.look();
    expect([stage.inUse, stage.shown.refused[0]?.code], 'after a reload, too').toEqual(['1.2.0', 'release-older']);
  });

  test('a release that cannot run here is not used', async () => {
    const file = await stage.bundle('1.3.0');
    // As a newer fieldbench would pack it: this one does not.
    const { bundleOf, readBundle, writeBundle } = await import('#fleet/distribution/signed/bundle.ts');
    const { stringify } = await import('yaml');
    const bundle = await readBundle(new Uint8Array(await readFile(file)));
    const text = new TextEncoder().encode(
      stringify({ name: 'Power board', version: '1.3.0', main: [{ name: 'Later', steps: [{ levitate: 1 }] }] }),
    );
    const files = new Map([...bundle.files, ['procedure.yaml', text]]);
    const { id } = bundle.manifest;
    await writeFile(
      file,
      await writeBundle(
        await bundleOf({ title: { id, name: 'Power board', version: '1.3.0' }, files, scripts: new Map() }),
      ),
    );
    await stage.done('sign', file, '--key', stage.path('key'));
    await stage.done('publish', file, '--to', stage.fleet, '--key', stage.path('key'));
    await stage.look();
    expect([stage.inUse, stage.shown.refused[0]?.code]).toEqual(['1.0.0', 'release-unusable']);
    expect([...stage.rows.keys()]).not.toContain(stage.hash('1.3.0'));
  });

  test('what fails is fetched ever more seldom, and at once when something was published', async () => {
    const file = await main();
    const before = await readFile(file);
    await writeFile(file, flipped(new Uint8Array(before)));
    const fetches = () => stage.asked.filter((address) => address.endsWith(file.split('/').at(-1)!)).length;
    await stage.look();
    for (let round = 0; round < 4 * 60; round += 1) {
      stage.clock.ms += 15_000;
      await stage.look();
    }
    expect(fetches(), 'within an hour').toBeLessThan(9);
    await writeFile(file, before);
    await stage.done('publish', stage.path('1.1.0.zip'), '--to', stage.fleet, '--key', stage.path('key'));
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
  });

  test('a network that is away is nothing to be told, and what came before it went is not asked for again', async () => {
    stage.shelf.clear();
    const end = (await picture()).split('/').at(-1)!;
    stage.troubles.set(end, () => {
      throw new TypeError('Failed to fetch');
    });
    await stage.look();
    expect([stage.inUse, stage.shown.refused, stage.view.current.notices]).toEqual(['1.0.0', [], []]);
    stage.troubles.clear();
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
  });
});
