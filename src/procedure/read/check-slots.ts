/**
 * What cannot be where units stand side by side: two slots that cannot be told apart, or one that speaks for all.
 *
 * Obstacles, since the file loads all the same; and the one mistake that would let a unit pass on its neighbour's
 * values, as a lint. Above: read-slots.ts. Knows nothing of runs.
 */
import type { Place } from '#procedure/located.ts';
import { unrolled } from '#procedure/lint/plugs.ts';
import type { Phase, Plug, Procedure } from '#procedure/procedure.ts';
import type { Problems } from '#procedure/problem.ts';
import { hasSlots, inSlot, isOnceForAll, isShared } from '#procedure/slots.ts';
import { referencesOf } from '#procedure/when/constant-when.ts';

export interface Places {
  readonly plugPlaces: ReadonlyMap<string, Place>;
  readonly phasePlaces: ReadonlyMap<string, Place>;
}

const TOP: Place = { line: 1, column: 1 };

export function checkSlots(problems: Problems, procedure: Procedure, { plugPlaces, phasePlaces }: Places): void {
  if (!hasSlots(procedure)) return;
  const variants = procedure.slots!.map(({ key }) => inSlot(procedure, key));
  const own = new Set(procedure.plugs.filter((plug) => !isShared(plug)).map(({ key }) => key));
  const slotted = new Set(
    variants.flatMap(({ parameters }) => Object.keys(parameters).filter((name) => parameters[name]!.tier === 'slot')),
  );
  for (const [index, plug] of procedure.plugs.entries()) {
    const trouble = plugTrouble(
      plug,
      variants.map(({ plugs }) => plugs[index]!),
    );
    if (trouble) problems.obstacle('slots', plugPlaces.get(plug.key) ?? TOP, `plug “${plug.name}”: ${trouble}`);
  }
  for (const [index, phase] of procedure.phases.entries()) {
    if (phase.skip !== undefined) continue;
    const place = phasePlaces.get(phase.key) ?? TOP;
    const differs = areDifferent(variants.map(({ phases }) => phases[index]!));
    const trouble = phase.scope === 'execution' ? onceTrouble(phase, { own, slotted, differs, procedure }) : null;
    const rebooted = isOnceForAll(phase) ? undefined : rebootedBy(phase).find((key) => !own.has(key));
    if (trouble) problems.obstacle('slots', place, `phase “${phase.name}”: ${trouble}`);
    else if (rebooted !== undefined)
      problems.obstacle(
        'slots',
        place,
        `phase “${phase.name}”: a reboot of “${rebooted}”, which all slots share, would fall into the tests of the others; put it into a phase with “scope: execution”`,
      );
    else if (!isOnceForAll(phase) && !differs && usesSharedOnly(phase, own))
      problems.lint(
        'slot-unnamed',
        place,
        `phase “${phase.name}” uses only plugs that all slots share and says the same to them in every slot, so each unit gets what another may have been measured for; give the slots a parameter of their own, such as their channel`,
      );
  }
}

function plugTrouble(plug: Plug, each: readonly Plug[]): string | null {
  if (isShared(plug))
    return areDifferent(each) ? 'all slots share it, so nothing about it can depend on a parameter of a slot' : null;
  if (!plug.resource) return null;
  const identities = each.map(({ resource }) => resource?.identity);
  if (!identities.includes(undefined) && new Set(identities).size === each.length) return null;
  return 'each slot has one of its own, and nothing tells them apart; put a parameter of the slot into its “identity”, or write “scope: station” where all slots share one';
}

interface Around {
  /** Keys of the plugs that each slot has of its own. */
  readonly own: ReadonlySet<string>;
  /** Parameters to which a slot gives a value of its own. */
  readonly slotted: ReadonlySet<string>;
  /** Whether one of them stands in it. */
  readonly differs: boolean;
  readonly procedure: Procedure;
}

/** Why it cannot be run once for all. */
function onceTrouble(phase: Phase, { own, slotted, differs, procedure }: Around): string | null {
  const once = 'with “scope: execution” it is run once for all slots';
  if (phase.section === 'main')
    return 'a phase of main is run once a slot; “scope: execution” is for setup and teardown';
  const asked = phase.when ? referencesOf(phase.when.tree) : [];
  if (differs || asked.some((one) => one.kind === 'parameter' && slotted.has(one.name)))
    return `${once}, so no parameter of a slot can stand in it`;
  const plug = plugsOf(phase).find((key) => own.has(key));
  if (plug !== undefined)
    return `${once}, so it cannot use “${plug}”, which each slot has of its own; write “scope: execution” at the plug where they share it`;
  const forAll = new Set(procedure.phases.filter(isOnceForAll).map(({ key }) => key));
  if (asked.some((one) => one.kind === 'unit')) return `${once}, so it cannot ask about one unit`;
  const others = [...(phase.dependsOn ?? []), ...asked.flatMap((one) => (one.kind === 'outcome' ? one.phase : []))];
  const other = others.find((key) => !forAll.has(key));
  return other === undefined ? null : `${once}, so it cannot depend on “${other}”, which is run once a slot`;
}

function usesSharedOnly(phase: Phase, own: ReadonlySet<string>): boolean {
  const plugs = plugsOf(phase);
  return plugs.length > 0 && !plugs.some((key) => own.has(key));
}

function rebootedBy({ steps }: Phase): string[] {
  return steps.flatMap(unrolled).flatMap((step) => (step.kind === 'expect-reboot' ? step.plug : []));
}

/** That its steps name; a script may use any, unseen. */
function plugsOf({ steps }: Phase): string[] {
  return steps.flatMap(unrolled).flatMap((step) => {
    if ('plug' in step) return step.plug;
    return step.kind === 'attach' && 'plug' in step.source ? step.source.plug : [];
  });
}

function areDifferent(each: readonly unknown[]): boolean {
  return new Set(each.map((one) => JSON.stringify(one))).size > 1;
}
