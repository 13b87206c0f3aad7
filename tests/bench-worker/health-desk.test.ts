/** A station that says how it is, on a real store, a clock of the test's own and a server that answers as told. */
import { afterEach, describe, expect, test } from 'vitest';
import { SIGNATURE_HEADER, signWord } from '#fleet/health/word-signature.ts';
import type { Heartbeat, HeartbeatAnswer } from '#fleet/health/heartbeat.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { openStore } from '#storage/store/open.ts';
import { HealthDesk } from '../../src/bench-worker/health-desk.ts';
import { FIRST_VIEW, View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { freshDeps, freshName, headerOf, type Deps } from '../storage/fresh-store.ts';

const MINUTE = 60_000;
const ALONE: HeartbeatAnswer = { format: 1, alone: true };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Request {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}
interface Kept {
  readonly deps: Deps;
  readonly name: string;
}

async function station(kept: Kept = { deps: freshDeps(), name: freshName() }) {
  const clock = new FakeClock();
  const store = await openStore({ ...kept, clock });
  const requests: Request[] = [];
  const server = {
    status: 200,
    answer: ALONE as HeartbeatAnswer,
    retryAfter: '',
    isThere: true,
    isOnline: true,
    token: undefined as string | undefined,
  };
  const life = new AbortController();
  let desk: HealthDesk | undefined;
  const view = new View((news) => desk?.hear(news));
  desk = new HealthDesk({
    store: Promise.resolve(store),
    view,
    clock,
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
    fetch: async (path, init) => {
      requests.push({
        path: String(path),
        body: JSON.parse(String(init?.body)) as Record<string, unknown>,
        headers: new Headers(init?.headers),
      });
      if (!server.isThere) throw new TypeError('Failed to fetch');
      const headers = new Headers(server.retryAfter ? { 'retry-after': server.retryAfter } : {});
      return Response.json(server.answer, { status: server.status, headers });
    },
    token: async () => server.token,
    browser: async () => 'Chrome 156',
    system: 'linux',
    estimate: async () => ({ quota: 60e9, usage: 40e6 }),
    isOnline: () => server.isOnline,
    signal: life.signal,
  });
  const end = () => {
    life.abort();
    store.close();
  };
  ends.push(end);
  const beats = () =>
    requests.filter(({ path }) => path === '/telemetry/heartbeat').map(({ body }) => body as unknown as Heartbeat);
  const logs = () => requests.filter(({ path }) => path === '/telemetry/logs').map(({ body }) => body);
  const open = async (name = 'taipei-line1-042') => {
    view.change({ station: name });
    await settled(store);
    view.change({ status: 'ready' });
    await settled(store);
  };
  /** Lets time pass, and the store's own work with it. */
  const pass = async (ms: number) => {
    await clock.advance(ms);
    await settled(store);
  };
  return { kept, clock, store, view, desk, server, requests, beats, logs, open, pass, end };
}

/** The store works on timers of its own. */
async function settled(store: LocalStore): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await store.get('nothing');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const LATER: HeartbeatAnswer = {
  format: 1,
  alone: false,
  collision: {
    role: 'later',
    other: {
      installation: 'installation-of-another',
      term: 0,
      app_version: '0.1.0',
      browser: 'Chrome 150',
      system: 'windows',
      heard_at: '2026-11-20T08:00:00.000Z',
      last_seq: 500,
      stopped: false,
    },
  },
};
const FIRST: HeartbeatAnswer = { ...LATER, collision: { ...LATER.collision!, role: 'first' } };

describe('heartbeats', () => {
  test('health 2, 3: none before the station is ready; the first within a quarter of a minute, then one a minute', async () => {
    const { open, pass, beats, clock } = await station();
    await clock.advance(10 * MINUTE);
    expect(beats().length).toBe(0);
    await open();
    await pass(7_500);
    expect(beats().length).toBe(1);
    for (let n = 0; n < 3; n += 1) await pass(MINUTE);
    expect(beats().length).toBe(4);
  });

  test('health 3: signed with what the station was enrolled with, which itself does not go along', async () => {
    const { open, pass, requests, server } = await station();
    server.token = 'a-token-of-16-chars';
    await open();
    await pass(7_500);
    const [beat] = requests;
    const text = JSON.stringify(beat!.body);
    expect(beat!.headers.get(SIGNATURE_HEADER)).toBe(await signWord(server.token, '/telemetry/heartbeat', text));
    expect(JSON.stringify([...beat!.headers]) + text).not.toContain(server.token);
    server.token = undefined;
    await pass(MINUTE);
    expect(requests.at(-1)!.headers.has(SIGNATURE_HEADER), 'a station without a key').toBe(false);
  });

  test('health 1: says who it is, and what the view shows', async () => {
    const { open, pass, beats, view, store } = await station();
    view.change({
      plugs: [
        { key: 'fixture', name: 'Fixture', state: 'ready', simulated: false, identity: '', message: '', remedy: '' },
        {
          key: 'dmm',
          name: 'Meter',
          slot: '2',
          state: 'lost',
          simulated: false,
          identity: '',
          message: '',
          remedy: '',
        },
      ],
      queue: { ...FIRST_VIEW.queue, waiting: 2 },
    });
    await open();
    await pass(8_000);
    const [beat] = beats();
    expect(beat).toMatchObject({
      format: 1,
      station: 'taipei-line1-042',
      installation: await store.get('install'),
      term: 0,
      starts: 1,
      crashes: 0,
      browser: 'Chrome 156',
      system: 'linux',
      disk: { quota_bytes: 60e9, usage_bytes: 40e6 },
      fixtures: [
        { plug: 'dmm', slot: '2', state: 'lost' },
        { plug: 'fixture', state: 'ready' },
      ],
      queue: { waiting: 2, parked: 0 },
      runs: { PASS: 0, FAIL: 0, ERROR: 0, TIMEOUT: 0, ABORTED: 0 },
    });
  });

  test('health 3: without a network none is sent; one that finds nobody is not sent again', async () => {
    const { open, pass, beats, server } = await station();
    server.isOnline = false;
    await open();
    await pass(5 * MINUTE);
    expect(beats().length).toBe(0);
    server.isOnline = true;
    server.isThere = false;
    await pass(MINUTE);
    expect(beats().length).toBe(1);
    server.isThere = true;
    await pass(MINUTE);
    expect(beats().length).toBe(2);
  });

  test('health 2: as long as the server asks for it nothing is sent, the log neither', async () => {
    const { open, pass, requests, server, view } = await station();
    server.status = 429;
    server.retryAfter = '600';
    await open();
    view.refuse({ code: 'serial-pattern', message: 'no', remedy: '' });
    await pass(8_000);
    expect(requests.length).toBe(1);
    await pass(9 * MINUTE);
    expect(requests.length).toBe(1);
    await pass(MINUTE);
    expect(requests.length).toBe(2);
  });

  test('health 3: while a unit is under test nothing is written for it', async () => {
    const { open, pass, beats, view, store } = await station();
    await open();
    await pass(8_000);
    const kept = await store.get<{ counts: unknown }>('health-installation');
    view.change({ running: true });
    view.refuse({ code: 'serial-pattern', message: 'no', remedy: '' });
    await pass(2 * MINUTE);
    expect(await store.get('health-installation')).toEqual(kept);
    // What is not on disk is not told.
    expect(beats().at(-1)).toMatchObject({ refusals: {}, running: true });
    view.change({ running: false });
    await pass(MINUTE);
    expect(beats().at(-1)).toMatchObject({ refusals: { 'serial-pattern': 1 } });
  });
});

describe('counts', () => {
  test('health 4: runs, refusals, faults and lost fixtures are counted, each once, and over a restart', async () => {
    const first = await station();
    await first.open();
    const plug = { key: 'fixture', name: 'Fixture', simulated: false, identity: '', message: '', remedy: '' };
    const { view, desk } = first;
    const header = { ...headerOf('run-1'), seq: 7 };
    desk.hear({ kind: 'run', slot: '1', events: [{ kind: 'run-started', header }] });
    desk.hear({
      kind: 'run',
      slot: '1',
      events: [{ kind: 'run-ended', at_ms: 5, outcome: 'FAIL', interrupted: false }],
    });
    view.refuse({ code: 'serial-pattern', message: '“X-1” is none.', remedy: '' });
    for (const state of ['ready', 'rebooting', 'ready', 'lost', 'lost', 'missing', 'ready'] as const)
      view.change({ plugs: [{ ...plug, state }] });
    view.notice({ code: 'storage-full', tone: 'error', message: 'The disk is full.', remedy: '' });
    view.notice({ code: 'clock-off', tone: 'warning', message: 'The clock is off.', remedy: '' });
    await first.pass(8_000);
    const counted = {
      runs: { PASS: 0, FAIL: 1, ERROR: 0, TIMEOUT: 0, ABORTED: 0 },
      refusals: { 'serial-pattern': 1 },
      faults: { 'storage-full': 1 },
      fixture_losses: 1,
      last_seq: 7,
    };
    expect(first.beats()[0]).toMatchObject({ ...counted, starts: 1 });
    first.end();
    const second = await station(first.kept);
    second.view.notice({ code: 'run-interrupted', tone: 'warning', message: 'A run was cut off.', remedy: '' });
    await second.open();
    await second.pass(8_000);
    expect(second.beats()[0]).toMatchObject({ ...counted, last_seq: 0, starts: 2, crashes: 1 });
    expect(second.beats()[0]?.session).not.toBe(first.beats()[0]?.session);
    expect(second.beats()[0]?.installation).toBe(first.beats()[0]?.installation);
  });
});

describe('the log', () => {
  test('health 5: goes behind a heartbeat that was taken, without what was scanned, and once', async () => {
    const { open, pass, logs, view, server, requests } = await station();
    await open();
    server.isThere = false;
    view.refuse({ code: 'serial-pattern', message: '“BADGE-7781” is not a serial number.', remedy: '' });
    view.notice({ code: 'by-hand', tone: 'warning', message: '“secret” was said to it.', remedy: '' });
    await pass(8_000);
    expect(logs().length).toBe(0);
    server.isThere = true;
    await pass(MINUTE);
    expect(logs()).toEqual([
      {
        station: 'taipei-line1-042',
        installation: expect.any(String),
        session: expect.any(String),
        dropped: 0,
        entries: [
          { at: expect.any(String), level: 'warning', code: 'serial-pattern', message: '', times: 1 },
          { at: expect.any(String), level: 'warning', code: 'by-hand', message: '“…” was said to it.', times: 1 },
        ],
      },
    ]);
    await pass(MINUTE);
    expect(logs().length).toBe(1);
    const all = JSON.stringify(requests);
    for (const secret of ['BADGE', 'secret']) expect(all).not.toContain(secret);
    for (const { headers } of requests) expect(headers.has('authorization')).toBe(false);
  });

  test('health 5: what a server did not take is there after a restart', async () => {
    const first = await station();
    await first.open();
    first.server.isThere = false;
    first.desk.fault(new Error('something broke'));
    await first.pass(8_000);
    first.end();
    const second = await station(first.kept);
    await second.open();
    await second.pass(8_000);
    expect(second.logs()[0]).toMatchObject({
      entries: [{ code: 'internal', level: 'error', message: 'something broke' }],
    });
  });
});

describe('two of one name', () => {
  test('health 7: the later one starts no run, over a restart too', async () => {
    const first = await station();
    first.server.answer = LATER;
    await first.open();
    await first.pass(8_000);
    expect(first.view.current.standstill).toMatchObject({ code: 'identity-collision' });
    expect(first.view.current.notices).toContainEqual(
      expect.objectContaining({ code: 'identity-collision', tone: 'error' }),
    );
    first.end();
    const second = await station(first.kept);
    second.view.change({ station: 'taipei-line1-042' });
    await settled(second.store);
    // Before anything was said.
    expect(second.view.current.standstill).toMatchObject({ code: 'identity-collision' });
  });

  test('health 7: the first one is told and goes on', async () => {
    const { open, pass, server, view } = await station();
    server.answer = FIRST;
    await open();
    await pass(8_000);
    expect(view.current.standstill ?? null).toBeNull();
    expect(view.current.notices).toContainEqual(
      expect.objectContaining({ code: 'identity-collision', tone: 'warning' }),
    );
  });

  test('health 7: it is over when a server that has listened long enough knows of nobody, and not before', async () => {
    const { open, pass, server, view } = await station();
    server.answer = LATER;
    await open();
    await pass(8_000);
    server.answer = { format: 1, alone: false };
    for (let n = 0; n < 3; n += 1) await pass(MINUTE);
    expect(view.current.standstill).toMatchObject({ code: 'identity-collision' });
    server.answer = ALONE;
    await pass(MINUTE);
    expect(view.current.standstill).toBeNull();
    expect(view.current.notices).toEqual([]);
  });

  test('health 7: another name is at once without whatever stood against the old one', async () => {
    const { open, pass, server, view, beats } = await station();
    server.answer = LATER;
    await open();
    await pass(8_000);
    server.answer = ALONE;
    await open('taipei-line1-043');
    expect(view.current.standstill).toBeNull();
    expect(view.current.notices).toEqual([]);
    await pass(1);
    expect(beats().at(-1)).toMatchObject({ station: 'taipei-line1-043', term: 0, stopped: false });
  });

  test('health 7: it says soon that it has stopped, and not while a run is under way', async () => {
    const { open, pass, server, beats, view } = await station();
    const [slot] = FIRST_VIEW.slots;
    view.change({ slots: [{ ...slot!, running: true }] });
    server.answer = LATER;
    await open();
    await pass(8_000);
    await pass(5_000);
    expect(beats().map(({ stopped }) => stopped)).toEqual([false, false]);
    view.change({ slots: [slot!] });
    await pass(MINUTE);
    expect(beats().at(-1)).toMatchObject({ stopped: true });
  });

  test('health 7: a server that cannot be reached ends nothing', async () => {
    const { open, pass, server, view } = await station();
    server.answer = LATER;
    await open();
    await pass(8_000);
    server.isThere = false;
    for (let n = 0; n < 10; n += 1) await pass(MINUTE);
    expect(view.current.standstill).toMatchObject({ code: 'identity-collision' });
  });

  test('health 7: a copied disk goes on under an installation of its own', async () => {
    const { open, pass, server, beats, store } = await station();
    const own = await store.get<string>('install');
    server.answer = {
      ...LATER,
      collision: { ...LATER.collision!, other: { ...LATER.collision!.other, installation: own! } },
    };
    await open();
    await pass(8_000);
    await pass(MINUTE);
    expect(beats()[1]?.installation).not.toBe(own);
    expect(beats()[1]?.session).toBe(beats()[0]?.session);
  });

  const told = (change: object): HeartbeatAnswer => ({
    ...FIRST,
    collision: { role: 'first', other: { ...LATER.collision!.other, ...change } },
  });

  test('health 8: a supervisor takes the name over: with a higher term, when the other has stopped, after its numbers', async () => {
    const { open, pass, server, view, desk, beats, store } = await station();
    server.answer = { ...LATER, collision: { ...LATER.collision!, other: { ...LATER.collision!.other, term: 4 } } };
    await open();
    await pass(8_000);
    server.answer = told({ term: 4, last_seq: 503 });
    await desk.takeOver();
    await pass(1);
    expect(beats().at(-1)).toMatchObject({ term: 5 });
    // The other one goes on until it has heard of it.
    expect(view.current.standstill).toMatchObject({ code: 'identity-takeover' });
    server.answer = told({ term: 4, last_seq: 507, stopped: true });
    await pass(5_000);
    expect(view.current.standstill).toBeNull();
    expect((await store.beginRun(headerOf('run-1'))).seq).toBe(508);
  });

  test('health 8: over a restart it goes on waiting', async () => {
    const first = await station();
    first.server.answer = LATER;
    await first.open();
    await first.pass(8_000);
    first.server.answer = told({});
    await first.desk.takeOver();
    await first.pass(1);
    first.end();
    const second = await station(first.kept);
    second.server.answer = told({ stopped: true });
    second.view.change({ station: 'taipei-line1-042' });
    await settled(second.store);
    expect(second.view.current.standstill).toMatchObject({ code: 'identity-takeover' });
    await second.open();
    await second.pass(8_000);
    expect(second.view.current.standstill).toBeNull();
  });

  test('health 8: without a server a supervisor’s word is enough', async () => {
    const { open, pass, server, view, desk, store } = await station();
    server.answer = LATER;
    await open();
    await pass(8_000);
    server.isThere = false;
    await desk.takeOver();
    // One request that was lost is not yet a server that is not there.
    await pass(1);
    await pass(5_000);
    expect(view.current.standstill).toMatchObject({ code: 'identity-takeover' });
    await pass(5_000);
    expect(view.current.standstill).toBeNull();
    expect((await store.beginRun(headerOf('run-1'))).seq).toBe(501);
  });

  test('health 8: a server that has just begun to listen does not end the wait', async () => {
    const { open, pass, server, view, desk } = await station();
    server.answer = LATER;
    await open();
    await pass(8_000);
    server.answer = { format: 1, alone: false };
    await desk.takeOver();
    await pass(MINUTE);
    expect(view.current.standstill).toMatchObject({ code: 'identity-takeover' });
    server.answer = ALONE;
    await pass(5_000);
    expect(view.current.standstill).toBeNull();
  });

  test('health 8: with nobody else there is nothing to take over', async () => {
    const { open, pass, desk, beats } = await station();
    await open();
    await desk.takeOver();
    await pass(8_000);
    expect(beats()[0]?.term).toBe(0);
  });
});
