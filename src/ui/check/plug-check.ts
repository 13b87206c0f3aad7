/**
 * For each plug of the procedure: whether its device is there, and whether the browser lets the app use it.
 *
 * Pure. Above: station-check.ts.
 */
import type { StationView } from '#engine/link/station-link.ts';
import type { CheckLine } from '#ui/check/check-line.ts';

type PlugStatus = StationView['plugs'][number];

/** @param granted USB ids of what the app may use; null where the browser does not say */
export function plugLines(plugs: readonly PlugStatus[], granted: readonly string[] | null): CheckLine[] {
  return plugs.map((plug) => ({ key: `plug:${plug.key}`, name: plug.name, ...found(plug, granted) }));
}

function found(plug: PlugStatus, granted: readonly string[] | null): Omit<CheckLine, 'key' | 'name'> {
  if (plug.simulated)
    return {
      state: 'attention',
      says: 'It is simulated: no wire is touched.',
      remedy: 'Switch the simulation off, above.',
    };
  if (plug.state === 'ready') return { state: 'ok', says: `It answers: ${plug.identity || 'ready'}.` };
  const { message, remedy } = plug;
  if (granted === null || granted.some((id) => plug.usb?.some((wanted) => matches(wanted, id))))
    return { state: 'failed', says: message, remedy };
  return {
    state: 'failed',
    says: `The browser lets the app use no device for it (${plug.usb?.join(', ') ?? 'any'}).`,
    remedy: 'Plug it in and choose it once on Fixtures, or have a policy grant it: see “fieldbench provision”.',
  };
}

/** @param wanted `0403:6001`, or `2a8d:*` for all of a vendor */
function matches(wanted: string, id: string): boolean {
  return wanted.endsWith('*') ? id.startsWith(wanted.slice(0, -1)) : wanted === id;
}
