/** RULES.md 3 and 14: ten procedures in TofuPilot's format, which together use every key of it, load unchanged. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseData } from '#procedure/parse.ts';
import { load, read } from './read-text.ts';
import { KEYS, pathsOf, WORDS } from './tofupilot-keys.ts';

const folder = new URL('../fixtures/corpus/', import.meta.url);
const CORPUS = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(`${name}/procedure.yaml`, folder), 'utf8'),
}));

describe('rule 14: the corpus', () => {
  test('there are ten', () => {
    expect(CORPUS).toHaveLength(10);
  });

  test.each(CORPUS)('$name loads, and says what it cannot run', ({ text }) => {
    expect(read(text).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(load(text).obstacles).not.toEqual([]);
  });

  test('together they use every key, and every word of a key', () => {
    const used = new Set(CORPUS.flatMap(({ text }) => pathsOf(parseData(text))));
    expect([...KEYS, ...WORDS].filter((path) => !used.has(path))).toEqual([]);
  });

  test('what they state is in the procedure that is read', () => {
    const of = (name: string) => load(CORPUS.find((one) => one.name === name)!.text);
    expect(of('fan-tray').plugs[0]!.config).toMatchObject({ fans: [1, 2, 3, 4], limits: { label: null } });
    expect(of('shell-tools').phases.map(({ key }) => key)).toEqual([
      'clean_up',
      'clean_up_2',
      'flash',
      'check_on_windows',
      'other_shells',
      'newer_powershell',
      'oldest_shell',
      'clean_up_3',
    ]);
    expect(
      of('retries')
        .phases.map(({ timeoutMs }) => timeoutMs)
        .slice(0, 3),
    ).toEqual([30_000, 5_400_000, 4500]);
    expect(of('parallel-modules').slots).toHaveLength(2);
    expect(of('identification').unit.metadata).toHaveProperty(['Firmware.channel', 'defaultValue'], 'beta');
  });
});
