/**
 * What a station goes by: the built-in settings with the values of its document, or of a manifest, in their places.
 *
 * Small and pure: a station does this at every start. Where the values come from is merge.ts's. Knows nothing of signatures.
 */
import type { MergedValue } from '#fleet/config/merge.ts';
import { DEFAULT_SETTINGS, type FleetSettings } from '#fleet/distribution/manifest.ts';

export type ParameterValues = Readonly<Record<string, { readonly value: unknown; readonly tier: string }>>;

/** What only the server knows and no document says. */
type OfServer = Pick<FleetSettings, 'signed_only'>;

/** `operators` and `instruments` become lists again, in the order of their names. */
export function settingsOf(values: readonly MergedValue[], ofServer: OfServer): FleetSettings {
  const { signed_only: signedOnly } = ofServer;
  const { parameters: _, ...settings } = treeOf(values);
  const sync = { ...DEFAULT_SETTINGS.sync, ...(settings['sync'] as object | undefined) };
  return { ...DEFAULT_SETTINGS, ...settings, sync, signed_only: signedOnly };
}

/** Nested as a file has it. */
export function treeOf(values: readonly MergedValue[]): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const { path, value } of values) {
    const [first = '', ...rest] = path;
    if (first === 'operators' || first === 'instruments')
      tree[first] = [...((tree[first] as unknown[] | undefined) ?? []), value];
    else put(tree, first, rest, value);
  }
  return tree;
}

/** What this procedure's parameters are instead of their defaults, and which tier says so. */
export function parametersOf(values: readonly MergedValue[], folder: string): ParameterValues {
  const own = values.filter(({ path }) => path[0] === 'parameters' && path[1] === folder);
  return Object.fromEntries(own.map(({ path, value, tier }) => [path[2]!, { value, tier }]));
}

function put(tree: Record<string, unknown>, key: string, rest: readonly string[], value: unknown): void {
  const [next, ...more] = rest;
  if (next === undefined) return void (tree[key] = value);
  const inner = { ...(tree[key] as Record<string, unknown> | undefined) };
  put(inner, next, more, value);
  tree[key] = inner;
}
