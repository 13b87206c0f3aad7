/**
 * The `execution` section: what follows a failure, and the slots in which units stand side by side.
 *
 * Above: read-procedure.ts. Knows nothing of how runs share a machine.
 */
import { deriveKey, keyProblem } from '#procedure/key.ts';
import type { Located } from '#procedure/located.ts';
import type { Procedure, Slot } from '#procedure/procedure.ts';
import { MOST_SLOTS } from '#procedure/slots.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { stated } from '#procedure/read/stated.ts';

export const EXECUTION_KEYS = ['strategy', 'workers', 'on_first_failure', 'slots', 'timeout', 'teardown_timeout'];
export const SLOT_KEYS = ['key', 'name', 'parameters'];
export const STRATEGIES = ['phase_first', 'slot_first'] as const;
/** TofuPilot's limit for the names and keys of slots. */
const LONGEST_SLOT = 50;

/** A slot, and the values that it gives to parameters, by name. */
export interface ReadSlot extends Slot {
  readonly values: ReadonlyMap<string, Located>;
}

interface Execution extends Pick<
  Procedure,
  'onFirstFailure' | 'strategy' | 'workers' | 'timeoutMs' | 'teardownTimeoutMs'
> {
  readonly slots?: readonly ReadSlot[];
}

export function readExecution(context: Context, procedure: Fields): Execution {
  const node = procedure.node('execution');
  if (!node) return { onFirstFailure: 'stop' };
  const fields = new Fields(context, node, '“execution”', EXECUTION_KEYS);
  const strategy = fields.oneOf('strategy', STRATEGIES);
  const workers = fields.integer('workers', 1, 256);
  const slots = readSlots(context, fields);
  if (slots.length > MOST_SLOTS)
    context.problems.obstacle(
      'unsupported',
      fields.keyPlace('slots'),
      `“execution”: ${slots.length} slots are more than one station shows; ${MOST_SLOTS} can run`,
    );
  return {
    onFirstFailure: fields.oneOf('on_first_failure', ['stop', 'continue'] as const) ?? 'stop',
    ...stated({ strategy, workers, slots: slots.length > 0 ? slots : undefined }),
    ...stated({ timeoutMs: fields.duration('timeout'), teardownTimeoutMs: fields.duration('teardown_timeout') }),
  };
}

function readSlots(context: Context, fields: Fields): ReadSlot[] {
  const taken = new Map<string, number>();
  return (fields.list('slots') ?? []).flatMap((node) => {
    const slot = readSlot(context, node);
    if (!slot) return [];
    const line = taken.get(slot.key.toLowerCase());
    if (line !== undefined) {
      const message = `two slots have the key “${slot.key}”; the first is in line ${line}`;
      context.problems.error('duplicate', node.place, message);
    }
    taken.set(slot.key.toLowerCase(), node.place.line);
    return [slot];
  });
}

function readSlot(context: Context, node: Located): ReadSlot | undefined {
  const fields = new Fields(context, known(context, node), 'a slot', SLOT_KEYS);
  if (node.kind !== 'map') return undefined;
  const name = fields.requiredText('name', { max: LONGEST_SLOT });
  const key = fields.text('key', { max: LONGEST_SLOT }) ?? (name === undefined ? undefined : deriveKey(name));
  const values = readValues(context, fields);
  if (name === undefined || key === undefined) return undefined;
  const trouble = keyProblem(key);
  if (!trouble) return { key, name, values };
  // TofuPilot only warns here.
  if (key === '') return fields.refuse('identifier', 'name', 'gives no usable key; add one, such as key: left');
  context.problems.warning(
    'identifier',
    fields.node(fields.has('key') ? 'key' : 'name')!.place,
    `slot “${name}”: the key “${key}” ${trouble}`,
  );
  return { key, name, values };
}

/** Whether a value fits its parameter is seen when the file is read for this slot. */
function readValues(context: Context, fields: Fields): ReadSlot['values'] {
  const node = fields.node('parameters');
  if (!node) return new Map();
  const entries = node.kind === 'map' ? node.entries : [];
  new Fields(
    context,
    node,
    'the parameters of a slot',
    entries.map(({ key }) => key),
  );
  for (const { key, place } of entries) context.parameters.find(key, place);
  return new Map(entries.map(({ key, value }) => [key, value]));
}

/** The one place where TofuPilot passes over keys that it does not know; here at least it is said. */
function known(context: Context, node: Located): Located {
  if (node.kind !== 'map') return node;
  for (const { key, place } of node.entries.filter((entry) => !SLOT_KEYS.includes(entry.key)))
    context.problems.warning('unknown-key', place, `a slot has no key “${key}”; it has no effect`);
  return { ...node, entries: node.entries.filter((entry) => SLOT_KEYS.includes(entry.key)) };
}
