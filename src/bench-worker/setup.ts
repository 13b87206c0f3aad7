/**
 * What a run needs of the station: procedure, release and bench as they are now; and a unit that is about to run on them.
 *
 * Made by fixture.ts. Plain data and two doors to the outside. Knows nothing of runs.
 */
import type { ScriptHost } from '#engine/script/script-host.ts';
import type { Bench, SlotBench } from '#hardware/bench/bench.ts';
import type { UnitIdentity } from '#procedure/identify.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { hasSlots, inSlot } from '#procedure/slots.ts';
import type { Placed } from './slot-board.ts';

export interface Setup {
  readonly procedure: Procedure;
  readonly release: string;
  readonly development: boolean;
  /** Hash of the configuration in force; absent: only what is built in is. */
  readonly configuration?: string;
  readonly simulated: boolean;
  readonly bench: Bench;
  /** A new one for each run; absent: the procedure has no scripts. */
  readonly scripts?: () => ScriptHost;
  /** Texts of the label files that it prints, by path; absent: it prints none. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Tells a simulated bench which unit is on it; with slots, in which. */
  readonly place: (serial: string, slot?: string) => void;
}

/** A unit that is about to run in its slot. */
export interface Entrant {
  readonly placed: Placed;
  /** As its slot has it. */
  readonly setup: Setup;
  readonly bench: SlotBench;
  readonly unit: UnitIdentity;
}

export function entrant(setup: Setup, placed: Placed, unit: UnitIdentity): Entrant {
  const { key } = placed.slot;
  const procedure = inSlot(setup.procedure, key);
  return { placed, unit, setup: { ...setup, procedure }, bench: setup.bench.inSlot(slotIn(procedure, key)) };
}

/** Where units do not stand side by side, no plug and no simulated unit belongs to a slot. */
export function slotIn(procedure: Procedure, key: string): string | undefined {
  return hasSlots(procedure) ? key : undefined;
}

/** A procedure without a version has none, not an empty one. */
export function named({ id, name, version }: Procedure): { id: string; name: string; version?: string } {
  return { id, name, ...(version ? { version } : {}) };
}
