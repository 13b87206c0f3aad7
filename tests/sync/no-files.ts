/** Ways for files, where a test sends none: each one fails the test that takes it. */
import type { FileCarrier } from '#sync/outbox/ports.ts';

const refuse = async (): Promise<never> => {
  throw new Error('a run without files asked something about files');
};

export const noFiles: FileCarrier = { slot: refuse, store: refuse, finalize: refuse, link: refuse, linked: refuse };
