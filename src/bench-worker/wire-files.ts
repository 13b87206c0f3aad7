/**
 * What went over a run's wires, as files that go with it.
 *
 * Above: kept-run.ts. Knows nothing of storage.
 */
import type { PlugWire } from '#hardware/bench/bench.ts';
import { recordingText } from '#hardware/transport/wire-recording.ts';
import type { NewAttachment } from '#record/attachment.ts';

/** `fixture.wire.json`, and `fixture-2.wire.json` for the wire after it was lost. */
export function wireFiles(wires: readonly PlugWire[]): NewAttachment[] {
  const seen = new Map<string, number>();
  return wires.map(({ plug, recording }) => {
    const n = (seen.get(plug) ?? 0) + 1;
    seen.set(plug, n);
    return {
      name: `${plug}${n > 1 ? `-${n}` : ''}.wire.json`,
      contentType: 'application/json',
      bytes: new TextEncoder().encode(recordingText(recording)),
    };
  });
}
