/**
 * The plugs of a station by their key: with slots there may be sixteen of one kind, and the header has room for one.
 *
 * Pure: the group has the state of its worst plug, and says which that is. Knows nothing of elements.
 */
import type { StationView } from '#engine/link/station-link.ts';

type Plug = StationView['plugs'][number];

export interface PlugGroup {
  readonly key: string;
  /** `Fixture`; `Fixture (Left)` when only that one needs a person; `2 of 8: Fixture` when several do. */
  readonly name: string;
  readonly state: Plug['state'];
}

/** Worst first. */
const STATES: readonly Plug['state'][] = ['permission', 'wrong', 'lost', 'missing', 'rebooting', 'ready'];

export function plugGroups({ plugs, slots }: Pick<StationView, 'plugs' | 'slots'>): PlugGroup[] {
  return [...new Set(plugs.map(({ key }) => key))].map((key) => {
    const group = plugs.filter((plug) => plug.key === key);
    const bad = group.filter(({ state }) => state !== 'ready');
    const state = STATES.find((one) => group.some((plug) => plug.state === one)) ?? 'ready';
    const name = nameOf(group[0]!, slots);
    if (bad.length === 0 || group.length === 1) return { key, name, state };
    return { key, name: bad.length === 1 ? bad[0]!.name : `${bad.length} of ${group.length}: ${name}`, state };
  });
}

/** Without the slot that stands behind it. */
function nameOf({ name, slot }: Plug, slots: StationView['slots']): string {
  const end = ` (${slots.find(({ key }) => key === slot)?.name})`;
  return slot !== undefined && name.endsWith(end) ? name.slice(0, -end.length) : name;
}
