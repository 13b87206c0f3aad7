import { expect, test } from 'vitest';
import { factsOf } from '#record/searched-facts.ts';
import type { PhaseRecord } from '#record/run-record.ts';
import { measured, phase, run } from '../exchange/a-run.ts';

const low = { operator: '>=', expected: 3 } as const;
const failing = (name: string) => measured(name, 1, [low]);

test('what failed is what failed in the last attempts; what is not known is not there', () => {
  const first = phase('Rails', [failing('3V3')]);
  const again = phase('Rails', [measured('3V3', 3.3, [low]), failing('5V')], { retry_count: 1 });
  const broken: PhaseRecord = phase('LED', [], { outcome: 'ERROR' });
  const skipped = phase('Sweep', [], { outcome: 'SKIP' });
  const record = { ...run, outcome: 'FAIL' as const, operator: '', phases: [first, again, broken, skipped] };
  expect(factsOf(record)).toEqual({
    part: 'PWR-BOARD',
    revision: 'B',
    batch: '2026-W47',
    version: '3.2.0',
    release: 'sha256:ab',
    fixture: run.fixture,
    phases: ['Rails', 'LED'],
    measurements: ['5V'],
  });
  expect(factsOf({ ...record, outcome: 'PASS' })).not.toHaveProperty('phases');
});

test('a unit that fails everywhere keeps its row small', () => {
  const phases = Array.from({ length: 60 }, (_, index) => ({
    ...phase(`P${index}`, [failing(`m${index}`)]),
    key: `p${index}`,
  }));
  const { phases: names, measurements } = factsOf({ ...run, outcome: 'FAIL', phases });
  expect([names?.length, measurements?.length]).toEqual([12, 12]);
});
