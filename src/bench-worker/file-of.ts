/**
 * One file that went with a run, for a person who wants to look into it.
 *
 * Changes nothing. Above: main.ts. Knows nothing of screens.
 */
import { Fault } from '#base/fault.ts';
import type { LocalStore } from '#storage/store/open.ts';

/** @throws {Fault} `nothing` when it is not on this machine any more */
export async function fileOf(
  store: Pick<LocalStore, 'attachments' | 'attachmentBytes'>,
  run: string,
  name: string,
): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const file = (await store.attachments(run)).find((one) => one.name === name);
  const bytes = file && (await store.attachmentBytes(file.id));
  if (bytes) return { name, bytes };
  throw new Fault(
    'nothing',
    `${name} is not on this machine any more.`,
    'Delivered files are cleared away in time; it is with its run in TofuPilot.',
  );
}
