/**
 * A procedure as its slots see it: which there are, what each has of its own, and what they share.
 *
 * Pure. A procedure that states no slots, or one, has one place for a unit, and nothing is shared. Above: engine and
 * doors. Knows nothing of runs.
 */
import type { Phase, Plug, Procedure, Slot } from '#procedure/procedure.ts';

/** Of a procedure that states none; its name is never shown. */
export const ONLY_SLOT: Slot = { key: '1', name: '' };
/** As many as one screen shows. */
export const MOST_SLOTS = 16;

export function slotsOf({ slots = [] }: Pick<Procedure, 'slots'>): readonly Slot[] {
  return slots.length > 0 ? slots : [ONLY_SLOT];
}

/** The procedure with the parameters of this slot in it. */
export function inSlot(procedure: Procedure, key: string): Procedure {
  const own = procedure.slots?.find((slot) => slot.key === key)?.own;
  return own ? { ...procedure, ...own } : procedure;
}

/** Whether units stand side by side. */
export function hasSlots({ slots = [] }: Pick<Procedure, 'slots'>): boolean {
  return slots.length > 1;
}

/** Keys of the plugs that all slots share. */
export function sharedPlugs(procedure: Pick<Procedure, 'slots' | 'plugs'>): ReadonlySet<string> {
  return new Set(hasSlots(procedure) ? procedure.plugs.filter(isShared).map(({ key }) => key) : []);
}

export function isShared({ scope }: Pick<Plug, 'scope'>): boolean {
  return scope !== undefined;
}

/** A plug of the bench; where each slot has one of its own, it is named after its slot. */
export interface BenchPlug extends Plug {
  /** Key of the slot; absent: everybody's. */
  readonly slot?: string;
}

/** What all slots share once, and everything else once for each slot. */
export function benchPlugs(procedure: Procedure): readonly BenchPlug[] {
  if (!hasSlots(procedure)) return procedure.plugs;
  return [
    ...procedure.plugs.filter(isShared),
    ...slotsOf(procedure).flatMap(({ key, name }) =>
      inSlot(procedure, key)
        .plugs.filter((plug) => !isShared(plug))
        .map((plug) => ({ ...plug, name: `${plug.name} (${name})`, slot: key })),
    ),
  ];
}

/** Names of shared plugs that a safe state switches off: live as long as one slot uses them. */
export function sharedPower(procedure: Procedure): readonly string[] {
  const shared = sharedPlugs(procedure);
  return procedure.plugs
    .filter(({ key, safeState }) => shared.has(key) && safeState.length > 0)
    .map(({ name }) => name);
}

/** A phase that is run once for all units that were started together. */
export function isOnceForAll({ scope, section }: Pick<Phase, 'scope' | 'section'>): boolean {
  return scope === 'execution' && section !== 'main';
}

/** Whether its units are started together, because something is done once for all of them. */
export function startsTogether(procedure: Pick<Procedure, 'slots' | 'phases'>): boolean {
  return hasSlots(procedure) && procedure.phases.some((phase) => isOnceForAll(phase) && phase.skip === undefined);
}
