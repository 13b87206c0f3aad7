/**
 * Reading procedure texts in tests: what loads, and what is wrong in one short line each.
 */
import { driverFacts, driverReadings, knownDrivers } from '#hardware/instrument/drivers.ts';
import { parse } from '#procedure/parse.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { expect } from 'vitest';

const OPTIONS = {
  drivers: ['scpi', 'scpi-dmm'],
  readings: (driver: string) => (driver === 'scpi-dmm' ? ['voltage_dc', 'current_dc'] : []),
};
/** As the station reads it: with all that the drivers say of themselves. */
export const readWithDrivers = (text: string) =>
  parse(text, 'procedure.yaml', {
    drivers: knownDrivers,
    readings: driverReadings,
    facts: driverFacts,
    lints: true,
  });
export const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

export const read = (text: string) => parse(text, 'procedure.yaml', OPTIONS);

/** `code line:column` for each problem. */
export function problems(text: string): string[] {
  return read(text).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

export function message(text: string): string {
  return read(text)
    .problems.map((problem) => problem.message)
    .join('\n');
}

export function load(text: string): Procedure {
  const { procedure, problems: found } = read(text);
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  return procedure!;
}

export function obstacles(text: string): string[] {
  return load(text).obstacles.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

/** A procedure whose phase body is `body`, indented by four; the body's first line is line 8. */
export function withPhase(body: string): string {
  const lines = body.split('\n').map((line) => `    ${line}`);
  return `name: P\nid: ${ID}\nplugs:\n  - { name: Fixture, driver: scpi }\n  - { name: DMM, driver: scpi-dmm }\nmain:\n  - name: Rails\n${lines.join('\n')}\n`;
}

export const HEAD = `name: P\nid: ${ID}\n`;
export const GOOD_MAIN = 'main:\n  - { name: A, steps: [{ wait: 1ms }] }\n';
