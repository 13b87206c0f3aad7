/**
 * The unit of a run that tests none: what is said of it, else defaults, else the procedure's own examples.
 *
 * By the same rules as at the station. Above: the command line and the workshop. Knows nothing of benches.
 */
import { Fault } from '#base/fault.ts';
import { type Answers, asksOf, everyAsk, readAnswer, withAnswers } from '#procedure/asks.ts';
import { identify, type UnitIdentity } from '#procedure/identify.ts';
import type { UnitFields } from '#procedure/procedure.ts';

/** Where the procedure states neither a default nor an example. */
const NOBODYS_SERIAL = 'SIM-000001';

/**
 * @param given by the key of the question
 * @param howToSay what has no example, in words
 * @throws {Fault} why there is no such unit
 */
export function exampleUnit(
  fields: UnitFields,
  serial: string | undefined,
  given: Answers,
  howToSay: (key: string) => string,
): UnitIdentity {
  const { defaultValue, placeholder } = fields.serial_number;
  const found = identify(serial ?? defaultValue ?? placeholder ?? NOBODYS_SERIAL, fields);
  if ('code' in found) throw new Fault(found.code, found.message, found.remedy);
  const known = everyAsk(fields);
  const open = asksOf(fields, found).map(({ key }) => key);
  return known.reduce((unit, ask) => {
    const said =
      given[ask.key] ?? (open.includes(ask.key) ? example(ask.field.placeholder, ask.isOptional) : undefined);
    if (said === undefined) return unit;
    const answer = readAnswer(ask, said, unit);
    if ('value' in answer) return withAnswers(unit, { [ask.key]: answer.value });
    const { code, message, remedy } = answer;
    throw new Fault(code, `${ask.key}: ${message}`, given[ask.key] === undefined ? howToSay(ask.key) : remedy);
  }, found);
}

/** What nobody said is the procedure's example; what has none, and may be left out, is. */
function example(placeholder: string | undefined, isOptional: boolean): string {
  return isOptional ? '' : (placeholder ?? '');
}
