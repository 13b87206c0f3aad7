/**
 * What went over a run's wires, as files that go with it.
 *
 * Above: run-starts.ts. Knows nothing of storage.
 */
import type { PlugWire } from '#hardware/bench/bench.ts';
import { recordingText } from '#hardware/transport/wire-recording.ts';
import type { NewAttachment } from '#record/attachment.ts';

/** One a wire; those of one plug have one name, which whoever keeps them makes several. */
export function wireFiles(wires: readonly PlugWire[]): NewAttachment[] {
  return wires.map(({ plug, recording }) => ({
    name: `${plug}.wire.json`,
    contentType: 'application/json',
    bytes: new TextEncoder().encode(recordingText(recording)),
  }));
}
