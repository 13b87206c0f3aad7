/**
 * Wire logs of failed runs, from this machine's disk, by the plug that each is to stand for.
 *
 * Above: run.ts. Knows nothing of what the bytes mean.
 */
import { readFile } from 'node:fs/promises';
import { Fault, messageOf } from '#base/fault.ts';
import { type WireRecording, readRecording } from '#hardware/transport/wire-recording.ts';
import type { Procedure } from '#procedure/procedure.ts';

/**
 * @param files by plug
 * @throws {Fault} `recording-unreadable` with the file and what is wrong, `no-such-plug`
 */
export async function loadRecordings(
  procedure: Procedure,
  files: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, WireRecording>> {
  const recordings = new Map<string, WireRecording>();
  for (const [plug, file] of Object.entries(files)) {
    if (!procedure.plugs.some(({ key }) => key === plug)) {
      const known = procedure.plugs.map(({ key }) => key).join(', ');
      throw new Fault('no-such-plug', `${procedure.name} has no plug “${plug}”.`, `It has: ${known || 'none'}.`);
    }
    try {
      recordings.set(plug, readRecording(await readFile(file, 'utf8')));
    } catch (thrown) {
      const remedy = 'Name a wire log: it goes with a failed run as PLUG.wire.json.';
      throw new Fault('recording-unreadable', `${file} cannot be played: ${messageOf(thrown)}`, remedy);
    }
  }
  return recordings;
}
