/** The screen stays on while a run is under way, and goes dark as it likes at all other times. */
import { expect, test } from 'vitest';
import { keepAwake } from '../../src/page/keep-awake.ts';

class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  show(is: boolean): void {
    this.visibilityState = is ? 'visible' : 'hidden';
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

class FakeLocks {
  held = 0;
  asked = 0;
  refuses = false;
  #all: EventTarget[] = [];

  async request(): Promise<EventTarget> {
    this.asked += 1;
    if (this.refuses) throw new DOMException('low battery', 'NotAllowedError');
    this.held += 1;
    let isHeld = true;
    const lock = Object.assign(new EventTarget(), {
      release: async () => {
        if (!isHeld) return;
        isHeld = false;
        this.held -= 1;
        lock.dispatchEvent(new Event('release'));
      },
    });
    this.#all.push(lock);
    return lock;
  }

  /** As the browser does when the page is hidden. */
  async takeAway(): Promise<void> {
    for (const lock of this.#all) await (lock as unknown as WakeLockSentinel).release();
  }
}

function screen() {
  const [document, locks] = [new FakeDocument(), new FakeLocks()];
  const hear = keepAwake(locks as unknown as WakeLock, document as unknown as Document);
  const running = async (is: boolean) => {
    hear({ kind: 'view', change: { running: is } });
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { document, locks, hear, running };
}

test('one lock from the beginning of a run to its end', async () => {
  const { locks, hear, running } = screen();
  expect(locks.asked).toBe(0);
  await running(true);
  expect(locks.held).toBe(1);
  await running(true);
  hear({ kind: 'view', change: { connection: 'offline' } });
  expect(locks).toMatchObject({ held: 1, asked: 1 });
  await running(false);
  expect(locks.held).toBe(0);
  await running(true);
  expect(locks.held).toBe(1);
});

test('a page that was hidden asks again when it is seen, if the run is still under way', async () => {
  const { document, locks, running } = screen();
  await running(true);
  document.show(false);
  await locks.takeAway();
  expect(locks.held).toBe(0);
  document.show(true);
  await running(true);
  expect(locks.held).toBe(1);
  document.show(false);
  await locks.takeAway();
  await running(false);
  document.show(true);
  expect(locks).toMatchObject({ held: 0, asked: 2 });
});

test('a run that ends before the lock has come leaves none', async () => {
  const { locks, hear, running } = screen();
  hear({ kind: 'view', change: { running: true } });
  await running(false);
  expect(locks.held).toBe(0);
});

test('a refusal stops nothing, and the next run asks again', async () => {
  const { locks, running } = screen();
  locks.refuses = true;
  await running(true);
  await running(false);
  locks.refuses = false;
  await running(true);
  expect(locks.held).toBe(1);
});

test('a browser without wake locks is left alone', () => {
  const hear = keepAwake(undefined, new FakeDocument() as unknown as Document);
  expect(() => hear({ kind: 'view', change: { running: true } })).not.toThrow();
});
