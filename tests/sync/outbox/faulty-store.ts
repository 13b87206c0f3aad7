/**
 * A store whose disk is full now and then: then nothing is written, as a strict transaction promises. And whose second
 * copy says now and then that a run may have been sent: then the store moves it itself, and not as it was asked to.
 */
import { doubt } from '#storage/store/mend.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { MemoryOutbox } from '../memory-outbox.ts';

export function faulty(
  store: MemoryOutbox,
  clock: VirtualClock,
  isFull: () => boolean,
  isDoubted: () => boolean,
): MemoryOutbox {
  const move: MemoryOutbox['move'] = async (from, to) => {
    if (to.state !== 'CREATING' || !isDoubted()) return store.move(from, to);
    await store.move(from, doubt(from.attempts, clock.nowMs(), 'doubted'));
    return false;
  };
  const unlessFull =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isFull()) throw new Error('The disk is full.');
      return write(...args);
    };
  return Object.assign(Object.create(store) as MemoryOutbox, {
    rows: store.rows,
    undelivered: store.undelivered.bind(store),
    sealed: async (id: string) => (isFull() ? undefined : store.sealed(id)),
    attachments: store.attachments.bind(store),
    attachmentBytes: store.attachmentBytes.bind(store),
    moveAttachment: unlessFull(store.moveAttachment.bind(store)),
    move: unlessFull(move),
    hold: store.hold.bind(store),
    setHold: unlessFull(store.setHold.bind(store)),
    notBefore: store.notBefore.bind(store),
    setNotBefore: unlessFull(store.setNotBefore.bind(store)),
  });
}
