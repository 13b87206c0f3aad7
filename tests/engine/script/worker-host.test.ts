import { describe, expect, test } from 'vitest';
import type { ScriptTask } from '#engine/script/script-host.ts';
import type { ToScript } from '#engine/script/script-words.ts';
import { createWorkerHost, type ScriptWorker } from '#engine/script/worker-host.ts';
import { FakeClock } from '../../base/fake-clock.ts';

/** A worker that the test speaks for. */
class FakeWorker implements ScriptWorker {
  readonly got: ToScript[] = [];
  ended = 0;
  say: (message: unknown) => void = () => {};
  die: (why: string) => void = () => {};
  answers = true;
  readonly whereIs = (line: number, column: number) => ({ file: 'a.ts', line, column });
  post(message: ToScript): void {
    this.got.push(message);
    if (message.type === 'ping' && this.answers) queueMicrotask(() => this.say({ type: 'pong' }));
  }
  listen({ heard, died }: { heard: (message: unknown) => void; died: (why: string) => void }): void {
    this.say = heard;
    this.die = died;
  }
  end(): void {
    this.ended += 1;
  }
}

function hostOf() {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const open = () => {
    workers.push(new FakeWorker());
    return workers.at(-1)!;
  };
  return { clock, workers, host: createWorkerHost({ open, clock }) };
}

const told: unknown[] = [];
const TASK: ScriptTask = {
  script: 'a.ts',
  call: {
    key: 'a',
    name: 'A',
    attempt: 0,
    plugs: [],
    measurements: {},
    screen: [],
    unit: {},
    parameters: {},
    earlier: {},
  },
  answer: async (request) => {
    if (request === 'bad') throw new Error('refused');
    return 'answer';
  },
  hear: (words) => {
    if (words === 'bad') throw new Error('not told');
    told.push(words);
  },
};
const codeOf = (thrown: unknown) => (thrown as { code?: string }).code;

describe('a host of workers', () => {
  test('ends a worker when its script is done, and takes a fresh one for the next', async () => {
    const { host, workers } = hostOf();
    const first = host.run(TASK, new AbortController().signal);
    workers[0]!.say({ type: 'done' });
    await first;
    void host.run(TASK, new AbortController().signal);
    expect(workers.map(({ ended }) => ended)).toEqual([1, 0]);
  });

  test('uses what was prepared, once, and closes what was not used', () => {
    const { host, workers } = hostOf();
    host.prepare('a.ts');
    host.prepare('a.ts');
    expect(workers).toHaveLength(1);
    void host.run(TASK, new AbortController().signal);
    expect(workers).toHaveLength(1);
    host.prepare('b.ts');
    host.close();
    expect(workers.map(({ ended }) => ended)).toEqual([0, 1]);
  });

  test('an abort ends it in the same moment, and nothing is heard of it after that', async () => {
    const { host, workers } = hostOf();
    const stop = new AbortController();
    const running = host.run(TASK, stop.signal).catch((thrown: unknown) => thrown);
    stop.abort(new Error('cut'));
    expect(workers[0]!.ended).toBeGreaterThan(0);
    const before = told.length;
    workers[0]!.say({ type: 'tell', told: 'late' });
    expect(told).toHaveLength(before);
    expect(await running).toMatchObject({ message: 'cut' });
  });

  test('two seconds without a sign of life end it', async () => {
    const { host, workers, clock } = hostOf();
    const running = host.run(TASK, new AbortController().signal).catch(codeOf);
    await Promise.resolve();
    await Promise.resolve();
    workers[0]!.answers = false;
    expect(await clock.run(running)).toBe('script-silent');
    expect(clock.monotonicMs()).toBeLessThanOrEqual(2250);
    expect(workers[0]!.ended).toBeGreaterThan(0);
  });

  test('one that never comes up has ten seconds', async () => {
    const { host, workers, clock } = hostOf();
    host.prepare('a.ts');
    workers[0]!.answers = false;
    const running = host.run(TASK, new AbortController().signal).catch(codeOf);
    expect(await clock.run(running)).toBe('script-silent');
    expect(clock.monotonicMs()).toBe(10_000);
  });

  test('one that dies is named, even when it died before its phase', async () => {
    const { host, workers } = hostOf();
    host.prepare('a.ts');
    workers[0]!.die('out of memory');
    await expect(host.run(TASK, new AbortController().signal)).rejects.toMatchObject({
      code: 'script-died',
      message: expect.stringContaining('out of memory') as string,
    });
  });

  test.each([
    ['nothing', undefined],
    ['a word that there is not', { type: 'pass' }],
    ['a call without a number', { type: 'ask', id: 'x', request: 1 }],
    ['what may not be told', { type: 'tell', told: 'bad' }],
  ])('%s ends it', async (_, message) => {
    const { host, workers } = hostOf();
    const running = host.run(TASK, new AbortController().signal).catch(codeOf);
    workers[0]!.say(message);
    expect(await running).toBe('script-broke-rules');
  });

  test('calls are answered, and a refusal goes back to the script', async () => {
    const { host, workers } = hostOf();
    void host.run(TASK, new AbortController().signal);
    workers[0]!.say({ type: 'ask', id: 1, request: 'good' });
    workers[0]!.say({ type: 'ask', id: 2, request: 'bad' });
    await new Promise((resolve) => setTimeout(resolve));
    expect(workers[0]!.got).toContainEqual({ type: 'answer', id: 1, value: 'answer' });
    expect(workers[0]!.got).toContainEqual({ type: 'failure', id: 2, code: 'internal', message: 'refused' });
  });

  test('what it threw has the first place that is an author’s', async () => {
    const { host, workers } = hostOf();
    const running = host.run(TASK, new AbortController().signal).catch((thrown: unknown) => thrown);
    workers[0]!.say({ type: 'threw', message: 'boom', frames: ['x', [1.5, 2], [4, 2]] });
    expect(await running).toMatchObject({ message: 'a.ts:4:2: boom', place: { file: 'a.ts', line: 4, column: 2 } });
  });
});
