/** What `fieldbench run` says of the unit beside its serial number. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';
import { runIssues } from '../support/tofupilot-schema.ts';

const PROCEDURE = `name: P
id: 7c9e6679-7425-40de-944b-e07fc1f90ae7
unit:
  part_number: { placeholder: PWR-X }
  revision_number: { placeholder: B }
  batch_number: { default_value: LOT-1 }
  sub_units:
    - { label: Display, serial_number: { pattern: '^D-[0-9]+$', placeholder: D-1 } }
    - { label: Main board, key: mb }
  metadata: { shift: { pattern: '^(early|late)$' }, site: { default_value: Taipei } }
main:
  - { name: A, when: "unit.sub_units.mb == 'MB-7'", steps: [{ set: { name: m, value: 1 } }], measurements: [{ name: m }] }
  - { name: B, when: "unit.metadata.shift != 'late'", steps: [{ wait: 1ms }] }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldbench-unit-'));
  await writeFile(join(folder, 'procedure.yaml'), PROCEDURE);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...more: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController().signal;
  const terminal = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line), stop };
  const exit = await commandLine(['run', folder, '--simulated', '--json', '--serial', 'SN-1', ...more], terminal);
  return {
    exit,
    err: err.join('\n'),
    events: out.map((line) => JSON.parse(line)),
    last: JSON.parse(out.at(-1) ?? '{}'),
  };
}

describe('the unit of fieldbench run', () => {
  test('is what the options say, arrives as TofuPilot wants it, and conditions know it', async () => {
    const unit = ['--part', 'PWR-Y', '--batch', 'LOT-9', '--sub-unit', 'mb=MB-7', '--sub-unit', 'display=D-77'];
    const { exit, last, events } = await run(...unit, '--metadata', 'shift=late', '--revision', 'C');
    expect(exit).toBe(0);
    expect(last.run).toMatchObject({
      serial_number: 'SN-1',
      part_number: 'PWR-Y',
      revision_number: 'C',
      batch_number: 'LOT-9',
      sub_units: ['D-77', 'MB-7'],
      unit_metadata: { site: 'Taipei', shift: 'late' },
      metadata: { sub_units: 'display=D-77; mb=MB-7' },
    });
    expect(runIssues(last.run)).toEqual([]);
    const outcomes = events
      .filter(({ event }) => event.startsWith('phase-'))
      .map(({ event, outcome }) => outcome ?? event);
    expect(outcomes).toEqual(['phase-started', 'PASS', 'phase-skipped']);
  });

  test('what nobody says is the procedure’s example where it is needed, and left out where it may be', async () => {
    const { last } = await run('--sub-unit', 'mb=MB-7');
    expect(last.run).toMatchObject({ part_number: 'PWR-X', batch_number: 'LOT-1', sub_units: ['D-1', 'MB-7'] });
    expect(last.run).not.toHaveProperty('revision_number');
    expect(last.run.unit_metadata).toEqual({ site: 'Taipei' });
  });

  test.each([
    [[], 'answer-empty', 'Say it: --sub-unit mb=SN.'],
    [['--sub-unit', 'mb=MB-7', '--sub-unit', 'display=X'], 'answer-pattern', 'such as D-1'],
    [['--sub-unit', 'mb=sn-1'], 'answer-twice', 'Main board'],
    [['--sub-unit', 'mb=D-1'], 'answer-twice', 'Main board'],
    [['--sub-unit', 'mb=MB-7', '--metadata', 'shift=noon'], 'answer-pattern', 'shift'],
    [['--sub-unit', 'lamp=L-1'], 'answer-unknown', 'sub_units.display, sub_units.mb, metadata.shift'],
    [['--part', 'a b', '--sub-unit', 'mb=MB-7'], 'answer-pattern', 'Part number'],
  ])('%j is refused before the unit is touched', async (more, code, words) => {
    const { exit, last, err } = await run(...more);
    expect([exit, last.event, last.code]).toEqual([65, 'refusal', code]);
    expect(err).toContain(words);
  });

  test.each([
    [['--sub-unit', 'mb'], '--sub-unit needs KEY=VALUE, not “mb”.'],
    [['--metadata', '=x'], '--metadata needs KEY=VALUE'],
    [['--sub-unit', 'mb=1', '--sub-unit', 'mb=2'], 'says “mb” twice'],
  ])('%j is wrong usage', async (more, words) => {
    const { exit, err } = await run(...more);
    expect(exit).toBe(64);
    expect(err).toContain(words);
  });
});
