/**
 * The configuration as a person reads it: every setting with its value, where that came from, and since when.
 *
 * Loaded when somebody looks. What a person has set at this station is told beside what the tiers say. Above: main.ts.
 */
import type { ConfigurationValue, ConfigurationView } from '#engine/link/configuration-link.ts';
import type { MergedValue } from '#fleet/config/merge.ts';
import { LISTS, PARAMETERS_MEANING, SETTINGS, settingOf } from '#fleet/config/settings-table.ts';
import type { KeptConfiguration } from './configuration-book.ts';
import { keyOf, plainText, textOf } from './configuration-changes.ts';

/** What a person has set at this station, by key; absent: nothing. */
export type SetHere = Readonly<Record<string, string | number | boolean | undefined>>;

export function configurationView({ inForce, changes }: KeptConfiguration, here: SetHere): ConfigurationView {
  const values = inForce?.values ?? [];
  const stated = new Map(values.map((one) => [keyOf(one), one]));
  const since = (key: string) => changes.find((one) => one.key === key)?.at ?? '';
  const rows: ConfigurationValue[] = SETTINGS.filter(({ byServer }) => byServer !== 'alone').map((setting) => {
    const { key, builtIn, meaning, range } = setting;
    const said = stated.get(key);
    const row = { ...rowOf(key, said, plainText(builtIn)), meaning, range, since: since(key) };
    const own = row.locked === '' ? here[key] : undefined;
    if (own === undefined) return row;
    return { ...row, value: plainText(own), tier: 'here', from: '', instead: row.value };
  });
  const others = values.filter((one) => settingOf(keyOf(one)) === undefined);
  for (const one of others) {
    const list = LISTS.find(({ key }) => key === one.path[0]);
    rows.push({
      ...rowOf(keyOf(one), one, ''),
      meaning: list?.meaning ?? PARAMETERS_MEANING,
      since: since(keyOf(one)),
    });
  }
  return {
    source:
      values.length === 0 && inForce?.source !== 'signed' && inForce?.source !== 'unsigned'
        ? 'built-in'
        : inForce!.source,
    hash: inForce?.hash ?? '',
    number: inForce?.number ?? 0,
    madeAt: inForce?.made_at ?? '',
    since: inForce?.since ?? '',
    signedBy: inForce?.signed_by ?? '',
    product: inForce?.product ?? '',
    values: rows,
    changes,
  };
}

function rowOf(key: string, said: MergedValue | undefined, builtIn: string): ConfigurationValue {
  return {
    key,
    value: said ? textOf(said) : builtIn,
    tier: said?.tier ?? 'built-in',
    from: said?.from ?? '',
    meaning: '',
    range: '',
    since: '',
    locked: said?.locked ?? '',
    instead: '',
  };
}
