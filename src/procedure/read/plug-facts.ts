/**
 * The readings and settings of a plug by name: those of its driver, and the registers that the procedure names itself.
 *
 * Above: read-device-step.ts. Below: what whoever knows drivers has handed in.
 */
import type { ReadingFacts, SettingFacts } from '#procedure/device-config.ts';
import type { Plug } from '#procedure/procedure.ts';
import type { Context } from '#procedure/read/fields.ts';

/** null: there is such a reading, and nothing more is known of it. */
export function readingsOf(context: Context, plug: Plug): ReadonlyMap<string, ReadingFacts | null> {
  const facts = context.facts?.(plug.driver)?.readings;
  const own = context.readings(plug.driver).map((name) => [name, facts?.[name] ?? null] as const);
  const registers = (plug.modbus?.registers ?? []).map(({ name, table, unit }): [string, ReadingFacts] => [
    name,
    { gives: isBit(table) ? 'flag' : 'number', ...(unit === undefined ? {} : { unit }) },
  ]);
  return new Map<string, ReadingFacts | null>([...own, ...registers]);
}

export function settingsOf(context: Context, plug: Plug): ReadonlyMap<string, SettingFacts> {
  const own = Object.entries(context.facts?.(plug.driver)?.settings ?? {});
  const registers = (plug.modbus?.registers ?? [])
    .filter(({ table }) => table === 'coil' || table === 'holding')
    .map(({ name, table, unit }): [string, SettingFacts] => [
      name,
      { takes: isBit(table) ? 'flag' : 'number', ...(unit === undefined ? {} : { unit }) },
    ]);
  return new Map([...own, ...registers]);
}

function isBit(table: string): boolean {
  return table === 'coil' || table === 'discrete';
}
