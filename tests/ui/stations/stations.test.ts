/** The list of stations: words, order, search. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ATTENTION, type AttentionCode } from '#fleet/health/attention.ts';
import type { ReportedStation, StationsReport } from '#fleet/health/stations-report.ts';
import { grouped, matching } from '#ui/stations/station-groups.ts';
import {
  ATTENTION_REMEDIES,
  attentionWord,
  clockWord,
  countsWord,
  formatAge,
  spread,
} from '#ui/stations/stations-words.ts';
import { heartbeat } from '../../fleet/health/a-heartbeat.ts';

const AT = '2026-11-20T08:00:30.000Z';
const LOST = { plug: 'Fixture', state: 'lost' };
const REPORT: StationsReport = { format: 1, at: AT, since: AT, heartbeat_s: 60, stations: [] };
function reported(name: string, attention: readonly AttentionCode[] = [], change = {}): ReportedStation {
  const [site = '', line = ''] = name.split('-');
  const said = heartbeat({ station: name, ...change });
  return {
    station: name,
    site,
    line,
    heard_at: '2026-11-20T08:00:00.000Z',
    attention,
    queue_age_s: 0,
    disk_free_bytes: 1e9,
    said,
  };
}

test.each([
  [0, '0\u202fs'],
  [119.4, '119\u202fs'],
  [120, '2\u202fmin'],
  [3600, '1\u202fh'],
  [7500, '2\u202fh 5\u202fmin'],
  [86_400, '1 day'],
  [3 * 86_400, '3 days'],
])('an age of %d s is %s', (seconds, text) => expect(formatAge(seconds)).toBe(text));

describe('words', () => {
  test('every code has a sentence and a remedy', () => {
    for (const code of ATTENTION) {
      expect(attentionWord(code, reported('taipei-line1-1', [code], { fixtures: [LOST] }), REPORT)).toMatch(
        /^[A-Z\d].*\.$/,
      );
      expect(ATTENTION_REMEDIES[code]).toMatch(/\.$/);
    }
  });

  test('say what is wrong', () => {
    const station = reported('taipei-line1-1', [], {
      clock_offset_ms: 130_000,
      fixtures: [
        { plug: 'fixture', state: 'ready' },
        { plug: 'dmm', slot: '2', state: 'permission' },
        { plug: 'load', state: 'lost' },
      ],
    });
    expect(attentionWord('silent', station, REPORT)).toBe('Not heard for 30\u202fs.');
    expect(attentionWord('fixture', station, REPORT)).toBe('Not ready: slot 2: dmm not permitted, load lost.');
    expect(attentionWord('clock', station, REPORT)).toBe('Its clock is 2\u202fmin behind.');
    expect(clockWord(-5000)).toBe('5\u202fs ahead');
    expect(countsWord({ a: 1, b: 0, c: 3 })).toBe('c\u00a03, a\u00a01');
  });

  test('versions, the most frequent first', () => {
    expect(spread(['0.1.0', '0.2.0', '0.1.0', ''])).toEqual([
      ['0.1.0', 2],
      ['0.2.0', 1],
    ]);
  });
});

describe('order', () => {
  test('lines by their most urgent station, stations by urgency, then as the server has them', () => {
    const stations = [
      reported('berlin-line1-1'),
      reported('berlin-line1-2', ['disk']),
      reported('taipei-line1-1', ['clock']),
      reported('taipei-line1-2', ['collision']),
      reported('taipei-line2-1'),
    ];
    const groups = grouped(stations, 100);
    expect(groups.map(({ site, line, count, needy }) => [site, line, count, needy])).toEqual([
      ['taipei', 'line1', 2, 2],
      ['berlin', 'line1', 2, 1],
      ['taipei', 'line2', 1, 0],
    ]);
    expect(groups[0]?.stations.map(({ station }) => station)).toEqual(['taipei-line1-2', 'taipei-line1-1']);
  });

  test('no more than asked for, none twice, none lost when all are asked for', () => {
    const name = fc.record({
      site: fc.constantFrom('taipei', 'osaka'),
      line: fc.constantFrom('a', 'b'),
      attention: fc.subarray([...ATTENTION]),
    });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), fc.nat(50), (names, most) => {
        const stations = names.map(({ site, line, attention }, n) => reported(`${site}-${line}-${n}`, attention));
        const shown = grouped(stations, most).flatMap((group) => group.stations);
        expect(shown.length).toBe(Math.min(most, stations.length));
        expect(new Set(shown).size).toBe(shown.length);
      }),
    );
  });
});

test('a search looks through names, versions, procedures and needs; every word must be found', () => {
  const stations = [reported('berlin-line1-1'), reported('taipei-line1-2', ['silent'], { app_version: '0.2.0' })];
  const found = (text: string) => matching(stations, text).map(({ station }) => station);
  expect(found('')).toEqual(['berlin-line1-1', 'taipei-line1-2']);
  expect(found('SILENT')).toEqual(['taipei-line1-2']);
  expect(found('line1 0.2.0')).toEqual(['taipei-line1-2']);
  expect(found('4f4f power-board berlin')).toEqual(['berlin-line1-1']);
  expect(found('berlin silent')).toEqual([]);
});
