/**
 * What a label can say: the names that its placeholders may have.
 *
 * Pure. Above: the reader, label-uses.ts, the engine, which knows the values. Knows nothing of a label's text.
 */
import { deriveKey } from '#procedure/key.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Procedure } from '#procedure/procedure.ts';

/** Of the unit, of the run so far, and of the moment, which is in UTC. */
export const LABEL_NAMES = [
  'serial_number',
  'part_number',
  'revision_number',
  'batch_number',
  'outcome',
  'date',
  'time',
  'station',
  'run_id',
] as const;
const MEASUREMENT = 'measurement.';

type Named = Pick<Procedure, 'phases' | 'unit'>;

/** @returns why there is no such placeholder, in words; null when there is */
export function labelNameTrouble({ phases, unit }: Named, name: string): string | null {
  const declared = phases.flatMap(({ measurements }) => measurements);
  const keys = measurementKeys(name);
  if (keys) {
    const found = declared.find(({ key }) => keys.includes(key));
    if (found) return found.yAxis ? `“{{${name}}}” has many points, and a label says one value` : null;
    const near = proposal(
      keys[0]!,
      declared.map((one) => one.key),
    );
    return `“{{${name}}}” names a measurement that no phase declares${near}`;
  }
  const known = [
    ...LABEL_NAMES,
    ...(unit.subUnits ?? []).map((one) => `sub_units.${one.key}`),
    ...Object.keys(unit.metadata ?? {}).map((one) => `metadata.${one}`),
  ];
  if (known.includes(name)) return null;
  const near = proposal(name, known) || `; there are ${known.join(', ')} and measurement.NAME`;
  return `“{{${name}}}” is nothing that a label can say${near}`;
}

/** Keys that the measurement of a placeholder may have: as it is written, and as it is derived from a name; null: it names none. */
export function measurementKeys(name: string): readonly string[] | null {
  if (!name.startsWith(MEASUREMENT)) return null;
  const written = name.slice(MEASUREMENT.length);
  return [written, deriveKey(written)];
}
