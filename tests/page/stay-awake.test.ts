/** The screen is kept on for as long as a unit is under test, whatever the browser does about it meanwhile. */
import { expect, test } from 'vitest';
import type { StationNews } from '#engine/link/station-link.ts';
import { stayAwake, type Lock } from '../../src/page/stay-awake.ts';

class FakeLock implements Lock {
  isHeld = true;
  readonly #listeners: (() => void)[] = [];

  addEventListener(_: 'release', listener: () => void): void {
    this.#listeners.push(listener);
  }

  async release(): Promise<void> {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#listeners.forEach((listener) => listener());
  }
}

class Stage {
  readonly locks: FakeLock[] = [];
  readonly sight = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  refuses = false;
  tell: (news: StationNews) => void = () => {};
  /** Resolved by hand where a test wants to be in between. */
  gate: Promise<void> = Promise.resolve();

  constructor() {
    const wakeLock = {
      request: async () => {
        await this.gate;
        if (this.refuses) throw new DOMException('low battery', 'NotAllowedError');
        const lock = new FakeLock();
        this.locks.push(lock);
        return lock;
      },
    };
    const on = (listener: (news: StationNews) => void) => {
      this.tell = listener;
      return () => {};
    };
    stayAwake({ on }, { wakeLock }, this.sight);
  }

  get held(): number {
    return this.locks.filter(({ isHeld }) => isHeld).length;
  }

  async running(running: boolean): Promise<void> {
    this.tell({ kind: 'view', change: { running } });
    await settled();
  }

  async seen(visibilityState: 'visible' | 'hidden'): Promise<void> {
    // As the browser does it: what is hidden has lost its lock.
    if (visibilityState === 'hidden') await Promise.all(this.locks.map((lock) => lock.release()));
    this.sight.visibilityState = visibilityState;
    this.sight.dispatchEvent(new Event('visibilitychange'));
    await settled();
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('on from the first news of a run to its end, and not before or after', async () => {
  const stage = new Stage();
  await stage.seen('visible');
  expect(stage.held).toBe(0);
  await stage.running(true);
  expect(stage.held).toBe(1);
  await stage.running(false);
  expect(stage.held).toBe(0);
  await stage.running(true);
  expect([stage.held, stage.locks.length]).toEqual([1, 2]);
});

test('one lock, however often it is told that a run goes on', async () => {
  const stage = new Stage();
  await stage.running(true);
  await stage.running(true);
  stage.tell({ kind: 'view', change: { connection: 'offline' } });
  await stage.seen('visible');
  expect(stage.locks.length).toBe(1);
});

test('asked again when the window is seen again, in a run only', async () => {
  const stage = new Stage();
  await stage.running(true);
  await stage.seen('hidden');
  expect(stage.held).toBe(0);
  await stage.seen('visible');
  expect(stage.held).toBe(1);
  await stage.running(false);
  await stage.seen('hidden');
  await stage.seen('visible');
  expect(stage.held).toBe(0);
});

test('a run that ends while the browser still thinks leaves the screen free', async () => {
  const stage = new Stage();
  let open = () => {};
  stage.gate = new Promise((resolve) => (open = resolve));
  await stage.running(true);
  await stage.running(false);
  open();
  await settled();
  expect([stage.locks.length, stage.held]).toEqual([1, 0]);
});

test('a browser that refuses, or has none, stops nothing', async () => {
  const stage = new Stage();
  stage.refuses = true;
  await stage.running(true);
  stage.refuses = false;
  await stage.seen('visible');
  expect(stage.held).toBe(1);
  expect(() => stayAwake({ on: () => () => {} }, {}, new EventTarget() as never)).not.toThrow();
});
