/** A fixture spoken to by hand: between runs only, and never left on. */
import { describe, expect, test } from 'vitest';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { PlugStatus, Visit } from '#hardware/bench/bench.ts';
import type { Store } from '#storage/store/store.ts';
import { frontDesk } from '../../src/bench-worker/front-desk-of.ts';
import { HandDesk } from '../../src/bench-worker/hand-desk.ts';
import type { People } from '../../src/bench-worker/people.ts';
import type { RunDesk } from '../../src/bench-worker/run-desk.ts';
import { View } from '../../src/bench-worker/view.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { type Behaviour, FakeBench } from '../engine/fake-bench.ts';

const PLACE = { plug: 'fixture' };
const LOST = { key: 'fixture', name: 'Fixture' } as PlugStatus;

/** Devices that are no plugs: what was said to the one that is visited. */
class FakeVisits {
  readonly said: string[] = [];

  visit(): Promise<Visit> {
    this.said.push('(open)');
    const say = async (words: string) => (this.said.push(words), words.includes('?') ? '1.5' : null);
    return Promise.resolve({ visited: { answer: 'ACME' }, say } as unknown as Visit);
  }

  async endVisit(): Promise<void> {
    this.said.push('(closed)');
  }
}

function station(behave: (command: string) => Behaviour = () => ({ kind: 'answer', text: '3.3' })) {
  const clock = new FakeClock();
  let unsafe: readonly PlugStatus[] = [];
  const bench = new FakeBench(
    clock,
    (_, command) => behave(command),
    async () => unsafe,
  );
  const view = new View(() => {});
  const desk = { busy: false };
  const turns = new Turns();
  const visited = new FakeVisits();
  const fixture: { bench: FakeBench | null; anyBench: () => FakeVisits } = { bench, anyBench: () => visited };
  const hand = new HandDesk({ fixture, desk, turns, clock, view });
  const notices = () => view.current.notices.map(({ code, tone }) => `${code} ${tone}`);
  return { clock, bench, desk, turns, fixture, visited, hand, notices, breakSafety: () => (unsafe = [LOST]) };
}

describe('by hand (rule 11)', () => {
  test.each([['safe'], ['not confirmed']])('before a run begins the fixture is off: %s', async (how) => {
    const order: string[] = [];
    const front = frontDesk({
      store: {} as Store,
      view: new View(() => {}),
      people: {
        book: { whoseBadge: async () => null, isRequired: false },
        signIn: { touch: () => {}, current: null },
        failed: { look: async () => null },
      } as unknown as People,
      desk: { isFree: true, nextProcedure: null, start: async () => (order.push('run'), true) } as unknown as RunDesk,
      hand: {
        end: async () => {
          order.push('off');
          if (how !== 'safe') throw new Fault('unsafe', 'It was not confirmed.', 'Use its switch.');
        },
      },
    });
    expect(await front.take('SN-1')).toBe('unit');
    // What was not confirmed is lost, and the check before the run refuses the unit: hardware/bench, rule 9.
    expect(order).toEqual(['off', 'run']);
  });

  test('a question has an answer, a command none; both say that the fixture may be on', async () => {
    const { hand, bench, notices } = station();
    expect(notices()).toEqual([]);
    expect(await hand.say(PLACE, ' MEAS:VOLT? (@1) ')).toBe('3.3');
    expect(await hand.say(PLACE, 'OUTP ON')).toBeNull();
    expect(bench.sent).toEqual(['fixture: MEAS:VOLT? (@1)', 'fixture: OUTP ON']);
    expect(notices()).toEqual(['by-hand warning']);
    await hand.makeSafe();
    expect([bench.sent.at(-1), notices()]).toEqual(['safe', []]);
  });

  test('a minute after the last command it is made safe, once', async () => {
    const { hand, bench, clock, notices } = station();
    await hand.say(PLACE, 'OUTP ON');
    await clock.advance(40_000);
    await hand.say(PLACE, 'VOLT 3');
    await clock.advance(59_000);
    expect(bench.sent).not.toContain('safe');
    await clock.advance(1_000);
    expect([bench.sent.filter((one) => one === 'safe').length, notices()]).toEqual([1, []]);
    await clock.advance(200_000);
    await hand.end();
    expect(bench.sent.filter((one) => one === 'safe')).toHaveLength(1);
  });

  test('also where the command itself went wrong: who knows how far it came', async () => {
    const { hand, bench, clock } = station(() => ({ kind: 'lost' }));
    await expect(hand.say(PLACE, 'OUTP ON')).rejects.toMatchObject({ code: 'lost' });
    await clock.advance(60_000);
    expect(bench.sent.at(-1)).toBe('safe');
  });

  test('before the next unit it is off, and where nothing was said nothing is sent', async () => {
    const { hand, bench } = station();
    await hand.end();
    expect(bench.sent).toEqual([]);
    await hand.say(PLACE, 'OUTP ON');
    await hand.end();
    expect(bench.sent).toEqual(['fixture: OUTP ON', 'safe']);
  });

  test('before a device is taken away it is off; from a run none is taken', async () => {
    const { hand, bench, desk, breakSafety } = station();
    await hand.release();
    expect(bench.sent).toEqual([]);
    await hand.say(PLACE, 'OUTP ON');
    desk.busy = true;
    await expect(hand.release()).rejects.toMatchObject({ code: 'busy' });
    desk.busy = false;
    await hand.release();
    expect(bench.sent).toEqual(['fixture: OUTP ON', 'safe']);
    await hand.say(PLACE, 'OUTP ON');
    breakSafety();
    await expect(hand.release()).rejects.toMatchObject({ code: 'unsafe' });
  });

  test('a safe state that is not confirmed is an error that says what to do, and stays', async () => {
    const { hand, notices, breakSafety } = station();
    await hand.say(PLACE, 'OUTP ON');
    breakSafety();
    await expect(hand.makeSafe()).rejects.toMatchObject({
      code: 'unsafe',
      message: expect.stringContaining('Fixture'),
    });
    expect(notices()).toEqual(['by-hand error']);
  });

  test('nothing is said while a unit is under test, nothing between two commands, nothing without a fixture', async () => {
    const { hand, bench, clock, desk, turns, fixture } = station(() => ({ kind: 'slow', afterMs: 100, text: 'ACME' }));
    desk.busy = true;
    await expect(hand.say(PLACE, '*IDN?')).rejects.toMatchObject({ code: 'busy' });
    await expect(hand.makeSafe()).rejects.toMatchObject({ code: 'busy' });
    desk.busy = false;
    await expect(hand.say(PLACE, ' \n ')).rejects.toBeInstanceOf(Fault);
    const said = hand.say(PLACE, '*IDN?');
    let begun = false;
    const run = turns.share(async () => void (begun = true));
    await clock.advance(99);
    expect([bench.sent, begun], 'a run that would begin meanwhile waits for the answer').toEqual([
      ['fixture: *IDN?'],
      false,
    ]);
    await clock.advance(1);
    expect(await said).toBe('ACME');
    await run;
    fixture.bench = null;
    await expect(hand.say(PLACE, '*IDN?')).rejects.toMatchObject({ code: 'lost' });
    expect(bench.sent).toEqual(['fixture: *IDN?']);
  });
});

describe('a device that is no plug (rule 15)', () => {
  const DEVICE = { reach: 'serial', usb: '0403:6001', serialNumber: '', at: 0 } as const;

  test('it is spoken to between runs only, and given back before the next unit', async () => {
    const { hand, visited, desk } = station();
    await expect(hand.visits.say('*IDN?')).rejects.toMatchObject({ code: 'lost' });
    expect(await hand.visits.begin(DEVICE, null)).toMatchObject({ answer: 'ACME' });
    expect(await hand.visits.say(' READ? ')).toBe('1.5');
    await expect(hand.visits.say('  ')).rejects.toMatchObject({ code: 'empty' });
    desk.busy = true;
    await expect(hand.visits.say('READ?')).rejects.toMatchObject({ code: 'busy' });
    await expect(hand.visits.begin(DEVICE, null)).rejects.toMatchObject({ code: 'busy' });
    desk.busy = false;
    await hand.end();
    expect(visited.said).toEqual(['(open)', 'READ?', '(closed)']);
    await hand.end();
    expect(visited.said.filter((one) => one === '(closed)')).toHaveLength(1);
  });

  test('what it was told may have switched it on, and nobody here can switch it off: that is said', async () => {
    const { hand, notices } = station();
    await hand.visits.begin(DEVICE, null);
    await hand.visits.say('VOLT?');
    expect(notices()).toEqual([]);
    await hand.visits.say('OUTP ON');
    expect(notices()).toEqual(['visited warning']);
    await hand.end();
    expect(notices(), 'it stays until a person has read it').toEqual(['visited warning']);
  });
});
