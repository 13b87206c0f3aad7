/**
 * One list of stations out of what several servers have heard: behind one address each server hears a part of the fleet.
 *
 * Pure. Compares how long ago a word came, each by the clock of the server that heard it. Above: server/stations.
 */
import type { ReportedStation, StationsReport } from '#fleet/health/stations-report.ts';
import { MISSED_BEATS } from '#fleet/health/thresholds.ts';

interface Heard {
  readonly station: ReportedStation;
  readonly agoMs: number;
  readonly isPresent: boolean;
}

/** 2 before 10. */
const order = new Intl.Collator('en', { numeric: true });

/** @returns each station once, with its last word; two computers that two servers hear under one name are told as such */
export function mergeStations(reports: readonly StationsReport[]): ReportedStation[] {
  const byName = new Map<string, Heard[]>();
  for (const { at, heartbeat_s, stations } of reports)
    for (const station of stations) {
      const agoMs = Date.parse(at) - Date.parse(station.heard_at);
      const isPresent = agoMs <= MISSED_BEATS * heartbeat_s * 1000;
      byName.set(station.station, [...(byName.get(station.station) ?? []), { station, agoMs, isPresent }]);
    }
  return [...byName.keys()].toSorted(order.compare).map((name) => lastWord(byName.get(name)!));
}

function lastWord(heard: readonly Heard[]): ReportedStation {
  const [newest, ...others] = heard.toSorted((one, other) => one.agoMs - other.agoMs);
  const { station } = newest!;
  const isShared = others.some((other) => other.isPresent && takesTurns(station, other.station));
  if (!isShared || station.attention.includes('collision')) return station;
  return { ...station, attention: ['collision', ...station.attention] };
}

/** One that began after the other's last word is its successor: a computer that was set up anew, or met another server. */
function takesTurns({ said }: ReportedStation, { said: other }: ReportedStation): boolean {
  return said.installation !== other.installation && Date.parse(other.sent_at) >= Date.parse(said.started_at);
}
