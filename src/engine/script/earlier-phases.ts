/**
 * What became of the phases of a run until now, for the scripts of later ones: gathered from the run's events.
 *
 * Knows nothing of who asks.
 */
import type { EarlierPhase, Value } from '#engine/script/phase-api.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { PhaseOutcome, Section } from '#record/run-record.ts';

interface Open {
  readonly name: string;
  readonly section: Section;
  readonly measurements: Record<string, Value | null>;
}

export class EarlierPhases {
  readonly #open = new Map<string, Open>();
  readonly #ended = new Map<string, EarlierPhase>();

  get all(): Readonly<Record<string, EarlierPhase>> {
    return Object.fromEntries(this.#ended);
  }

  note(event: RunEvent): void {
    if (event.kind === 'phase-started') {
      const { key, name, section } = event;
      this.#open.set(key, { name, section, measurements: {} });
      // Another attempt: the one before it no longer counts.
      this.#ended.delete(key);
    } else if (event.kind === 'measurement') {
      const phase = this.#open.get(event.phase);
      if (phase) phase.measurements[event.measurement.key] = event.measurement.measured_value;
    } else if (event.kind === 'phase-ended') this.#end(event.phase, event.outcome);
    else if (event.kind === 'phase-skipped') {
      const { key, name, section } = event;
      this.#ended.set(key, { name, section, outcome: 'SKIP', measurements: {} });
    }
  }

  #end(key: string, outcome: PhaseOutcome): void {
    const phase = this.#open.get(key);
    this.#open.delete(key);
    if (phase) this.#ended.set(key, { ...phase, outcome });
  }
}
