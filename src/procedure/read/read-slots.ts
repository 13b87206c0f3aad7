/**
 * A procedure with its slots: once as it stands, and once more for each slot that gives values of its own to parameters.
 *
 * Above: parse.ts. Below: read-procedure.ts (one reading), check-slots.ts (what slots make impossible).
 */
import type { Located } from '#procedure/located.ts';
import type { Procedure, Slot, SlotOwn } from '#procedure/procedure.ts';
import { checkSlots } from '#procedure/read/check-slots.ts';
import type { Context } from '#procedure/read/fields.ts';
import { Parameters } from '#procedure/read/parameters.ts';
import type { ReadSlot } from '#procedure/read/read-execution.ts';
import { readProcedure } from '#procedure/read/read-procedure.ts';

/** @returns the procedure as far as it could be read; it counts only when no error was reported */
export function readWithSlots(context: Context, root: Located): Procedure {
  const { procedure, slots: read, plugPlaces, phasePlaces } = readProcedure(context, root);
  const { problems } = context;
  if (problems.hasErrors || read.length === 0) return procedure;
  const slots = read.map((slot) => readFor(context, root, slot));
  const whole: Procedure = { ...procedure, slots };
  if (!problems.hasErrors) checkSlots(problems, whole, { plugPlaces, phasePlaces });
  return { ...whole, obstacles: problems.obstacles };
}

function readFor(context: Context, root: Located, { key, name, values }: ReadSlot): Slot {
  if (values.size === 0) return { key, name };
  const problems = context.problems.fresh();
  const slot = { name, values };
  const { procedure } = readProcedure({ ...context, problems, parameters: new Parameters(problems), slot }, root);
  context.problems.addFrom(problems, `slot “${name}”: `);
  const { unit, plugs, phases, parameters } = procedure;
  return { key, name, own: { unit, plugs, phases, parameters } satisfies SlotOwn };
}
