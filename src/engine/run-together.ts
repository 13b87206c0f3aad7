/**
 * Units that were started together: what is done once for all of them, and around it each unit's own run.
 *
 * Setup for all, then the runs side by side, then teardown for all and the safe state of what they share; only then does
 * any of them end (RULES.md). What is done once stands in the record of each. Below: run-procedure.ts. Above: a door.
 */
import { addToAll, type RunFiles } from '#engine/run-files.ts';
import type { RunResult } from '#engine/run-outcome.ts';
import { Run, type RunOptions } from '#engine/run-procedure.ts';
import type { ScriptHost } from '#engine/script/script-host.ts';
import type { BenchUse } from '#engine/shared-plugs.ts';
import type { SlotBench } from '#hardware/bench/bench.ts';
import type { Phase, Procedure } from '#procedure/procedure.ts';
import { isOnceForAll } from '#procedure/slots.ts';
import type { RunEvent } from '#record/run-event.ts';

/** What all of them share. */
export interface Shared {
  readonly procedure: Procedure;
  /** Only the plugs that all slots share. */
  readonly bench: SlotBench;
  readonly use: BenchUse;
  readonly scripts?: ScriptHost;
}

/** @param members at least one; each with the whole procedure as its slot has it */
export async function runTogether(members: readonly RunOptions[], shared: Shared): Promise<RunResult[]> {
  const { clock, emergency } = members[0]!;
  const { procedure, bench, use, scripts } = shared;
  const startedMonotonicMs = members[0]!.startedMonotonicMs ?? clock.monotonicMs();
  const units = members.map((options) => new Unit({ ...options, startedMonotonicMs }, use));
  const listening = () => units.filter(({ listens }) => listens);
  const once = new Run(
    {
      procedure: only(procedure, isOnceForAll, use.shared),
      bench,
      clock,
      signal: allAborted(members.map(({ signal }) => signal)),
      emit: (event) => listening().forEach((unit) => unit.relay(event)),
      keepFile: members[0]!.keepFile,
      startedMonotonicMs,
      ...(emergency ? { emergency } : {}),
      // Whoever is asked for all of them is asked once, beside the first.
      ...(members[0]!.operator ? { operator: members[0]!.operator } : {}),
      ...(scripts ? { scripts } : {}),
    },
    use.placeIn(),
    { add: (file) => addToAll(listening().map(filesOf), file) },
  );
  once.prepare();
  const setUp = once.guarded(() => once.section('setup'));
  await Promise.all(units.map((unit) => unit.runAfter(setUp, once)));
  await setUp;
  for (const unit of units) unit.listens = true;
  await once.guarded(() => once.teardown());
  await once.guarded(() => use.leave((keep) => once.makeSafe(keep)));
  once.close();
  // One whose events cannot be kept must not keep the others from their end.
  const ended = await Promise.allSettled(units.map(async (unit) => unit.end(once)));
  const lost = ended.find((one) => one.status === 'rejected');
  if (lost) throw lost.reason;
  return ended.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** One of them. */
class Unit {
  readonly run: Run;
  /** Whether what is done for all still concerns it. */
  listens = true;
  readonly #forAll: readonly Phase[];
  readonly #sharedPlugs: ReadonlySet<string>;
  /** Phases for all that have begun, or were passed over, and those of them that are under way. */
  readonly #seen = new Set<string>();
  readonly #open = new Set<string>();

  constructor(options: RunOptions, use: BenchUse) {
    const { procedure, slot } = options;
    this.#forAll = procedure.phases.filter((phase) => isOnceForAll(phase));
    this.#sharedPlugs = use.shared;
    this.run = new Run({ ...options, procedure: only(procedure, (phase) => !isOnceForAll(phase)) }, use.placeIn(slot));
    this.run.prepare();
  }

  relay(event: RunEvent): void {
    if (event.kind === 'phase-started') this.#open.add(event.key);
    if (event.kind === 'phase-started' || event.kind === 'phase-skipped') this.#seen.add(event.key);
    if (event.kind === 'phase-ended') this.#open.delete(event.phase);
    if (event.kind === 'unit-field') this.run.unit.fill(event.field, event.value);
    this.run.tape.relay(event);
  }

  /** Its own phases, when setup for all is over, or as soon as a person has stopped it. */
  async runAfter(setUp: Promise<void>, once: Run): Promise<void> {
    const { run } = this;
    await Promise.race([setUp.then(() => run.course.adopt(once.course, 'setup')), aborted(run.stopped)]);
    if (run.stopped.aborted) this.#withdraw();
    await run.ownPhases();
    await run.guarded(() => run.makeSafe(this.#sharedPlugs));
  }

  end(once: Run): RunResult {
    this.run.course.adopt(once.course, 'teardown');
    this.run.adoptBroken(once.broken);
    return this.run.end();
  }

  /** A stop cuts this unit's part in setup for all, and leaves it to the others. */
  #withdraw(): void {
    const reason = 'a person stopped the run';
    this.listens = false;
    for (const phase of this.#open) this.run.tape.add({ kind: 'phase-ended', phase, outcome: 'ERROR', reason });
    this.#open.clear();
    for (const { key, name, section, skip } of this.#forAll.filter((phase) => phase.section === 'setup'))
      if (!this.#seen.has(key))
        this.run.tape.add({ kind: 'phase-skipped', key, name, section, reason: skip ?? `not reached: ${reason}` });
  }
}

function filesOf({ run }: Unit): RunFiles {
  return run.files;
}

/** @param plugs keys of those that stay; absent: all */
function only(procedure: Procedure, isWanted: (phase: Phase) => boolean, plugs?: ReadonlySet<string>): Procedure {
  return {
    ...procedure,
    phases: procedure.phases.filter(isWanted),
    plugs: procedure.plugs.filter(({ key }) => plugs?.has(key) ?? true),
  };
}

/** Aborted when the last of them is. */
function allAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  const look = () => {
    if (signals.every(({ aborted: isAborted }) => isAborted)) all.abort(signals[0]!.reason);
  };
  for (const signal of signals) signal.addEventListener('abort', look, { once: true });
  look();
  return all.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
