/** One list out of what several servers have heard. */
import { describe, expect, test } from 'vitest';
import { mergeStations } from '#fleet/health/merge-stations.ts';
import type { ReportedStation, StationsReport } from '#fleet/health/stations-report.ts';
import { heartbeat } from './a-heartbeat.ts';

const NOW_MS = Date.parse('2026-11-20T08:00:00Z');
const at = (ms: number) => new Date(ms).toISOString();

interface Word {
  readonly station?: string;
  readonly agoS: number;
  readonly installation?: string;
  /** Before the word itself. */
  readonly startedS?: number;
}

/** @param aheadMs how far the server's clock is from the others' */
function report(words: readonly Word[], aheadMs = 0): StationsReport {
  const nowMs = NOW_MS + aheadMs;
  const stations = words.map(({ station = 'taipei-line1-042', agoS, installation = 'a', startedS = 3600 }) => {
    const said = {
      ...heartbeat(),
      station,
      installation,
      // By the station's own clock.
      sent_at: at(NOW_MS - agoS * 1000),
      started_at: at(NOW_MS - (agoS + startedS) * 1000),
    };
    const heard_at = at(nowMs - agoS * 1000);
    return { station, heard_at, attention: [], said } as unknown as ReportedStation;
  });
  return { format: 1, at: at(nowMs), since: at(0), heartbeat_s: 60, stations };
}
const seen = (reports: readonly StationsReport[]) =>
  mergeStations(reports).map(({ station, said, attention }) => [station, said.installation, ...attention]);

describe('health 10: what several servers have heard', () => {
  test('each station once, by its number, with its newest word, whatever the servers’ clocks say', () => {
    const [old, fresh] = [
      report([{ agoS: 50, installation: 'x' }], 3_600_000),
      report([{ agoS: 5, installation: 'x' }]),
    ];
    for (const reports of [
      [old, fresh],
      [fresh, old],
    ])
      expect(mergeStations(reports)[0]?.said.sent_at).toBe(at(NOW_MS - 5_000));
    const places = [
      report([{ station: 'taipei-line1-10', agoS: 1 }]),
      report([{ station: 'taipei-line1-9', agoS: 1 }]),
    ];
    expect(mergeStations(places).map(({ station }) => station)).toEqual(['taipei-line1-9', 'taipei-line1-10']);
  });

  test('two that speak in turn under one name are a collision, told once', () => {
    const two = [report([{ agoS: 5, installation: 'a' }]), report([{ agoS: 20, installation: 'b' }])];
    expect(seen(two)).toEqual([['taipei-line1-042', 'a', 'collision']]);
    const told = two.map((one) => ({
      ...one,
      stations: one.stations.map((station) => ({ ...station, attention: ['collision' as const] })),
    }));
    expect(seen(told)).toEqual([['taipei-line1-042', 'a', 'collision']]);
  });

  test('one that is silent, or ended before the other began, is none; nor is one that met two servers', () => {
    expect(seen([report([{ agoS: 5 }]), report([{ agoS: 181, installation: 'b' }])])).toEqual([
      ['taipei-line1-042', 'a'],
    ]);
    expect(seen([report([{ agoS: 5, startedS: 10 }]), report([{ agoS: 20, installation: 'b' }])])).toEqual([
      ['taipei-line1-042', 'a'],
    ]);
    expect(seen([report([{ agoS: 5 }]), report([{ agoS: 65 }])])).toEqual([['taipei-line1-042', 'a']]);
    expect(seen([])).toEqual([]);
  });
});
