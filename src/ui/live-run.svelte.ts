/**
 * One run on the screen: the plan, and what has happened of it, phase by phase.
 *
 * Events go through `applyEvent`, so that screen, journal and recovery cannot disagree. Only the phases that a batch
 * touched are renewed, so a run of thousands of events costs what its last batch costs. Knows nothing of components.
 */
import { applyEvent, recordOf, type RunEvent } from '#record/run-event.ts';
import type { PhasePlan, PhaseRecord, RunHeader, RunRecord, Section } from '#record/run-record.ts';

/** A phase with its attempts; `last` is the one that decides. */
export class PhaseProgress {
  readonly key: string;
  readonly name: string;
  readonly section: Section;
  readonly planned: PhasePlan['measurements'];
  #attempts = $state.raw<readonly PhaseRecord[]>([]);

  constructor({ key, name, section, measurements }: PhasePlan) {
    this.key = key;
    this.name = name;
    this.section = section;
    this.planned = measurements;
  }

  get attempts(): readonly PhaseRecord[] {
    return this.#attempts;
  }

  get last(): PhaseRecord | null {
    return this.#attempts.at(-1) ?? null;
  }

  /** Copies the last attempt, which was changed in place, so that whoever shows it notices. */
  renew(attempts: readonly PhaseRecord[]): void {
    this.#attempts = attempts.map((attempt, index) =>
      index === attempts.length - 1
        ? { ...attempt, measurements: [...attempt.measurements], files: [...(attempt.files ?? [])] }
        : attempt,
    );
  }
}

export class LiveRun {
  readonly record: RunRecord;
  /** On the page's monotonic clock. */
  readonly startedAtMs: number;
  readonly #byKey = new Map<string, PhaseProgress>();
  readonly #attempts = new Map<string, PhaseRecord[]>();
  #phases = $state.raw<readonly PhaseProgress[]>([]);
  #current = $state.raw<PhaseProgress | null>(null);
  #outcome = $state.raw<RunRecord['outcome']>(null);

  constructor(header: RunHeader, startedAtMs: number) {
    this.record = recordOf(header);
    this.startedAtMs = startedAtMs;
    for (const plan of header.plan) this.#byKey.set(plan.key, new PhaseProgress(plan));
    this.#phases = [...this.#byKey.values()];
  }

  /** A run that is over, shown as it was. */
  static of(record: RunRecord): LiveRun {
    const run = new LiveRun(record, 0);
    Object.assign(run.record, record);
    const touched = new Set<string>();
    for (const phase of record.phases) {
      run.#keep(phase);
      touched.add(phase.key);
    }
    run.#renew(touched);
    return run;
  }

  get phases(): readonly PhaseProgress[] {
    return this.#phases;
  }

  /** The phase that is under way, or the last one that was: between two phases a name that came and went would flicker. */
  get current(): PhaseProgress | null {
    return this.#current;
  }

  /** null while the run is under way. */
  get outcome(): RunRecord['outcome'] {
    return this.#outcome;
  }

  apply(events: readonly RunEvent[]): void {
    const touched = new Set<string>();
    for (const event of events) {
      applyEvent(this.record, event);
      const key = keyOf(event);
      if (key === null) continue;
      if (event.kind === 'phase-started' || event.kind === 'phase-skipped') {
        const phase = this.record.phases.at(-1);
        if (phase) this.#keep(phase);
      }
      touched.add(key);
    }
    this.#renew(touched);
  }

  #keep(phase: PhaseRecord): void {
    const attempts = this.#attempts.get(phase.key);
    if (attempts) attempts.push(phase);
    else this.#attempts.set(phase.key, [phase]);
    if (!this.#byKey.has(phase.key)) {
      // Not in the plan: shown where it happened, after all that was planned.
      this.#byKey.set(phase.key, new PhaseProgress({ ...phase, measurements: [] }));
      this.#phases = [...this.#byKey.values()];
    }
  }

  #renew(touched: ReadonlySet<string>): void {
    for (const key of touched) this.#byKey.get(key)?.renew(this.#attempts.get(key) ?? []);
    const latest = this.record.phases.findLast(({ outcome }) => outcome !== 'SKIP');
    this.#current = latest ? (this.#byKey.get(latest.key) ?? null) : null;
    this.#outcome = this.record.outcome;
  }
}

function keyOf(event: RunEvent): string | null {
  if (event.kind === 'phase-started' || event.kind === 'phase-skipped') return event.key;
  return 'phase' in event ? (event.phase ?? null) : null;
}
