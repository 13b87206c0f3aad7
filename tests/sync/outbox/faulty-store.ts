/** A store whose disk is full now and then: then nothing is written, as a strict transaction promises. */
import type { MemoryOutbox } from '../memory-outbox.ts';

export function faulty(store: MemoryOutbox, isFull: () => boolean): MemoryOutbox {
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
    move: unlessFull(store.move.bind(store)),
    hold: store.hold.bind(store),
    setHold: unlessFull(store.setHold.bind(store)),
    notBefore: store.notBefore.bind(store),
    setNotBefore: unlessFull(store.setNotBefore.bind(store)),
  });
}
