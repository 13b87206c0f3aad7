/** Who is listed, who is signed in, and what they may do: src/bench-worker/RULES.md, 1 to 7. */
import { describe, expect, test } from 'vitest';
import { hashBadge } from '#fleet/people/secret.ts';
import type { View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { ANA, BEN, MEI, MemorySettings, peopleStage } from './people-stage.ts';

const EVERYTHING = [
  'start',
  'procedure',
  'simulated',
  'fixture',
  'workshop',
  'uploads',
  'export',
  'release',
  'enrol',
  'people',
];
const barred = ({ current }: View) => Object.keys(current.people.barred);
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

describe('1: until a supervisor is listed', () => {
  test('nobody is asked, everybody may do everything', async () => {
    for (const wishes of [[], [ANA], [ANA, BEN]]) {
      const { signIn, view } = await peopleStage(wishes);
      expect(view.current.people).toMatchObject({ isRequired: false, barred: {}, signedIn: null });
      expect(barred(view)).toEqual([]);
      signIn.demand('people');
      expect(signIn.allows('procedure')).toBe(true);
    }
  });

  test('and from then on nobody may do anything without signing in', async () => {
    const { signIn, view } = await peopleStage([ANA, MEI]);
    expect(view.current.people).toMatchObject({ isRequired: true, signedIn: null });
    expect(barred(view)).toEqual(EVERYTHING);
    expect(() => signIn.demand('people')).toThrow('Nobody is signed in, and nobody may change who works here');
    expect(signIn.allows('procedure')).toBe(false);
    expect(view.current.notices).toMatchObject([
      { code: 'not-allowed', remedy: 'A technician or a supervisor can do this.' },
    ]);
  });

  test('3: each role may what the table says; the refusal names who can', async () => {
    const { signIn, view, book, id } = await peopleStage([ANA, BEN, MEI]);
    signIn.signIn(book.find(id('Ana'))!);
    expect(view.current.people.signedIn).toMatchObject({ name: 'Ana', role: 'operator' });
    expect(barred(view)).toEqual(EVERYTHING.slice(1));
    expect(view.current.people.barred.uploads).toBe('A technician or a supervisor can do this.');
    expect(() => signIn.demand('uploads')).toThrow('Ana is an operator and may not retry or correct uploads.');
    signIn.signIn(book.find(id('Ben'))!);
    expect(barred(view)).toEqual(['release', 'enrol', 'people']);
    signIn.signIn(book.find(id('Mei'))!);
    expect(barred(view)).toEqual([]);
  });
});

describe('the list', () => {
  test('5: is kept without a code or a PIN in it, and none is told', async () => {
    const { store, view } = await peopleStage([ANA, BEN, MEI]);
    const text = JSON.stringify([[...store.kept], view.current]);
    for (const secret of ['EMP-1', 'EMP-3', '2222', '333333']) expect(text).not.toContain(secret);
    expect(JSON.stringify(view.current)).not.toContain('sha256');
    expect(view.current.people.listed).toMatchObject([
      { name: 'Ana', email: 'ana@example.com', hasBadge: true, hasPin: false, isFromFleet: false },
      { name: 'Ben', hasPin: true },
      { name: 'Mei' },
    ]);
  });

  test.each([
    [{ ...ANA, name: ' ' }, 'A name has'],
    [{ ...ANA, name: 'x'.repeat(101) }, 'A name has'],
    [{ ...ANA, name: 'BEN' }, 'Ben is listed already.'],
    [{ ...ANA, email: 'ana' }, 'is no e-mail address'],
    [{ ...ANA, badge: 'EMP-2' }, 'This badge is Ben’s.'],
    [{ ...ANA, badge: '' }, 'A badge or a PIN is needed'],
    [{ ...ANA, pin: '12' }, '4 to 12 digits'],
    [{ ...ANA, badge: 'x'.repeat(201) }, 'A badge has'],
    [{ ...ANA, id: 'gone' }, 'not listed any more'],
  ])('refuses %j', async (wish, words) => {
    const { book } = await peopleStage([BEN]);
    await expect(book.save(wish)).rejects.toMatchObject({
      code: 'person-refused',
      message: expect.stringContaining(words) as string,
    });
    expect(book.people).toHaveLength(1);
  });

  test('a person is changed, keeps what is not said, and is removed', async () => {
    const { book, id } = await peopleStage([BEN]);
    await book.save({ id: id('Ben'), name: 'Benno', email: 'b@example.com', role: 'operator', pin: '' });
    expect(book.listed).toMatchObject([{ name: 'Benno', role: 'operator', hasBadge: true, hasPin: false }]);
    expect(await book.whoseBadge('EMP-2')).toMatchObject({ name: 'Benno' });
    await book.remove(id('Benno'));
    expect(book.people).toEqual([]);
  });

  test('a disk that is full changes nothing', async () => {
    const { book, store } = await peopleStage([BEN]);
    store.set = () => Promise.reject(new Error('full'));
    await expect(book.save(ANA)).rejects.toThrow('full');
    expect(book.people).toHaveLength(1);
  });

  test('the fleet’s people are listed beside them: their PIN is set here, all else is the fleet’s', async () => {
    const badge = await hashBadge('EMP-9', random);
    const operators = [{ name: 'Zoe', email: 'zoe@example.com', role: 'supervisor' as const, badge }];
    const { book, id, signIn, store } = await peopleStage([ANA], { operators });
    expect(book.isRequired).toBe(true);
    expect(await book.whoseBadge('\u0002EMP-9\r\n')).toMatchObject({ name: 'Zoe', email: 'zoe@example.com' });
    await book.save({ id: id('Zoe'), name: 'Other', email: '', role: 'operator', pin: '9999' });
    expect(book.listed.at(-1)).toMatchObject({ name: 'Zoe', role: 'supervisor', hasPin: true, isFromFleet: true });
    expect(await signIn.byPin(id('Zoe'), '9999')).toMatchObject({ name: 'Zoe' });
    await expect(book.remove(id('Zoe'))).rejects.toMatchObject({ code: 'person-refused' });
    await expect(book.save({ ...ANA, name: 'zoe', badge: 'EMP-8' })).rejects.toThrow('Zoe is listed already.');
    signIn.signIn(book.find(id('Zoe'))!);
    await store.set('fleet-settings', {});
    await book.load();
    signIn.show();
    expect([signIn.current, book.isRequired]).toEqual([null, false]);
  });

  test('the station’s word on signing in goes before the fleet’s, and that before the default', async () => {
    const fleet = { sign_in: { idle_min: 5, retest_reason: true, retest_by: 'technician' as const } };
    expect((await peopleStage()).book.signIn).toEqual({
      idleMin: 15,
      retestReason: false,
      retestBy: 'operator',
      failSeenBy: 'nobody',
    });
    const { book } = await peopleStage([], fleet);
    expect(book.signIn).toEqual({ idleMin: 5, retestReason: true, retestBy: 'technician', failSeenBy: 'nobody' });
    await book.configure({ idleMin: 60, retestReason: false, retestBy: 'supervisor', failSeenBy: 'nobody' });
    expect(book.signIn).toEqual({ idleMin: 60, retestReason: false, retestBy: 'supervisor', failSeenBy: 'nobody' });
    for (const idleMin of [0, -1, 1.5, Number.NaN, 1441])
      await expect(book.configure({ ...book.signIn, idleMin })).rejects.toMatchObject({ code: 'person-refused' });
  });

  test('what is set here is kept by itself: the rest follows the fleet, and so does what is set back to its value', async () => {
    const { book, store } = await peopleStage([], { sign_in: { idle_min: 5 } });
    await book.configure({ ...book.signIn, retestBy: 'supervisor' });
    await store.set('fleet-settings', { sign_in: { idle_min: 8, retest_by: 'technician' } });
    await book.load();
    expect(book.signIn).toEqual({ idleMin: 8, retestReason: false, retestBy: 'supervisor', failSeenBy: 'nobody' });
    await book.configure({ ...book.signIn, retestBy: 'technician' });
    await store.set('fleet-settings', { sign_in: { retest_by: 'operator' } });
    await book.load();
    expect(book.signIn.retestBy).toBe('operator');
  });

  test('config 6: what the fleet has locked counts no more where it was set here, and is set no more', async () => {
    const { book, store } = await peopleStage();
    await book.configure({ ...book.signIn, retestBy: 'operator', idleMin: 60 });
    await store.set('fleet-settings', {
      sign_in: { retest_by: 'supervisor' },
      locked: ['sign_in.retest_by', 'sign_in.idle_min'],
    });
    await book.load();
    expect(book.signIn).toEqual({ idleMin: 15, retestReason: false, retestBy: 'supervisor', failSeenBy: 'nobody' });
    await expect(book.configure({ ...book.signIn, retestBy: 'operator' })).rejects.toMatchObject({
      code: 'config-locked',
    });
    await book.configure({ ...book.signIn, retestReason: true });
    expect(book.signIn.retestReason).toBe(true);
  });
});

describe('6: a PIN', () => {
  test('signs in; a wrong one does not, and costs time after the second', async () => {
    const { signIn, clock, id } = await peopleStage([BEN, MEI]);
    const ben = id('Ben');
    expect(await signIn.byPin(ben, '2222')).toMatchObject({ name: 'Ben' });
    await expect(signIn.byPin(ben, '1111')).rejects.toMatchObject({ code: 'pin-wrong', remedy: 'Enter it again.' });
    await expect(signIn.byPin(ben, '1111')).rejects.toMatchObject({ code: 'pin-wrong' });
    await expect(signIn.byPin(ben, '1111')).rejects.toMatchObject({
      code: 'pin-wrong',
      remedy: 'Wait 5 s before the next try.',
    });
    await expect(signIn.byPin(ben, '2222'), 'also the right one waits').rejects.toMatchObject({
      code: 'pin-wait',
      remedy: 'Wait 5 s, or scan a badge.',
    });
    expect(await signIn.byPin(id('Mei'), '333333'), 'nobody else does').toMatchObject({ name: 'Mei' });
    await clock.advance(5_000);
    expect(await signIn.byPin(ben, '2222')).toMatchObject({ name: 'Ben' });
    await expect(signIn.byPin(ben, '1111')).rejects.toMatchObject({ remedy: 'Enter it again.' });
  });

  test('is counted before it is looked at, and a reload forgets nothing', async () => {
    const { book, signIn, store, clock, id } = await peopleStage([BEN]);
    const ben = id('Ben');
    book.isPinOf = () => new Promise(() => {});
    void signIn.byPin(ben, '1111');
    await expect.poll(() => store.get('wrong-pins')).toEqual({ [ben]: { count: 1, at_ms: clock.nowMs() } });
    await store.set('wrong-pins', { [ben]: { count: 9, at_ms: clock.nowMs() } });
    const again = await peopleStage([], {}, store, clock);
    await expect(again.signIn.byPin(ben, '2222')).rejects.toMatchObject({
      code: 'pin-wait',
      remedy: 'Wait 5 min, or scan a badge.',
    });
  });

  test('that could not be one, and nobody’s, cost nothing', async () => {
    const { signIn, store, id } = await peopleStage([ANA, BEN]);
    for (const pin of ['', 'abcd', '12'])
      await expect(signIn.byPin(id('Ben'), pin)).rejects.toMatchObject({ code: 'pin-wrong' });
    await expect(signIn.byPin(id('Ana'), '1111')).rejects.toMatchObject({ code: 'pin-wrong' });
    await expect(signIn.byPin('nobody', '1111')).rejects.toMatchObject({ code: 'pin-wrong' });
    expect(await store.get('wrong-pins')).toBeUndefined();
  });

  test('of the enrolment stands for a supervisor, and asks nobody to sign in by itself', async () => {
    const { book, signIn, view } = await peopleStage([ANA]);
    await book.setStationPin('4711');
    signIn.show();
    expect(view.current.people).toMatchObject({ hasStationPin: true, isRequired: false });
    await book.save(MEI);
    signIn.signIn(await signIn.byPin('station', '4711'));
    expect(view.current.people).toMatchObject({
      barred: {},
      signedIn: { name: 'Station PIN', role: 'supervisor' },
    });
    await book.setStationPin(undefined);
    expect(signIn.current).toBeNull();
  });
});

describe('7: whoever is signed in', () => {
  test('stays so over a reload, and not over a night', async () => {
    const { signIn, store, clock, book, id } = await peopleStage([BEN, MEI]);
    signIn.signIn(book.find(id('Ben'))!);
    await clock.advance(14 * 60_000);
    expect((await peopleStage([], {}, store, clock)).signIn.current).toMatchObject({ name: 'Ben' });
    await clock.advance(60_000);
    const again = await peopleStage([], {}, store, clock);
    expect(again.signIn.current).toBeNull();
    expect(again.view.current.people.signedIn).toBeNull();
  });

  test('is signed out when nobody is there any more, and a run is not that', async () => {
    const { signIn, clock, book, id, state } = await peopleStage([BEN, MEI]);
    const life = new AbortController();
    void signIn.watch(life.signal);
    signIn.signIn(book.find(id('Ben'))!);
    await clock.advance(14 * 60_000);
    signIn.touch();
    await clock.advance(14 * 60_000);
    expect(signIn.current).toMatchObject({ name: 'Ben' });
    state.busy = true;
    await clock.advance(60 * 60_000);
    expect(signIn.current, 'a long run').toMatchObject({ name: 'Ben' });
    state.busy = false;
    await clock.advance(15 * 60_000 + 30_000);
    expect([signIn.current, state.signedOut]).toEqual([null, 1]);
    life.abort();
  });

  test('a clock that was set back signs out at the next start, and signing out is kept', async () => {
    const { signIn, store, book, id } = await peopleStage([BEN, MEI]);
    signIn.signIn(book.find(id('Ben'))!);
    const earlier = new FakeClock(Date.UTC(2020, 0, 1));
    expect((await peopleStage([], {}, store, earlier)).signIn.current).toBeNull();
    await signIn.signOut();
    expect(store.kept.has('signed-in')).toBe(false);
  });

  test('a store that cannot be written keeps nobody from working', async () => {
    const { signIn, store, book, id } = await peopleStage([BEN, MEI], {}, new MemorySettings());
    store.set = () => Promise.reject(new Error('full'));
    signIn.signIn(book.find(id('Ben'))!);
    expect(signIn.may('start')).toBe(true);
  });
});
