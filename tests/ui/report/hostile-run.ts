/** A run in which everything that a person or an instrument can write tries to be markup. */
import type { MeasurementRecord, RunRecord } from '#record/run-record.ts';
import { row } from '../gallery/samples.ts';
import type { ReportRun } from '#ui/report/report-source.ts';

export const SERIAL = `SN"><img src=https://example.com/x.png onerror=alert(1)>`;
const SCRIPT = '</style></table><script>alert(2)</script><link rel=stylesheet href=https://example.com/a.css>';
const EDGE = `"} @import url(https://example.com/b.css); a{b:"`;

function measurement(index: number, isBad: boolean): MeasurementRecord {
  return {
    key: `m${index}`,
    name: isBad ? `Rail ${SCRIPT}` : `Rail ${index}`,
    outcome: isBad ? 'FAIL' : 'PASS',
    measured_value: isBad ? 3.05 : 3.3,
    units: 'V',
    validators: [
      { operator: 'range', expected_value: [3.2, 3.4], outcome: isBad ? 'FAIL' : 'PASS', is_decisive: true },
    ],
  };
}

const axis = (key: string, data: Float64Array<ArrayBuffer>) => ({
  key,
  name: `Axis ${SCRIPT}`,
  units: 'V',
  data,
  validators: [],
  aggregations: [],
});

export function hostileRecord(phases = 2): RunRecord {
  return {
    id: '01938d2e-4c00-7000-8000-000000000123',
    seq: 123,
    station_id: `line1${EDGE}`,
    slot: '1',
    serial_number: SERIAL,
    part_number: SCRIPT,
    batch_number: EDGE,
    started_at: '2026-11-20T06:14:03.120Z',
    procedure: { id: 'p', name: `Board ${SCRIPT}`, version: '1', release: 'sha256:00', development: false },
    parameters: { [SCRIPT]: { value: [EDGE, 1], tier: 'x' } },
    app_version: '0.1.0',
    browser: 'Chrome 156',
    fixture: SCRIPT,
    instruments: [{ plug: SCRIPT, model: EDGE, serial_number: '\u0000\u001b[31m' }],
    operator: 'javascript:alert(3)',
    clock_offset_ms: 0,
    simulated: false,
    plan: [],
    outcome: 'FAIL',
    ended_ms: 4200,
    interrupted: false,
    reason: SCRIPT,
    phases: Array.from({ length: phases }, (_, at) => ({
      key: `phase_${at}`,
      name: at === 0 ? SCRIPT : `Phase ${at + 1}`,
      section: 'main' as const,
      retry_count: 0,
      started_ms: 0,
      ended_ms: 2000,
      outcome: at === 0 ? ('FAIL' as const) : ('PASS' as const),
      measurements: [
        ...Array.from({ length: 20 }, (_, index) => measurement(index, at === 0 && index === 0)),
        ...(at === 1
          ? [
              {
                ...measurement(99, false),
                measured_value: null,
                validators: [],
                x_axis: axis(
                  'x',
                  Float64Array.from({ length: 200 }, (_, index) => index),
                ),
                y_axis: [
                  axis(
                    'y',
                    Float64Array.from({ length: 200 }, (_, index) => Math.sin(index / 9)),
                  ),
                ],
              },
            ]
          : []),
      ],
      files: [{ name: SERIAL, content_type: 'text/html', size: 3, sha256: SCRIPT }],
    })),
    logs: [
      { level: 'ERROR', at_ms: 1, message: `${SCRIPT}\u202egnirts`, source_file: EDGE, line_number: 1 },
      { level: 'INFO', at_ms: 2, message: '\u001b[2J', source_file: 'procedure.yaml', line_number: 2 },
    ],
  };
}

/** The smallest PNG that there is: one dot. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function hostileRun(phases?: number): ReportRun {
  const bytes = Uint8Array.from(atob(DOT), (character) => character.charCodeAt(0));
  return {
    row: row(0),
    record: hostileRecord(phases),
    files: [
      { name: `a" onload="alert(4)`, contentType: 'image/png', bytes },
      { name: 'page.html', contentType: 'text/html', bytes },
      { name: 'drawing.svg', contentType: 'image/svg+xml', bytes },
    ],
  };
}
