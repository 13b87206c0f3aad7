/**
 * Who an instrument is, by its answer to the identity query or, where that names no number, by its USB serial number.
 *
 * The answer has four fields: maker, model, serial number, firmware. Pure. Knows nothing of what the identity is for.
 *
 * @see IEEE 488.2-1992, 10.14.3: a field without a value is the character 0
 */
import type { PlugStatus } from '#hardware/bench/bench.ts';

export interface InstrumentIdentity {
  readonly model?: string;
  readonly serialNumber?: string;
  readonly firmware?: string;
}

const FEWEST_FIELDS = 3;
/** No instrument of the makers that are known says more in a field; an answer that is noise may. */
const LONGEST_FIELD = 100;

export function identityOf(plug: Pick<PlugStatus, 'identity' | 'serialNumber'>): InstrumentIdentity {
  const fields = plug.identity.split(',').map((field) => field.trim());
  const [, model, serial, ...firmware] = fields.length < FEWEST_FIELDS ? [] : fields;
  return {
    ...said('model', model),
    ...(said('serialNumber', serial) ?? said('serialNumber', plug.serialNumber)),
    ...said('firmware', firmware.join(',')),
  };
}

function said<K extends string>(name: K, value = ''): { readonly [P in K]: string } | undefined {
  const text = value.replaceAll(/^["']|["']$|\p{Cc}/gu, '').trim();
  if (text === '' || text === '0') return undefined;
  return { [name]: text.slice(0, LONGEST_FIELD) } as { readonly [P in K]: string };
}
