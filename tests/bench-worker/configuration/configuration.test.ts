/**
 * fleet/config/RULES.md 12 to 19: what a station believes of its configuration, when it goes by it, and what it tells; and
 * whatever is wrong with what the server has, the station goes on with what was in force.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSigner } from '../../../src/cli/key-file.ts';
import type { SignedConfiguration } from '#fleet/config/document.ts';
import { signStatement } from '#fleet/distribution/signed/signature.ts';
import { configurationView } from '../../../src/bench-worker/configuration-view.ts';
import { ConfigurationStage, DOCUMENT, STATION } from './configuration-stage.ts';

const LINE = 'config/lines/taipei-line1.yaml';
let stage: ConfigurationStage;
beforeEach(async () => {
  stage = new ConfigurationStage();
  await stage.write('fleet.yaml', 'sync: { concurrency: 2 }\n');
  await stage.write(`config/stations/${STATION}.yaml`, '');
  await stage.write('config/stations/taipei-line1-043.yaml', '');
  await stage.write(LINE, 'sign_in: { idle_min: 5 }\n');
  await stage.key('key');
  await stage.publish();
  stage.rows.set('station', JSON.stringify(STATION));
  await stage.configuration.load();
  await stage.lookAndApply();
  expect(stage.idleMin).toBe(5);
});
afterEach(() => stage.close());

const nextLine = async (idleMin: number, key?: string) => {
  await stage.write(LINE, `sign_in: { idle_min: ${idleMin} }\n`);
  await stage.publish(key);
};
/** The document signed anew by a key that counts, as a careless or an older publisher could do. */
async function resigned(change: (document: SignedConfiguration['signed']) => object): Promise<void> {
  const { signed } = JSON.parse(await stage.read(DOCUMENT)) as SignedConfiguration;
  const changed = change(signed);
  const signatures = [await signStatement(changed, await readSigner(stage.path('key')))];
  await stage.write(DOCUMENT, JSON.stringify({ signed: changed, signatures }));
}

describe('13: refused with a reason, and what was in force stays so', () => {
  const TABLE: readonly { what: string; code: string; wrong: () => Promise<unknown> | unknown }[] = [
    {
      what: 'a value that was changed',
      code: 'release-signature',
      wrong: async () => stage.write(DOCUMENT, (await stage.read(DOCUMENT)).replace('"value": 7', '"value": 900')),
    },
    {
      what: 'another tier for a value',
      code: 'release-signature',
      wrong: async () =>
        stage.write(DOCUMENT, (await stage.read(DOCUMENT)).replace('"tier": "line"', '"tier": "fleet"')),
    },
    {
      what: 'a document of another station',
      code: 'config-station',
      wrong: async () => stage.write(DOCUMENT, await stage.read('releases/configuration/taipei-line1-043.json')),
    },
    {
      what: 'a download that was cut',
      code: 'release-unreadable',
      wrong: () => (stage.answer = (text) => new Response(text.slice(0, text.length / 2))),
    },
    {
      what: 'a page of a proxy',
      code: 'release-unreadable',
      wrong: () => (stage.answer = () => new Response('<html>')),
    },
    {
      what: 'a newer form',
      code: 'release-newer-format',
      wrong: () => resigned((document) => ({ ...document, format: 2 })),
    },
    {
      what: 'a setting that this app does not know',
      code: 'config-value',
      wrong: () =>
        resigned((document) => ({
          ...document,
          values: [...document.values, { path: ['warp'], value: 9, tier: 'fleet', from: 'fleet.yaml:9' }],
        })),
    },
    {
      what: 'a value out of its range',
      code: 'config-value',
      wrong: () =>
        resigned((document) => ({
          ...document,
          values: document.values.map((one) => (one.path[0] === 'sync' ? { ...one, value: 0 } : one)),
        })),
    },
    {
      what: 'a parameter that the procedure does not have',
      code: 'config-parameter',
      wrong: () => (stage.misfit = 'With it Power board could not be tested.'),
    },
    {
      what: 'one that nobody has signed',
      code: 'config-unsigned',
      wrong: async () => {
        const document = JSON.parse(await stage.read(DOCUMENT)) as object;
        return stage.write(DOCUMENT, JSON.stringify({ ...document, signatures: [] }));
      },
    },
    {
      what: 'one that an unknown key has signed',
      code: 'release-key-unknown',
      wrong: async () => {
        const { signed } = JSON.parse(await stage.read(DOCUMENT)) as SignedConfiguration;
        await stage.done('keygen', stage.path('thief'));
        const signatures = [await signStatement(signed, await readSigner(stage.path('thief')))];
        return stage.write(DOCUMENT, JSON.stringify({ signed, signatures }));
      },
    },
    { what: 'a full disk', code: 'config-storage', wrong: () => (stage.isFull = true) },
  ];

  test.each(TABLE)('$what', async ({ code, wrong }) => {
    const before = structuredClone(stage.configuration.kept);
    await nextLine(7);
    await wrong();
    await stage.lookAndApply();
    expect(stage.refused).toBe(code);
    expect(stage.notice('config-refused')).toContain('The station goes on with the configuration that it has.');
    expect([stage.idleMin, stage.configuration.kept]).toEqual([5, before]);
    // Told once: what a person has put away stays away while nothing changes, also with the next looks.
    stage.view.dismiss('config-refused');
    await stage.lookAndApply();
    expect(stage.notice('config-refused')).toBeUndefined();
    stage.isFull = false;
    await stage.reload();
    expect(stage.idleMin).toBe(5);

    // Put right it is taken.
    stage.answer = undefined;
    stage.misfit = null;
    await nextLine(8);
    await stage.lookAndApply();
    expect([stage.idleMin, stage.refused]).toEqual([8, undefined]);
  });

  test('14: an older one that was put back, also after a reload; going back on purpose is publishing the older values', async () => {
    const old = [await stage.read(DOCUMENT), await stage.read('releases/configuration.json')] as const;
    await nextLine(7);
    await stage.lookAndApply();
    expect(stage.idleMin).toBe(7);
    await stage.write(DOCUMENT, old[0]);
    await stage.write('releases/configuration.json', old[1]);
    await stage.lookAndApply();
    expect([stage.idleMin, stage.refused]).toEqual([7, 'config-older']);
    await stage.reload();
    await stage.lookAndApply();
    expect([stage.idleMin, stage.refused]).toEqual([7, 'config-older']);
    // The publisher's folder is the one that counts on; the values are those of before.
    await stage.write('releases/configuration.json', '{"number":2}');
    await nextLine(5);
    await stage.lookAndApply();
    expect([stage.idleMin, stage.refused, stage.configuration.kept.seen?.number]).toEqual([5, undefined, 3]);
  });

  test('14: two with one number', async () => {
    await resigned((document) => ({ ...document, made_at: '2020-01-01T00:00:00.000Z' }));
    await stage.look(true);
    expect(stage.refused).toBe('config-forked');
  });

  test('13: a key that is revoked convinces nobody any more; by another one it is published anew, and what is in force stays', async () => {
    await stage.key('young', 'key');
    await nextLine(7);
    await stage.done('keys', stage.fleet, '--revoke', 'key', '--key', stage.path('young'));
    await stage.lookAndApply();
    expect([stage.idleMin, stage.refused]).toEqual([5, 'release-key-revoked']);
    expect(await stage.publish('young')).toContain('0 of 2 stations get another configuration, number 3.');
    await stage.lookAndApply();
    expect([stage.idleMin, stage.refused]).toEqual([7, undefined]);
    expect((await stage.say('config', 'publish', stage.fleet, '--key', stage.path('key'))).exit).toBe(1);
  });
});

test('15: it waits until it is applied, and is whole then; what was frozen before stays as it was', async () => {
  const [hash, settings] = [stage.configuration.hash, stage.configuration.settings];
  await stage.write('fleet.yaml', 'sync: { concurrency: 3 }\n');
  await nextLine(7);
  expect(await stage.look()).toBe(true);
  // A run is under way: every look leaves things as they are.
  await stage.look();
  expect([stage.configuration.hash, stage.configuration.settings, stage.idleMin]).toEqual([hash, settings, 5]);
  expect(await stage.configuration.apply()).toBe(true);
  expect([stage.idleMin, stage.configuration.settings.sync.concurrency]).toEqual([7, 3]);
  expect(stage.configuration.hash).not.toBe(hash);
  expect(JSON.parse(stage.rows.get('fleet-settings')!)).toMatchObject({
    sync: { concurrency: 3 },
    sign_in: { idle_min: 7 },
  });
  expect(await stage.configuration.apply()).toBe(false);
});

test('16: without a network, and after a reload, the last one counts; a copy that a power cut left behind is mended', async () => {
  stage.isOffline = true;
  stage.rows.set('fleet-settings', '{}');
  await stage.reload();
  expect([stage.idleMin, JSON.parse(stage.rows.get('fleet-settings')!)]).toMatchObject([
    5,
    { sign_in: { idle_min: 5 } },
  ]);
  expect(await stage.look(true)).toBe(false);
  expect([stage.idleMin, stage.refused, stage.view.current.notices]).toEqual([5, undefined, []]);
});

test('16: what the server does not offer any more stays in force; so does one that is not there for this station', async () => {
  const { rm } = await import('node:fs/promises');
  await rm(`${stage.fleet}/${DOCUMENT}`);
  await stage.lookAndApply();
  expect(stage.idleMin).toBe(5);
  await rm(`${stage.fleet}/releases/configuration.json`);
  stage.settings = { ...stage.settings, sign_in: { idle_min: 99 } };
  await stage.lookAndApply();
  expect(stage.idleMin, 'an unsigned manifest says nothing to a station that has a signed document').toBe(5);
});

test('12: a document is asked for only when the server says that one has changed', async () => {
  const asked = stage.asked.length;
  await stage.look();
  await stage.look();
  expect(stage.asked.length).toBe(asked);
  await stage.publish();
  await stage.lookAndApply();
  await stage.look();
  expect(stage.asked.length).toBe(asked + 1);
  expect(stage.configuration.kept.changes.length, 'nothing was changed').toBe(2);
});

test('17: every value with its tier and since when; what changed, newest first; and what a person has set here', async () => {
  stage.nowMs += 60_000;
  await stage.write(
    'fleet.yaml',
    'sync: { concurrency: 2 }\nsign_in: { retest_by: supervisor }\nlocked: [sign_in.retest_by]\n',
  );
  await nextLine(7);
  await stage.lookAndApply();
  const here = { 'sign_in.idle_min': 9, 'sign_in.retest_by': 'operator', simulated: undefined };
  const view = configurationView(stage.configuration.kept, here);
  expect(view).toMatchObject({ source: 'signed', number: 2, signedBy: 'key', hash: stage.configuration.hash });
  const of = (key: string) => view.values.find((one) => one.key === key);
  expect(of('sync.concurrency')).toMatchObject({
    value: '2',
    tier: 'fleet',
    from: 'fleet.yaml:1',
    since: '2026-11-30T09:00:00.000Z',
  });
  expect(of('sign_in.idle_min')).toMatchObject({
    value: '9',
    tier: 'here',
    instead: '7',
    since: '2026-11-30T09:01:00.000Z',
  });
  expect(of('sign_in.retest_by')).toMatchObject({
    value: 'supervisor',
    tier: 'fleet',
    locked: 'fleet.yaml:3',
    instead: '',
  });
  expect(of('retention.keep_days')).toMatchObject({ value: '90', tier: 'built-in', from: '' });
  expect(view.changes.map(({ key, before, after, tier }) => [key, before, after, tier])).toEqual([
    ['sign_in.idle_min', '5', '7', 'line'],
    ['sign_in.retest_by', '', 'supervisor', 'fleet'],
    ['sign_in.idle_min', '', '5', 'line'],
    ['sync.concurrency', '', '2', 'fleet'],
  ]);
  expect(() => stage.configuration.demandUnlocked('sign_in.retest_by')).toThrow('locked');
  expect(stage.view.current.configuration?.locked).toEqual(['sign_in.retest_by']);
});

test('18: the hash is that of the values: two stations of a line say the same, whatever the number', async () => {
  const { configurationHash } = await import('#fleet/config/document.ts');
  const other = JSON.parse(await stage.read('releases/configuration/taipei-line1-043.json')) as SignedConfiguration;
  expect(await configurationHash(other.signed.values)).toBe(stage.configuration.hash);
});

test('19: a fleet of one file goes by its manifest; a version before this one left nothing else behind', async () => {
  const plain = new ConfigurationStage();
  try {
    plain.settings = {
      ...plain.settings,
      sign_in: { idle_min: 3 },
      operators: [{ name: 'Ana', role: 'operator', badge: 'x' }],
    };
    await plain.configuration.load({ format: 1, settings: plain.settings, procedures: [] });
    expect([plain.idleMin, plain.configuration.settings.operators]).toEqual([3, plain.settings.operators]);
    plain.settings = { ...plain.settings, sign_in: { idle_min: 4 } };
    await plain.lookAndApply();
    expect(plain.idleMin).toBe(4);
    expect(configurationView(plain.configuration.kept, {}).source).toBe('manifest');
    await plain.reload();
    expect(plain.idleMin).toBe(4);
  } finally {
    plain.close();
  }
});

test('14: a browser that is enrolled anew believes what it sees next, and what is in force stays until then', async () => {
  await stage.configuration.forgetTrust();
  expect(stage.idleMin).toBe(5);
  stage.rows.set('station', JSON.stringify('taipei-line1-043'));
  await stage.lookAndApply();
  expect([stage.idleMin, stage.configuration.kept.inForce?.station]).toEqual([5, 'taipei-line1-043']);
});
