/** News becomes state: in order, a frame's worth at a time, and never an old verdict for a new run. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AskView, ScanTaken } from '#engine/link/people-link.ts';
import type { StationNews, StationView } from '#engine/link/station-link.ts';
import type { RunEvent } from '#record/run-event.ts';
import { LiveRun } from '#ui/live-run.svelte.ts';
import { ScanDesk } from '#ui/operator/scan-desk.svelte.ts';
import type { StationPort } from '#ui/station-port.ts';
import { StationState, unhurried } from '#ui/station-state.svelte.ts';
import { EVENTS, headerOf, READY } from './gallery/samples.ts';

function station(start: (serial: string) => Promise<ScanTaken> = async () => 'not-taken') {
  let tell: (news: StationNews) => void = () => {};
  const frames: (() => void)[] = [];
  const started: string[] = [];
  const port = {
    on: (listener: typeof tell) => {
      tell = listener;
      return () => {};
    },
    call: {
      start: (serial: string) => {
        started.push(serial);
        return start(serial);
      },
    },
  } as unknown as StationPort;
  const state = new StationState(port, (flush) => frames.push(flush));
  return {
    state,
    desk: new ScanDesk(state),
    started,
    frames,
    tell: (news: StationNews) => tell(news),
    show: (...news: StationNews[]) => {
      news.forEach((item) => tell(item));
      frames.splice(0).forEach((flush) => flush());
    },
  };
}
const view = (change: Partial<typeof READY>): StationNews => ({ kind: 'view', change });
const events = (...list: RunEvent[]): StationNews => ({ kind: 'run', slot: '1', events: list });
const begin = (serial: string): RunEvent => ({ kind: 'run-started', header: headerOf(serial) });

describe('station state', () => {
  test('rule 8: a burst is one frame, in order', () => {
    const { state, tell, frames } = station();
    tell(view(READY));
    tell(view({ running: true }));
    tell(events(begin('SN-1')));
    tell(view({ running: false }));
    expect(frames).toHaveLength(1);
    expect(state.view.status).toBe('starting');
    frames[0]?.();
    expect(state.view).toEqual({ ...READY, running: false });
    expect(state.run?.record.serial_number).toBe('SN-1');
    tell(view({ running: true }));
    expect(frames).toHaveLength(2);
  });

  test('rule 1: no verdict while a run is under way, whichever news came first', () => {
    const { state, show } = station();
    show(view({ ...READY, running: true }), events(begin('SN-1'), ...(EVENTS['pass'] ?? [])));
    expect(state.run?.outcome).toBe('PASS');
    expect(state.decided).toBeNull();
    show(view({ running: false }));
    expect(state.decided?.outcome).toBe('PASS');
    show(view({ running: true }));
    expect(state.decided).toBeNull();
    show(events(begin('SN-2')));
    show(view({ running: false }));
    expect(state.decided, 'a run that never ended has no verdict').toBeNull();
  });

  test('rule 8: only the phases of the last batch are renewed', () => {
    const run = new LiveRun(headerOf('SN-1'), 0);
    run.apply((EVENTS['running'] ?? []).slice(0, 3));
    const [first, second] = run.phases;
    const before = first?.last;
    run.apply(EVENTS['running']?.slice(4, 6) ?? []);
    expect(second?.last?.measurements).toHaveLength(2);
    expect(first?.last).toBe(before);
  });

  test('ten thousand events in a hundred batches are all taken in', () => {
    const run = new LiveRun(headerOf('SN-1'), 0);
    run.apply((EVENTS['running'] ?? []).slice(0, 3));
    const measurement = EVENTS['running']?.[4] as Extract<RunEvent, { kind: 'measurement' }>;
    for (let batch = 0; batch < 100; batch++) run.apply(Array.from({ length: 100 }, () => measurement));
    expect(run.phases[1]?.last?.measurements).toHaveLength(10_000);
  });

  test('phases that were not planned are shown after those that were', () => {
    const run = new LiveRun(headerOf('SN-1', []), 0);
    run.apply([{ kind: 'phase-started', at_ms: 0, key: 'extra', name: 'Extra', section: 'main', attempt: 0 }]);
    expect(run.phases.map(({ key }) => key)).toEqual(['extra']);
    expect(run.current?.name).toBe('Extra');
  });

  test('between two phases the last name stays', () => {
    const run = new LiveRun(headerOf('SN-1'), 0);
    expect(run.current).toBeNull();
    run.apply((EVENTS['running'] ?? []).slice(0, 2));
    expect(run.current?.key).toBe('power_on');
    expect(run.current?.last?.ended_ms).toBe(100);
  });

  test('a finished run opens as it was, attempts and all', () => {
    const live = new LiveRun(headerOf('SN-1'), 0);
    live.apply(EVENTS['fail'] ?? []);
    const opened = LiveRun.of(live.record);
    expect(opened.outcome).toBe('FAIL');
    expect(opened.phases[1]?.attempts.map(({ retry_count }) => retry_count)).toEqual([0, 1]);
    expect(opened.phases.map(({ last }) => last?.outcome)).toEqual(['PASS', 'FAIL', 'SKIP', 'SKIP', 'PASS']);
  });
});

describe('scan desk', () => {
  test('rule 1: the old verdict goes with the scan, before the station answers', () => {
    const { state, desk, show, started } = station(() => new Promise(() => {}));
    show(view(READY), events(begin('SN-1'), ...(EVENTS['pass'] ?? [])));
    desk.text = ' SN-2\n';
    expect(desk.submit()).toBe(false);
    expect(state.decided).toBeNull();
    expect([desk.text, desk.pending, desk.isBusy]).toEqual(['', 'SN-2', true]);
    expect(started).toEqual(['SN-2']);
  });

  test('rule 4: a scan during a run is kept, and Enter after the verdict starts it', () => {
    const { desk, show, started } = station();
    show(view({ ...READY, running: true }), events(begin('SN-1')));
    desk.text = 'SN-2';
    expect(desk.submit()).toBe(true);
    expect([desk.text, desk.isKept, started]).toEqual(['SN-2', true, []]);
    show(events(...(EVENTS['pass'] ?? [])), view({ running: false }));
    desk.becameReady();
    expect(started, 'nothing starts by itself').toEqual([]);
    expect(desk.submit()).toBe(false);
    expect(started).toEqual(['SN-2']);
  });

  test('rule 4: a scan while starting starts when the station is ready', () => {
    const { desk, show, started } = station();
    desk.text = 'SN-1';
    expect(desk.submit()).toBe(true);
    show(view(READY));
    desk.becameReady();
    expect(started).toEqual(['SN-1']);
  });

  describe('rule 4: what is scanned before the station has answered the scan before it', () => {
    const ASKING = { serial: 'SN-1', trouble: null } as unknown as AskView;
    const TROUBLE = { ...ASKING, trouble: { code: 'answer-pattern', message: '', remedy: '' } };

    /** Scans `SN-1` and, before anything is heard of it, `D-1`; then the station answers. */
    async function inLine(taken: ScanTaken, change: Partial<StationView>) {
      let answer: (taken: ScanTaken) => void = () => {};
      const { desk, show, started } = station(() => new Promise((resolve) => (answer = resolve)));
      show(view(READY));
      desk.text = 'SN-1';
      desk.submit();
      desk.text = 'D-1';
      expect(desk.submit()).toBe(true);
      expect([desk.isKept, desk.isInLine, started]).toEqual([true, true, ['SN-1']]);
      show(view(change));
      answer(taken);
      await new Promise((resolve) => setTimeout(resolve));
      return { desk, started };
    }

    test.each([
      ['asked', { asking: ASKING }],
      ['person', {}],
    ] as const)('%s: it is the next', async (taken, change) => {
      const { desk, started } = await inLine(taken, change);
      expect([started, desk.text]).toEqual([['SN-1', 'D-1'], '']);
    });

    test.each([
      ['a wrong answer', 'asked', { asking: TROUBLE }],
      ['a refusal', 'unit', { refusal: { code: 'serial-pattern', message: '', remedy: '' } }],
    ] as const)('%s: it stays and waits for a person', async (_, taken, change) => {
      const { desk, started } = await inLine(taken, change);
      expect([started, desk.text, desk.isKept]).toEqual([['SN-1'], 'D-1', false]);
    });

    test('a run: it is the next unit, and waits for the verdict', async () => {
      const { desk, started } = await inLine('unit', {});
      expect([started, desk.text, desk.isKept, desk.isInLine]).toEqual([['SN-1'], 'D-1', true, false]);
    });
  });

  test('the answer about a run that is over says nothing about the scan after it', async () => {
    const answers: ((taken: ScanTaken) => void)[] = [];
    const { desk, show } = station(() => new Promise((resolve) => answers.push(resolve)));
    show(view(READY));
    desk.text = 'SN-1';
    desk.submit();
    show(view({ running: true }), events(begin('SN-1'), ...(EVENTS['pass'] ?? [])));
    show(view({ running: false }));
    desk.text = 'SN-2';
    desk.submit();
    answers[0]?.('unit');
    await new Promise((resolve) => setTimeout(resolve));
    expect([desk.pending, desk.isBusy]).toEqual(['SN-2', true]);
  });

  test('rule 4: what the station took no notice of goes back into the field', async () => {
    const { desk, show } = station();
    show(view(READY));
    desk.text = 'SN-1';
    desk.submit();
    await Promise.resolve();
    await Promise.resolve();
    expect([desk.text, desk.pending]).toEqual(['SN-1', null]);
  });

  test('rule 2: a badge changes nothing of what is shown, and does not stay in the field', async () => {
    const { state, desk, show } = station(async () => 'person');
    show(view(READY), events(begin('SN-1'), ...(EVENTS['fail'] ?? [])));
    desk.text = 'EMP-1';
    desk.submit();
    expect(state.decided, 'as long as nobody knows what it is').toBeNull();
    await Promise.resolve();
    await Promise.resolve();
    expect([state.decided?.outcome, desk.text, desk.pending]).toEqual(['FAIL', '', null]);
  });

  test('rule 6: what was refused for what it says stays in the field, for who scans it does not', async () => {
    for (const [code, text] of [
      ['serial-pattern', 'SN 1'],
      ['fixture-missing', 'SN 1'],
      ['sign-in-needed', ''],
      ['badge-unknown', ''],
    ] as const) {
      const { desk, show, tell } = station(async () => {
        tell(view({ refusal: { code, message: '', remedy: '' } }));
        return 'unit';
      });
      show(view(READY));
      desk.text = 'SN 1';
      desk.submit();
      await Promise.resolve();
      await Promise.resolve();
      expect([desk.text, desk.isLeftOver, desk.refusal?.code], code).toEqual([text, text !== '', code]);
    }
  });

  test('rule 6: a refusal stays until the next scan, a fault of the call too', async () => {
    const { desk, show } = station(async (serial) => {
      if (serial === 'SN-2') throw new Error('the worker is gone');
      return 'unit';
    });
    show(view({ ...READY, refusal: { code: 'serial-pattern', message: 'No.', remedy: 'Scan again.' } }));
    expect(desk.refusal?.code).toBe('serial-pattern');
    desk.text = 'SN-2';
    desk.submit();
    expect(desk.refusal).toBeNull();
    await new Promise((resolve) => setTimeout(resolve));
    expect(desk.refusal).toMatchObject({ code: 'internal', message: 'the worker is gone' });
    desk.text = 'SN-3';
    desk.submit();
    expect(desk.refusal).toBeNull();
  });

  test('an empty field starts nothing', () => {
    const { desk, show, started } = station();
    show(view(READY));
    desk.text = '  ';
    expect(desk.submit()).toBe(false);
    expect(started).toEqual([]);
  });
});

describe('slots', () => {
  const slotView = (key: string, serial: string | null = null, running = serial !== null) => ({
    key,
    name: key.toUpperCase(),
    running,
    serial,
  });
  const of = (slot: string, ...list: RunEvent[]): StationNews => ({ kind: 'run', slot, events: list });
  const beginIn = (slot: string, serial: string): RunEvent => ({
    kind: 'run-started',
    header: { ...headerOf(serial), slot, id: serial },
  });
  const two = view({ ...READY, slots: [slotView('l'), slotView('r')], nextSlot: 'l' });

  test('rules 1 and 14: each run goes to its slot, and its verdict stands when its slot is free', () => {
    const { state, show } = station();
    show(two);
    const [left, right] = state.slots;
    show(view({ slots: [slotView('l', 'SN-1'), slotView('r', 'SN-2')], running: true }));
    show(of('l', beginIn('l', 'SN-1'), ...(EVENTS['pass'] ?? [])), of('r', beginIn('r', 'SN-2')));
    expect([left!.decided, right!.decided]).toEqual([null, null]);
    show(view({ slots: [slotView('l'), slotView('r', 'SN-2')] }));
    expect([left!.decided?.outcome, right!.decided, state.running]).toEqual(['PASS', null, true]);
    show(of('r', ...(EVENTS['fail'] ?? [])), view({ slots: [slotView('l'), slotView('r')], running: false }));
    expect([left!.serial, left!.decided?.outcome]).toEqual(['SN-1', 'PASS']);
    expect([right!.serial, right!.decided?.outcome]).toEqual(['SN-2', 'FAIL']);
    show(view({ slots: [slotView('l', 'SN-3'), slotView('r')], running: true }));
    expect([left!.run, left!.serial, right!.decided?.outcome]).toEqual([null, 'SN-3', 'FAIL']);
  });

  test('rule 8: news of one frame counts in its order, also where a slot is filled and begins in it', () => {
    const { state, show } = station();
    show(two, view({ slots: [slotView('l', 'SN-1'), slotView('r')], running: true }), of('l', beginIn('l', 'SN-1')));
    expect(state.slots[0]!.run?.record.id).toBe('SN-1');
  });

  test('a unit that waits is no run', () => {
    const { state, desk, show } = station();
    show(view({ ...READY, slots: [slotView('l', 'SN-1', false), slotView('r')], nextSlot: 'r' }));
    expect([state.slots[0]!.waiting, state.slots[1]!.waiting, state.isTaken, state.running]).toEqual([
      'SN-1',
      null,
      true,
      false,
    ]);
    expect([desk.isWaiting, desk.isBusy]).toEqual([true, false]);
    show(view({ nextSlot: null }));
    expect(desk.isBusy).toBe(true);
  });

  test('rule 2: verdicts from before a reload come back to their slots, also when they come first', () => {
    const { state, show } = station();
    const record = (slot: string, serial: string) => {
      const run = new LiveRun({ ...headerOf(serial), slot }, 0);
      run.apply(EVENTS['pass'] ?? []);
      return run.record;
    };
    state.restore(record('r', 'SN-2'));
    show(two);
    state.restore(record('l', 'SN-1'));
    expect(state.slots.map(({ decided, isOldNews }) => [decided?.record.serial_number, isOldNews])).toEqual([
      ['SN-1', true],
      ['SN-2', true],
    ]);
  });

  test('what all slots share may be on only while one of them is testing', () => {
    const { state, show } = station();
    const procedure = { ...READY.procedure!, sharedPower: ['Supply', 'Load'] };
    show(two, view({ procedure }));
    expect(state.sharedPower).toBe('');
    show(view({ running: true }));
    expect(state.sharedPower).toBe('Supply, Load may be on');
  });
});

test('rule 8: a verdict waits for no picture: the answer to its scan brings along what came before', async () => {
  let answer: (taken: ScanTaken) => void = () => {};
  const { state, desk, tell, frames } = station(() => new Promise((resolve) => (answer = resolve)));
  tell(view(READY));
  frames.splice(0).forEach((flush) => flush());
  desk.text = 'SN-1';
  desk.submit();
  tell(view({ running: true }));
  tell(events(begin('SN-1'), { kind: 'run-ended', at_ms: 5, outcome: 'PASS', interrupted: false }));
  tell(view({ running: false }));
  expect(state.decided).toBeNull();
  answer('unit');
  await new Promise((resolve) => setTimeout(resolve));
  expect(state.decided?.outcome).toBe('PASS');
});

describe('rule 8: pictures', () => {
  /** As a screen with sixty pictures a second gives them. */
  const FRAME_MS = 1000 / 60;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) =>
      setTimeout(draw, FRAME_MS - (performance.now() % FRAME_MS)),
    );
    vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('the first comes with the next frame, others thirty times a second at most, and after a rest at once', () => {
    const drawn: number[] = [];
    const schedule = unhurried();
    let isAsked = false;
    const draw = () => {
      isAsked = false;
      drawn.push(performance.now());
    };
    for (let round = 0; round < 2; round++) {
      const beganMs = performance.now();
      drawn.length = 0;
      // As the screen does: asked for again as soon as there is something new.
      for (let news = 0; news < 200; news++) {
        if (!isAsked) schedule(draw);
        isAsked = true;
        vi.advanceTimersByTime(5);
      }
      expect(drawn[0]! - beganMs).toBeLessThanOrEqual(FRAME_MS + 1);
      expect(drawn.length).toBeGreaterThan(15);
      expect(Math.min(...drawn.slice(1).map((at, index) => at - drawn[index]!))).toBeGreaterThanOrEqual(32);
      vi.advanceTimersByTime(1000);
    }
  });

  test('a hidden page, which gets no frames, has its verdict all the same', () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    let drawn = 0;
    unhurried()(() => (drawn += 1));
    vi.advanceTimersByTime(100);
    expect(drawn).toBe(1);
  });
});
