/**
 * Stations by line, those that need a person first; and which of them a person is looking for.
 *
 * Pure. Knows nothing of screens.
 */
import type { AttentionCode } from '#fleet/health/attention.ts';
import type { ReportedStation } from '#fleet/health/stations-report.ts';
import { shortHash } from '#ui/stations/stations-words.ts';

export interface StationGroup {
  readonly site: string;
  readonly line: string;
  /** Those that are shown. */
  readonly stations: readonly ReportedStation[];
  /** Of all that were found on this line. */
  readonly count: number;
  readonly needy: number;
}

/** As the server orders them (fleet/health/attention.ts). */
const URGENCY: readonly AttentionCode[] = ['collision', 'silent', 'queue', 'parked', 'fixture', 'disk', 'clock'];

export function urgencyOf({ attention: [first] }: ReportedStation): number {
  return first === undefined ? URGENCY.length : URGENCY.indexOf(first);
}

/** @param find words that must all be found: in the name, its versions, its procedure, what it needs */
export function matching(stations: readonly ReportedStation[], find: string): readonly ReportedStation[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return stations;
  return stations.filter((station) => {
    const { said, attention } = station;
    const text = [
      station.station,
      said.app_version,
      said.browser,
      said.system,
      said.procedure?.folder,
      said.procedure?.version,
      shortHash(said.procedure?.release ?? ''),
      shortHash(said.configuration),
      ...attention,
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** @param most how many stations are shown in all; the most urgent lines come first, so none that needs a person is cut off before one that does not, on its line */
export function grouped(stations: readonly ReportedStation[], most: number): readonly StationGroup[] {
  const lines = new Map<string, ReportedStation[]>();
  for (const station of stations) {
    const key = `${station.site}-${station.line}`;
    lines.set(key, [...(lines.get(key) ?? []), station]);
  }
  const groups = [...lines.values()].map((members) => {
    const sorted = members.toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
    const { site, line } = sorted[0]!;
    const needy = members.filter(({ attention }) => attention.length > 0).length;
    return { site, line, stations: sorted, count: members.length, needy };
  });
  // Stable: within one urgency they stay in the server's order.
  const inOrder = groups.toSorted((a, b) => urgencyOf(a.stations[0]!) - urgencyOf(b.stations[0]!));
  let left = most;
  const shown: StationGroup[] = [];
  for (const group of inOrder) {
    if (left <= 0) break;
    shown.push({ ...group, stations: group.stations.slice(0, left) });
    left -= group.stations.length;
  }
  return shown;
}
