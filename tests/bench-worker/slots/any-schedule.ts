/**
 * Random schedules for a bench with slots: procedures, when units come, how slow instruments are, who is stopped when.
 *
 * Everything follows from one number, so that a schedule that fails can be looked at again.
 */
import { knownDrivers, driverReadings } from '#hardware/instrument/drivers.ts';
import { parse } from '#procedure/parse.ts';
import type { Procedure } from '#procedure/procedure.ts';

export const SLOTS = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'];
/** All slots share the first two. */
const PLUGS = ['dmm', 'psu', 'fixture'];

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 or more, less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  isLucky(chance: number): boolean {
    return this.next() < chance;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((one) => [this.next(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  }
}

/** @param isTogether some of it is done once for all units */
export function anyProcedure(chance: Chance, isTogether: boolean): Procedure {
  const once = (name: string) =>
    `  - { name: ${name}, scope: execution, steps: [{ query: { plug: dmm, command: 'WHO?' } }] }\n`;
  const main = Array.from({ length: 1 + chance.below(4) }, (_, index) => phase(`Test ${index}`, chance));
  const yaml = `
name: Witnessed
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
execution:
  on_first_failure: ${chance.pick(['stop', 'continue'])}
  ${chance.isLucky(0.2) ? 'timeout: 3s' : ''}
  slots: [${SLOTS.map((key) => `{ name: ${key}, parameters: { me: ${key}, mine: '^${key}#' } }`).join(', ')}]
parameters: { me: { type: string, default: nobody }, mine: { type: string, default: nobody } }
unit: { serial_number: { pattern: '^SN-' } }
plugs:
  - { name: dmm, driver: scpi, scope: station }
  - { name: psu, driver: scpi, scope: ${chance.pick(['station', 'execution'])}, safe_state: ['OUTP OFF'] }
  - { name: fixture, driver: scpi, safe_state: ['OUTP OFF'] }
setup:
${isTogether ? once('For all first') : ''}  - name: Power on
    steps:
      - write: { plug: psu, command: 'OUTP ON' }
      - write: { plug: fixture, command: 'OUTP ON' }
main:
  ${chance.isLucky(0.3) ? 'parallel: true' : 'parallel: false'}
  phases:
${main.join('').replaceAll(/^/gm, '  ')}
teardown:
${phase('Switch off', chance)}${isTogether ? once('For all last') : ''}`;
  const { procedure, problems } = parse(yaml, 'procedure.yaml', { drivers: knownDrivers, readings: driverReadings });
  if (!procedure || procedure.obstacles.length > 0)
    throw new Error(JSON.stringify([...problems, ...(procedure?.obstacles ?? [])]) + yaml);
  return procedure;
}

function phase(name: string, chance: Chance): string {
  const plugs = chance.shuffled(PLUGS).slice(0, 1 + chance.below(3));
  const talks = plugs.flatMap((plug) => [
    `      - write: { plug: ${plug}, command: 'FOR \${me}' }`,
    ...(chance.isLucky(0.4) ? [`      - wait: ${1 + chance.below(80)}ms`] : []),
    `      - measure: { name: ${plug}, plug: ${plug}, query: 'WHO?' }`,
    ...(plug === 'dmm' ? [] : [`      - measure: { name: ${plug}_power, plug: ${plug}, query: 'PWR?' }`]),
  ]);
  const measured = plugs.flatMap((plug) => [
    `      - { name: ${plug}, validators: [{ operator: matches, expected_value: \${mine} }] }`,
    ...(plug === 'dmm' ? [] : [`      - { name: ${plug}_power, validators: [{ operator: '==', expected_value: 1 }] }`]),
  ]);
  const timeout = chance.isLucky(0.5) ? `    timeout: ${50 + chance.below(900)}ms\n` : '';
  const retry = chance.isLucky(0.3) ? `    retry: { limit: 1, delay: 20ms }\n` : '';
  return `  - name: ${name}\n${timeout}${retry}    steps:\n${talks.join('\n')}\n    measurements:\n${measured.join('\n')}\n`;
}
