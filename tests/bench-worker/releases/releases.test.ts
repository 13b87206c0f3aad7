/** What a station keeps of releases and uses of them: the fleet's wish, a person's, and neither network nor reload between. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, ReleaseStage } from './release-stage.ts';

let stage: ReleaseStage;
beforeEach(async () => {
  stage = new ReleaseStage();
  await stage.store.set('station', 'taipei-line1-042');
  await stage.key('key');
  await stage.publish('1.0.0');
});
afterEach(() => stage.close());

const shown = () => stage.shown.procedures[0]!;
const pins = async (text: string) => {
  await writeFile(join(stage.fleet, 'pins.yaml'), text);
  await stage.done('pin', stage.fleet, '--key', stage.path('key'));
};

describe('10: a release is taken', () => {
  test('whole, as it was signed, and asked for once', async () => {
    expect(await stage.look()).toBe(true);
    const [offered] = stage.releases.offers;
    expect(offered).toMatchObject({ folder: NAME, version: '1.0.0', development: false, release: stage.hash('1.0.0') });
    const row = stage.rows.get(offered!.release)!;
    expect(row.procedure).toMatchObject({ procedure: { name: 'Power board' }, problems: [] });
    expect(row.bench).not.toBeNull();
    expect(stage.shelf.size).toBe(1);
    const asked = stage.asked.length;
    expect(await stage.look()).toBe(false);
    expect(stage.asked).toHaveLength(asked);
    expect(shown()).toMatchObject({
      held: null,
      inUse: offered!.release,
      kept: [{ version: '1.0.0', signedBy: 'key', barred: null }],
    });
  });

  test('what two releases share is fetched once', async () => {
    await stage.look();
    const picture = (await stage.contentOf('1.0.0', 'led.png')).split('/').at(-1)!;
    await stage.publish('1.1.0');
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
    expect(stage.asked.filter((address) => address.endsWith(picture))).toHaveLength(1);
  });

  test('a server that has none, or a folder that was emptied, takes nothing away', async () => {
    await stage.look();
    await stage.releases.take(undefined, new AbortController().signal);
    await rm(stage.published(''), { recursive: true });
    await stage.releases.take(true, new AbortController().signal);
    await stage.reload();
    expect([stage.inUse, stage.shown.refused]).toEqual(['1.0.0', []]);
  });
});

describe('12: five are kept', () => {
  test('of each; older ones go, and a station that comes new fetches those that it can go back to', async () => {
    await stage.look();
    for (const minor of [1, 2, 3, 4, 5, 6]) {
      await stage.publish(`1.${minor}.0`);
      await stage.look();
    }
    expect(stage.kept).toEqual(['1.6.0', '1.5.0', '1.4.0', '1.3.0', '1.2.0']);
    const fresh = new ReleaseStage();
    Object.assign(fresh, { fleet: stage.fleet });
    await fresh.look();
    expect(fresh.kept, 'first what it has to run').toEqual(['1.6.0']);
    await fresh.look();
    expect(fresh.kept).toEqual(['1.6.0', '1.5.0', '1.4.0', '1.3.0', '1.2.0']);
    expect(fresh.inUse).toBe('1.6.0');
    await fresh.close();
  });

  test('what is in use is one of them, however old', async () => {
    await stage.look();
    await stage.publish('1.1.0');
    await stage.look();
    await stage.releases.use(NAME, stage.hash('1.0.0'), 'Mei');
    for (const minor of [2, 3, 4, 5, 6]) {
      await stage.publish(`1.${minor}.0`);
      await stage.look();
    }
    expect(stage.kept).toEqual(['1.6.0', '1.5.0', '1.4.0', '1.3.0', '1.0.0']);
    expect(stage.inUse).toBe('1.0.0');
  });

  test('the fleet has gone back: what it has gone past is kept where it is, and fetched nowhere else', async () => {
    await stage.look();
    await stage.publish('1.1.0');
    await stage.look();
    await stage.done('rollback', stage.fleet, '--procedure', NAME, '--key', stage.path('key'));
    await stage.look();
    expect([stage.inUse, stage.kept]).toEqual(['1.0.0', ['1.1.0', '1.0.0']]);
    const fresh = new ReleaseStage();
    Object.assign(fresh, { fleet: stage.fleet });
    await fresh.look();
    await fresh.look();
    expect([fresh.inUse, fresh.kept]).toEqual(['1.0.0', ['1.0.0']]);
    await fresh.close();
  });
});

describe('14: a person chooses', () => {
  beforeEach(async () => {
    await stage.look();
    await stage.publish('1.1.0');
    await stage.look();
  });

  test('without a network; it stays over a reload and new releases, is told, and is let go', async () => {
    stage.isOffline = true;
    await stage.reload();
    await stage.releases.use(NAME, stage.hash('1.0.0'), 'Mei Chen');
    expect(stage.inUse).toBe('1.0.0');
    expect(stage.notice('release-held')).toContain(
      'Power board 1.0.0 is held here by Mei Chen; the fleet wants 1.1.0.',
    );
    await stage.reload();
    expect([stage.inUse, shown().held?.by]).toEqual(['1.0.0', 'Mei Chen']);
    stage.isOffline = false;
    await stage.publish('1.2.0');
    await stage.look();
    expect([stage.inUse, stage.kept]).toEqual(['1.0.0', ['1.2.0', '1.1.0', '1.0.0']]);
    expect(stage.notice('release-held')).toContain('the fleet wants 1.2.0');
    await stage.releases.follow(NAME);
    expect([stage.inUse, shown().held, stage.notice('release-held')]).toEqual(['1.2.0', null, undefined]);
  });

  test('choosing what the fleet wants is letting go', async () => {
    await stage.releases.use(NAME, stage.hash('1.0.0'), 'Mei');
    await stage.releases.use(NAME, stage.hash('1.1.0'), 'Mei');
    expect([stage.inUse, shown().held]).toEqual(['1.1.0', null]);
  });

  test('only what is whole here, and whose key counts', async () => {
    const old = stage.hash('1.0.0');
    await expect(stage.releases.use(NAME, `sha256:${'0'.repeat(64)}`, '')).rejects.toMatchObject({
      code: 'release-not-kept',
    });
    await expect(stage.releases.use('other', old, '')).rejects.toMatchObject({ code: 'release-not-kept' });
    const pictures = new Map(stage.shelf);
    stage.shelf.clear();
    await expect(stage.releases.use(NAME, old, '')).rejects.toMatchObject({ code: 'release-not-kept' });
    for (const [hash, bytes] of pictures) stage.shelf.set(hash, bytes);
    await stage.key('young', 'key');
    await stage.done('keys', stage.fleet, '--revoke', 'key', '--key', stage.path('young'));
    await stage.look();
    await expect(stage.releases.use(NAME, old, '')).rejects.toMatchObject({ code: 'release-key-revoked' });
    expect([stage.inUse, shown().kept.map(({ barred }) => barred)]).toEqual([
      '1.1.0',
      Array(2).fill('The key “key” is revoked.'),
    ]);
  });

  test('15: signed by another key it counts again, without being fetched', async () => {
    await stage.key('young', 'key');
    await stage.done('keys', stage.fleet, '--revoke', 'key', '--key', stage.path('young'));
    await stage.look();
    const asked = stage.asked.filter((address) => address.includes('/files/')).length;
    await stage.done('sign', stage.path('1.1.0.zip'), '--key', stage.path('young'));
    await stage.done('publish', stage.path('1.1.0.zip'), '--to', stage.fleet, '--key', stage.path('young'));
    await stage.look();
    expect(shown().kept[0]).toMatchObject({ version: '1.1.0', signedBy: 'young', barred: null });
    expect(stage.asked.filter((address) => address.includes('/files/'))).toHaveLength(asked);
  });
});

describe('9: a pin', () => {
  test('goes before the fleet’s choice, begins and ends by the clock, also without a network', async () => {
    await stage.publish('1.1.0');
    const at = (minutes: number) => new Date(stage.clock.ms + minutes * 60_000).toISOString();
    await pins(
      `- { procedure: ${NAME}, release: 1.0.0, stations: [taipei-*], from: ${at(10)}, until: ${at(20)}, reason: lot 77 }\n`,
    );
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
    await stage.look();
    stage.isOffline = true;
    stage.clock.ms += 11 * 60_000;
    expect(await stage.releases.settle()).toBe(true);
    expect([stage.inUse, shown().wanted?.pin]).toEqual(['1.0.0', 'lot 77']);
    stage.clock.ms += 10 * 60_000;
    await stage.reload();
    expect([stage.inUse, shown().wanted?.pin]).toEqual(['1.1.0', null]);
  });

  test('of other stations changes nothing here', async () => {
    await stage.publish('1.1.0');
    await pins(`- { procedure: ${NAME}, release: 1.0.0, stations: [taipei-line2-*] }\n`);
    await stage.look();
    expect(stage.inUse).toBe('1.1.0');
  });
});

describe('16 and 7: trust', () => {
  test('the fleet’s keys say that nothing unsigned is run', async () => {
    await stage.look();
    expect(stage.releases.isSignedOnly).toBe(false);
    await stage.done('keys', stage.fleet, '--signed-only', 'yes', '--key', stage.path('key'));
    await stage.look();
    expect(stage.releases.isSignedOnly).toBe(true);
    await rm(stage.published(''), { recursive: true });
    await stage.reload();
    expect(stage.releases.isSignedOnly).toBe(true);
  });

  test('a station that is enrolled anew believes what it sees, and keeps what it has until then', async () => {
    await stage.look();
    await rm(stage.published(''), { recursive: true });
    await stage.key('other');
    await stage.publish('2.0.0', { key: 'other' });
    await stage.look();
    expect([stage.inUse, stage.shown.refused[0]?.code]).toEqual(['1.0.0', 'release-keys']);
    await stage.releases.forgetTrust();
    expect(stage.inUse).toBe('1.0.0');
    await stage.look();
    expect([stage.inUse, stage.shown.refused]).toEqual(['2.0.0', []]);
  });
});
