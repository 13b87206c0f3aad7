/**
 * What went over the wires of one plug, connection after connection.
 *
 * Filled by plug-link.ts. Knows nothing of runs.
 */
import type { WireLog } from '#hardware/transport/wire-log.ts';
import type { WireRecording } from '#hardware/transport/wire-recording.ts';

/** Of the connection now and of the one before it: a run that broke one is still to say what went over it. */
const KEPT_LOGS = 2;

export class PlugWires {
  #logs: readonly WireLog[] = [];

  add(log: WireLog): void {
    this.#logs = [...this.#logs, log].slice(-KEPT_LOGS);
  }

  /** Of each wire on which anything happened since a monotonic time: how it was opened, and all since then. */
  since(sinceMs: number): readonly WireRecording[] {
    return this.#logs.filter((log) => log.hasEntriesSince(sinceMs)).map((log) => log.recording(sinceMs));
  }
}
