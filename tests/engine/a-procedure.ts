/** Small procedures for tests, with every default filled in. */
import type { Validator } from '#measure/validator.ts';
import type { Measurement, Phase, Procedure, Step } from '#procedure/procedure.ts';
import type { Section } from '#record/run-record.ts';

export function aProcedure(phases: readonly Phase[], onFirstFailure: 'stop' | 'continue' = 'stop'): Procedure {
  return {
    id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    name: 'Example',
    version: '1.0.0',
    description: '',
    onFirstFailure,
    unit: { serial_number: {}, part_number: {}, revision_number: {}, batch_number: {} },
    plugs: [{ key: 'fixture', name: 'Fixture', driver: 'scpi', safeState: ['OUTP OFF'] }],
    phases,
    parameters: {},
    obstacles: [],
  };
}

export function aPhase(
  name: string,
  steps: readonly Step[],
  more: Partial<Phase> = {},
  section: Section = 'main',
): Phase {
  return {
    key: name.toLowerCase().replaceAll(' ', '_'),
    name,
    section,
    description: '',
    retry: { limit: 0, delayMs: 0 },
    next: {},
    steps,
    measurements: [],
    line: 1,
    ...more,
  };
}

export function range(low: number, high: number): Validator {
  return { operator: 'range', expected: [low, high], isDecisive: true };
}

export function aMeasurement(
  key: string,
  validators: readonly Validator[] = [],
  more: Partial<Measurement> = {},
): Measurement {
  return { key, name: key, validators, ...more };
}

export const write = (command: string): Step => ({ kind: 'write', plug: 'fixture', command, line: 1 });
export const wait = (durationMs: number): Step => ({ kind: 'wait', durationMs, line: 1 });
export const ask = (command: string, timeoutMs?: number): Step => ({
  kind: 'query',
  plug: 'fixture',
  command,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
  line: 1,
});
export const measure = (measurement: string, query = `${measurement}?`, timeoutMs?: number): Step => ({
  kind: 'measure',
  measurement,
  plug: 'fixture',
  source: { query },
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
  line: 1,
});
export const set = (measurement: string, value: number | string | boolean): Step => ({
  kind: 'set',
  measurement,
  value,
  line: 1,
});
